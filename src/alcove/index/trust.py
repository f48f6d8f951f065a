"""Which addresses may be used without TLS or without checking a certificate: pip's `--trusted-host`."""

from __future__ import annotations

from typing import TYPE_CHECKING

from alcove.index.urls import origin

if TYPE_CHECKING:
    from collections.abc import Sequence

__all__ = ["secure", "trusted", "trusting"]


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
