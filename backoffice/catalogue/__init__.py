"""The services, their fees, papers and steps."""
