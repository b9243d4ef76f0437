"""Services: what they cost, take and need."""
