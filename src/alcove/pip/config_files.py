"""pip's files of settings, as `pip config` reads and writes them: by kind, each value where it stands.

A value is known as `SECTION.NAME`, the name in lower case with `-`. What is written is written as pip does it: the
standard library's form, without the comments.
"""

from __future__ import annotations

import configparser
import io
import os

from alcove.errors import AlcoveError
from alcove.files import atomic, trees
from alcove.pip_conf import pip_places, spelled

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

__all__ = ["ENVIRONMENT", "Configuration"]

ENVIRONMENT = ":env:"
"""In the place of a file name: what PIP_* variables say."""

_ORDER = ("global", "user", "site", "env", "env-var")  # the later wins
_NO_OPTIONS = ("version", "help")


class _Parser(configparser.RawConfigParser):
    """A file of settings whose names of options are spelled in one way."""

    def optionxform(self, optionstr: str) -> str:
        """Return the one spelling of a name."""
        return spelled(optionstr)


class Configuration:
    """All files and variables, or those of one kind (`only`: "global", "user", "site").

    `home`, `prefix`: absolute. AlcoveError where a file is none of settings.
    """

    def __init__(
        self,
        environ: Mapping[str, str],
        home: str,
        *,
        prefix: str,
        isolated: bool = False,
        only: str = "",
    ) -> None:
        self._environ = environ
        self._only = only
        self._isolated = isolated
        self._kinds = pip_places(environ, home, prefix=prefix)
        self.values: dict[str, dict[str, dict[str, str]]] = {kind: {} for kind in _ORDER}
        self._parsers: dict[str, list[tuple[str, _Parser]]] = {kind: [] for kind in _ORDER}
        self._redirected = ""
        self.warnings: list[str] = []
        self._load()

    @property
    def _named(self) -> str:
        """What PIP_CONFIG_FILE names, or ""."""
        return self._environ.get("PIP_CONFIG_FILE", "")

    def kinds(self) -> Iterator[tuple[str, list[str]]]:
        """Yield the kinds that count here and their files (absolute, they need not exist), lowest first."""
        yield "global", self._kinds["global"]
        if not self._isolated and not (self._named and os.path.exists(self._named)):
            yield "user", self._kinds["user"]
        yield "site", self._kinds["site"]
        yield "env", [self._named] if "PIP_CONFIG_FILE" in self._environ else []

    def variables(self) -> list[tuple[str, str]]:
        """Return the PIP_* variables: (name in lower case without PIP_, value)."""
        return [
            (name[4:].lower(), value)
            for name, value in self._environ.items()
            if name.startswith("PIP_") and name[4:].lower() not in _NO_OPTIONS
        ]

    def by_file(self) -> dict[str, dict[str, str]]:
        """Return the values by file, and under ENVIRONMENT; the files in the order in which they win."""
        found: dict[str, dict[str, str]] = {}
        for kind in _ORDER:
            found.update(self.values[kind])
        return found

    def get(self, key: str) -> str:
        """Return the value of SECTION.NAME that wins; AlcoveError where there is none."""
        merged: dict[str, str] = {}
        for values in self.by_file().values():
            merged.update(values)
        name = spelled(key)
        if name not in merged:
            _parts(name)
            raise AlcoveError(f"No such key - {key}")
        return merged[name]

    def target(self) -> str:
        """Return the file that a change goes to (absolute)."""
        return self._to_change("")[0]

    def set(self, key: str, value: str) -> str:
        """Give SECTION.NAME a value, and return the file that was written."""
        section, name = _parts(spelled(key))
        if "\n" in key or not section or "]" in section or not name:
            raise AlcoveError(f"{key!r} cannot be a key", hint="write SECTION.NAME")
        path, parser = self._to_change("")
        if not parser.has_section(section):
            parser.add_section(section)
        parser.set(section, name, value)
        _save(path, parser)
        return path

    def unset(self, key: str) -> str:
        """Take away SECTION.NAME, and return the file that was written; AlcoveError where it is in none."""
        wanted = spelled(key)
        path, parser = self._to_change(wanted)
        section, dot, name = wanted.partition(".")
        if not dot:
            _parts(wanted)
        if not parser.has_section(section) or not parser.remove_option(section, name):
            raise AlcoveError(f"No such key - {key}")
        if not parser.items(section):
            parser.remove_section(section)
        _save(path, parser)
        return path

    def _load(self) -> None:
        found = dict(self.kinds())
        if found["env"] != [os.devnull]:  # pip: that switches all files off
            for kind, files in found.items():
                for path in files:
                    redirect = kind == "env" and self._only == "user"
                    if self._only in ("", kind) or redirect:
                        self._read(kind, path)
        if not self._isolated:
            self.values["env-var"][ENVIRONMENT] = {
                f"{ENVIRONMENT}.{spelled(name)}": value for name, value in self.variables()
            }

    def _read(self, kind: str, path: str) -> None:
        parser = _parsed(path)
        values = self.values[kind].setdefault(path, {})
        for section in parser.sections():
            values.update({f"{section}.{name}": value for name, value in parser.items(section)})
        self._parsers[kind].append((path, parser))

    def _to_change(self, key: str) -> tuple[str, _Parser]:
        """Return the file to change: the last of its kind, or the one that has `key` already."""
        parsers = self._parsers[self._only]
        if not parsers:
            return self._instead()
        section, _, name = key.partition(".")
        for path, parser in reversed(parsers):
            if key and parser.has_section(section) and parser.has_option(section, name):
                return path, parser
        return parsers[-1]

    def _instead(self) -> tuple[str, _Parser]:
        """Return the file of PIP_CONFIG_FILE, which takes the place of the user's."""
        named = self._named
        if named == os.devnull or not named or self._only not in ("user", "global"):
            raise AlcoveError(
                f"PIP_CONFIG_FILE is {named!r}: there is no file of settings to be changed",
                hint="unset PIP_CONFIG_FILE",
            )
        if not self._redirected:
            self._redirected = named
            self.warnings.append(
                f"Because PIP_CONFIG_FILE is set, changes will be applied to '{named}', not to"
                f" '{self._only}'. To restore normal behavior, unset PIP_CONFIG_FILE."
            )
        return named, _parsed(named)


