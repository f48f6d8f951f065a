"""Where distributions come from: the index settings of pip, in pip's order, with ours above them.

Rule: nothing here looks at the process: the environment, the home directory and the options are arguments,
and only files of settings are read. The order, lowest first: the global, user and site files of pip, the file
that PIP_CONFIG_FILE names, PIP_* variables, ALCOVE_* variables, the caller's layers (our own files, then the
options of the command line).
"""

from __future__ import annotations

import os
import sys

from alcove.errors import UsageError
from alcove.pip_conf import pip_files, read_file, spelled
from alcove.records import NamedTuple

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence

__all__ = [
    "DEFAULT_INDEX",
    "IndexSettings",
    "read",
    "without_pip",
]

DEFAULT_INDEX = "https://pypi.org/simple"

Value = str | bool | int | float | None
Layer = "Mapping[str, Value | Sequence[str]]"


class IndexSettings(NamedTuple):
    """All that says where to look, how to get there and what to take.

    URLs may hold credentials (so never print this record); `find_links` are URLs or paths as the user wrote them.
    `cert`: a CA bundle or directory, "" for the system's trust store; `client_cert`: a PEM file with key, or "".
    `proxy`: for all schemes, "" without; `proxies`: (scheme or "all", URL) of the environment, used without `proxy`.
    `timeout` in seconds; `retries` after the first try. `no_binary` and `only_binary`: normalised names or `:all:`.
    `constraints`: paths or URLs. `netrc`: absolute path or ""; `search_path`: PATH, to find `keyring`.
    `keyring_provider`: auto, disabled, import or subprocess; `python`: the environment's interpreter, whose keyring
    is asked. `no_proxy_env`: nothing of the variables' proxies and CA bundles counts (is done by `read`). `uploaded_prior_to`: ISO time or "".
    `index_strategy`: "best-match", all indexes are one, or "first-index", the first that has a project has it alone.
    `build_idle_timeout`: seconds after which a build backend without a sign of life is stopped, 0: never, None: not said.
    """

    index_url: str = DEFAULT_INDEX
    extra_index_urls: tuple[str, ...] = ()
    find_links: tuple[str, ...] = ()
    no_index: bool = False
    trusted_hosts: tuple[str, ...] = ()
    cert: str = ""
    client_cert: str = ""
    proxy: str = ""
    proxies: tuple[tuple[str, str], ...] = ()
    no_proxy: str = ""
    timeout: float = 15.0
    retries: int = 5
    pre: bool = False
    no_binary: tuple[str, ...] = ()
    only_binary: tuple[str, ...] = ()
    prefer_binary: bool = False
    require_hashes: bool = False
    constraints: tuple[str, ...] = ()
    no_input: bool = False
    keyring_provider: str = "auto"
    netrc: str = ""
    search_path: str = ""
    uploaded_prior_to: str = ""
    index_strategy: str = "best-match"
    no_proxy_env: bool = False
    python: str = ""
    build_idle_timeout: float | None = None


# pip's option name -> (field, kind); the second spellings are pip's own
_OPTIONS: dict[str, tuple[str, str]] = {
    "index-url": ("index_url", "text"),
    "pypi-url": ("index_url", "text"),
    # of a requirements file: no index that was named before counts
    "only-index-url": ("index_url", "only"),
    "extra-index-url": ("extra_index_urls", "many"),
    "find-links": ("find_links", "many"),
    "no-index": ("no_index", "flag"),
    "trusted-host": ("trusted_hosts", "many"),
    "cert": ("cert", "text"),
    "client-cert": ("client_cert", "text"),
    "proxy": ("proxy", "text"),
    "no-proxy-env": ("no_proxy_env", "flag"),
    "timeout": ("timeout", "patience"),
    "default-timeout": ("timeout", "patience"),
    "retries": ("retries", "count"),
    "pre": ("pre", "flag"),
    "no-binary": ("no_binary", "format"),
    "only-binary": ("only_binary", "format"),
    "prefer-binary": ("prefer_binary", "flag"),
    "require-hashes": ("require_hashes", "flag"),
    "constraint": ("constraints", "many"),
    "no-input": ("no_input", "flag"),
    "keyring-provider": ("keyring_provider", "text"),
    "uploaded-prior-to": ("uploaded_prior_to", "text"),
    "index-strategy": ("index_strategy", "strategy"),
    "build-idle-timeout": ("build_idle_timeout", "seconds"),
}
_TRUE = {"y", "yes", "t", "true", "on", "1"}
_FALSE = {"n", "no", "f", "false", "off", "0"}


