"""Staff accounts, their roles and scopes, their sessions, and the table of permissions."""
