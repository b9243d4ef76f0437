"""Messages that did not arrive."""
