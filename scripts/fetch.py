"""Fetch pinned files from an index with the standard library alone, for install.py.

Rule: a file counts only when its sha256 is the pinned one; which index it came from, and what the page says, is of no importance.
"""

from __future__ import annotations

import atexit
import base64
import contextlib
import errno
import hashlib
import html.parser
import http.client
import importlib
import os
import re
import shutil
import sys
import tempfile
import time
import urllib.parse
import urllib.request
from typing import TYPE_CHECKING, NamedTuple, Protocol

if TYPE_CHECKING:
    from collections.abc import Iterator

__all__ = ["Fetcher", "Pin", "Trouble", "read_pins", "say"]

TIMEOUT = 60  # seconds that an index may take at least
ATTEMPTS = 4
PAGE_LIMIT = 64 << 20  # bytes: more is no page of an index
FILE_LIMIT = 64 << 20  # bytes: more is none of our wheels

HINT = "check the network, the proxy, and pip's index-url and cert settings"
NO_CERTIFICATES = (
    "this system has no certificates to trust: install its package of them (ca-certificates on most), "
    "or name a file of them: PIP_CERT=FILE"
)

# What a cache answers that this user may not write, or that has no place for more.
REFUSED = (errno.EACCES, errno.EPERM, errno.EROFS, errno.ENOSPC, errno.EDQUOT, errno.ENOTDIR)

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


class Settings(Protocol):
    """What is used here of alcove's IndexSettings."""

    index_url: str
    extra_index_urls: tuple[str, ...]
    find_links: tuple[str, ...]
    no_index: bool
    trusted_hosts: tuple[str, ...]
    cert: str
    proxy: str
    timeout: float


def index_settings(source: str) -> Settings:
    """Return the settings that pip and alcove would use here, read by alcove's own reader, which lies below `source`."""
    sys.path.insert(0, source)
    try:
        reader = importlib.import_module("alcove.index_settings")
        errors = importlib.import_module("alcove.errors")
        home = importlib.import_module("alcove.settings").home_of(os.environ)
    finally:
        sys.path.remove(source)
    try:
        settings: Settings = reader.read(os.environ, home)
    except errors.AlcoveError as error:
        raise Trouble(str(error), error.hint or "") from error
    return settings


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


def opener(settings: Settings, host: str) -> urllib.request.OpenerDirector:
    """Return what opens addresses at `host`: through the settings' proxy, trusting what they or the system trust."""
    import ssl  # noqa: PLC0415  install.py says so where a Python has none

    if host in settings.trusted_hosts:
        trust = ssl._create_unverified_context()  # noqa: S323, SLF001  the user's settings say so of this host
    elif settings.cert:
        trust = (
            ssl.create_default_context(capath=settings.cert)
            if os.path.isdir(settings.cert)
            else ssl.create_default_context(cafile=settings.cert)
        )
    else:
        trust = ssl.create_default_context()
        paths = ssl.get_default_verify_paths()
        bundle = next(filter(os.path.isfile, CERTIFICATES), None)
        if bundle and not (paths.cafile or paths.capath):
            trust.load_verify_locations(bundle)
    # Set from Python 3.13 on: the authorities of many companies lack what RFC 5280 wants, and pip takes them.
    trust.verify_flags &= ~ssl.VERIFY_X509_STRICT
    handlers: list[urllib.request.BaseHandler] = [urllib.request.HTTPSHandler(context=trust)]
    if settings.proxy:
        handlers.append(
            urllib.request.ProxyHandler(dict.fromkeys(("http", "https"), settings.proxy))
        )
    return urllib.request.build_opener(*handlers)


