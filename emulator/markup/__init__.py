"""Reading formatted text as each messenger reads it."""
