"""One file that an index offers, as a record."""

from __future__ import annotations

from typing import NamedTuple

__all__ = ["File", "Hashes"]

Hashes = tuple[tuple[str, str], ...]
"""(algorithm, digest in hex, lower case), as the index gives them."""


class File(NamedTuple):
    """One wheel or sdist that an index offers.

    `project`: normalised (PEP 503); `version`: normal form (PEP 440), the same for all files of one version;
    `url`: absolute, without credentials and fragment; `kind`: "wheel" or "sdist"; `requires_python`: a specifier
    or ""; `yanked`: the reason (maybe ""), None where it is not yanked (PEP 592); `size` in bytes;
    `upload_time`: ISO 8601 or ""; `metadata`: None where no metadata file is offered (PEP 658), else its hashes.
    """

    project: str
    version: str
    filename: str
    url: str
    kind: str
    hashes: Hashes = ()
    requires_python: str = ""
    yanked: str | None = None
    size: int | None = None
    upload_time: str = ""
    metadata: Hashes | None = None

    @property
    def sha256(self) -> str:
        """The sha256 in hex as the index gives it, "" where it gives none (or none of that form)."""
        digest = dict(self.hashes).get("sha256", "")
        return digest if len(digest) == 64 and not digest.strip("0123456789abcdef") else ""
