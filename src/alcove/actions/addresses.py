"""What the address of a requirement says beside the place: the hashes and the sub-directory of its fragment."""

from __future__ import annotations

from alcove.errors import HashMismatch
from alcove.wheels import direct_url

TYPE_CHECKING = False
if TYPE_CHECKING:
    from alcove.requirements.resolution import Origin
    from alcove.requirements.spec import Asked

__all__ = ["at_commit", "bare", "check_stated", "fragment", "stated"]


def at_commit(origin: Origin) -> str:
    """Return the requirement, without a name, for the commit that `origin` (of kind "vcs") names."""
    name, _, commit = origin.vcs or ("", "", "")
    below = f"#subdirectory={origin.subdirectory}" if origin.subdirectory else ""
    return f"{name}+{origin.url}@{commit}{below}"


def bare(url: str) -> str:
    """Return an address without login and fragment."""
    return direct_url.without_credentials(url.partition("#")[0])


def check_stated(path: str, asked: Asked) -> None:
    """Compare the file `path` with the other hashes that its address states: HashMismatch. Of sha256 `fetch` takes care."""
    import hashlib

    for algorithm in ("sha512", "sha384", "sha224", "sha1", "md5"):  # what pip reads in a fragment
        wanted = fragment(asked.url, algorithm).lower()
        if not wanted:
            continue
        with open(path, "rb") as stream:
            found = hashlib.file_digest(stream, algorithm).hexdigest()
        if found != wanted:
            raise HashMismatch(
                f"{asked.origin}: {bare(asked.url)} has the {algorithm} {found}, and {wanted} was asked for"
            )


def fragment(url: str, name: str) -> str:
    """Return the value of `name` in the fragment of an address, or ""."""
    from urllib.parse import unquote

    for item in url.partition("#")[2].split("&"):
        key, _, value = item.partition("=")
        if key == name:
            return unquote(value)
    return ""


def stated(origin: Origin, sha256: str) -> str:
    """Return the text of direct_url.json for what comes from no index; `sha256` of an archive, in hex."""
    kind = {"url": "archive", "file": "archive", "vcs": "vcs"}.get(origin.kind, "directory")
    name, requested, commit = origin.vcs or ("", "", "")
    return direct_url.compose(
        direct_url.DirectUrl(
            kind,
            origin.url,
            subdirectory=origin.subdirectory,
            sha256=sha256,
            editable=origin.kind == "editable",
            vcs=name,
            commit=commit,
            requested=requested,
        )
    ).decode()
