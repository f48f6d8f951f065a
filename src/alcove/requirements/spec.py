"""One thing that was asked for, and where: `Asked`, its parser and its printer.

A requirement is read as pip 26.3 reads it on its command line and in its files: PEP 508 requirements, local paths with
extras, archives, URLs, repositories, editables.
"""

from __future__ import annotations

import os
import re
from typing import TYPE_CHECKING, NamedTuple, NoReturn

from alcove.errors import InvalidRequirement
from alcove.requirements import addresses, grammar

if TYPE_CHECKING:
    from collections.abc import Callable

__all__ = ["Asked", "parse", "spell"]


class Asked(NamedTuple):
    """One requirement of the user.

    `text`: as written, in one line. `name`: normalised (PEP 503); "" where only metadata will tell (a path, a URL).
    `extras`: normalised, sorted. `specifier`, `marker`: in packaging's canonical form, or "".
    `url`: the address with its fragment where the user names one (a path gives a `file:` URL), or "".
    `path`: absolute, where `url` is of this disk, or "". `hashes`: allowed ones, `sha256:HEX`.
    `origin`: "FILE:LINE:COLUMN" or "command line". `config_settings`: (key, value) for the build backend; a key may
    come more than once.
    """

    text: str
    name: str
    extras: tuple[str, ...] = ()
    specifier: str = ""
    marker: str = ""
    url: str = ""
    editable: bool = False
    path: str = ""
    hashes: tuple[str, ...] = ()
    origin: str = "command line"
    config_settings: tuple[tuple[str, str], ...] = ()


_EXTRAS = re.compile(r"^(.+?)\s*(\[[^\]]*\])$", re.DOTALL)
_MARKERS = (
    "python_version",
    "sys_platform",
    "platform_system",
    "platform_machine",
    "extra",
    "python_full_version",
    "os_name",
    "implementation_name",
    "platform_python_implementation",
    "platform_release",
    "platform_version",
    "implementation_version",
    "dependency_groups",
    "extras",
)
_NAME = re.compile(r"^([A-Za-z0-9]|[A-Za-z0-9][A-Za-z0-9._-]*[A-Za-z0-9])$")


class _Text(NamedTuple):
    """What is being read and what is needed to complain about it."""

    text: str
    origin: str
    directory: str
    place: Callable[[int], str] | None


def parse(
    text: str,
    *,
    origin: str,
    directory: str,
    editable: bool = False,
    place: Callable[[int], str] | None = None,
) -> Asked:
    """Read one requirement.

    `directory`: absolute; relative paths start there (pip: the working directory, also for those in a file).
    `editable`: the text follows `-e`. `place`: tells where the character at an offset of the text stands, for errors.
    Raises `InvalidRequirement` that begins with that place, else with `origin`.

    >>> parse("Flask[Async]>=3 ; python_version>'3.8'", origin="command line", directory="/").extras
    ('async',)
    """
    read = _Text(text.strip(), origin, directory, place)
    if not read.text or "\0" in read.text:
        _refuse(read, "it is empty" if not read.text else "it holds a null byte")
    return _editable(read) if editable else _plain(read)


def spell(asked: Asked) -> str:
    """Write a requirement as a line of a requirements file, without its hashes and settings.

    >>> spell(parse("flask >= 3", origin="command line", directory="/"))
    'flask>=3'
    """
    extras = f"[{','.join(asked.extras)}]" if asked.extras else ""
    tail = f" ; {asked.marker}" if asked.marker else ""
    if asked.editable:
        named = f"{asked.name}{extras} @ {asked.url}" if asked.name else f"{asked.url}{extras}"
        return f"-e {named}{tail}"
    if asked.url and not asked.name:
        return f"{asked.path}{extras}{tail}" if asked.path else f"{asked.url}{tail}"
    body = f" @ {asked.url}" if asked.url else asked.specifier
    return f"{asked.name}{extras}{body}{tail}"


def _plain(read: _Text) -> Asked:
    """Read what does not follow `-e`: an address, a path, or a requirement of PEP 508."""
    # pip: in a URL only "; " starts a marker, since a bare semicolon is part of many URLs.
    separator = "; " if addresses.is_url(read.text) else ";"
    body, _, marker_text = read.text.partition(separator)
    body = body.strip()
    if addresses.is_url(body):
        return _address(read, body, (), _marker(read, marker_text))
    path, extras_text = _split_extras(body)
    found = _local(read, path)
    if found is not None:
        extras = _extras(read, extras_text)
        return _address(read, addresses.url_of(found), extras, _marker(read, marker_text))
    return _named(read, body, marker_text)


