"""A manager of Python virtual environments: an environment is a view, not a copy."""

__version__ = "0.1.0"
