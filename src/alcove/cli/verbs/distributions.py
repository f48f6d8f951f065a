"""The verbs that change or tell what is installed."""

from __future__ import annotations

from alcove.cli.grammar import Argument, Verb, flag
from alcove.cli.shared import DRY, EDITABLE, INDEX, JSON, NO_WAIT, REQUIREMENTS, WHICH, YES

__all__ = ["VERBS"]

VERBS = (
    Verb(
        "install",
        "Distributions",
        "add distributions",
        Argument("REQUIREMENT", "*", "what to add"),
        (
            *WHICH,
            *REQUIREMENTS,
            EDITABLE,
            flag("-U --upgrade", "upgrade", "take the newest of what is named"),
            flag("--no-deps", "no_deps", "without what they need"),
            DRY,
            NO_WAIT,
            *INDEX,
            JSON,
        ),
        "install",
    ),
    Verb(
        "uninstall",
        "Distributions",
        "remove distributions",
        Argument("NAME", "+", "what to remove"),
        (*WHICH, YES, DRY, NO_WAIT, JSON),
        "uninstall",
    ),
    Verb(
        "wipe",
        "Distributions",
        "remove all distributions",
        None,
        (*WHICH, YES, DRY, NO_WAIT, JSON),
        "wipe",
    ),
    Verb(
        "autoremove",
        "Distributions",
        "remove what nothing needs any more",
        None,
        (*WHICH, YES, DRY, NO_WAIT, JSON),
        "autoremove",
    ),
    Verb(
        "outdated",
        "Distributions",
        "list what is older than what the index has",
        None,
        (*WHICH, *INDEX, JSON),
        "outdated",
    ),
    Verb(
        "upgrade",
        "Distributions",
        "take the newest versions that fit together",
        Argument("NAME", "*", "what to upgrade"),
        (
            *WHICH,
            flag("--all", "all", "everything"),
            *REQUIREMENTS[1:],
            *INDEX,
            YES,
            DRY,
            NO_WAIT,
            JSON,
        ),
        "upgrade",
    ),
    Verb(
        "sync",
        "Distributions",
        "make the environment equal to a file of pins",
        Argument("FILE", "+", "requirements or pylock.toml"),
        (*WHICH, *INDEX, DRY, NO_WAIT, JSON),
        "sync",
    ),
    Verb("list", "Distributions", "list what is installed", None, (*WHICH, JSON), "list"),
    Verb(
        "freeze",
        "Distributions",
        "print what is installed as requirements",
        None,
        (*WHICH, flag("--all", "all", "the pip of the environment too"), JSON),
        "freeze",
    ),
    Verb(
        "show",
        "Distributions",
        "tell of installed distributions",
        Argument("NAME", "+", "which"),
        (*WHICH, flag("-f --files", "files", "list the files too"), JSON),
        "show",
    ),
    Verb(
        "check",
        "Distributions",
        "check that what is installed fits together",
        None,
        (*WHICH, JSON),
        "check",
    ),
    Verb(
        "tree",
        "Distributions",
        "show what needs what",
        Argument("NAME", "*", "only these"),
        (*WHICH, JSON),
        "tree",
    ),
    Verb(
        "why",
        "Distributions",
        "show who needs a distribution",
        Argument("NAME", "+", "which"),
        (*WHICH, JSON),
        "tree",
    ),
)
