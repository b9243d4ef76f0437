"""The real doors: each binds the desk's queries and actions to the open session of one turn."""
