"""The state of each chat and the updates that were heard; other subjects never read the state."""
