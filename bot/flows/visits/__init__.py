"""Messages about the visit that the office recorded."""
