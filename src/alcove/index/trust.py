"""Which addresses may be used without TLS or without checking a certificate, and whether there is anything to check one with.

Rule: only who the user named (pip's `--trusted-host`) is trusted without a certificate, also where the system has none at all.
"""

from __future__ import annotations

import os
from typing import TYPE_CHECKING

from alcove.index.urls import origin

if TYPE_CHECKING:
    from collections.abc import Sequence

__all__ = ["HINT_OF_NONE", "NONE_HERE", "no_certificates", "secure", "trusted", "trusting"]

_BUNDLES = (
    "/etc/ssl/certs/ca-certificates.crt",
    "/etc/pki/tls/certs/ca-bundle.crt",
    "/etc/ssl/ca-bundle.pem",
    "/etc/ssl/cert.pem",
)
"""Where systems keep the certificates that they trust, for a Python whose OpenSSL was built to look elsewhere."""

NONE_HERE = "this system has no certificates to check it with"
HINT_OF_NONE = (
    "install the system's package of them, ca-certificates on most, or name a file: PIP_CERT=FILE"
)


def no_certificates(cafile: str | None, capath: str | None) -> bool:
    """Say whether the system has no certificates, as small images have none.

    `cafile`, `capath`: what `ssl.get_default_verify_paths` gives, the places where OpenSSL looks, None for what is not there.
    """
    if cafile or any(map(os.path.isfile, _BUNDLES)):
        return False
    try:
        return not capath or not os.listdir(capath)
    except OSError:  # what cannot be listed may hold some
        return False


def trusted(url: str, hosts: Sequence[str]) -> bool:
    """Say whether the user named the host of `url` (HOST or HOST:PORT) as trusted.

    >>> trusted("https://index.example:8443/simple", ["index.example:8443"])
    True
    """
    _, host, port = origin(url)
    for entry in hosts:
        name, given = _parts(entry)
        if name and name == host and (not given or given == str(port)):
            return True
    return False


def secure(url: str, hosts: Sequence[str]) -> bool:
    """Say whether `url` may be used: pip's list of secure origins, and the trusted hosts."""
    scheme, host, _ = origin(url)
    if scheme in {"https", "file"} or host == "localhost" or _loopback(host):
        return True
    return trusted(url, hosts)


def trusting(url: str) -> str:
    """Return what a user sets so that the host of `url` is trusted, in a form that holds for every command.

    >>> trusting("http://index.example:8080/simple")
    'PIP_TRUSTED_HOST=index.example'
    """
    return f"PIP_TRUSTED_HOST={origin(url)[1]}"


def _loopback(host: str) -> bool:
    numbers = host.split(".")
    return host == "::1" or (
        len(numbers) == 4 and numbers[0] == "127" and all(part.isdigit() for part in numbers)
    )


def _parts(entry: str) -> tuple[str, str]:
    """Return (host, port or "") of what stands in --trusted-host; a whole URL is taken too."""
    entry = entry.strip().lower().rpartition("://")[2].partition("/")[0]
    if entry.startswith("["):
        name, _, port = entry[1:].partition("]")
        return name, port.removeprefix(":")
    if entry.count(":") > 1:
        return entry, ""
    name, _, port = entry.partition(":")
    return name, port
