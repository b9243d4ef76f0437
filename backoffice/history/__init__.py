"""The page of the history: who did, changed or saw what."""
