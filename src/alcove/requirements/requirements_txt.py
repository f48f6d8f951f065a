"""Read requirements files and constraints files as pip 26.3 does, with the place of everything that is wrong.

A file says what to install and may set options for the whole run; it includes others with `-r` and `-c`.
"""

from __future__ import annotations

import os
import urllib.parse
from typing import TYPE_CHECKING, Any, NamedTuple, NoReturn

from alcove.errors import InvalidRequirement
from alcove.events import Notice, Reporter, Silent, Warned
from alcove.requirements import addresses, lines, options
from alcove.requirements.spec import Asked, parse

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Mapping

__all__ = ["RequirementsFile", "read"]

_LARGEST = 64 * 1024 * 1024  # bytes of one file
_DEEPEST = 64  # files that include each other
_HASHES = {"sha256": 64, "sha384": 96, "sha512": 128}  # pip's strong ones, and their hex digits


_INDEX = frozenset({"--index-url", "--extra-index-url", "--no-index"})
_SWITCHES: dict[str, dict[str, Any]] = {
    "--pre": {"pre": True},
    "--prefer-binary": {"prefer_binary": True},
    "--require-hashes": {"require_hashes": True},
    "--no-require-hashes": {"require_hashes": False},
}
_PAIRS = {  # option -> (field of the result, whether it is the first of the pair)
    "--no-binary": ("formats", True),
    "--only-binary": ("formats", False),
    "--all-releases": ("releases", True),
    "--only-final": ("releases", False),
}


class RequirementsFile(NamedTuple):
    """All that a requirements file and those that it includes say, in their order.

    `index_url`: None where none is set; where one is, it replaces the index and every extra index given before it
    (on the command line too), and `extra_index_urls` holds those given after it. `find_links`: URLs and paths, absolute
    where such a path stands beside the file. `formats`, `releases`: (`--no-binary` or `--all-releases` is True, value),
    for `controls.merged`. `require_hashes`: None where nothing is said. `files`: what was read, absolute paths and URLs.
    `variables`: names of the environment variables that were looked up.
    """

    asked: tuple[Asked, ...] = ()
    constraints: tuple[Asked, ...] = ()
    index_url: str | None = None
    extra_index_urls: tuple[str, ...] = ()
    no_index: bool = False
    find_links: tuple[str, ...] = ()
    trusted_hosts: tuple[str, ...] = ()
    pre: bool = False
    prefer_binary: bool = False
    require_hashes: bool | None = None
    formats: tuple[tuple[bool, str], ...] = ()
    releases: tuple[tuple[bool, str], ...] = ()
    use_features: tuple[str, ...] = ()
    files: tuple[str, ...] = ()
    variables: tuple[str, ...] = ()


def read(
    location: str,
    *,
    directory: str,
    fetch: Callable[[str], bytes],
    environ: Mapping[str, str],
    constraint: bool = False,
    reporter: Reporter | None = None,
) -> RequirementsFile:
    """Read a requirements file (with `constraint`: a constraints file) and all that it includes.

    `location`: a path, relative to `directory`, or a URL. `directory`: absolute; relative paths *of requirements* start
    there too, those of `-r` and `-c` beside the file that has them (pip's rules). `fetch` gets the bytes of an http(s)
    URL. `environ`: for `${NAME}`. Raises `InvalidRequirement`, "FILE:LINE:COLUMN: …", and what `fetch` raises.
    """
    reader = _Reader(directory, fetch, environ, reporter or Silent())
    reader.include(_absolute(location, directory), location, constraint=constraint, above=())
    return reader.result


class _Place(NamedTuple):
    """A position that errors name: the file as shown to the user, and the logical line."""

    shown: str
    line: lines.Line

    def at(self, offset: int) -> str:
        """Give FILE:LINE:COLUMN of an offset in the logical line."""
        line, column = self.line.place(offset)
        return f"{self.shown}:{line}:{column}"


