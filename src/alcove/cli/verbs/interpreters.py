"""The verbs for interpreters."""

from __future__ import annotations

from alcove.cli.grammar import Argument, Verb
from alcove.cli.shared import JSON

__all__ = ["VERBS"]

VERBS = (
    Verb(
        "python",
        "Interpreters",
        "list, find or pin interpreters",
        Argument("WHAT", "+", "list, or find REQUEST, or pin REQUEST"),
        (JSON,),
        "python",
    ),
)
