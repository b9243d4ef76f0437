"""Provinces and the counter offices in them."""
