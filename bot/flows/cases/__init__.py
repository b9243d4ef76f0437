"""Complaints and questions, and what came of them."""
