"""Names of files of distributions, split just as far as a version needs.

Rule: a name that does not belong to the project asked for, or that is no wheel or sdist of a PEP 440 version,
is not there at all, as in pip. Nothing raises.
"""

from __future__ import annotations

import re

from packaging.version import InvalidVersion, Version

__all__ = ["Names", "is_archive", "is_sdist", "normalised", "version_of"]

_SDISTS = (".tar.gz", ".zip", ".tar.bz2", ".tgz", ".tar.xz", ".tbz", ".txz", ".tar")
_LONGEST = 255  # characters: no file system takes more
_SEPARATORS = re.compile(r"[-_.]+")
_versions: dict[str, Version | None] = {}


def normalised(name: str) -> str:
    """Return a project's name in normal form (PEP 503)."""
    return _SEPARATORS.sub("-", name).lower()


def version_of(text: str) -> Version | None:
    """Return a version, remembered for the process; None where `text` is none (PEP 440)."""
    try:
        return _versions[text]
    except KeyError:
        version: Version | None
        try:
            version = Version(text)
        except InvalidVersion:
            version = None
        _versions[text] = version
        return version


def is_archive(filename: str) -> bool:
    """Say whether the name ends as wheels and sdists do."""
    return filename.endswith((".whl", *_SDISTS))


def is_sdist(filename: str) -> bool:
    """Say whether the name ends as sdists do."""
    return filename.endswith(_SDISTS)


class Names:
    """Splits the names of one project's files; `project` is normalised."""

    def __init__(self, project: str) -> None:
        self._project = project
        self._known: dict[str, bool] = {}  # first part of a wheel's name -> is it ours

    def version(self, filename: str) -> str:
        """Return the version as the name spells it, "" where the file is none of the project's.

        >>> Names("zope-interface").version("zope.interface-5.0.tar.gz")
        '5.0'
        """
        if len(filename) > _LONGEST or "/" in filename or "\\" in filename:
            return ""
        if filename.endswith(".whl"):
            return self._of_wheel(filename)
        for ending in _SDISTS:
            if filename.endswith(ending):
                return self._of_sdist(filename[: -len(ending)])
        return ""

    def version_of_egg(self, egg: str) -> str:
        """Return the version in `#egg=NAME-VERSION`, "" where it is of another project: for an archive named otherwise.

        >>> Names("zope-interface").version_of_egg("zope.interface-5.0")
        '5.0'
        """
        return self._of_sdist(egg)

    def _of_wheel(self, filename: str) -> str:
        # binary distribution format: NAME-VERSION(-BUILD)?-PYTHON-ABI-PLATFORM.whl
        parts = filename[:-4].split("-")
        if len(parts) not in {5, 6} or (len(parts) == 6 and not parts[2][:1].isdigit()):
            return ""
        name = parts[0]
        ours = self._known.get(name)
        if ours is None:
            ours = self._known[name] = normalised(name) == self._project
        return parts[1].replace("_", "-") if ours else ""

    def _of_sdist(self, stem: str) -> str:
        # the name may hold hyphens too: the version begins where what stands before is the name
        place = len(self._project)
        if stem[place : place + 1] == "-" and normalised(stem[:place]) == self._project:
            return stem[place + 1 :]
        place = stem.find("-")
        while place > 0:
            if normalised(stem[:place]) == self._project:
                return stem[place + 1 :]
            place = stem.find("-", place + 1)
        return ""