def _named(read: _Text, body: str, marker_text: str) -> Asked:
    """Read a requirement of PEP 508: a name with extras, specifiers or a URL; pip parts the marker at the first `;`."""
    try:
        parsed = grammar.requirement(body)
    except grammar.Malformed as error:
        _refuse(read, error.reason, offset=error.offset, hint=_advice(read))
    url, path = parsed.url or "", ""
    if url:
        url, path = _checked(read, url)
    return Asked(
        read.text,
        grammar.normalize(parsed.name),
        _normalized(parsed.extras),
        str(parsed.specifier),
        _marker(read, marker_text),
        url,
        path=path,
        origin=read.origin,
    )


def _address(read: _Text, url: str, extras: tuple[str, ...], marker: str) -> Asked:
    """Make the record of a bare URL or path: the name comes from the wheel's file name or the egg fragment."""
    url, path = _checked(read, url)
    name, specifier = "", ""
    archive = url.partition("#")[0].partition("?")[0]
    if egg := addresses.fragment(url, "egg"):
        # Two spellings are about: `egg=name` and, no longer read by pip, `egg=name[extra]`.
        base, extras_text = _split_extras(egg)
        if not _NAME.match(base):
            _refuse(read, f"the egg fragment {egg!r} is not a name", hint="write NAME @ URL")
        name, extras = grammar.normalize(base), extras or _extras(read, extras_text)
    if archive.lower().endswith(".whl"):
        name, specifier = _wheel(read, archive)
    return Asked(read.text, name, extras, specifier, marker, url, path=path, origin=read.origin)


def _editable(read: _Text) -> Asked:
    """Read what follows `-e`: a directory with extras, a `file:` URL, a repository, or NAME @ one of these."""
    try:
        parsed = grammar.requirement(read.text)
    except grammar.Malformed:
        parsed = None
    if parsed is not None and parsed.url:
        url, path = _checked(read, parsed.url)
        asked = Asked(
            read.text,
            grammar.normalize(parsed.name),
            _normalized(parsed.extras),
            "",
            str(parsed.marker or ""),
            url,
            path=path,
            origin=read.origin,
        )
        return _check_editable(read, asked)
    if os.path.isdir(os.path.join(read.directory, read.text)):  # whatever its name looks like
        url = addresses.url_of(os.path.join(read.directory, read.text))
        return _check_editable(read, _address(read, url, (), ""))
    body, _, marker_text = read.text.partition("; ")
    body, extras_text = _split_extras(body.strip())
    extras = _extras(read, extras_text)
    marker = _marker(read, marker_text)
    if os.path.isdir(os.path.join(read.directory, body)):
        body = addresses.url_of(os.path.join(read.directory, body))
    elif vcs := addresses.vcs_of(body):
        body = f"{vcs}+{body}"
    elif not addresses.is_url(body):
        missing = addresses.looks_like_path(body)
        reason = (
            f"there is no directory {body!r}"
            if missing
            else "it is neither a directory nor a repository"
        )
        _refuse(
            read,
            reason,
            hint="-e takes a directory with a pyproject.toml or setup.py, or git+https://… #egg=NAME",
        )
    return _check_editable(read, _address(read, body, extras, marker))


def _check_editable(read: _Text, asked: Asked) -> Asked:
    """Refuse an editable that can be none: an archive, or a repository without a name."""
    if not addresses.is_vcs(asked.url) and not asked.path:
        _refuse(read, "only a directory or a repository can be editable", hint="leave out -e")
    if asked.path and not os.path.isdir(asked.path):
        _refuse(
            read, f"{asked.path} is not a directory", hint="-e takes the directory of a project"
        )
    if not asked.name and not asked.path:
        _refuse(read, "its name is not known", hint="write NAME @ URL")
    return asked._replace(editable=True)


def _local(read: _Text, text: str) -> str | None:
    """Find the absolute path that a text means, or None where it is a name."""
    path = os.path.normpath(os.path.join(read.directory, text))
    if addresses.looks_like_path(text) and os.path.isdir(path):
        if any(os.path.isfile(os.path.join(path, name)) for name in ("pyproject.toml", "setup.py")):
            return path
        _refuse(read, f"the directory {path} has neither a pyproject.toml nor a setup.py")
    if not addresses.is_archive(path):
        return None
    if os.path.isfile(path):
        return path
    before, at, _ = text.partition("@")
    if at and not addresses.looks_like_path(before):
        return None  # NAME @ URL that ends like an archive
    return _refuse(
        read,
        f"there is no file {path}",
        hint="give the path of a wheel or a source archive, or a name",
    )


