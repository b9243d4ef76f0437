"""The first words, the main page, the settings."""
