"""Which file of a version fits the target best: wheel tags, requires-python, allowed formats and hashes."""

from __future__ import annotations

from alcove.errors import AlcoveError, InvalidWheel

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Collection, Iterable, Mapping, Sequence

    from alcove.index.file import File
    from alcove.interpreters.target import Target
    from alcove.requirements.resolution import Pinned

__all__ = ["Chooser", "comparable", "fits", "must_be", "must_fit", "rank_of"]

_OTHER_HASH = "has a hash that is not among those given"
_NEVER = 1 << 30


class Chooser:
    """Chooses among the files of one version for one target.

    `no_binary`, `only_binary`: normalised names or ":all:". `hashes`: normalised name -> allowed `sha256:HEX`.
    `before`: ISO time before which files of an index must have been uploaded, or "".
    """

    def __init__(
        self,
        target: Target,
        *,
        no_binary: Collection[str] = (),
        only_binary: Collection[str] = (),
        prefer_binary: bool = False,
        hashes: Mapping[str, frozenset[str]] | None = None,
        check_python: bool = True,
        before: str = "",
    ) -> None:
        self.target = target
        self.prefer_binary = prefer_binary
        self._ranks = {tag: rank for rank, tag in reversed(list(enumerate(target.tags)))}
        self._no_binary = frozenset(no_binary)
        self._only_binary = frozenset(only_binary)
        self._hashes = hashes or {}
        self._check_python = check_python
        self._before = before
        self._pythons: dict[str, bool] = {"": True}

    def restricted(self, hashes: Mapping[str, frozenset[str]]) -> Chooser:
        """Return the same with these hashes required."""
        return Chooser(
            self.target,
            no_binary=self._no_binary,
            only_binary=self._only_binary,
            prefer_binary=self.prefer_binary,
            hashes=hashes,
            check_python=self._check_python,
            before=self._before,
        )

    def fitting(self, files: Iterable[File]) -> list[File]:
        """Return the files that may be taken, the best first: wheels by tag and build number, then sdists."""
        rows = []
        for file in files:
            if self._refusal(file) is None:
                rank = self.rank(file.filename) if file.kind == "wheel" else _NEVER
                rows.append((-rank, _build(file.filename), file))
        rows.sort(key=lambda row: row[:2], reverse=True)
        return [file for _, _, file in rows]

    def best(self, files: Iterable[File]) -> File | None:
        """Return the best file; one that is not yanked before one that is."""
        found = self.fitting(files)
        return next((file for file in found if file.yanked is None), found[0] if found else None)

    def rank(self, filename: str) -> int:
        """Return the place of a wheel among the target's tags, 0 for the best; a very large number for none."""
        return rank_of(filename, self._ranks)

    def reason(self, files: Sequence[File]) -> str:
        """Say why none of `files` fits, going on from "NAME VERSION …"."""
        reasons = [reason for file in files if (reason := self._refusal(file)) is not None]
        for start in ("needs Python", "has a hash", "is not"):
            for reason in reasons:
                if reason.startswith(start):
                    return self._with_hash(files) if start == "has a hash" else reason
        return reasons[0] if reasons else "has no files"

    def _with_hash(self, files: Sequence[File]) -> str:
        """Say which hash the file has that would be taken if none were asked for."""
        best = self.restricted({}).best(files)
        if best is None or not best.hashes:
            return _OTHER_HASH
        said = dict(best.hashes)
        kind = "sha256" if "sha256" in said else best.hashes[0][0]
        return f"has the {kind} {said[kind]} ({best.filename}), which is not among those given"

    def _refusal(self, file: File) -> str | None:
        allowed = self._hashes.get(file.project)
        if (
            allowed is not None
            and comparable(file, allowed)
            and not any(f"{name}:{value}" in allowed for name, value in file.hashes)
        ):
            return _OTHER_HASH
        if self._before and not file.url.startswith("file:"):
            late = _too_late(file, self._before)
            if late:
                return late
        if not self._fits_python(file.requires_python):
            return f"needs Python {file.requires_python}"
        if file.kind == "wheel":
            if self._names(file.project, self._no_binary, self._only_binary):
                return "is not to be installed from a wheel (no-binary)"
            if self.rank(file.filename) == _NEVER:
                return "has no wheel for this interpreter and no sdist"
            return None
        if self._names(file.project, self._only_binary, self._no_binary):
            return "is not to be built from source (only-binary)"
        return None

    @staticmethod
    def _names(project: str, mine: frozenset[str], other: frozenset[str]) -> bool:
        return project in mine or (":all:" in mine and project not in other)

    def _fits_python(self, specifier: str) -> bool:
        known = self._pythons.get(specifier)
        if known is None:
            known = not self._check_python or _contains(specifier, self.target.python)
            self._pythons[specifier] = known
        return known


