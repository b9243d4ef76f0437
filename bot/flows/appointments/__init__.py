"""Booking an appointment, seeing it, moving it, giving it back."""
