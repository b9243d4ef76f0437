"""What stands around every page, and how templates and texts become HTML."""
