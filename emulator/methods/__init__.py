"""The Bot API methods, by subject."""
