"""The composition root: settings, the command line and the processes; the only package that imports all others."""
