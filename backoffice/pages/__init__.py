"""One module a page: what it gathers to show, and what its forms do."""
