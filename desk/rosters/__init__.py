"""Rosters: which of the staff of an office is on duty on which day, and the days on which nobody keeps order."""
