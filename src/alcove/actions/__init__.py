"""L7: the commands as functions: the library API."""
