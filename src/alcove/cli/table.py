"""The command line as data: what the parser accepts, `--help` prints and the reference documents.

One grammar (DESIGN section 8): `alcove VERB [OPTIONS] [ARGUMENTS]`; each verb is a function of `alcove.actions`. A command
reads the verbs of its own heading alone.
"""

from __future__ import annotations

from alcove.cli.grammar import Argument, Option, Verb
from alcove.cli.shared import COMMON

__all__ = ["COMMON", "NAMES", "Argument", "Option", "Verb", "every", "module_of", "verb_of"]

# By the module of a heading, below `alcove.cli.verbs`, the names of its verbs.
NAMES = {
    "environments": (
        *("create", "virtualenv", "delete", "envs", "info", "rename", "move", "copy", "temp"),
        *("each", "history", "undo", "redo", "rollback", "diff", "verify", "repair", "gc"),
    ),
    "distributions": (
        *("install", "uninstall", "wipe", "autoremove", "outdated", "upgrade", "sync"),
        *("bundle", "list", "freeze", "show", "check", "tree", "why"),
    ),
    "use": (
        *("use", "activate", "deactivate", "run", "shell", "cd", "site-packages"),
        *("project", "shell-init", "trust"),
    ),
    "interpreters": ("python",),
    "neighbours": ("kernel", "ide"),
}


def verb_of(name: str) -> Verb | None:
    """Return the verb called `name`, or None."""
    for heading, names in NAMES.items():
        if name in names:
            return _of(heading)[names.index(name)]
    return None


def module_of(name: str) -> str:
    """Return the module, below `alcove.cli.commands`, of the verb called `name`; LookupError where there is none."""
    verb = verb_of(name)
    if verb is None:
        raise LookupError(name)
    return verb.module


def every() -> dict[str, Verb]:
    """Return all verbs by their names, in the order of `--help`."""
    return {verb.name: verb for heading in NAMES for verb in _of(heading)}


def _of(heading: str) -> tuple[Verb, ...]:
    module = __import__(f"alcove.cli.verbs.{heading}", fromlist=["VERBS"])
    verbs: tuple[Verb, ...] = module.VERBS
    return verbs
