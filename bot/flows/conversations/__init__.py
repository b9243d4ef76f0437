"""The welcome, the main page and the settings."""