def get(address: str, settings: Settings, limit: int) -> tuple[bytes, str]:
    """Return what stands at `address` and the address that answered in the end; Trouble after several attempts."""
    parts = urllib.parse.urlsplit(address)
    if parts.scheme not in {"http", "https", "file"}:
        raise Trouble(f"{shown(address)}: not an address of http, https or file", HINT)
    request = urllib.request.Request(  # noqa: S310  the scheme was checked above
        urllib.parse.urlunsplit(parts._replace(netloc=host_of(parts))),
        headers={"User-Agent": "alcove-install", "Accept": "text/html, */*;q=0.1"},
    )
    if secret := credentials(parts, settings):
        # never sent on: a redirection may lead to another host
        request.add_unredirected_header(
            "Authorization", f"Basic {base64.b64encode(secret.encode()).decode()}"
        )
    director = opener(settings, parts.hostname or "")
    for attempt in range(1, ATTEMPTS + 1):
        try:
            with director.open(request, timeout=max(TIMEOUT, settings.timeout)) as answer:
                return whole(answer, limit), str(answer.url)
        except (OSError, http.client.HTTPException) as error:
            code = getattr(error, "code", 500)
            if (code < 500 and code != 429) or attempt == ATTEMPTS or parts.scheme == "file":
                raise Trouble(
                    f"{shown(address)}: {getattr(error, 'reason', error)}",
                    advice(error, settings.cert),
                ) from error
            time.sleep(attempt)
    raise AssertionError(address)


def advice(error: Exception, cert: str) -> str:
    """Return what to do where an index does not answer; `cert`: the certificates that the user named."""
    import ssl  # noqa: PLC0415  as above

    untrusted = isinstance(getattr(error, "reason", error), ssl.SSLCertVerificationError)
    paths = ssl.get_default_verify_paths()
    if not untrusted or cert or paths.cafile or any(map(os.path.isfile, CERTIFICATES)):
        return HINT
    return HINT if paths.capath and os.listdir(paths.capath) else NO_CERTIFICATES


def whole(answer: http.client.HTTPResponse, limit: int) -> bytes:
    """Return the body of an answer; OSError where it ends early, or goes on for more than `limit` bytes."""
    body = answer.read(limit + 1)
    if len(body) > limit:
        raise OSError(f"more than {limit >> 20} MiB")
    promised = answer.headers.get("Content-Length", "")
    if promised.isdigit() and int(promised) != len(body):
        raise OSError(f"{len(body)} bytes of {promised}")
    return body


def credentials(parts: urllib.parse.SplitResult, settings: Settings) -> str:
    """Return user:password of an address, else those that the settings have for an index on the same host, or ""."""
    indexes = [
        urllib.parse.urlsplit(url) for url in (settings.index_url, *settings.extra_index_urls)
    ]
    for each in (parts, *indexes):
        if each.username and (each.scheme, host_of(each)) == (parts.scheme, host_of(parts)):
            return urllib.parse.unquote(f"{each.username}:{each.password or ''}")
    return ""


def host_of(parts: urllib.parse.SplitResult) -> str:
    """Return host and port of an address, without user and password."""
    return parts.netloc.rpartition("@")[2]


def shown(address: str) -> str:
    """Return `address` as it may be shown: without a user's name and password."""
    parts = urllib.parse.urlsplit(address)
    return urllib.parse.urlunsplit(parts._replace(netloc=host_of(parts), fragment=""))


def candidates(pin: Pin, settings: Settings) -> Iterator[str]:
    """Yield the addresses at which the settings' places offer the pinned file, those that promise its hash first."""
    stem = re.escape(f"{pin.name.replace('-', '_')}-{pin.version}-")
    wheel = re.compile(stem + r"[^/]*\.whl", re.IGNORECASE)
    troubles = []
    for address in pages(pin, settings):
        try:
            links = read_page(address, settings)
        except Trouble as trouble:
            troubles.append(trouble)
            continue
        split = [(urllib.parse.urlsplit(link), link) for link in links]
        named = [
            (parts, link) for parts, link in split if wheel.fullmatch(parts.path.rpartition("/")[2])
        ]
        yield from [link for parts, link in named if pin.sha256 in parts.fragment] or [
            link for _, link in named
        ]
    if troubles:
        raise Trouble("; ".join(map(str, troubles)), troubles[0].hint)