def _checked(read: _Text, url: str) -> tuple[str, str]:
    """Check a URL and give it with the local path that it means, or ""."""
    if not addresses.is_url(url):
        _refuse(
            read,
            f"{url!r} is not a URL that can be installed from",
            hint=_address_advice(read.text, url),
        )
    if addresses.is_vcs(url) or not url.lower().startswith("file:"):
        return url, ""
    try:
        path = addresses.path_of(url, read.directory)
    except ValueError as error:
        _refuse(read, str(error))
    _, hash_sign, tail = url.partition("#")
    return addresses.url_of(path) + hash_sign + tail, path


def _wheel(read: _Text, archive: str) -> tuple[str, str]:
    """Take the name and the specifier from the file name of a wheel."""
    from urllib.parse import unquote  # noqa: PLC0415 - few requirements are wheels

    from packaging.utils import InvalidWheelFilename, parse_wheel_filename  # noqa: PLC0415

    filename = unquote(archive.rpartition("/")[2])
    try:
        name, version, _, _ = parse_wheel_filename(filename)
    except InvalidWheelFilename as error:
        _refuse(
            read,
            f"{filename!r} is not the file name of a wheel ({error})",
            hint="wheels are NAME-VERSION-PYTHON-ABI-PLATFORM.whl",
        )
    return str(name), f"=={version}"


def _split_extras(text: str) -> tuple[str, str]:
    """Part `path[a,b]` into the path and `[a,b]`."""
    match = _EXTRAS.match(text)
    return (match[1], match[2]) if match else (text, "")


def _extras(read: _Text, text: str) -> tuple[str, ...]:
    """Read `[a,b]`."""
    if not text:
        return ()
    try:
        return _normalized(grammar.requirement(f"x{text}").extras)
    except grammar.Malformed:
        _refuse(read, f"{text} is not a list of extras", hint="extras are names: PATH[one,two]")


def _marker(read: _Text, text: str) -> str:
    """Read the marker after a path or a URL."""
    if not text.strip():
        return ""
    try:
        return str(grammar.marker(text.strip()))
    except grammar.Malformed as error:
        offset = max(error.offset, 0)
        _refuse(
            read,
            error.reason,
            offset=read.text.find(text.strip()) + offset,
            hint=_marker_advice(text.strip()[offset:])
            if "marker variable" in error.reason
            else None,
        )


def _normalized(extras: set[str]) -> tuple[str, ...]:
    """Sort and normalise extras (PEP 685)."""
    return tuple(sorted({grammar.normalize(extra) for extra in extras}))


def _advice(read: _Text) -> str:
    """Say what to do about a requirement that cannot be read, by the mistakes that are made most."""
    text = read.text
    path = os.path.join(read.directory, text)
    if os.path.isfile(path):
        return f"to install what the file {text} lists, write -r {text}"
    if os.sep in text:
        return f"there is no {os.path.normpath(path)}"
    if "=" in text and not any(operator in text for operator in ("~=", "==", "!=", "<=", ">=")):
        return "versions are compared with ==, as in NAME==1.0"
    return "write it as NAME, NAME>=1.0, NAME[EXTRA], NAME @ URL, or a path with a separator in it"


def _address_advice(text: str, url: str) -> str:
    """Say what to write in the place of what stands behind an `@` and is no URL."""
    host, colon, path = url.partition(":")
    if colon and "/" in path and not path.startswith("//") and "." in host:
        return f"for a repository over ssh, write git+ssh://{text.partition('@')[0]}@{host}/{path}"
    if url[:1].isdigit():
        return f"a version is asked for with ==, as in {text.partition('@')[0].strip()}=={url}"
    return "write it with https://, file:/// or git+"


def _marker_advice(text: str) -> str:
    """Say which variables a marker may have; `text` begins with what is none."""
    import difflib  # noqa: PLC0415 - for a message only

    word = text.partition(" ")[0].rstrip("<>=!~'\"")
    near = difflib.get_close_matches(word, _MARKERS, n=1)
    return f"did you mean {near[0]}?" if near else f"a marker compares {', '.join(_MARKERS[:5])}, …"


def _refuse(read: _Text, reason: str, *, offset: int = -1, hint: str | None = None) -> NoReturn:
    """Raise the error that says where, what and why."""
    origin = read.place(offset) if read.place and offset > 0 else read.origin
    shown = read.text if len(read.text) <= 200 else read.text[:200] + "…"
    raise InvalidRequirement(
        f"{origin}: cannot read the requirement {shown!r}: {reason}", hint=hint
    )
