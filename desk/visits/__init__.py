"""Visits: what happened on the day of an appointment, as clerks record it."""
