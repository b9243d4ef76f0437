"""Worksheets: what an office says that it can do, what it really did, and what the directorate says of it."""
