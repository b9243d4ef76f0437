"""The pages of the record of a visit, of receipts, of required fields, and of what staff report."""
