"""The pages of rosters: who is on duty at an office, and where nobody keeps order."""
