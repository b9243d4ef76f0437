"""The accounts and roles of the staff; the own account; signing in."""
