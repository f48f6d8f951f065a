"""Which interpreter a project asks for: `.python-version`, and `requires-python` of its pyproject.toml.

Both come with other people's projects: they may name versions, never a program or a path.
"""

from __future__ import annotations

import os

from alcove.errors import NoSuchInterpreter, UsageError
from alcove.files import reading
from alcove.interpreters import find, requests
from alcove.records import NamedTuple

TYPE_CHECKING = False
if TYPE_CHECKING:
    from alcove.interpreters.inspect import Interpreter
    from alcove.interpreters.places import Places

__all__ = ["VersionFile", "for_project", "requires_python", "version_file"]

_LIMIT = 1 << 20  # bytes of a file that is read


class VersionFile(NamedTuple):
    """A `.python-version` file: its path, absolute, and the requests in it, in their order."""

    path: str
    requests: tuple[str, ...]


def for_project(
    directory: str, *, places: Places, cache: str, timeout: float = 10.0
) -> Interpreter:
    """Return the interpreter for `directory` (absolute) where no `-p` is given.

    The first of `.python-version` that is here, else the newest final CPython that satisfies `requires-python`.
    UsageError where either file is broken, NoSuchInterpreter where nothing answers; both say which file asks.
    """
    asked = version_file(directory)
    if asked is None:
        path, specifier = requires_python(directory)
        try:
            return find.best(requires_python=specifier, places=places, cache=cache, timeout=timeout)
        except NoSuchInterpreter as error:
            if not path:
                raise
            raise NoSuchInterpreter(f"{path}: {error.message}", hint=error.hint) from None
        except UsageError as error:
            raise UsageError(f"{path}: requires-python: {error.message}", hint=error.hint) from None
    failures = []
    for request in asked.requests:
        try:
            return find.find(_safe(request, places), places=places, cache=cache, timeout=timeout)
        except NoSuchInterpreter as error:
            failures.append(error)
    raise NoSuchInterpreter(
        f"{asked.path}: " + "; ".join(error.message for error in failures), hint=failures[0].hint
    )


def _safe(request: str, places: Places) -> str:
    """Return the request; what is no version as a directory of pyenv's, and never as a program on PATH."""
    name = requests.parse(request, directory=os.sep, home=os.sep).name
    if not name or name == "system":
        return request
    path = os.path.join(places.pyenv, "versions", name)
    if not os.path.isdir(path):
        raise NoSuchInterpreter(
            f"{request!r} is no version of Python and none of pyenv",
            hint=f"the forms are {requests.FORMS}",
        )
    return path


def version_file(directory: str) -> VersionFile | None:
    """Return the nearest `.python-version` of `directory` (absolute) and those above; UsageError where it is broken."""
    while True:
        path = os.path.join(directory, ".python-version")
        content = _content(path)
        if content is not None:
            return VersionFile(path, _requests(path, content))
        parent = os.path.dirname(directory)
        if parent == directory:
            return None
        directory = parent


def requires_python(directory: str) -> tuple[str, str]:
    """Return (file, specifier) of the nearest pyproject.toml of `directory` (absolute) and above; ("", "") without one.

    The specifier is "" where the file has none. UsageError where the file is no TOML.
    """
    while True:
        path = os.path.join(directory, "pyproject.toml")
        content = _content(path)
        if content is not None:
            return path, _specifier(path, content)
        parent = os.path.dirname(directory)
        if parent == directory:
            return "", ""
        directory = parent


def _requests(path: str, content: bytes) -> tuple[str, ...]:
    """Read one request a line, or several parted by blanks; `#` begins a comment."""
    try:
        text = content.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        raise UsageError(
            f"{path} is no text in UTF-8 ({error})", hint="write one version a line, as in 3.12"
        ) from None
    found: list[str] = []
    for number, line in enumerate(text.splitlines(), 1):
        for word in line.partition("#")[0].split():
            try:
                asked = requests.parse(word, directory=os.sep, home=os.sep)
            except UsageError as error:
                raise UsageError(f"{path}:{number}: {error.message}", hint=error.hint) from None
            if asked.path:
                raise UsageError(
                    f"{path}:{number}: {word!r} is a path; a project may ask for a version only",
                    hint="give the path with -p",
                )
            found.append(word)
    if not found:
        raise UsageError(
            f"{path} names no version", hint="write one a line, as in 3.12, or remove the file"
        )
    return tuple(found)


def _specifier(path: str, content: bytes) -> str:
    if b"requires-python" not in content:
        return ""
    import tomllib  # noqa: PLC0415  only for projects that have it

    try:
        project = tomllib.loads(content.decode("utf-8")).get("project", {})
    except (UnicodeDecodeError, tomllib.TOMLDecodeError, RecursionError) as error:
        raise UsageError(
            f"{path} is no TOML: {error}", hint="correct the file, or choose with -p"
        ) from None
    found = project.get("requires-python", "") if isinstance(project, dict) else ""
    if not isinstance(found, str):
        raise UsageError(
            f"{path}: requires-python is no text", hint="as in requires-python = '>=3.10'"
        )
    return found


def _content(path: str) -> bytes | None:
    """Return what a file holds, None where there is none; UsageError where it cannot be read or is far too long."""
    try:
        content = reading.content(path, limit=_LIMIT + 1)
    except (FileNotFoundError, NotADirectoryError):
        return None
    except OSError as error:
        raise UsageError(
            f"{path} cannot be read: {error.strerror}", hint="choose with -p"
        ) from None
    if len(content) > _LIMIT:
        raise UsageError(f"{path} is longer than {_LIMIT} bytes", hint="choose with -p")
    return content
