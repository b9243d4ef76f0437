"""The inbox and the page of one case."""
