"""`alcove python list|find|pin|install|uninstall`."""

from __future__ import annotations

from alcove.cli import pythons
from alcove.errors import UsageError

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable

    from alcove.cli.parse import Values
    from alcove.events import Reporter
    from alcove.settings import Settings

__all__ = ["run"]

# word → (function, least and most requests, the options that are its own)
_WORDS: dict[str, tuple[Callable[..., int], int, int, tuple[str, ...]]] = {
    "list": (pythons.tell_all, 0, 1, ()),
    "find": (pythons.tell_one, 0, 1, ()),
    "pin": (pythons.pin, 0, 99, ("dry_run",)),
    "install": (pythons.install, 0, 99, ("mirror", "archive", "hash", "unhashed", "dry_run")),
    "uninstall": (pythons.uninstall, 1, 99, ("force", "yes", "dry_run")),
}
_OWN = ("mirror", "archive", "hash", "unhashed", "force", "yes", "dry_run")
_HINT = "alcove python list [REQUEST], find [REQUEST], pin [REQUEST...], install [REQUEST...], uninstall REQUEST..."


def run(values: Values, settings: Settings, reporter: Reporter) -> int:
    """List, find, pin, install or uninstall interpreters."""
    what, *requests = values.arguments
    if what not in _WORDS:
        raise UsageError(f"alcove python cannot {what!r}", hint=_HINT)
    function, least, most, options = _WORDS[what]
    if not least <= len(requests) <= most:
        raise UsageError(f"alcove python does not take {' '.join(values.arguments)!r}", hint=_HINT)
    for name in _OWN:
        if name not in options and (values.flag(name) or values.text(name)):
            flag = "--" + name.replace("_", "-")
            raise UsageError(f"alcove python {what} does not take {flag}", hint=_HINT)
    return function(values, settings, reporter, requests)
