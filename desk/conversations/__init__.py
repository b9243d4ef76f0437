"""Where each chat was left, and which updates were already heard; opaque to every other subject."""
