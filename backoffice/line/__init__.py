"""The line of the day in the back office: its words in the history."""
