"""Distributions that others placed, copied to `.alcove/kept/` so that any later state can show them again."""

from __future__ import annotations

import os

from alcove.environments.generation import DataFile, Launcher, Placement
from alcove.environments.views import ANCHOR
from alcove.errors import AlcoveError
from alcove.files import atomic, digest, links, ops, reading, trees
from alcove.transactions.tidy import SCRIPT_LINK
from alcove.wheels import metadata, names, record

TYPE_CHECKING = False
if TYPE_CHECKING:
    from alcove.environments.layout import Layout

__all__ = ["describe", "files_of", "is_distribution", "keep"]


def is_distribution(site: str, name: str) -> bool:
    """Tell whether `name`, which ends in .dist-info, is the metadata directory of a distribution in `site` (absolute).

    A file of that name is none, nor is a link to nowhere, and not what a pip that was stopped leaves (`~ame-1.0.dist-info`):
    all these are the user's own.
    """
    # Its METADATA names the distribution itself, in whose place it would come.
    return not name.startswith("~") and os.path.isdir(f"{site}/{name}")


def keep(layout: Layout, site: str, dist_info: str) -> Placement:
    """Copy the distribution `dist_info` (a folder of `site`, absolute) to `kept/`, and return how it stands."""
    placement, sources = describe(layout, site, dist_info)
    _copy(f"{layout.private}/{placement.source}", sources)
    return placement


def describe(layout: Layout, site: str, dist_info: str) -> tuple[Placement, list[tuple[str, str]]]:
    """Return how the distribution `dist_info` of `site` stands once it is kept, and (path there, file) of what that needs.

    Nothing is copied.
    """
    name, version = _name(site, dist_info)
    files, scripts, data = _contents(layout, site, dist_info, project=names.normalise(name))
    own, folders = _dist_info(layout, f"{site}/{dist_info}")
    total = digest.sha256()
    sources = [(f"lib/{path}", f"{site}/{path}") for path in files]
    sources += [(f"scripts/{path}", _script(layout, path)) for path in scripts]
    sources += [(f"data/{path}", f"{layout.root}/{path}") for path in data]
    sources += [(f"dist-info/{path}", f"{site}/{dist_info}/{path}") for path in own]
    hashes = {}
    for path, source in sources:
        hashes[path] = digest.sha256_of(source)
        total.update(f"{path}\0{hashes[path]}\n".encode("utf-8", "surrogateescape"))
    placement = Placement(
        name=name,
        version=version,
        source=f"kept/{total.hexdigest()[:20]}",
        sha256=total.hexdigest(),
        dist_info=dist_info,
        requested="REQUESTED" in own,
        direct_url=_text(f"{site}/{dist_info}/direct_url.json"),
        links=(),
        trees=(),
        directories=tuple(sorted({parent for path in files for parent in _parents(path)})),
        files=tuple(files),
        dist_files=tuple(path for path in own if "/" not in path),
        dist_links=tuple(folders),
        launchers=tuple(Launcher(path, "", "") for path in scripts),
        data=tuple(DataFile(path, f"data/{path}", hashes[f"data/{path}"]) for path in data),
        record="kept",
        natural=True,
    )
    return placement, sources


def files_of(layout: Layout, site: str, dist_info: str) -> list[str]:
    """Return the files below `site` (absolute) that the RECORD of the distribution `dist_info` names and that are there."""
    return _contents(layout, site, dist_info, project="")[0]


def _name(site: str, dist_info: str) -> tuple[str, str]:
    try:
        found = metadata.parse(reading.content(f"{site}/{dist_info}/METADATA"), dist_info)
    except (OSError, AlcoveError):
        stem = dist_info.removesuffix(".dist-info")
        name, _, version = stem.partition("-")
        return name, version
    return found.name, found.version


def _text(path: str) -> str:
    try:
        return reading.content(path).decode("utf-8", "replace")
    except OSError:
        return ""


