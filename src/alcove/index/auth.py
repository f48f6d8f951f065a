"""Who we say we are: credentials from URLs, netrc and keyring, each sent to the origin that they belong to only.

Rule: a login is found for one (scheme, host, port) and goes nowhere else, redirects included; nothing here is
ever written down or put into a message.
"""

from __future__ import annotations

import base64
import netrc
import threading
from typing import TYPE_CHECKING

from alcove.events import Warned
from alcove.index.urls import credentials, origin, redact, without_credentials

if TYPE_CHECKING:
    from collections.abc import Iterable

    from alcove.events import Reporter
    from alcove.index_settings import IndexSettings

__all__ = ["Logins", "basic"]

Login = tuple[str, str]


def basic(login: Login) -> str:
    """Return the value of the Authorization header (RFC 7617, in UTF-8)."""
    return "Basic " + base64.b64encode(":".join(login).encode()).decode()


class Logins:
    """Finds the login for a URL, in pip's order: the URL itself, the indexes' URLs, netrc, keyring."""

    def __init__(self, settings: IndexSettings, *, reporter: Reporter) -> None:
        self._reporter = reporter
        self._netrc_path = settings.netrc
        self._netrc: netrc.netrc | None = None
        self._netrc_read = False
        self._lock = threading.Lock()
        provider = settings.keyring_provider
        self._provider = provider
        self._python = settings.python
        # pip: `auto` asks the keyring only where somebody could answer its questions
        self._use_keyring = provider != "disabled" and (provider != "auto" or not settings.no_input)
        self._search_path = settings.search_path
        self._indexes: list[str] = []
        self._known: list[tuple[str, Login]] = []  # (URL without credentials, login)
        self._asked: dict[tuple[str, str, int], Login | None] = {}
        self.learn((settings.index_url, *settings.extra_index_urls, *settings.find_links))

    def learn(self, urls: Iterable[str]) -> None:
        """Remember the credentials that stand in `urls` for their origins."""
        for url in urls:
            bare = without_credentials(url)
            self._indexes.append(bare)
            login = credentials(url) if bare != url else None
            if login:
                self._known.append((bare, login))

    def first(self, url: str) -> Login | None:
        """Return the login to send with the first request for `url` (no credentials in it)."""
        place = origin(url)
        same = [(bare, login) for bare, login in self._known if origin(bare) == place]
        for bare, login in sorted(same, key=lambda pair: -len(pair[0])):
            if url.startswith(bare.rstrip("/") + "/") or url == bare:
                return self._whole(login, url)
        if same:
            return self._whole(same[0][1], url)
        if place in self._asked:
            return self._asked[place]
        return self._from_netrc(place[1])

    def whence(self, url: str, login: Login) -> str:
        """Say where `login`, which `first` gave for `url`, stands: "the address given", "netrc" or "keyring"."""
        place = origin(url)
        if any(known == login and origin(bare) == place for bare, known in self._known):
            return "the address given"
        return "keyring" if self._asked.get(place) == login else "netrc"

    def after_refusal(self, url: str) -> Login | None:
        """Return another login to try once `url` answered 401, or None: the keyring's."""
        if not self._use_keyring:
            return None
        from alcove.index import keyring  # noqa: PLC0415  few are ever refused

        place = origin(url)
        with self._lock:
            if place not in self._asked:
                user = next((u for bare, (u, _) in self._known if origin(bare) == place), "")
                services = [bare for bare in self._indexes if origin(bare) == place]
                asked = keyring.found(
                    self._provider, search_path=self._search_path, python=self._python
                )
                found = asked.ask([*services, place[1]], user) if asked else None
                self._asked[place] = found
            return self._asked[place]

    def _whole(self, login: Login, url: str) -> Login:
        """Return the login, its password asked of netrc or keyring where the URL had a user only."""
        if login[1]:
            return login
        place = origin(url)
        found = self._from_netrc(place[1])
        if found and found[0] == login[0]:
            return found
        return self._asked.get(place) or login

    def _from_netrc(self, host: str) -> Login | None:
        with self._lock:
            if not self._netrc_read:
                self._netrc_read = True
                self._netrc = self._read_netrc()
        if self._netrc is None or not host:
            return None
        found = self._netrc.authenticators(host)
        if not found:
            return None
        return found[0] or found[1] or "", found[2] or ""

    def _read_netrc(self) -> netrc.netrc | None:
        if not self._netrc_path:
            return None
        try:
            return netrc.netrc(self._netrc_path)
        except FileNotFoundError:
            return None
        except (OSError, netrc.NetrcParseError, ValueError) as error:
            # the parser's own text may quote what stands near the fault: a password
            line = getattr(error, "lineno", None)
            where = f"{redact(self._netrc_path)}{f':{line}' if line else ''}"
            text = f"{where}: cannot be read as a netrc file; it is not used"
            self._reporter.emit(Warned(text, "correct it, or set NETRC"))
            return None
