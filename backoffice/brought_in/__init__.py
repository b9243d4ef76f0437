"""What staff bring in as a workbook: reading it with care, showing what it changes, and doing all of it or nothing."""