def _contents(
    layout: Layout, site: str, dist_info: str, *, project: str
) -> tuple[list[str], list[str], list[str]]:
    """Return the files below site-packages, the scripts, and the data files that RECORD names and that are there.

    What makes the environment one is nobody's, whatever the RECORD of `project` (normalised) says: it would go with it.
    """
    try:
        rows = record.parse(reading.content(f"{site}/{dist_info}/RECORD"), f"{dist_info}/RECORD")
    except (OSError, AlcoveError):
        return [], [], []
    files, scripts, data = [], [], []
    up = "../../../"
    for path in rows:
        clean = os.path.normpath(path).replace(os.sep, "/")
        if clean.startswith(("/", up + "..", dist_info + "/")) or clean.endswith(".pyc"):
            continue
        if clean.startswith(up):
            inside = clean[len(up) :]
            folder, _, script = inside.rpartition("/")
            if names.is_environments_own(inside, project):
                continue
            if folder == os.path.basename(layout.bin) and _script(layout, script):
                scripts.append(script)
            elif _is_plain(layout.root, inside):
                data.append(inside)
        elif not clean.startswith("../") and clean != ANCHOR and _is_plain(site, clean):
            files.append(clean)
    return sorted(set(files)), sorted(set(scripts)), sorted(set(data))


def _script(layout: Layout, name: str) -> str:
    """Return the file that the script `name` of `bin` is, absolute, or "" where it is none.

    One that equals what was placed before is a link into the shown slot by now: `tidy` cannot know that others
    placed it again.
    """
    path = f"{layout.bin}/{name}"
    if os.path.islink(path):
        inside = f"{layout.current}/bin/{name}"
        ours = os.readlink(path) == SCRIPT_LINK + name and not os.path.islink(inside)
        return inside if ours and os.path.isfile(inside) else ""
    return path if os.path.isfile(path) else ""


def _is_plain(root: str, path: str) -> bool:
    """Tell whether `root/path` is a regular file that no link on the way leads to."""
    here = root
    for part in path.split("/"):
        here = f"{here}/{part}"
        if os.path.islink(here):
            return False
    return os.path.isfile(here)


def _dist_info(layout: Layout, path: str) -> tuple[list[str], list[str]]:
    """Return the files and the directories of a dist-info; what is linked there from an entry belongs to them."""
    files, folders = [], []
    for relative, entry in trees.walk(path):
        if entry.is_dir(follow_symlinks=False):
            if "/" not in relative:
                folders.append(relative)
        elif entry.is_file(follow_symlinks=False):
            files.append(relative)
        elif "/" not in relative and _is_of_entry(layout, entry.path):
            folders.append(relative)
            files += [
                f"{relative}/{below}"
                for below, one in trees.walk(entry.path)
                if one.is_file(follow_symlinks=False)
            ]
    return files, folders


def _is_of_entry(layout: Layout, path: str) -> bool:
    """Tell whether a link leads to a directory in the environment's store."""
    store = os.path.realpath(f"{layout.private}/e")
    return os.path.isdir(path) and os.path.realpath(path).startswith(f"{store}/")


def _parents(path: str) -> list[str]:
    parts = path.split("/")[:-1]
    return ["/".join(parts[: count + 1]) for count in range(len(parts))]


def _copy(target: str, sources: list[tuple[str, str]]) -> None:
    if os.path.isdir(target):
        return
    trees.make_directories(os.path.dirname(target))
    # Beside `.alcove/state`, where `tidy` takes it away if this is stopped.
    staged = atomic.aside(f"{os.path.dirname(os.path.dirname(target))}/kept")
    for folder in ("lib", "scripts", "data", "dist-info"):
        trees.make_directories(f"{staged}/{folder}")
    for path, source in sources:
        trees.make_directories(os.path.dirname(f"{staged}/{path}"))
        links.place_file(source, f"{staged}/{path}", mode="view")
    trees.flush(staged)
    ops.rename(staged, target)
    ops.fsync(os.path.dirname(target))
