"""Standing requests: what people wait for where nothing fits yet, and the offers of places that became free."""
