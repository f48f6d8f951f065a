"""L9: what a person sees."""
