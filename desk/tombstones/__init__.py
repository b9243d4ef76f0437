"""What was erased is remembered outside of the database, so that a restored back-up does not bring it back."""
