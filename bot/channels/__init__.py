"""The adapters for messengers: each translates raw updates into `Heard` and `Says` into API calls, without
decisions."""
