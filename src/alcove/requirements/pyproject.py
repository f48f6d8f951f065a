"""Read what a pyproject.toml asks for: its dependencies, its optional ones, its dependency groups.

Only the static part: what `dynamic` names is the build backend's to say.
"""

from __future__ import annotations

import tomllib
from typing import TYPE_CHECKING, NamedTuple, NoReturn

from alcove.errors import InvalidRequirement
from alcove.requirements import grammar, groups
from alcove.requirements.spec import Asked, parse

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

__all__ = ["Project", "asked_of", "read", "read_toml"]

_LARGEST = 16 * 1024 * 1024  # bytes


class Project(NamedTuple):
    """What a pyproject.toml says.

    `name`: as written, "" without a `[project]` table. `optional`: normalised extra -> requirements. `groups`: the
    table as read, for `groups.expand`. `dynamic`: the keys of `[project]` that only a build tells. `tool`: the `[tool]`
    table. `origin`: the file's name for errors.
    """

    name: str
    version: str
    requires_python: str
    dependencies: tuple[str, ...]
    optional: Mapping[str, tuple[str, ...]]
    groups: Mapping[str, object]
    dynamic: tuple[str, ...]
    tool: Mapping[str, object]
    origin: str


def read(path: str, *, shown: str | None = None) -> Project:
    """Read a pyproject.toml. `path`: absolute; `shown`: its name in errors. Raises `InvalidRequirement`."""
    origin = shown or path
    try:
        with open(path, "rb") as file:
            data = file.read(_LARGEST + 1)
    except (OSError, ValueError) as error:
        why = error.strerror if isinstance(error, OSError) and error.strerror else str(error)
        raise InvalidRequirement(f"cannot read {origin}: {why}") from error
    if len(data) > _LARGEST:
        _refuse(f"{origin} has more than {_LARGEST // 1024**2} MiB")
    return _project(read_toml(data, origin=origin), origin)


def read_toml(data: bytes, *, origin: str) -> dict[str, object]:
    """Read TOML from bytes. Raises `InvalidRequirement` with what tomllib says of the place."""
    try:
        return tomllib.loads(data.decode("utf-8"))
    except UnicodeDecodeError as error:
        line = data[: error.start].count(b"\n") + 1
        raise InvalidRequirement(
            f"{origin}:{line}: TOML is UTF-8, the byte 0x{data[error.start]:02x} is not"
        ) from error
    except tomllib.TOMLDecodeError as error:
        raise InvalidRequirement(f"{origin}: this is not TOML: {error}") from error
    except (RecursionError, ValueError) as error:
        raise InvalidRequirement(
            f"{origin}: this TOML cannot be read: it is nested too deeply or has a number too long"
        ) from error


def asked_of(
    project: Project,
    *,
    directory: str,
    extras: Iterable[str] = (),
    group: Iterable[str] = (),
    dependencies: bool = True,
) -> tuple[Asked, ...]:
    """Give what a project asks for: its dependencies, those of some extras, those of some groups.

    `directory`: absolute, where relative `file:` URLs start. Raises `InvalidRequirement`: also where an extra or a group
    does not exist, and where what is asked for is dynamic.
    """
    texts: list[tuple[str, str]] = []
    if dependencies:
        _check_static(project, "dependencies")
        texts += _placed(project, "dependencies", project.dependencies)
    for extra in extras:
        _check_static(project, "optional-dependencies")
        if grammar.normalize(extra) not in project.optional:
            there = ", ".join(sorted(project.optional)) or "none"
            _refuse(
                f"{project.origin}: the project has no extra {extra!r}", hint=f"there are: {there}"
            )
        name = f"optional-dependencies.{extra}"
        texts += _placed(project, name, project.optional[grammar.normalize(extra)])
    for name in group:
        texts += groups.expand(project.groups, name, origin=project.origin)
    return tuple(parse(text, origin=origin, directory=directory) for text, origin in texts)


def _placed(project: Project, key: str, texts: Iterable[str]) -> list[tuple[str, str]]:
    """Put beside each requirement the place that has it."""
    return [(text, f"{project.origin}:project.{key}[{index}]") for index, text in enumerate(texts)]


def _check_static(project: Project, key: str) -> None:
    """Refuse to read what only a build tells."""
    if key in project.dynamic:
        _refuse(
            f"{project.origin}: project.{key} is dynamic: only the build backend knows it",
            hint="install the project itself: give its directory",
        )


def _project(data: Mapping[str, object], origin: str) -> Project:
    """Take the known keys out of a pyproject.toml."""
    project = _table(data, "project", origin)
    optional = _table(project, "optional-dependencies", f"{origin}:project")
    return Project(
        name=_string(project, "name", origin),
        version=_string(project, "version", origin),
        requires_python=_string(project, "requires-python", origin),
        dependencies=_strings(project, "dependencies", f"{origin}:project"),
        optional={
            grammar.normalize(key): _strings(
                optional, key, f"{origin}:project.optional-dependencies"
            )
            for key in optional
        },
        groups=_table(data, "dependency-groups", origin),
        dynamic=_strings(project, "dynamic", f"{origin}:project"),
        tool=_table(data, "tool", origin),
        origin=origin,
    )


def _table(data: Mapping[str, object], key: str, origin: str) -> Mapping[str, object]:
    """Take a table; {} where there is none."""
    value = data.get(key, {})
    if not isinstance(value, dict):
        _refuse(f"{origin}: {key} must be a table")
    return value


def _string(data: Mapping[str, object], key: str, origin: str) -> str:
    """Take a string; "" where there is none."""
    value = data.get(key, "")
    if not isinstance(value, str):
        _refuse(f"{origin}:project.{key} must be a string")
    return value


def _strings(data: Mapping[str, object], key: str, origin: str) -> tuple[str, ...]:
    """Take a list of strings; () where there is none."""
    value = data.get(key, [])
    if not isinstance(value, list):
        _refuse(f"{origin}.{key} must be a list of strings")
    for index, item in enumerate(value):
        if not isinstance(item, str):
            _refuse(f"{origin}.{key}[{index}] must be a string")
    return tuple(value)


def _refuse(message: str, *, hint: str | None = None) -> NoReturn:
    """Raise the error."""
    raise InvalidRequirement(message, hint=hint)
