"""Erasing a person's data: what is held about a chat, and removing it."""
