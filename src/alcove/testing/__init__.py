"""Builders for wheels, sdists, indexes and interpreters, and the pytest plugin that offers them."""
