"""What stands in a bundle beside the wheels: a requirements file of pins and hashes, and `bundle.json`, which tells of all.

BUNDLE/requirements.txt    --no-index, --find-links files, and each distribution with its hashes
BUNDLE/bundle.json         the targets, and each file with name, version, sha256, size and whom it is for
BUNDLE/files/              the wheels
"""

from __future__ import annotations

import os
from itertools import combinations

from alcove.errors import AlcoveError
from alcove.files import archives, ops, packed
from alcove.files.digest import sha256_of
from alcove.records import NamedTuple

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from alcove.actions.gather import Gathered
    from alcove.interpreters.target import Target

__all__ = ["FILES", "BundledFile", "check_place", "collected", "describe", "foreseen"]

FILES = "files"
_TOLD = "bundle.json"
_FORMAT = 1
_HEAD = """\
# A bundle of alcove. Install all of it, without a network, with one of
#     python -m pip install -r requirements.txt
#     alcove install -r requirements.txt
--no-index
--find-links {files}
"""
# What tells targets apart, and what is the same wherever a target's system is (PEP 508).
_MARKS = ("python_version", "sys_platform", "platform_machine")


class BundledFile(NamedTuple):
    """One file of a bundle: `name` normalised, `size` in bytes, `targets`: whom it is for, `requested`: named by the user.

    Of one that is only foreseen `filename`, `sha256` and `size` are "" and 0 where they show when it is built or fetched.
    """

    name: str
    version: str
    filename: str
    sha256: str
    size: int
    targets: tuple[str, ...]
    requested: bool


def check_place(path: str) -> None:
    """Raise AlcoveError where no bundle can be made at `path` (absolute): something else is there, or is wanted there."""
    suffix = archives.suffix_of(path)
    if not archives.can_write(suffix):
        raise AlcoveError(
            f"{path}: the Python that runs alcove was built without what writes {suffix}",
            hint="name a .tar.gz, a .zip or a directory",
        )
    if not os.path.lexists(path):
        return
    if suffix and os.path.isfile(path):
        fine = _has_told(path, suffix)
    else:
        fine = os.path.isdir(path) and not suffix
        fine = fine and (not os.listdir(path) or os.path.isfile(f"{path}/{_TOLD}"))
    if not fine:
        raise AlcoveError(
            f"{path} is there and is no bundle; it is left alone",
            hint="choose another path, or remove it",
        )


def _has_told(path: str, suffix: str) -> bool:
    """Tell whether an archive is a bundle's."""
    import tarfile
    import zipfile

    try:
        if suffix == ".zip":
            with zipfile.ZipFile(path) as archive:
                names = archive.namelist()
        else:
            with tarfile.open(path) as tar:
                first = tar.next()  # it stands first, by its name
                names = [first.name] if first is not None else []
    except packed.damage(OSError):
        return False
    return any(name.rpartition("/")[2] == _TOLD for name in names)


def collected(rows: Iterable[tuple[str, Gathered]]) -> tuple[BundledFile, ...]:
    """Return each file once, in the order of names; `rows`: whom it was gathered for, and what."""
    found: dict[str, BundledFile] = {}
    for label, one in rows:
        filename = os.path.basename(one.path)
        known = found.get(filename)
        if known is not None:
            targets = (*known.targets, *([label] if label not in known.targets else []))
            asked = known.requested or one.pinned.requested
            found[filename] = known._replace(targets=targets, requested=asked)
            continue
        found[filename] = BundledFile(
            one.pinned.name,
            filename.split("-")[1],
            filename,
            sha256_of(one.path),
            os.stat(one.path).st_size,
            (label,),
            one.pinned.requested,
        )
    return tuple(found[name] for name in sorted(found, key=lambda each: (found[each].name, each)))


def foreseen(rows: Iterable[tuple[str, Gathered]]) -> tuple[BundledFile, ...]:
    """Return what `collected` would, of pins that were not fetched: wheels by their names, and what would be built."""
    found: dict[tuple[str, str, str], BundledFile] = {}
    for label, (pinned, *_) in rows:
        origin = pinned.origin
        wheel = origin.filename.endswith(".whl")
        one = BundledFile(
            pinned.name,
            pinned.version,
            origin.filename if wheel else "",
            origin.sha256 if wheel else "",
            origin.size or 0 if wheel else 0,
            (label,),
            pinned.requested,
        )
        known = found.setdefault(one[:3], one)
        targets = tuple(dict.fromkeys((*known.targets, label)))
        found[one[:3]] = known._replace(targets=targets, requested=known.requested or one.requested)
    return tuple(found[key] for key in sorted(found))


def describe(
    directory: str, files: Sequence[BundledFile], targets: Sequence[tuple[str, Target]]
) -> None:
    """Write requirements.txt and bundle.json into `directory` (absolute)."""
    import json

    told = {
        "format": _FORMAT,
        "targets": [label for label, _ in targets],
        "files": [one._asdict() for one in files],
    }
    ops.write(f"{directory}/{_TOLD}", (json.dumps(told, indent=2) + "\n").encode())
    text = _HEAD.format(files=FILES) + "".join(_lines(files, dict(targets)))
    ops.write(f"{directory}/requirements.txt", text.encode())


def _lines(files: Sequence[BundledFile], targets: dict[str, Target]) -> Iterable[str]:
    """Yield a requirement for each version of each distribution, with the hashes of its files."""
    rows: dict[tuple[str, str], list[BundledFile]] = {}
    for one in files:
        rows.setdefault((one.name, one.version), []).append(one)
    for (name, version), those in sorted(rows.items()):
        wanted = {label for one in those for label in one.targets}
        marker = _marker(name, [label for label in targets if label in wanted], targets)
        hashes = "".join(f" \\\n    --hash=sha256:{one.sha256}" for one in those)
        yield f"{name}=={version}{marker}{hashes}\n"


def _marker(name: str, some: Sequence[str], targets: dict[str, Target]) -> str:
    """Return the shortest marker that holds for `some` of the targets and no other of them; "" where it is all.

    AlcoveError where markers cannot tell them apart (two C libraries of one platform).
    """
    if len(some) == len(targets):
        return ""
    for count in range(1, len(_MARKS) + 1):
        for marks in combinations(_MARKS, count):
            values = {
                label: tuple(each.markers[mark] for mark in marks)
                for label, each in targets.items()
            }
            inside = dict.fromkeys(values[label] for label in some)
            if not any(values[label] in inside for label in targets if label not in some):
                return f" ; {_spelled(marks, list(inside))}"
    raise AlcoveError(
        f"{name} is not the same for {some[0]} as for other targets that no marker tells from it",
        hint="make a bundle for each of them",
    )


def _spelled(marks: Sequence[str], cases: Sequence[Sequence[str]]) -> str:
    texts = [
        " and ".join(f"{mark} == '{value}'" for mark, value in zip(marks, case, strict=True))
        for case in cases
    ]
    if len(texts) == 1:
        return texts[0]
    return " or ".join(f"({text})" if len(marks) > 1 else text for text in texts)
