"""What was meant by a first word that is no verb.

Rule: for an error only; no command imports it.
"""

from __future__ import annotations

import difflib

__all__ = ["advice", "nearest"]

_DELETE = "alcove delete removes an environment, alcove uninstall a distribution"
_CREATE = "alcove create makes an environment"
_OTHERS = {
    "version": "alcove --version",
    "rm": _DELETE,
    "remove": _DELETE,
    "new": _CREATE,
    "init": _CREATE,
    "venv": _CREATE,
    "mkvirtualenv": _CREATE,
    "add": "alcove install adds a distribution",
    "pip": "alcove install, uninstall, list, freeze, show, check; all that pip does, the pip of the environment: alcove run pip",
    "workon": "alcove activate NAME",
    "ls": "alcove list shows what is installed, alcove envs the environments",
    "exec": "alcove run runs a command in an environment",
}
"""Words of other tools, and what they are here."""


def advice(word: str, verbs: list[str]) -> str:
    """Return the hint for `word`, which stands where one of `verbs` is wanted."""
    if word.startswith("-"):
        return (
            nearest(word, ["--help", "--version"]) or f"options follow the verb: alcove VERB {word}"
        )
    return _OTHERS.get(word, "") or nearest(word, verbs) or "alcove --help"


def nearest(word: str, known: list[str]) -> str:
    """Return the question whether the one of `known` was meant that is most like `word`, or ""."""
    # without the dashes, in which all options are alike
    names = {name.lstrip("-"): name for name in known}
    found = difflib.get_close_matches(word.lstrip("-"), names, n=1)
    return f"did you mean {names[found[0]]}?" if found else ""
