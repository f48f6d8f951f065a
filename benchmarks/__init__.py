"""Whole processes timed in turn: `python -m benchmarks --list`."""
