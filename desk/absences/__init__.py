"""Absences: what a person says to a recorded absence, who decides, and past appointments whose outcome is missing."""
