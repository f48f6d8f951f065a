"""What tests of the index share: tiny archives, and sessions that reach nothing but a dictionary."""

from __future__ import annotations

import hashlib
import io
import tarfile
import zipfile
from typing import TYPE_CHECKING, Any

from alcove.index import File, Index
from alcove.index_settings import IndexSettings
from alcove.testing.transport import FakeTransport

if TYPE_CHECKING:
    from pathlib import Path

    from alcove.events import Event

__all__ = [
    "INDEX",
    "Lab",
    "Told",
    "file_of",
    "metadata",
    "noise",
    "sdist",
    "sha256",
    "wheel",
]

INDEX = "https://index.example/simple"


def metadata(name: str, version: str, *lines: str, core: str = "2.1") -> bytes:
    """Return METADATA with more `lines` in its head."""
    head = [f"Metadata-Version: {core}", f"Name: {name}", f"Version: {version}", *lines]
    return "\n".join([*head, "", "Text."]).encode()


def wheel(name: str, version: str, *, front: int = 0, back: int = 0, twice: bool = False) -> bytes:
    """Return a wheel with so many incompressible bytes before and behind its METADATA."""
    stream = io.BytesIO()
    with zipfile.ZipFile(stream, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr(f"{name}/front.bin", noise(front))
        archive.writestr(f"{name}-{version}.dist-info/METADATA", metadata(name, version))
        if twice:
            archive.writestr("other-1.dist-info/METADATA", metadata("other", "1"))
        archive.writestr(f"{name}/back.bin", noise(back))
    return stream.getvalue()


def noise(size: int) -> bytes:
    """Return so many bytes that do not compress, always the same."""
    blocks = (hashlib.sha256(str(number).encode()).digest() for number in range(size // 32 + 1))
    return b"".join(blocks)[:size]


def sdist(name: str, version: str, *lines: str, core: str = "2.2", mode: str = "gz") -> bytes:
    """Return an sdist (`mode`: gz, bz2, xz or zip) with a PKG-INFO at its top and one elsewhere."""
    data = metadata(name, version, *lines, core=core)
    stream = io.BytesIO()
    if mode == "zip":
        with zipfile.ZipFile(stream, "w") as archive:
            archive.writestr(f"{name}-{version}/PKG-INFO", data)
        return stream.getvalue()
    with tarfile.open(fileobj=stream, mode=f"w:{mode}") as tar:  # type: ignore[call-overload]
        for member, content in (
            ("setup.py", b"x"),
            ("x.egg-info/PKG-INFO", b"no"),
            ("PKG-INFO", data),
        ):
            facts = tarfile.TarInfo(f"{name}-{version}/{member}")
            facts.size = len(content)
            tar.addfile(facts, io.BytesIO(content))
    return stream.getvalue()


def sha256(data: bytes) -> str:
    """Return the digest in hex."""
    return hashlib.sha256(data).hexdigest()


def file_of(url: str, data: bytes | None = None, **changes: Any) -> File:
    """Return the File of an archive at `url`, its name telling project and version."""
    filename = url.rpartition("/")[2]
    kind = "wheel" if filename.endswith(".whl") else "sdist"
    project, version = filename.split("-")[:2]
    version = version.removesuffix(".tar.gz").removesuffix(".zip")
    hashes = (("sha256", sha256(data)),) if data is not None else ()
    return File(project, version, filename, url, kind, hashes)._replace(**changes)


class Told:
    """A reporter that remembers."""

    def __init__(self) -> None:
        self.events: list[Event] = []

    def emit(self, event: Event, /) -> None:
        """Keep the event."""
        self.events.append(event)

    def of(self, kind: type) -> list[str]:
        """Return the texts of all events of a kind."""
        return [str(event[0]) for event in self.events if isinstance(event, kind)]


class Lab:
    """Opens sessions that share a cache; `pauses` is how long each waited between tries."""

    def __init__(self, cache: Path) -> None:
        self.cache = cache
        self.told = Told()
        self.pauses: list[float] = []
        self._opened: list[Index] = []

    def open(
        self,
        transport: FakeTransport | None = None,
        *,
        offline: bool = False,
        needs_all: bool = False,
        refresh: bool = False,
        **settings: Any,
    ) -> Index:
        """Return a session with an index at INDEX."""
        chosen = IndexSettings(index_url=INDEX, retries=2)._replace(**settings)
        index = Index(
            chosen,
            cache=str(self.cache),
            offline=offline,
            needs_all=needs_all,
            refresh=(":all:",) if refresh else (),
            reporter=self.told,
            transport=transport or FakeTransport({}),
            pause=self.pauses.append,
        )
        self._opened.append(index)
        return index

    def close(self) -> None:
        """Close all sessions; none may leave a file that is not finished."""
        for index in self._opened:
            index.close()
        assert not list(self.cache.glob("index-v1/tmp/*"))
