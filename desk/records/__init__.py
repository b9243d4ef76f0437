"""Records of visits: what was taken and seen, what was looked up, and the receipt, each against what is announced."""
