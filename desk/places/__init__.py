"""The places of slots: who holds which one, and for how long."""
