"""What surrounds every page, and how templates and texts become HTML."""
