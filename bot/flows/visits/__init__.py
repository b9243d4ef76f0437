"""What the office recorded of a visit."""
