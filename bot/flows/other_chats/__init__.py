"""Conversations about the other chat of a person, in which is told what cannot be told here."""
