"""Conversations about the slip that somebody got at the door."""
