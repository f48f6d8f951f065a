"""L2: all unpacked wheels of a user; the only writer below the store's root."""
