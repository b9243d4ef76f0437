"""The offices, and the choice of one of them."""
