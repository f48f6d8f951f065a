"""L5: the difference between what is installed and what is wanted, as pure data."""