class _Reader:
    """Collects what files say; one instance for one call of `read`."""

    def __init__(
        self,
        directory: str,
        fetch: Callable[[str], bytes],
        environ: Mapping[str, str],
        reporter: Reporter,
    ) -> None:
        self.directory = directory
        self.fetch = fetch
        self.environ = environ
        self.reporter = reporter
        self.result = RequirementsFile()
        self.seen: set[tuple[str, bool]] = set()

    def include(
        self,
        location: str,
        shown: str,
        *,
        constraint: bool,
        above: tuple[str, ...],
        named: str = "",
    ) -> None:
        """Read one file. `location`: absolute path or URL; `above`: the chain of files that led here.

        `named`: the place that names it, where that is a file, too.
        """
        if (location, constraint) in self.seen:
            return  # read before: saying a thing twice changes nothing, and nested doubles would never end
        self.seen.add((location, constraint))
        self._extend(files=(location,))
        for place in self._lines(location, shown, named):
            self._extend(variables=place.line.variables)
            body, offset = options.split_line(place.line.text)
            try:
                given, rest = options.frozen_editable(place.line.text) or options.read_options(
                    place.line.text, offset
                )
            except options.OptionError as error:
                raise InvalidRequirement(
                    f"{place.at(error.offset)}: {error}", hint=error.hint
                ) from error
            if rest:
                self.reporter.emit(
                    Warned(
                        f"{place.at(offset)}: {' '.join(rest)!r} is ignored",
                        "one line, one requirement or option",
                    )
                )
            editable = next((option for option in given if option.name == "--editable"), None)
            if body or editable:
                self._requirement(place, body, editable, given, constraint=constraint)
            else:
                self._options(place, given, (*above, location))

    def _lines(self, location: str, shown: str, named: str) -> Iterator[_Place]:
        """Give the logical lines of a file."""
        data = self._content(location, shown, f"{named}: " if named else "")
        text = lines.decode(data, origin=shown)
        for line in lines.logical_lines(text, environ=self.environ):
            yield _Place(shown, line)

    def _content(self, location: str, shown: str, named: str) -> bytes:
        """Get the bytes of a file."""
        if addresses.is_url(location):
            if not location.lower().startswith("file:"):
                return self.fetch(location)
            try:
                location = addresses.path_of(location, self.directory)
            except ValueError as error:
                raise InvalidRequirement(f"{named}{shown}: {error}") from error
        try:
            with open(location, "rb") as file:
                data = file.read(_LARGEST + 1)
        except (OSError, ValueError) as error:
            why = error.strerror if isinstance(error, OSError) and error.strerror else str(error)
            raise InvalidRequirement(
                f"{named}cannot read the requirements file {shown}: {why}",
                hint="check the path of the file"
                if shown != "-"
                else "name it /dev/stdin to have what is piped in read",
            ) from error
        if len(data) > _LARGEST:
            raise InvalidRequirement(
                f"the requirements file {shown} has more than {_LARGEST // 1024**2} MiB"
            )
        return data

    def _requirement(
        self,
        place: _Place,
        body: str,
        editable: options.Given | None,
        given: tuple[options.Given, ...],
        *,
        constraint: bool,
    ) -> None:
        """Take a line that names something to install."""
        text = body or (editable.value if editable else "")
        start = (
            0 if body or editable is None else max(place.line.text.find(text, editable.offset), 0)
        )
        asked = parse(
            text,
            origin=place.at(start),
            directory=self.directory,
            editable=editable is not None,
            place=lambda offset: place.at(start + offset),
        )
        hashes = tuple(
            _hash(place, option)
            for option in given
            if option.name == "--hash" and not asked.editable
        )
        settings = tuple(
            _setting(place, option) for option in given if option.name == "--config-settings"
        )
        asked = asked._replace(hashes=hashes, config_settings=settings)
        ignored = sorted(
            {option.name for option in given} - {"--hash", "--config-settings", "--editable"}
        )
        if ignored:
            self.reporter.emit(
                Warned(
                    f"{place.at(0)}: {', '.join(ignored)} after a requirement has no effect",
                    "put it on a line of its own",
                )
            )
        if constraint:
            _check_constraint(asked)
            self._extend(constraints=(asked,))
        else:
            self._extend(asked=(asked,))

    def _options(
        self, place: _Place, given: tuple[options.Given, ...], above: tuple[str, ...]
    ) -> None:
        """Take a line of options. pip: a line that includes a file does nothing else."""
        including = [option for option in given if option.name in {"--requirement", "--constraint"}]
        if including:
            # pip: where a line has both, `-r` counts, and of several the first.
            option = min(including, key=lambda one: one.name != "--requirement")
            self._include(place, option, above)
            return
        for option in given:
            self._option(place, option, above[-1])

    def _include(self, place: _Place, option: options.Given, above: tuple[str, ...]) -> None:
        """Go into the file that `-r` or `-c` names."""
        location = _beside(above[-1], option.value)
        if location in above:
            chain = " -> ".join((*above[above.index(location) :], location))
            raise InvalidRequirement(
                f"{place.at(option.offset)}: the file includes itself: {chain}"
            )
        if len(above) >= _DEEPEST:
            raise InvalidRequirement(
                f"{place.at(option.offset)}: more than {_DEEPEST} files include one another"
            )
        shown = location if addresses.is_url(location) else _shown(location, self.directory)
        self.include(
            location,
            shown,
            constraint=option.name == "--constraint",
            above=above,
            named=place.at(option.offset),
        )

    def _option(self, place: _Place, option: options.Given, location: str) -> None:
        """Take one option that holds for the whole run."""
        name, value = option.name, option.value
        if name in _SWITCHES:
            self.result = self.result._replace(**_SWITCHES[name])
        elif name in _INDEX:
            self._index(name, value)
        elif name in _PAIRS:
            field, first = _PAIRS[name]
            self._extend(**{field: ((first, _names(place, option)),)})
        elif name == "--find-links":
            self._extend(find_links=(_links(value, location),))
        elif name == "--trusted-host":
            self._extend(trusted_hosts=(value,))
        elif name == "--use-feature":
            self._extend(use_features=(value,))
        else:  # --hash, --config-settings
            where = place.at(option.offset)
            self.reporter.emit(Notice(f"{where}: {name} without a requirement is ignored"))
        if name == "--pre":
            self._extend(releases=((True, ":all:"),))  # pip 26: --pre is --all-releases :all:

    def _index(self, name: str, value: str) -> None:
        """Take an option that sets indexes. pip: --no-index wins over what follows it."""
        if name == "--no-index":
            self.result = self.result._replace(no_index=True, index_url=None, extra_index_urls=())
        elif self.result.no_index:
            return
        elif name == "--index-url":
            self.result = self.result._replace(index_url=value, extra_index_urls=())
        else:
            self._extend(extra_index_urls=(value,))

    def _extend(self, **more: tuple[object, ...]) -> None:
        """Append to fields of the result."""
        self.result = self.result._replace(
            **{name: getattr(self.result, name) + items for name, items in more.items()}
        )


