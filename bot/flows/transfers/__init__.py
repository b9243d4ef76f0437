"""Conversations of somebody with another phone or messenger: a secret word, bringing appointments over, stopping it."""
