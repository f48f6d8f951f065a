"""What a pip that was killed leaves in `site-packages`: directories that it had put aside, for which it changes the first letters of a name to `~`.

Rule: one is pip's only where nothing in it can be anybody's work: files that a RECORD lists, unchanged, bytecode, and what
installers and wheels put into a dist-info. A RECORD that is gone may lie with an earlier state of the environment. All else
stays.
"""

from __future__ import annotations

import base64
import hashlib
import os
from functools import partial

from alcove.actions.finding import Finding, Mend
from alcove.errors import InvalidWheel
from alcove.files import reading, trees
from alcove.pasting import pasted
from alcove.transactions import generations
from alcove.wheels.record import Row, parse

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator, Mapping

    from alcove.environments.layout import Layout

    Earlier = Callable[[], Iterable[str]]

__all__ = ["earlier", "findings", "mends", "of_others"]

_LEADING = "-~.=%0123456789"  # what pip puts behind the `~` (its `AdjacentTempDirectory`)
_OF_INSTALLERS = {"INSTALLER", "REQUESTED", "RECORD", "METADATA", "WHEEL", "direct_url.json"}
_OF_WHEELS = {
    "RECORD.jws",
    "RECORD.p7s",
    "dependency_links.txt",
    "entry_points.txt",
    "licenses",  # PEP 639
    "namespace_packages.txt",
    "sboms",  # PEP 770
    "top_level.txt",
    "uv_cache.json",
    "zip-safe",
}
_OF_LAWYERS = ("AUTHORS", "COPYING", "LICENCE", "LICENSE", "NOTICE")  # before PEP 639


def earlier(layout: Layout) -> Iterator[str]:
    """Yield the directories (absolute) that have the RECORD of a distribution which a kept state of the environment shows."""
    states = generations.readable(layout)
    for source in {one.source for state in states for one in state.placements}:
        yield f"{layout.private}/{source}/dist-info"


def findings(site: str, more: Earlier = tuple) -> Iterator[Finding]:
    """Yield each directory of `site` (absolute) that a stopped pip left there; `more`: where RECORDs lie beside it."""
    for name in _known(site, more):
        text = "was left there by a pip that was stopped; repair removes it"
        yield Finding("leftover", "", f"{site}/{name}", text)


def mends(site: str, more: Earlier = tuple) -> Iterator[Mend]:
    """Yield the removal of each of them."""
    for name in _known(site, more):
        path = f"{site}/{name}"
        yield Mend(
            f"{path} is gone: a pip that was stopped had left it", partial(trees.remove, path)
        )


def of_others(site: str, more: Earlier = tuple) -> Iterator[str]:
    """Yield what to say of those that have the form of such a directory and hold what is not known: they stay."""
    sure = set(_known(site, more))
    for name in _candidates(site):
        if name not in sure:
            path = f"{site}/{name}"
            text = "has the name of what a stopped pip leaves, and holds files that no RECORD lists so; it stays"
            yield f"{path} {text} (if nothing in it is yours: rm -r {pasted(path)})"


def is_stash(name: str, original: str) -> bool:
    """Tell whether pip may have put the directory `original` aside under `name`.

    >>> is_stash("~ask", "flask"), is_stash("~-sk", "flask"), is_stash("~asks", "flask")
    (False, False, False)
    >>> is_stash("~lask", "flask"), is_stash("~-ask", "flask"), is_stash("~0flask", "flask")
    (True, True, True)
    """
    if not name.startswith("~"):
        return False
    if len(name) != len(original):  # every shorter form was taken
        return name.endswith(original) and not name[1 : -len(original)].strip(_LEADING)
    return any(
        name[at:] == original[at:] and not name[1:at].strip(_LEADING) for at in range(1, len(name))
    )


def _candidates(site: str) -> list[str]:
    try:
        with os.scandir(site) as children:
            return sorted(
                child.name
                for child in children
                if child.name.startswith("~") and child.is_dir(follow_symlinks=False)
            )
    except OSError:
        return []


def _known(site: str, more: Earlier) -> list[str]:
    """Return the names of the directories that are pip's without a doubt."""
    names = _candidates(site)
    tops = _tops(site, more) if names else {}
    return [
        name
        for name in names
        if _is_bare(f"{site}/{name}")
        or any(
            is_stash(name, top) and _is_recorded(f"{site}/{name}", rows)
            for top, rows in tops.items()
        )
    ]


def _is_bare(directory: str) -> bool:
    """Tell whether it holds no file but bytecode, or is a dist-info that was half removed, its RECORD among the first."""
    if _is_recorded(directory, {}):
        return True
    try:
        names = os.listdir(directory)
    except OSError:
        return False
    return directory.endswith(".dist-info") and all(
        name in _OF_INSTALLERS or name in _OF_WHEELS or name.startswith(_OF_LAWYERS)
        for name in names
    )


def _tops(site: str, more: Earlier) -> dict[str, dict[str, list[Row]]]:
    """Return what the RECORDs of `site` and `more` list, by the top directory, and by the path in it: versions may differ."""
    here = [f"{site}/{name}" for name in sorted(os.listdir(site)) if name.endswith(".dist-info")]
    found: dict[str, dict[str, list[Row]]] = {}
    for directory in (*here, *more()):
        try:
            rows = parse(reading.content(f"{directory}/RECORD"), os.path.basename(directory))
        except (OSError, InvalidWheel):
            continue  # it says nothing that can be relied on
        for path, row in rows.items():
            top, _, rest = path.partition("/")
            if rest:
                found.setdefault(top, {}).setdefault(rest, []).append(row)
    return found


def _is_recorded(directory: str, rows: Mapping[str, list[Row]]) -> bool:
    """Tell whether all files below `directory` are among `rows`, as they are."""
    try:
        for path, entry in trees.walk(directory):
            if entry.is_dir(follow_symlinks=False):
                continue
            if "__pycache__/" in path and path.endswith(".pyc") and not entry.is_symlink():
                continue
            listed = rows.get(path, ())
            if not any(_is_as_listed(entry, path, row) for row in listed):
                return False
    except OSError:
        return False
    return True


def _is_as_listed(entry: os.DirEntry[str], path: str, row: Row) -> bool:
    if entry.is_symlink() or not row.hash:
        # a link of a view leads to the store; what has no hash is written by installers
        return (entry.is_symlink() and not row.hash) or path in _OF_INSTALLERS
    algorithm, _, digest = row.hash.partition("=")
    if algorithm not in hashlib.algorithms_guaranteed or "shake" in algorithm:
        return False
    made = hashlib.new(algorithm, reading.content(entry.path), usedforsecurity=False).digest()
    return base64.urlsafe_b64encode(made).decode().rstrip("=") == digest.rstrip("=")
