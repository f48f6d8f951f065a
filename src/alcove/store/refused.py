"""What to do where the system lets nothing be written into the store."""

from __future__ import annotations

from alcove.files.refusals import DENIED, FULL

__all__ = ["hint"]


def hint(error: OSError) -> str | None:
    """Return what to do about the refusal `error`, or None where it is something else."""
    if error.errno in FULL:
        return "free some space, or choose another store with ALCOVE_HOME"
    if error.errno in DENIED:
        return "have its owner let you write there, or choose another store with ALCOVE_HOME"
    return None
