"""L1: finding interpreters, asking them what they are, and what fits them."""
