"""L10: the pip inside an environment: pip's words, alcove's actions."""
