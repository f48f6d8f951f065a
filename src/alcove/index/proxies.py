"""Which proxy a request goes through: `--proxy` for all, else what the environment names."""

from __future__ import annotations

import ipaddress
from typing import TYPE_CHECKING

from alcove.index.urls import origin, scheme

if TYPE_CHECKING:
    from alcove.index_settings import IndexSettings

__all__ = ["proxy_for"]


def proxy_for(url: str, settings: IndexSettings) -> str:
    """Return the proxy's URL (credentials in it) for `url`; "" to go straight."""
    if settings.proxy:
        return _completed(settings.proxy)  # pip: with --proxy the environment does not count
    kind, host, port = origin(url)
    if _bypassed(host, port, settings.no_proxy):
        return ""
    known = dict(settings.proxies)
    proxy = known.get(kind) or known.get("all", "")
    return _completed(proxy) if proxy else ""


def _completed(proxy: str) -> str:
    return proxy if scheme(proxy) and "://" in proxy else f"http://{proxy}"


def _bypassed(host: str, port: int, exceptions: str) -> bool:
    """Follow the custom of curl and requests: `*`, suffixes of names, HOST:PORT, networks."""
    for entry in exceptions.lower().replace(",", " ").split():
        if entry == "*":
            return True
        if "/" in entry:
            if _in_network(host, entry):
                return True
            continue
        name, _, given = entry.partition(":") if entry.count(":") == 1 else (entry, "", "")
        name = name.strip("[]").removeprefix("*").removeprefix(".")
        if given and given != str(port):
            continue
        if name and (host == name or host.endswith("." + name)):
            return True
    return False


def _in_network(host: str, network: str) -> bool:
    try:
        return ipaddress.ip_address(host) in ipaddress.ip_network(network, strict=False)
    except ValueError:
        return False
