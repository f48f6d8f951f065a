"""The verbs for interpreters."""

from __future__ import annotations

from alcove.cli.grammar import Argument, Verb, flag, value
from alcove.cli.shared import DRY, JSON, YES

__all__ = ["VERBS"]

VERBS = (
    Verb(
        "python",
        "Interpreters",
        "list, find, pin, install or uninstall interpreters",
        Argument(
            "WHAT",
            "+",
            "list [REQUEST], find [REQUEST], pin [REQUEST...], install [REQUEST...], uninstall REQUEST...",
            ("list", "find", "pin", "install", "uninstall"),
        ),
        (
            value(
                "--mirror", "mirror", "URL", "install: the URL or directory that holds the archives"
            ),
            value("--archive", "archive", "FILE", "install: what this archive holds"),
            value("--hash", "hash", "sha256:HEX", "install: what the archive must be"),
            flag("--unhashed", "unhashed", "install: take an archive of which no hash is known"),
            flag("--force", "force", "uninstall: also what environments use"),
            YES,
            DRY,
            JSON,
        ),
        "python",
    ),
)
