"""L3: resolutions in the formats of other tools."""
