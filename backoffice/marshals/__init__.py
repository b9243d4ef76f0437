"""The pages of those who keep order: shifts, alarms that a crowd has formed, and offices without a marshal tomorrow."""
