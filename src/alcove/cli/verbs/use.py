"""The verbs that use an environment."""

from __future__ import annotations

from alcove.cli.grammar import Argument, Verb, flag, value
from alcove.cli.shared import JSON, WHICH

__all__ = ["VERBS"]

VERBS = (
    Verb(
        "use",
        "Use",
        "make an environment the default of the project here, or list the project's",
        Argument("ENV", "?", "path or name; without one, the project's environments are listed"),
        (
            flag("--list", "list", "put it at the end of .python-envs (PEP 832)"),
            flag("--file", "file", "make .venv a file that names it (PEP 832), not a link"),
            flag("--forget", "forget", "take it out of the project; it itself stays"),
            JSON,
        ),
        "use",
    ),
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
