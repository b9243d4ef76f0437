"""Messages about what the office looked up."""
