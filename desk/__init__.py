"""The domain of a service desk: what it knows and does, whichever way people reach it."""
