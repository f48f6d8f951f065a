"""L3: requirements in, pinned distributions out; no I/O, everything is asked of a port."""
