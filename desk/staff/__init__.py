"""Staff accounts, their roles by office or province, their sessions, and the one table of permissions."""
