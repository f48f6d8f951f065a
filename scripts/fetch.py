"""Fetch pinned files from an index with the standard library alone, for install.py.

Rule: a file counts only when its sha256 is the pinned one; which index it came from, and what the page says, is of no importance.
"""

from __future__ import annotations

import base64
import hashlib
import html.parser
import os
import re
import ssl
import sys
import time
import urllib.error
import urllib.parse
import urllib.request
from typing import TYPE_CHECKING, NamedTuple

if TYPE_CHECKING:
    from collections.abc import Iterator

__all__ = ["Fetcher", "Index", "Pin", "Trouble", "read_pins", "say"]

TIMEOUT = 60  # seconds, for each answer of an index
ATTEMPTS = 4
PAGE_LIMIT = 64 << 20  # bytes: more is no page of an index
FILE_LIMIT = 64 << 20  # bytes: more is none of our wheels

# Where systems keep the certificates they trust, for a Python whose OpenSSL was built to look elsewhere.
CERTIFICATES = (
    "/etc/ssl/certs/ca-certificates.crt",
    "/etc/pki/tls/certs/ca-bundle.crt",
    "/etc/ssl/ca-bundle.pem",
    "/etc/ssl/cert.pem",
)


class Trouble(Exception):
    """What went wrong, and what to do next."""

    def __init__(self, message: str, hint: str = "") -> None:
        super().__init__(message)
        self.hint = hint


class Pin(NamedTuple):
    """One wheel that alcove needs: normalised name, version, sha256 in hex."""

    name: str
    version: str
    sha256: str


def say(text: str) -> None:
    """Tell the user; stdout is for data."""
    print(text, file=sys.stderr, flush=True)


def read_pins(path: str) -> list[Pin]:
    """Return what `path` pins: a requirement, `==`, a version and one sha256 a line."""
    pins = []
    with open(path, encoding="utf-8") as lines:
        for number, line in enumerate(lines, 1):
            if not line.strip() or line.startswith("#"):
                continue
            match = re.fullmatch(
                r"([a-z0-9-]+)==([a-z0-9.]+) --hash=sha256:([0-9a-f]{64})", line.strip()
            )
            if not match:
                raise Trouble(
                    f"{path}:{number}: not of the form NAME==VERSION --hash=sha256:DIGEST"
                )
            pins.append(Pin(*match.groups()))
    return pins


class Index(NamedTuple):
    """What the machine's settings say of indexes: addresses of simple pages, a bundle of certificates, hosts to trust."""

    addresses: tuple[str, ...]
    certificates: str
    trusted: tuple[str, ...]


def index_settings(source: str) -> Index:
    """Return the indexes that pip would use here; the default's address stands in alcove's source below `source`."""
    sys.path.insert(0, source)
    try:
        from alcove import index_settings as reader  # noqa: PLC0415  it lies in the checkout, not on this Python's path
    finally:
        sys.path.remove(source)
    environ = os.environ
    first = environ.get("PIP_INDEX_URL") or reader.DEFAULT_INDEX
    more = environ.get("PIP_EXTRA_INDEX_URL", "").split()
    return Index(
        (first, *more),
        environ.get("PIP_CERT", ""),
        tuple(environ.get("PIP_TRUSTED_HOST", "").split()),
    )


class Page(html.parser.HTMLParser):
    """A page of a simple index (PEP 503): the addresses of its anchors, resolved against the page's own."""

    def __init__(self, address: str) -> None:
        super().__init__()
        self.address = address
        self.links: list[str] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        """Collect the address of an anchor; a `base` element moves what follows."""
        target = dict(attrs).get("href")
        if tag == "base" and target:
            self.address = urllib.parse.urljoin(self.address, target)
        elif tag == "a" and target:
            self.links.append(urllib.parse.urljoin(self.address, target))


def context(index: Index, host: str) -> ssl.SSLContext:
    """Return how to trust `host`: by the settings' bundle, OpenSSL's own, or the system's."""
    if host in index.trusted:
        return ssl._create_unverified_context()  # noqa: S323, SLF001  the user's settings say so of this host
    if index.certificates:
        return ssl.create_default_context(cafile=index.certificates)
    result = ssl.create_default_context()
    paths = ssl.get_default_verify_paths()
    if not (paths.cafile or paths.capath):
        for bundle in CERTIFICATES:
            if os.path.isfile(bundle):
                result.load_verify_locations(bundle)
                break
    return result


