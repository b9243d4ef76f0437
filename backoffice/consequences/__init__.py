"""What a change does to people: asked before it is saved, followed afterwards."""
