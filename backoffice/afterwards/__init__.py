"""What people answer after their visits, as counts of months, and whether and when they are asked."""
