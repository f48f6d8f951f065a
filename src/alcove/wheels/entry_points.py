"""entry_points.txt: which launchers an installed distribution wants (entry points specification)."""

from __future__ import annotations

from alcove.errors import InvalidWheel
from alcove.wheels.entry import EntryPoint
from alcove.wheels.names import check_script_name

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterator

__all__ = ["groups", "launchers"]


def groups(data: bytes) -> Iterator[tuple[str, str, str]]:
    """Yield (group, name, value) of each line; comments, blanks and lines without `=` are passed over."""
    group = ""
    text = data.removeprefix(b"\xef\xbb\xbf").decode(errors="replace")
    for raw in text.split("\n"):
        line = raw.strip()
        if not line or line[0] in "#;":
            continue
        if line[0] == "[" and line[-1] == "]":
            group = line[1:-1].strip()
            continue
        name, separator, value = line.partition("=")
        if separator and group:
            yield group, name.strip(), value.strip()


def launchers(data: bytes, project: str, where: str) -> tuple[EntryPoint, ...]:
    """Return the console and GUI scripts that `data` names, in its order; `project` is normalised.

    InvalidWheel for a name that may not stand in `bin`, and for an object reference that is no
    `MODULE:ATTRIBUTE` of dotted identifiers: both go into a program that users run. Names that differ in case only are
    two programs (`transactions.alike` refuses them where a file system has room for one).
    """
    found: dict[str, EntryPoint] = {}
    for group, name, value in groups(data):
        if group not in {"console_scripts", "gui_scripts"}:
            continue
        check_script_name(name, project, where)
        point = _point(name, value, group == "gui_scripts", where)
        known = found.setdefault(name, point)
        if known._replace(gui=point.gui) != point:
            raise InvalidWheel(f"{where}: two entry points are called {name!r}")
    return tuple(found.values())


def _point(name: str, value: str, gui: bool, where: str) -> EntryPoint:  # noqa: FBT001
    # "[extras]" after the reference is deprecated and means nothing to an installer.
    reference = value.partition("[")[0].strip()
    module, colon, attribute = (part.strip() for part in reference.partition(":"))
    if not colon or not _is_dotted(module) or not _is_dotted(attribute):
        raise InvalidWheel(
            f"{where}: the entry point {name!r} is no MODULE:ATTRIBUTE but {value[:80]!r}"
        )
    return EntryPoint(name, module, attribute, gui)


def _is_dotted(text: str) -> bool:
    return all(part.isidentifier() for part in text.split("."))
