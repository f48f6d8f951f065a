"""The verbs that use an environment."""

from __future__ import annotations

from alcove.cli.grammar import Argument, Verb, value
from alcove.cli.shared import WHICH

__all__ = ["VERBS"]

VERBS = (
    Verb(
        "activate",
        "Use",
        "print what a shell evaluates to activate",
        Argument("ENV", "?", "path or name"),
        (
            value(
                "--shell",
                "shell",
                "SHELL",
                "bash, zsh, sh, fish, csh, powershell, nu or xonsh; yours where nothing is said",
            ),
        ),
        "activate",
    ),
    Verb(
        "run",
        "Use",
        "run a command in an environment",
        Argument("COMMAND", "rest", "the command and its arguments"),
        WHICH,
        "run",
    ),
    Verb(
        "shell",
        "Use",
        "start a shell in an environment",
        Argument("ENV", "?", "path or name"),
        WHICH,
        "shell",
    ),
)