def get(address: str, index: Index, limit: int) -> tuple[bytes, str]:
    """Return what stands at `address` and the address that answered in the end; Trouble after several attempts."""
    parts = urllib.parse.urlsplit(address)
    if parts.scheme not in {"http", "https", "file"}:
        raise Trouble(f"{shown(address)}: not an address of http, https or file")
    headers = {"User-Agent": "alcove-install", "Accept": "text/html, */*;q=0.1"}
    if parts.username:
        secret = (
            f"{urllib.parse.unquote(parts.username)}:{urllib.parse.unquote(parts.password or '')}"
        )
        headers["Authorization"] = "Basic " + base64.b64encode(secret.encode()).decode()
        address = urllib.parse.urlunsplit(parts._replace(netloc=parts.netloc.rpartition("@")[2]))
    request = urllib.request.Request(address, headers=headers)  # noqa: S310  the scheme was checked above
    trust = context(index, parts.hostname or "") if parts.scheme == "https" else None
    for attempt in range(1, ATTEMPTS + 1):
        try:
            with urllib.request.urlopen(request, timeout=TIMEOUT, context=trust) as answer:  # noqa: S310
                body: bytes = answer.read(limit + 1)
                if len(body) > limit:
                    raise Trouble(f"{shown(address)}: more than {limit >> 20} MiB")
                return body, str(answer.url)
        except (OSError, urllib.error.URLError) as error:
            final = (
                isinstance(error, urllib.error.HTTPError) and error.code < 500 and error.code != 429
            )
            if final or attempt == ATTEMPTS or parts.scheme == "file":
                raise Trouble(f"{shown(address)}: {getattr(error, 'reason', error)}") from error
            time.sleep(attempt)
    raise AssertionError(address)


def shown(address: str) -> str:
    """Return `address` as it may be shown: without a user's name and password."""
    parts = urllib.parse.urlsplit(address)
    return urllib.parse.urlunsplit(
        parts._replace(netloc=parts.netloc.rpartition("@")[2], fragment="")
    )


def candidates(pin: Pin, index: Index) -> Iterator[str]:
    """Yield the addresses at which the indexes offer the pinned file, those that promise its hash first."""
    wheel = re.compile(
        re.escape(f"{pin.name.replace('-', '_')}-{pin.version}-") + r"[^/]*\.whl", re.IGNORECASE
    )
    troubles = []
    for root in index.addresses:
        address = f"{root.rstrip('/')}/{pin.name}/"
        if address.startswith("file:"):
            address += "index.html"
        try:
            body, final = get(address, index, PAGE_LIMIT)
        except Trouble as trouble:
            troubles.append(str(trouble))
            continue
        page = Page(final)
        page.feed(body.decode(errors="replace"))
        named = [
            link
            for link in page.links
            if wheel.fullmatch(os.path.basename(urllib.parse.urlsplit(link).path))
        ]
        promised = [link for link in named if pin.sha256 in urllib.parse.urlsplit(link).fragment]
        yield from promised or named
    if troubles:
        raise Trouble(
            "; ".join(troubles),
            "check the network, the proxy, and pip's index-url and cert settings",
        )


class Fetcher:
    """Fetches pinned wheels into the directory `cache`, which also serves without a network; settings are read when needed."""

    def __init__(self, cache: str, source: str) -> None:
        self.cache = cache
        self.source = source
        self.index: Index | None = None

    def fetch(self, pin: Pin) -> str:
        """Return the path of the pinned wheel in the cache, fetched and checked where it is not there yet."""
        kept = os.path.join(self.cache, f"{pin.name}-{pin.version}-{pin.sha256[:10]}.whl")
        if digest_of(kept) == pin.sha256:
            return kept
        if self.index is None:
            self.index = index_settings(self.source)
        say(f"fetching {pin.name} {pin.version}")
        for link in candidates(pin, self.index):
            body, _ = get(urllib.parse.urldefrag(link).url, self.index, FILE_LIMIT)
            if hashlib.sha256(body).hexdigest() == pin.sha256:
                os.makedirs(self.cache, exist_ok=True)
                staged = f"{kept}.{os.getpid()}.tmp"
                with open(staged, "wb") as stream:
                    stream.write(body)
                os.replace(staged, kept)
                return kept
        addresses = ", ".join(shown(address) for address in self.index.addresses)
        raise Trouble(
            f"{pin.name} {pin.version}: no file with the sha256 {pin.sha256} at {addresses}",
            "an index that alters files, or that lacks this version, cannot be used to install alcove",
        )


def digest_of(path: str) -> str:
    """Return the sha256 of a file in hex, or "" where there is none."""
    try:
        with open(path, "rb") as stream:
            return hashlib.sha256(stream.read()).hexdigest()
    except FileNotFoundError:
        return ""
