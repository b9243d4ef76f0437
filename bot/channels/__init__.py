"""The messengers: each adapter turns raw updates into `Heard` and `Says` into calls, and decides nothing."""
