"""What people are told when the office changed something."""
