"""L4: virtual environments: made, read, found; writes only into what is not yet live."""
