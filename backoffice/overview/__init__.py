"""What waits in the whole house."""
