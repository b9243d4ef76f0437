"""Forms: typed fields that read what people type, with errors at each field."""
