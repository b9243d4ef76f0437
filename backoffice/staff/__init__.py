"""The pages of staff: accounts and roles, one's own account, and signing in."""
