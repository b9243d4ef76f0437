"""Marshals: who keeps order at an office from when until when, and the alarm that a crowd has formed."""
