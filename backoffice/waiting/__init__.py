"""The words for standing requests in the history."""
