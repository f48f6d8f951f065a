"""HTTP and TLS: the `Transport` that goes to the network, on urllib3.

Rule: the only module that imports urllib3 and truststore, and it does so when the first request is sent: a
session that finds all it needs in the cache never pays for it.
"""

from __future__ import annotations

import http.client
import os
import re
import ssl
import sys
import threading
from typing import TYPE_CHECKING

import urllib3
from urllib3.exceptions import (
    ConnectTimeoutError,
    HTTPError,
    IncompleteRead,
    InvalidHeader,
    LocationParseError,
    MaxRetryError,
    NameResolutionError,
    NewConnectionError,
    ProtocolError,
    ProxyError,
    ReadTimeoutError,
    SSLError,
)

from alcove import __version__, limits
from alcove.errors import UsageError
from alcove.index.proxies import proxy_for
from alcove.index.transport import Broken, ByteRange, Response, range_header
from alcove.index.trust import NONE_HERE, no_certificates, trusted
from alcove.index.urls import credentials, origin, redact, without_credentials

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from alcove.index_settings import IndexSettings

__all__ = ["HttpTransport"]

_NO_HTTP = "what came is no answer in HTTP"
_UNTRUSTED = "the certificate is not trusted"
_TUNNEL = re.compile(r"Tunnel connection failed: (4\d\d|501)\b", re.ASCII)  # http.client's words
_CHUNK = 1 << 16  # bytes
_POOLS = 16  # hosts
_CONNECTIONS = 16  # to one host


class HttpTransport:
    """Sends requests through pools of connections; may be used from many threads."""

    def __init__(self, settings: IndexSettings) -> None:
        self._settings = settings
        self._timeout = urllib3.Timeout(connect=settings.timeout, read=settings.timeout)
        self._lock = threading.Lock()
        self._pools: dict[tuple[str, bool], urllib3.PoolManager] = {}

    def get(
        self, url: str, headers: Mapping[str, str], byte_range: ByteRange | None = None
    ) -> Response:
        """Send one GET; raises Broken, `passing` where another try may help."""
        sent = {"User-Agent": f"alcove/{__version__}", **headers}
        if byte_range:
            sent["Range"] = range_header(byte_range)
        try:
            answer = self._pool(url).request(
                "GET",
                url,
                headers=sent,
                retries=False,
                redirect=False,
                preload_content=False,
                decode_content=False,
                timeout=self._timeout,
            )
        except (HTTPError, OSError, ValueError) as error:
            raise self._failed(error) from None
        return Response(
            answer.status, dict(answer.headers), url=url, body=_body(answer), close=answer.close
        )

    def _failed(self, error: Exception) -> Broken:
        broken = _broken(error)
        if _UNTRUSTED in str(broken) and not self._settings.cert:
            places = ssl.get_default_verify_paths()
            if no_certificates(places.cafile, places.capath):
                return Broken(f"{broken}; {NONE_HERE}", passing=False)
        return broken

    def close(self) -> None:
        """Close all connections that are not in use."""
        with self._lock:
            for pool in self._pools.values():
                pool.clear()
            self._pools.clear()

    def _pool(self, url: str) -> urllib3.PoolManager:
        proxy = proxy_for(url, self._settings)
        open_to_all = trusted(url, self._settings.trusted_hosts)
        key = proxy, open_to_all
        with self._lock:
            pool = self._pools.get(key)
            if pool is None:
                pool = self._pools[key] = self._make_pool(proxy, verify=not open_to_all)
        return pool

    def _make_pool(self, proxy: str, *, verify: bool) -> urllib3.PoolManager:
        context = _context(self._settings, verify=verify)
        if not proxy:
            return urllib3.PoolManager(_POOLS, ssl_context=context, maxsize=_CONNECTIONS)
        kind, host, _ = origin(proxy)
        if not host or " " in proxy:
            raise UsageError(
                f"the proxy {redact(proxy)} is no address",
                hint="write it as http://HOST:PORT, or unset the variable that names it",
            )
        if kind not in {"http", "https"}:
            raise UsageError(
                f"the proxy {redact(proxy)} is of a kind that alcove does not speak",
                hint="use a proxy with an http:// or https:// address",
            )
        login = credentials(proxy)
        extra = urllib3.make_headers(proxy_basic_auth=":".join(login)) if login else None
        return urllib3.ProxyManager(
            without_credentials(proxy),
            _POOLS,
            proxy_headers=extra,
            ssl_context=context,
            proxy_ssl_context=self._to_proxy(proxy) if kind == "https" else None,
            maxsize=_CONNECTIONS,
        )

    def _to_proxy(self, proxy: str) -> ssl.SSLContext:
        # A client certificate is for the index; and who trusts that blindly does not trust the way to it so.
        settings = self._settings._replace(client_cert="")
        return _context(settings, verify=not trusted(proxy, settings.trusted_hosts))


