"""Who holds which place of a slot, and for how long."""
