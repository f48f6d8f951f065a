"""L3: pylock.toml, read, selected from and written."""
