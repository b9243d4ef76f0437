"""Conversations about a visit to which somebody did not come, and messages about what was decided."""
