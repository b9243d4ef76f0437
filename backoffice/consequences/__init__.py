"""The pages about changes that affect people: asked before saving, followed afterwards."""
