"""The page on which a clerk links two papers of one person."""
