"""What services exist, what they cost, need and take, and where each fact comes from."""
