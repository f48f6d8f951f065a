"""`alcove virtualenv`: all that follows is read as virtualenv reads it."""

from __future__ import annotations

from alcove.virtualenv.command import run as run_virtualenv

TYPE_CHECKING = False
if TYPE_CHECKING:
    from alcove.cli.parse import Values
    from alcove.events import Reporter
    from alcove.settings import Settings

__all__ = ["run"]


def run(values: Values, _settings: Settings, _reporter: Reporter) -> int:
    """Make an environment by virtualenv's options."""
    return run_virtualenv(values.arguments)
