"""The line of the day: who is at the office, in which order they are called, and to which counter."""
