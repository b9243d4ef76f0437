"""People: those appointments are booked for, known by a keyed hash, and the names each chat calls them by."""
