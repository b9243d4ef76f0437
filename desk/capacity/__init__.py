"""Opening rules, closures and holidays of the queues, and the slots made from them."""
