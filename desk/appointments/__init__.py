"""Appointments: book, move, cancel, remind; one live one per person and service, or a contested one beside it."""