def _hash(place: _Place, option: options.Given) -> str:
    """Check the value of `--hash`."""
    name, colon, digest = option.value.partition(":")
    where = place.at(option.offset)
    if not colon:
        raise InvalidRequirement(
            f"{where}: --hash needs ALGORITHM:DIGEST", hint="as in --hash=sha256:0123abcd…"
        )
    if name not in _HASHES:
        raise InvalidRequirement(
            f"{where}: --hash does not take {name!r}", hint=f"it takes {', '.join(_HASHES)}"
        )
    if len(digest) != _HASHES[name] or set(digest.lower()) - set("0123456789abcdef"):
        raise InvalidRequirement(
            f"{where}: a {name} digest has {_HASHES[name]} hex digits, {digest!r} is none"
        )
    return f"{name}:{digest.lower()}"


def _setting(place: _Place, option: options.Given) -> tuple[str, str]:
    """Check the value of `--config-settings`."""
    key, equals, value = option.value.partition("=")
    if not equals:
        raise InvalidRequirement(f"{place.at(option.offset)}: --config-settings needs KEY=VALUE")
    return key, value


def _names(place: _Place, option: options.Given) -> str:
    """Check a value that is a list of names."""
    if option.value.startswith("-"):
        raise InvalidRequirement(
            f"{place.at(option.offset)}: {option.name} needs names, :all: or :none:"
        )
    return option.value


def _check_constraint(asked: Asked) -> None:
    """Refuse what cannot be a constraint (pip's rules)."""
    if not asked.name:
        _no_constraint(asked, "it has no name", "write NAME @ URL")
    if asked.editable:
        _no_constraint(asked, "it is editable", "leave out -e")
    if asked.extras:
        _no_constraint(asked, "it has extras", "leave out the brackets")


def _no_constraint(asked: Asked, why: str, hint: str) -> NoReturn:
    """Say why a requirement cannot be a constraint."""
    raise InvalidRequirement(
        f"{asked.origin}: {asked.text!r} cannot be a constraint: {why}", hint=hint
    )


def _absolute(location: str, directory: str) -> str:
    """Give a location its absolute form."""
    return (
        location
        if addresses.is_url(location)
        else os.path.normpath(os.path.join(directory, location))
    )


def _beside(location: str, value: str) -> str:
    """Give the absolute form of a location that is relative to the file that names it."""
    if addresses.is_url(value):
        return value
    if addresses.is_url(location):
        return urllib.parse.urljoin(location, value)
    return os.path.normpath(os.path.join(os.path.dirname(location), value))


def _shown(path: str, directory: str) -> str:
    """Give a path as errors show it: relative where it lies below the working directory."""
    inside = path.startswith(directory.rstrip(os.sep) + os.sep)
    return os.path.relpath(path, directory) if inside else path


def _links(value: str, location: str) -> str:
    """Give `--find-links` its absolute form where such a path stands beside the file (pip's rule)."""
    if addresses.is_url(value) or addresses.is_url(location):
        return value
    beside = os.path.join(os.path.dirname(location), value)
    return os.path.normpath(beside) if os.path.exists(beside) else value
