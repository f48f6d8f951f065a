"""Where the repositories of editable requirements are checked out, and what happens where something is there already.

Rule (pip): a clone of the same address is updated; anything else is left alone until `--exists-action` says what to do.
"""

from __future__ import annotations

import os

from alcove.builds import vcs
from alcove.errors import UsageError
from alcove.events import Notice
from alcove.files import ops, trees
from alcove.records import NamedTuple

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Mapping

    from alcove.builds.vcs import VcsUrl
    from alcove.events import Reporter
    from alcove.requirements.spec import Asked

__all__ = ["Sources", "place_of", "provide"]


class Sources(NamedTuple):
    """`directory` (absolute) holds a folder for each repository; `exists_action`: pip's letter, or ""."""

    directory: str
    exists_action: str = ""


def provide(
    asked: Asked, sources: Sources, *, environ: Mapping[str, str], reporter: Reporter
) -> str:
    """Check the repository of an editable requirement out, or update it; return the path of its project (absolute).

    BuildFailed where its program fails, UsageError where something else is in the way.
    """
    source = vcs.parse(asked.url)
    path = os.path.join(sources.directory, asked.name)
    if os.path.lexists(path) and not _is_clone_of(path, source, environ):
        _make_room(path, sources.exists_action, reporter)
    if not os.path.lexists(path):
        vcs.checkout(source, path, environ=environ, reporter=reporter, attached=True)
    elif source.vcs == "git" and sources.exists_action != "i":
        vcs.update(source, path, environ=environ, reporter=reporter)
    return os.path.join(path, source.subdirectory) if source.subdirectory else path


def place_of(asked: Asked, sources: Sources, *, environ: Mapping[str, str]) -> str:
    """Return what `provide` would, and write nothing; UsageError as that raises it."""
    source = vcs.parse(asked.url)
    path = os.path.join(sources.directory, asked.name)
    if os.path.lexists(path) and not _is_clone_of(path, source, environ):
        _refuse_undecided(path, sources.exists_action)
    return os.path.join(path, source.subdirectory) if source.subdirectory else path


def _is_clone_of(path: str, source: VcsUrl, environ: Mapping[str, str]) -> bool:
    return source.vcs == "git" and vcs.address(path, environ=environ) in (source.url, source.public)


def _make_room(path: str, action: str, reporter: Reporter) -> None:
    """Do what `--exists-action` says with what is in the way; `i` leaves it, `s` and `w` remove it."""
    if action == "i":
        return
    if action == "b":
        number = 1
        while os.path.lexists(backup := f"{path}.bak{number if number > 1 else ''}"):
            number += 1
        reporter.emit(Notice(f"Backing up {path} to {backup}"))
        ops.rename(path, backup)
    else:
        _refuse_undecided(path, action)
        reporter.emit(Notice(f"Deleting {path}"))
        trees.remove(path)


def _refuse_undecided(path: str, action: str) -> None:
    if action not in ("i", "b", "s", "w"):
        raise UsageError(
            f"{path} is there already and is not a clone of what is asked for",
            hint="--exists-action w removes it, b moves it away, i uses it as it is; or --src ANOTHER",
        )
