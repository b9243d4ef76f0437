"""What happened: one append-only history of who did, changed or read what, and when."""