def _context(settings: IndexSettings, *, verify: bool) -> ssl.SSLContext:
    """Return how TLS is spoken: with the user's bundle, else the trust store of the system."""
    try:
        if not verify:
            urllib3.disable_warnings(urllib3.exceptions.InsecureRequestWarning)
            context = urllib3.util.create_urllib3_context(cert_reqs=ssl.CERT_NONE)
            context.check_hostname = False
        elif settings.cert:
            context = _bundle(os.path.expanduser(settings.cert))
        else:
            context = _system_context()
        if settings.client_cert:
            context.load_cert_chain(os.path.expanduser(settings.client_cert))
    except (OSError, ssl.SSLError) as error:
        if limits.advice(error) and not isinstance(error, ssl.SSLError):  # its numbers are others
            raise
        named = settings.cert, settings.client_cert
        files = " or ".join(name for name in named if name) or "the system's certificates"
        raise UsageError(
            f"{files}: cannot be read as certificates: {error.strerror or error}",
            hint="PIP_CERT and PIP_CLIENT_CERT (in pip: --cert, --client-cert) take PEM files",
        ) from error
    return context


def _bundle(path: str) -> ssl.SSLContext:
    if os.path.isdir(path):
        return _lenient(ssl.create_default_context(capath=path))
    return _lenient(ssl.create_default_context(cafile=path))


def _system_context() -> ssl.SSLContext:
    places = ssl.get_default_verify_paths()
    if sys.platform == "linux" and (places.cafile or places.capath):
        # truststore would do the same here, after an import that costs more than the handshake
        return _lenient(ssl.create_default_context())
    import truststore  # noqa: PLC0415  where OpenSSL itself knows the store, it is not needed

    return truststore.SSLContext(ssl.PROTOCOL_TLS_CLIENT)


def _lenient(context: ssl.SSLContext) -> ssl.SSLContext:
    # From Python 3.13 on, what RFC 5280 wants is asked for. The authorities of many companies lack it, and pip takes them.
    context.verify_flags &= ~ssl.VERIFY_X509_STRICT
    return context


def _body(answer: urllib3.BaseHTTPResponse) -> Iterator[bytes]:
    try:
        while chunk := answer.read(_CHUNK):
            yield chunk
    except (HTTPError, OSError, ValueError) as error:
        answer.close()
        known = isinstance(error, HTTPError | OSError)
        broken = _broken(error) if known else Broken(_NO_HTTP)
        broken.answered = True
        raise broken from None
    else:
        answer.release_conn()


def _broken(error: Exception) -> Broken:
    """Say in our words what urllib3 said in many; its text may hold URLs, so it is not passed on."""
    if isinstance(error, MaxRetryError) and error.reason is not None:
        return _broken(error.reason)
    if isinstance(error, ProxyError):
        cause = error.original_error
        if refused := _TUNNEL.match(str(cause)):
            # it answered, and would answer the same again
            reason = "wants a login" if refused[1] == "407" else "refuses to connect to that host"
            return Broken(f"the proxy {reason} ({refused[1]})", passing=False)
        return Broken(f"the proxy does not answer: {_reason(cause)}")
    if isinstance(error, SSLError | ssl.SSLError):
        return Broken(f"TLS: {_reason(error)}", passing="CERTIFICATE" not in str(error))
    if isinstance(error, NameResolutionError):
        return Broken("the name of the host cannot be resolved")
    if isinstance(error, NewConnectionError):  # a ConnectTimeoutError by ancestry, not by nature
        return Broken(_reason(error))
    if isinstance(error, ConnectTimeoutError | ReadTimeoutError):
        return Broken("no answer in time")
    if isinstance(error, LocationParseError | ValueError):
        return Broken("the address cannot be understood", passing=False)
    return Broken(_reason(error))


def _reason(error: BaseException) -> str:
    """Return the innermost reason that an exception names."""
    if isinstance(error, IncompleteRead | http.client.IncompleteRead):
        return "the answer ended before all of it had come"
    if isinstance(error, http.client.RemoteDisconnected):
        return "the connection was closed before an answer came"
    if isinstance(error, http.client.HTTPException | InvalidHeader):
        return _NO_HTTP
    if isinstance(error, ProtocolError) and len(error.args) > 1:
        inner = error.args[1]
        if isinstance(inner, BaseException):
            return _reason(inner)
    if isinstance(error, ssl.SSLCertVerificationError):
        return f"{_UNTRUSTED}: {error.verify_message}"
    if isinstance(error, OSError) and error.strerror:
        return error.strerror
    cause = error.__cause__ or error.__context__
    if cause is not None and cause is not error:
        return _reason(cause)
    if error.args and isinstance(error.args[0], BaseException):
        return _reason(error.args[0])
    return type(error).__name__