def read(
    environ: Mapping[str, str],
    home: str,
    *,
    prefix: str = "",
    command: str = "install",
    layers: Sequence[Mapping[str, Value | Sequence[str]]] = (),
    isolated: bool = False,
    platform: str = sys.platform,
    system: str = "/etc",
) -> IndexSettings:
    """Return the settings that hold for `command` (a section of pip's files beside `[global]`).

    `home`: absolute; `prefix`: that of the environment whose `pip.conf` is the site file, or "".
    `layers`: ours, lowest first; keys are pip's option names, a list adds to what pip's files gave, as in pip.
    `isolated`: neither variables nor the user's file. `system`: where the global file lies on POSIX.
    Raises UsageError where a value or a file of settings cannot be read.
    """
    fields = IndexSettings()._asdict()
    own = _network(environ, home, platform=platform)
    fields |= own
    if prefix:
        below = ("Scripts", "python.exe") if platform == "win32" else ("bin", "python")
        fields["python"] = os.path.join(prefix, *below)
    files = pip_files(
        environ, home, prefix=prefix, isolated=isolated, platform=platform, system=system
    )
    for origin, section in _pip_layers(files, command):
        _apply(fields, section, origin=origin, add=False)
    if not isolated:
        _apply(fields, _variables(environ, "PIP_"), origin="the variables PIP_*", add=False)
        _apply(fields, _variables(environ, "ALCOVE_"), origin="the variables ALCOVE_*", add=False)
    for layer in layers:
        _apply(fields, layer, origin="the options", add=True)
    if fields["no_proxy_env"] or fields["proxy"]:
        # As in pip: where the variables' proxies do not count, their CA bundles do not, either.
        if fields["cert"] == own["cert"]:
            fields["cert"] = ""
        fields["proxies"] = ()
    return IndexSettings(**fields)


def without_pip(environ: Mapping[str, str], home: str, *, prefix: str) -> dict[str, str]:
    """Return the variables without those of pip and ours, and with all of pip's files switched off.

    For a caller whose own layers hold what those say already; but for ours, which no option of pip says.
    """
    rest = {
        name: value for name, value in environ.items() if not name.startswith(("PIP_", "ALCOVE_"))
    }
    own = read(environ, home, prefix=prefix)
    idle = own.build_idle_timeout
    return rest | {
        "PIP_CONFIG_FILE": os.devnull,
        "ALCOVE_INDEX_STRATEGY": own.index_strategy,
        "ALCOVE_BUILD_IDLE_TIMEOUT": "" if idle is None else str(idle),
    }


def _pip_layers(files: Sequence[str], command: str) -> Iterator[tuple[str, dict[str, str]]]:
    """Yield (origin, layer): all `[global]` sections first; `[command]` of any file beats them, as in pip."""
    contents = [(path, read_file(path)) for path in files]
    for section in ("global", command):
        for path, sections in contents:
            if section in sections:
                yield f"{path} [{section}]", sections[section]


def _variables(environ: Mapping[str, str], start: str) -> dict[str, str]:
    return {
        spelled(key[len(start) :]): value
        for key, value in environ.items()
        if key.startswith(start) and spelled(key[len(start) :]) in _OPTIONS
    }


