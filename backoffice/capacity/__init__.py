"""The pages of capacity: the days of an office, queues, weekly hours, exceptions and holidays."""
