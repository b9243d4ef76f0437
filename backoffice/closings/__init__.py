"""The pages that close and open hours, counters and days at many places at once."""
