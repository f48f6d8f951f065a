"""Tell the addresses and local paths that a requirement may be from names.

The rules are those of pip 26.3: what has a separator or starts with a dot is a path, what ends like an archive is a
file, what starts with a known scheme is a URL.
"""

from __future__ import annotations

import os
import urllib.parse

__all__ = [
    "ARCHIVE_SUFFIXES",
    "fragment",
    "is_archive",
    "is_url",
    "is_vcs",
    "looks_like_path",
    "path_of",
    "url_of",
    "vcs_of",
]

ARCHIVE_SUFFIXES = (
    ".whl",
    ".zip",
    ".tar.gz",
    ".tgz",
    ".tar",
    ".tar.bz2",
    ".tbz",
    ".tar.xz",
    ".txz",
    ".tlz",
    ".tar.lz",
    ".tar.lzma",
)
_PLAIN = frozenset({"http", "https", "file", "ftp"})
_VCS = {
    "git": ("http", "https", "ssh", "git", "file"),
    "hg": ("file", "http", "https", "ssh", "static-http"),
    "svn": ("ssh", "http", "https", "svn", "file"),
    "bzr": ("http", "https", "ssh", "sftp", "ftp", "lp", "file"),
}
_VCS_SCHEMES = frozenset(f"{vcs}+{over}" for vcs, all_over in _VCS.items() for over in all_over)


def _scheme(text: str) -> str:
    """Give what stands before the first colon, in lower case; "" without one."""
    before, colon, _ = text.partition(":")
    return before.lower() if colon else ""


def is_url(text: str) -> bool:
    """Tell whether the text starts with a scheme that a requirement may have."""
    scheme = _scheme(text)
    return scheme in _PLAIN or scheme in _VCS_SCHEMES


def is_vcs(text: str) -> bool:
    """Tell whether the text is the URL of a repository (`git+https://…`)."""
    return _scheme(text) in _VCS_SCHEMES


def vcs_of(text: str) -> str:
    """Name the version control system that a bare `git:…` URL means, for `-e`; "" where it means none."""
    scheme = _scheme(text)
    return scheme if scheme in _VCS else ""


def is_archive(text: str) -> bool:
    """Tell whether a path or the path of a URL ends like a wheel or a source archive."""
    return text.lower().endswith(ARCHIVE_SUFFIXES)


def looks_like_path(text: str) -> bool:
    """Tell whether a text is meant as a path: it has a separator, or it starts with a dot."""
    return os.sep in text or (os.altsep is not None and os.altsep in text) or text.startswith(".")


def url_of(path: str) -> str:
    """Give the `file:` URL of an absolute path."""
    path = os.path.normpath(path).replace(os.sep, "/")
    # A drive letter of Windows stands behind the slash of the root: file:///C:/x
    path = path if path.startswith("/") else f"/{path}"
    # The name of a file may be any bytes, here and in `path_of`.
    return "file://" + urllib.parse.quote(path, safe="/:", errors="surrogateescape")


def path_of(url: str, directory: str) -> str:
    """Give the absolute, normalised path of a `file:` URL; `directory` is where a relative one starts.

    Raises ValueError where the URL names another host or holds a null byte.
    """
    parts = urllib.parse.urlsplit(url)
    if parts.netloc not in {"", "localhost"}:
        message = f"it names the host {parts.netloc!r}, and only files of this machine can be read"
        raise ValueError(message)
    path = urllib.parse.unquote(parts.path, errors="surrogateescape")
    if os.name == "nt" and path.startswith("/") and path[2:3] == ":":
        path = path[1:]
    if "\0" in path:
        message = "a null byte is in the path"
        raise ValueError(message)
    return os.path.normpath(os.path.join(directory, path))


def fragment(url: str, key: str) -> str:
    """Give the first value of `key` in the fragment of a URL (`egg`, `subdirectory`), or ""."""
    for part in urllib.parse.urldefrag(url).fragment.split("&"):
        name, equals, value = part.partition("=")
        if equals and name == key:
            return urllib.parse.unquote(value)
    return ""
