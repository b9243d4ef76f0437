"""Forms: what a page asks for, read from what people type, with the reason at each field that needs another look."""
