"""Deadlines: what is due by when, whether it was met, and what is due next."""
