"""The persons appointments are booked for, known by a keyed hash, and the names a chat calls them by."""
