"""Booked appointments: book, cancel, change, remind; never two live ones for one person and service."""
