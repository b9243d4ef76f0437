"""Tests of the draw: its seed, its order, its places, and the file by which anybody recomputes it."""
