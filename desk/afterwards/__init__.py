"""The question in the evening of a visit, and what people answer: kept as counts of months, never as answers."""
