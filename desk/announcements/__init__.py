"""Who wants to be told when something of a service is announced that is unknown today, and telling them once."""
