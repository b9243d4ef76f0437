"""Provinces, areas and the counter offices in them."""
