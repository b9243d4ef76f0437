"""Finding an office, and when it is open."""
