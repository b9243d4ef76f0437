"""What is due: by when something was promised, whether that was kept, and what comes next."""
