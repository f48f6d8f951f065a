"""L1: the formats of wheels and installed distributions, read and written."""
