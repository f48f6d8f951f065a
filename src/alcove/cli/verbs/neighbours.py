"""The verbs that tell other programs of an environment: Jupyter, editors."""

from __future__ import annotations

from alcove.cli.grammar import Argument, Verb, flag, value
from alcove.cli.shared import DRY, INDEX, JSON, WHICH

__all__ = ["VERBS"]

VERBS = (
    Verb(
        "kernel",
        "Editors and notebooks",
        "make an environment a Jupyter kernel, list such kernels, or remove them",
        Argument(
            "WHAT",
            "+",
            "install [ENV], or list, or remove [KERNEL or ENV]",
            ("install", "list", "remove"),
        ),
        (
            *WHICH,
            value("--kernel", "kernel", "NAME", "the kernel's name; that of the environment"),
            value("--display-name", "display_name", "TEXT", "the name that Jupyter shows"),
            flag("--user", "user", "where Jupyter looks for this user's kernels (the default)"),
            flag("--sys-prefix", "sys_prefix", "in the environment itself"),
            value("--prefix", "prefix", "ENV", "in the environment, or below the directory, ENV"),
            *(one for one in INDEX if one.name not in {"no_binary", "only_binary"}),
            DRY,
            JSON,
        ),
        "kernel",
    ),
    Verb(
        "ide",
        "Editors and notebooks",
        "write what an editor needs to know into its settings",
        Argument("EDITOR", "+", "vscode [ENV]"),
        (
            *WHICH,
            value(
                "--workspace",
                "workspace",
                "DIR",
                "the folder that the editor opens; this one where nothing is said",
            ),
            DRY,
            JSON,
        ),
        "ide",
    ),
)
