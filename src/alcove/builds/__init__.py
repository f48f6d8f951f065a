"""L2: wheels out of source trees, through the hooks of PEP 517 and PEP 660."""
