"""Erase-my-data: what is held about a chat, and removing it."""
