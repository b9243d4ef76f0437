"""What is said of draws."""
