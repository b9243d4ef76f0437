"""The staff pages: access, forms, what each shows and does, and journeys in a browser."""
