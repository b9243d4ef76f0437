"""Conversations about waiting for a free time."""
