"""L1: what was asked for, and the record of what was decided."""
