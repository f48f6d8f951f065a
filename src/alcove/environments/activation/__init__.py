"""L4: the scripts by which a shell enters and leaves an environment, one module per shell."""

from alcove.environments.activation.scripts import NAMES, render

__all__ = ["NAMES", "render"]
