"""direct_url.json (PEP 610): where a distribution came from when it came from no index."""

from __future__ import annotations

from alcove.files import data
from alcove.records import NamedTuple

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Any

__all__ = ["DirectUrl", "compose", "parse", "without_credentials"]


class DirectUrl(NamedTuple):
    """An origin: `kind` is "archive", "directory" or "vcs"; strings are "" where they say nothing.

    `sha256` (hex) goes with archives, `editable` with directories, `vcs`, `commit` and `requested`
    (the revision that was asked for) with version control.
    """

    kind: str
    url: str
    subdirectory: str = ""
    sha256: str = ""
    editable: bool = False
    vcs: str = ""
    commit: str = ""
    requested: str = ""


def compose(origin: DirectUrl) -> bytes:
    """Return the file's content; credentials in the URL are left out as PEP 610 wants it."""
    value: dict[str, Any] = {"url": without_credentials(origin.url)}
    if origin.kind == "archive":
        info: dict[str, Any] = {}
        if origin.sha256:
            info = {"hash": f"sha256={origin.sha256}", "hashes": {"sha256": origin.sha256}}
        value["archive_info"] = info
    elif origin.kind == "directory":
        value["dir_info"] = {"editable": True} if origin.editable else {}
    else:
        value["vcs_info"] = {"vcs": origin.vcs, "commit_id": origin.commit}
        if origin.requested:
            value["vcs_info"]["requested_revision"] = origin.requested
    if origin.subdirectory:
        value["subdirectory"] = origin.subdirectory
    return data.dumps(value)


def parse(content: bytes) -> DirectUrl | None:
    """Return what a direct_url.json says, or None where it breaks PEP 610 (others write these files too)."""
    try:
        value = data.loads(content)
    except data.DataError:
        return None
    if not isinstance(value, dict) or not isinstance(value.get("url"), str):
        return None
    url, subdirectory = value["url"], _string(value, "subdirectory")
    archive, directory, vcs = (value.get(key) for key in ("archive_info", "dir_info", "vcs_info"))
    if isinstance(archive, dict):
        return DirectUrl("archive", url, subdirectory, sha256=_sha256(archive))
    if isinstance(directory, dict):
        return DirectUrl("directory", url, subdirectory, editable=directory.get("editable") is True)
    if isinstance(vcs, dict) and _string(vcs, "vcs") and _string(vcs, "commit_id"):
        return DirectUrl(
            "vcs",
            url,
            subdirectory,
            vcs=_string(vcs, "vcs"),
            commit=_string(vcs, "commit_id"),
            requested=_string(vcs, "requested_revision"),
        )
    return None


def without_credentials(url: str) -> str:
    """Return `url` without user and password, but for `${VARIABLE}` and the user `git` of ssh."""
    scheme, separator, rest = url.partition("://")
    if not separator:
        return url
    authority, slash, path = rest.partition("/")
    user, at, host = authority.rpartition("@")
    if not at or user == "git" or all(_is_variable(part) for part in user.split(":")):
        return url
    return f"{scheme}://{host}{slash}{path}"


def _is_variable(text: str) -> bool:
    name = text.removeprefix("${").removesuffix("}")
    return text == f"${{{name}}}" and name.isidentifier()


def _string(value: dict[str, Any], key: str) -> str:
    found = value.get(key)
    return found if isinstance(found, str) else ""


def _sha256(archive: dict[str, Any]) -> str:
    hashes = archive.get("hashes")
    found = _string(hashes, "sha256") if isinstance(hashes, dict) else ""
    if not found:
        algorithm, _, digest = _string(archive, "hash").partition("=")
        found = digest if algorithm == "sha256" else ""
    return found
