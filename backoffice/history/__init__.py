"""Who did, changed or saw what: the history for those who may review it."""
