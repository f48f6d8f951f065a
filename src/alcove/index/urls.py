"""URLs taken apart and put together, and shown so that no secret shows.

Rule: credentials leave a URL at the border (`without_credentials`) and go on apart from it; whatever is
written into a message or the cache went through `redact` or `without_credentials`.
"""

from __future__ import annotations

import os
import re
from urllib.parse import quote, unquote, urljoin, urlsplit, urlunsplit

__all__ = [
    "basename",
    "credentials",
    "file_url",
    "host",
    "join",
    "local_path",
    "origin",
    "redact",
    "scheme",
    "without_credentials",
    "without_fragment",
]

# USER:PASSWORD@; a drive's colon has a backslash behind it
_LOGIN = re.compile(r"[^/@\\:]*+:[^/\\]*@")
_PORTS = {"http": 80, "https": 443}


def scheme(url: str) -> str:
    """Return the scheme in lower case, "" where there is none.

    >>> scheme("HTTPS://index.example/"), scheme("wheels/"), scheme("C:/wheels")
    ('https', '', '')
    """
    start, colon, _ = url.partition(":")
    good = colon and len(start) > 1 and start.isascii() and start.replace("+", "").isalnum()
    return start.lower() if good else ""


def redact(url: str) -> str:
    """Return `url` as it may be shown: without credentials, query and fragment.

    >>> redact("https://me:secret@index.example/simple/?token=x#sha256=0")
    'https://****@index.example/simple/?...'
    >>> redact("me:secret@index.example/simple"), redact("wheels@home/x")
    ('****@index.example/simple', 'wheels@home/x')
    """
    start, separator, rest = url.partition("://")
    if not separator:  # a path, or an address whose scheme was forgotten
        start, rest = "", url.lstrip("/")
        if not _LOGIN.match(rest):
            return url
        separator = url[: len(url) - len(rest)]
    rest = rest.partition("#")[0]
    rest, question, _ = rest.partition("?")
    netloc, slash, path = rest.partition("/")
    if "@" in netloc:
        netloc = "****@" + netloc.rpartition("@")[2]
    shown = f"{start}{separator}{netloc}{slash}{path}{question and '?...'}"
    return "".join(char if char.isprintable() else "?" for char in shown)


def without_credentials(url: str) -> str:
    """Return `url` without what stands before the `@` of its host."""
    if "@" not in url:
        return url
    start, separator, rest = url.partition("://")
    end = min((place for mark in "/?#" if (place := rest.find(mark)) >= 0), default=len(rest))
    if not separator or "@" not in rest[:end]:
        return url
    return start + separator + rest[:end].rpartition("@")[2] + rest[end:]


def without_fragment(url: str) -> str:
    """Return `url` up to its `#`."""
    return url.partition("#")[0]


def credentials(url: str) -> tuple[str, str] | None:
    """Return (user, password) of `url`, decoded; None where it has none."""
    netloc = _split(url)[1]
    if "@" not in netloc:
        return None
    user, _, password = netloc.rpartition("@")[0].partition(":")
    return unquote(user), unquote(password)


def origin(url: str) -> tuple[str, str, int]:
    """Return (scheme, host, port): what must be equal for credentials to be sent.

    >>> origin("https://Index.example/simple") == origin("https://index.example:443/files")
    True
    """
    try:
        parts = urlsplit(url)
        port = parts.port
    except ValueError:
        return "", "", 0
    return parts.scheme, parts.hostname or "", port or _PORTS.get(parts.scheme, 0)


def host(url: str) -> str:
    """Return the host in lower case, "" where there is none."""
    return origin(url)[1]


def join(base: str, reference: str) -> str:
    """Return `reference` as a URL seen from `base`; "" where it is none at all."""
    reference = reference.strip()
    if reference.startswith(("https://", "http://")) and "[" not in reference:
        return reference  # what urljoin would say after taking both apart
    try:
        return urljoin(base, reference)
    except ValueError:
        return ""


def basename(url: str) -> str:
    """Return the last part of the path, decoded.

    >>> basename("https://files.example/a/b-1.0%2Bcpu.whl?x=1#y")
    'b-1.0+cpu.whl'
    """
    path = url.partition("#")[0].partition("?")[0]
    name = path[path.rfind("/") + 1 :]
    return unquote(name) if "%" in name else name


def local_path(url: str) -> str:
    """Return the absolute path that a `file:` URL names; "" for one of another host, and for none that a system can have."""
    _, netloc, path, *_ = _split(url)
    path = unquote(path, errors="surrogateescape")
    if netloc not in {"", "localhost"} or "\0" in path:  # some Pythons cut a path off there
        return ""
    if os.name == "nt" and len(path) > 2 and path[0] == "/" and path[2] == ":":
        path = path[1:]
    return os.path.normpath(path) if path.startswith("/") or os.name == "nt" else ""


def file_url(path: str) -> str:
    """Return the `file:` URL of an absolute path."""
    if os.name == "nt":
        path = "/" + path.replace("\\", "/")
    return "file://" + quote(path, errors="surrogateescape")


def _split(url: str) -> tuple[str, str, str, str, str]:
    try:
        parts = urlsplit(url)
        urlunsplit(parts)
    except ValueError:
        return "", "", "", "", ""
    return parts
