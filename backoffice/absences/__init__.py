"""The pages of past appointments without an outcome, and of objections to recorded absences."""
