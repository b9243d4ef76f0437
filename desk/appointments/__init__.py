"""Appointments: book, move, cancel and remind; one live appointment per person and service, or a contested one beside it."""