def _apply(
    fields: dict[str, object],
    layer: Mapping[str, Value | Sequence[str]],
    *,
    origin: str,
    add: bool,
) -> None:
    """Put a layer over `fields`; with `add`, lists go on where the layer below ended."""
    # `:all:` takes back what was said of names, so it is read first, wherever it stands beside them
    for key, value in sorted(layer.items(), key=lambda item: ":all:" not in str(item[1])):
        field, kind = _OPTIONS.get(spelled(key), ("", ""))
        if not field or value is None or value == "":
            continue  # pip: a key whose value is empty is ignored
        where = f"{origin}: {key}"
        if kind == "many":
            words = value.split() if isinstance(value, str) else _words(value, where)
            fields[field] = (*_tuple(fields[field]), *words) if add else tuple(words)
        elif kind == "format":
            _select(fields, field, _words(value, where))
        elif kind == "flag":
            fields[field] = _flag(value, where)
        elif kind == "only":
            fields[field], fields["extra_index_urls"] = str(value), ()
        elif kind == "strategy" and value not in ("best-match", "first-index"):
            raise UsageError(f"{where}: {value!r} is neither best-match nor first-index")
        elif kind in ("text", "strategy"):
            fields[field] = str(value)
        else:
            fields[field] = _number(value, where, kind=kind)


def _words(value: Value | Sequence[str], where: str) -> list[str]:
    if isinstance(value, str):
        return value.replace(",", " ").split()
    if value is None or isinstance(value, bool | int | float):
        raise UsageError(f"{where}: {value!r} is no list")
    return [str(word) for word in value]


def _tuple(value: object) -> tuple[object, ...]:
    return value if isinstance(value, tuple) else ()


def _select(fields: dict[str, object], field: str, words: Sequence[str]) -> None:
    """Follow pip's rules for --no-binary and --only-binary: the last word on a name counts."""
    other = "only_binary" if field == "no_binary" else "no_binary"
    mine = list(_tuple(fields[field]))
    theirs = list(_tuple(fields[other]))
    for word in [part for text in words for part in text.split(",") if part]:
        if word == ":none:":
            mine = []
        elif word == ":all:":
            mine, theirs = [":all:"], []
        else:
            name = _normalised(word)
            mine = [*(each for each in mine if each != name), name]
            theirs = [each for each in theirs if each != name]
    fields[field], fields[other] = tuple(mine), tuple(theirs)


def _normalised(name: str) -> str:
    words = name.lower().replace("_", "-").replace(".", "-").split("-")
    return "-".join(word for word in words if word)


def _flag(value: Value | Sequence[str], where: str) -> bool:
    text = str(value).lower()
    if text in _TRUE:
        return True
    if text in _FALSE:
        return False
    raise UsageError(f"{where}: {value!r} is neither true nor false", hint="use 1 or 0")


def _number(value: Value | Sequence[str], where: str, *, kind: str) -> float | int:
    try:
        number = int(str(value)) if kind == "count" else float(str(value))
    except ValueError:
        raise UsageError(f"{where}: {value!r} is no number") from None
    if not 0 <= number < 1e9 or (kind == "patience" and not number):
        raise UsageError(f"{where}: {value!r} is out of range")
    return number


def _network(environ: Mapping[str, str], home: str, *, platform: str) -> dict[str, object]:
    """Return the fields that the environment alone decides: proxies, CA bundles, netrc, PATH."""
    proxies = []
    for scheme in ("http", "https", "all"):
        # HTTP_PROXY in capitals can be set by a client of a CGI program, but pip takes it all the same
        url = environ.get(f"{scheme}_proxy") or environ.get(f"{scheme.upper()}_PROXY")
        if url:
            proxies.append((scheme, url))
    netrc = environ.get("NETRC") or os.path.join(
        home, "_netrc" if platform == "win32" else ".netrc"
    )
    return {
        "proxies": tuple(proxies),
        "no_proxy": environ.get("no_proxy") or environ.get("NO_PROXY") or "",
        "cert": environ.get("REQUESTS_CA_BUNDLE") or environ.get("CURL_CA_BUNDLE") or "",
        "netrc": netrc,
        "search_path": environ.get("PATH", ""),
    }
