"""Jupyter kernels: what makes an environment one that notebooks can run in."""