def _parts(key: str) -> tuple[str, str]:
    section, dot, name = key.partition(".")
    if not dot:
        raise AlcoveError(
            "Key does not contain dot separated section and key. Perhaps you wanted to use"
            f" 'global.{key}' instead?"
        )
    return section, name


def _parsed(path: str) -> _Parser:
    parser = _Parser()
    try:
        with open(path, encoding="utf-8-sig") as stream:
            parser.read_file(stream, path)
    except (FileNotFoundError, NotADirectoryError, PermissionError, IsADirectoryError):
        return parser  # as in pip: what cannot be opened says nothing
    except UnicodeDecodeError:
        raise AlcoveError(
            f"Configuration file contains invalid utf-8 characters in {path}.",
            hint="write it anew in UTF-8",
        ) from None
    except configparser.Error as error:
        raise AlcoveError(f"Configuration file could not be loaded.\n{error}\n") from None
    return parser


def _names(parser: _Parser) -> list[tuple[str, list[str]]]:
    return [(section, parser.options(section)) for section in parser.sections()]


def _save(path: str, parser: _Parser) -> None:
    """Write a file, through the link that it may be, with the permissions that it has; AlcoveError for what it cannot hold."""
    text = io.StringIO()
    try:
        parser.write(text)  # from Python 3.14 on it looks at some of the names, too
        again = _Parser()
        again.read_string(text.getvalue())
        same = _names(again) == _names(parser)
    except configparser.Error:
        same = False
    if not same:
        raise AlcoveError(
            f"{path} is left as it is: a file of settings cannot hold such a name or value",
            hint="a name has no '=' and no ':', and does not begin with '#' or ';'",
        )
    real = os.path.realpath(path)
    try:
        mode = os.stat(real).st_mode & 0o777 if os.path.exists(real) else 0o666
        trees.make_directories(os.path.dirname(real))
        atomic.fill(real, text.getvalue().encode("utf-8", "surrogateescape"), mode=mode)
    except OSError as error:
        raise AlcoveError(
            f"An error occurred while writing to the configuration file {path}: {error}",
            hint="check its permissions, or choose --user, --site or --global",
        ) from error
