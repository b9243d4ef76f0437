"""Closing hours, counters, queues, days, offices and provinces at once, or opening more; and taking that back."""
