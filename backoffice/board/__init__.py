"""The live board of the day, for the door and the counters."""