def pages(pin: Pin, settings: Settings) -> Iterator[str]:
    """Yield the addresses or paths that list files of the pinned project: find-links first, they may be local."""
    yield from settings.find_links
    if not settings.no_index:
        for root in (settings.index_url, *settings.extra_index_urls):
            page = f"{root.rstrip('/')}/{pin.name}/"
            yield page + "index.html" if page.startswith("file:") else page


def read_page(address: str, settings: Settings) -> list[str]:
    """Return the addresses that the page or the local directory at `address` lists; none where it does not exist."""
    scheme = urllib.parse.urlsplit(address).scheme
    path = (
        urllib.request.url2pathname(urllib.parse.urlsplit(address).path)
        if scheme == "file"
        else address
    )
    if scheme in {"", "file"} and not os.path.isfile(path):
        path = os.path.abspath(os.path.expanduser(path))
        names = sorted(os.listdir(path)) if os.path.isdir(path) else []
        return ["file:" + urllib.request.pathname2url(os.path.join(path, name)) for name in names]
    body, final = get(
        "file:" + urllib.request.pathname2url(os.path.abspath(path)) if not scheme else address,
        settings,
        PAGE_LIMIT,
    )
    page = Page(final)
    page.feed(body.decode(errors="replace"))
    return page.links


class Fetcher:
    """Fetches pinned wheels into the directory `cache`, which also serves without a network; settings are read when needed.

    Where the cache cannot be written, a temporary directory is used in its place and removed in the end.
    """

    def __init__(self, cache: str, source: str) -> None:
        self.cache = cache
        self.source = source
        self.settings: Settings | None = None

    def fetch(self, pin: Pin) -> str:
        """Return the path of the pinned wheel in the cache, fetched and checked where it is not there yet."""
        kept = os.path.join(self.cache, f"{pin.name}-{pin.version}-{pin.sha256[:10]}.whl")
        if digest_of(kept) == pin.sha256:
            return kept
        if self.settings is None:
            self.settings = index_settings(self.source)
        say(f"fetching {pin.name} {pin.version}")
        for link in candidates(pin, self.settings):
            body, _ = get(urllib.parse.urldefrag(link).url, self.settings, FILE_LIMIT)
            if hashlib.sha256(body).hexdigest() == pin.sha256:
                return self._keep(body, os.path.basename(kept))
        addresses = ", ".join(shown(address) for address in pages(pin, self.settings))
        raise Trouble(
            f"{pin.name} {pin.version}: no file with the sha256 {pin.sha256} at {addresses}",
            "an index that alters files, or that lacks this version, cannot be used to install alcove",
        )

    def _keep(self, body: bytes, name: str) -> str:
        try:
            return keep(body, os.path.join(self.cache, name))
        except OSError as error:
            if error.errno not in REFUSED:
                raise
            say(f"{self.cache} cannot be written ({error.strerror}); fetched files are not kept")
        self.cache = tempfile.mkdtemp(prefix="alcove-install-")
        atexit.register(shutil.rmtree, self.cache, ignore_errors=True)
        return keep(body, os.path.join(self.cache, name))


def keep(body: bytes, path: str) -> str:
    """Write `body` to the file `path` by one rename, and return the path."""
    os.makedirs(os.path.dirname(path), exist_ok=True)
    staged = f"{path}.{os.getpid()}.tmp"
    try:
        with open(staged, "wb") as stream:
            stream.write(body)
        os.replace(staged, path)
    except BaseException:
        with contextlib.suppress(FileNotFoundError):
            os.unlink(staged)
        raise
    return path


def digest_of(path: str) -> str:
    """Return the sha256 of a file in hex, or "" where none can be read."""
    try:
        with open(path, "rb") as stream:
            return hashlib.sha256(stream.read()).hexdigest()
    except OSError:
        return ""
