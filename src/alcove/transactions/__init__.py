"""L6: the only code that changes an environment in place."""
