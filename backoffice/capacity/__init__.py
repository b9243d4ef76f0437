"""The queues of an office: its coming days, weekly hours, days that differ, holidays."""
