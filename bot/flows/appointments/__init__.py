"""Booking a turn, seeing it, moving it, giving it back."""
