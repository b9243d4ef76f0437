"""Storage: engines, sessions, column types and migrations for SQLite and PostgreSQL."""