def rank_of(filename: str, ranks: Mapping[str, int]) -> int:
    """Return the best rank of a wheel file name's tags (PEP 425, compressed sets too)."""
    parts = filename.lower().removesuffix(".whl").split("-")  # as pip
    if len(parts) < 5:
        return _NEVER
    pythons, abis, platforms = (part.split(".") for part in parts[-3:])
    best = _NEVER
    for python in pythons:
        for abi in abis:
            for platform in platforms:
                rank = ranks.get(f"{python}-{abi}-{platform}", _NEVER)
                best = min(best, rank)
    return best


def fits(filename: str, ranks: Mapping[str, int]) -> bool:
    """Tell whether a wheel is for the target whose tags `ranks` has."""
    return rank_of(filename, ranks) != _NEVER


def _build(filename: str) -> tuple[int, str]:
    """Return the build tag of a wheel, which breaks ties (PEP 427): its number and what follows it; (-1, "") without one.

    "Sort as an empty tuple if unspecified": a wheel that was built again goes before the one without a tag.
    """
    parts = filename.removesuffix(".whl").split("-")
    if not filename.endswith(".whl") or len(parts) != 6:
        return -1, ""
    tag = parts[2]
    digits = len(tag) - len(tag.lstrip("0123456789"))
    return int(tag[:digits] or 0), tag[digits:]


def _contains(specifier: str, python: str) -> bool:
    from packaging.specifiers import InvalidSpecifier, SpecifierSet

    try:
        return SpecifierSet(specifier).contains(python, prereleases=True)
    except InvalidSpecifier:
        return True  # pip ignores what it cannot read


def _too_late(file: File, before: str) -> str:
    """Return why a file is newer than `before`, or ""; AlcoveError where its index does not say (as with pip)."""
    from alcove.requirements.moments import is_before

    if not file.upload_time:
        raise AlcoveError(
            f"the index of {file.filename} does not provide upload-time metadata",
            hint="leave out the cut-off by upload time, or take an index that gives upload times (PEP 700)",
        )
    try:
        return "" if is_before(file.upload_time, before) else f"was uploaded {file.upload_time}"
    except ValueError:
        return f"has an upload time that cannot be read: {file.upload_time!r:.40}"


def comparable(file: File, allowed: Collection[str]) -> bool:
    """Tell whether a file's place gives a hash of a kind that is among `allowed` ("ALGORITHM:HEX")."""
    kinds = {one.partition(":")[0] for one in allowed}
    return any(name in kinds for name, _ in file.hashes)


def must_be(pinned: Pinned, path: str) -> None:
    """Raise InvalidWheel where the wheel `path` is of another project or version than was decided.

    A backend may build what it likes; what its sdist says of itself (PEP 643) was believed until then. A lock need not say
    a version (PEP 751).
    """
    from alcove.wheels.names import canonical_version, normalise, parse_filename

    found = parse_filename(path.rpartition("/")[2])
    version = canonical_version(found.version.replace("_", "-"))  # as file names write it
    if normalise(found.name) == pinned.name and (
        pinned.version in ("", version) or _same(version, pinned.version)
    ):
        return
    raise InvalidWheel(
        f"{pinned.name} {pinned.version} was asked for, and what was built for it is {found.name} {version}",
        hint="ask for another version; its maintainers should know",
    )


def _same(one: str, other: str) -> bool:
    from packaging.version import Version

    return Version(one) == Version(other)


def must_fit(chooser: Chooser, filename: str) -> None:
    """Raise AlcoveError where the wheel `filename` is not for the target."""
    if chooser.rank(filename) == _NEVER:
        raise AlcoveError(
            f"{filename} is not a wheel for this interpreter (Python {chooser.target.python})",
            hint="take the wheel whose tags fit, or an environment with another Python",
        )
