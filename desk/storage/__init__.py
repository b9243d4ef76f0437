"""How the desk's facts are kept: engines, sessions, column types and migrations."""
