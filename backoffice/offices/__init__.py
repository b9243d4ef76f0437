"""The pages of offices, and choosing one of them."""
