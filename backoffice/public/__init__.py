"""The pages for everybody: no session, no cookie, nobody's data."""
