"""Editors: what their own settings say of an environment, written where somebody asks for it."""
