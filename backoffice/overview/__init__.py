"""The overview of everything that waits."""
