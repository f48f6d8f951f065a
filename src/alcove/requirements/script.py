"""Inline metadata of a script (PEP 723): the comment block that says what a single file needs."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, NamedTuple

from alcove.errors import InvalidRequirement
from alcove.requirements import grammar
from alcove.requirements.pyproject import read_toml

if TYPE_CHECKING:
    from collections.abc import Mapping

__all__ = ["Script", "block", "read"]

_START = re.compile(r"^# /// ([a-zA-Z0-9-]+)$")


class Script(NamedTuple):
    """What a script asks for: `dependencies` as written, `requires_python` or "", its `[tool]` table."""

    requires_python: str
    dependencies: tuple[str, ...]
    tool: Mapping[str, object]


def block(text: str, kind: str, *, origin: str) -> str | None:
    """Find the block `# /// KIND` of a script and give its content without the comment signs; None without one.

    Raises `InvalidRequirement` where there are two.
    """
    found: list[tuple[int, str]] = []
    lines = text.splitlines()
    index = 0
    while index < len(lines):
        match = _START.match(lines[index])
        index += 1
        if match is None:
            continue
        end = _end(lines, index)
        if end is None:
            continue  # PEP 723: a block that is not closed is none
        if match[1] == kind:
            # PEP 723: "#" and a blank go, or "#" alone on an empty line.
            content = "\n".join(
                line[2:] if line.startswith("# ") else line[1:] for line in lines[index:end]
            )
            found.append((index, content))
        index = end + 1
    if len(found) > 1:
        raise InvalidRequirement(
            f"{origin}:{found[1][0]}: a second block '# /// {kind}'; the first is in line {found[0][0]}"
        )
    return found[0][1] if found else None


def _end(lines: list[str], start: int) -> int | None:
    """Find the line that closes a block: the last `# ///` of the comment lines from `start` on."""
    closing = None
    for index in range(start, len(lines)):
        line = lines[index]
        if line != "#" and not line.startswith("# "):
            break
        # PEP 723: the last line of that form before the comment ends is the end.
        if line == "# ///":
            closing = index
    return closing if closing is not None and closing > start else None


def read(data: bytes, *, origin: str) -> Script | None:
    """Read the inline metadata of a script from its bytes (UTF-8); None where it has none.

    `origin`: the script's name in errors. Raises `InvalidRequirement`.
    """
    content = block(data.decode("utf-8-sig", "replace"), "script", origin=origin)
    if content is None:
        return None
    table = read_toml(content.encode("utf-8"), origin=f"{origin} (inline metadata)")
    requires_python, dependencies, tool = (
        table.get("requires-python", ""),
        table.get("dependencies", []),
        table.get("tool", {}),
    )
    if not isinstance(requires_python, str):
        raise InvalidRequirement(f"{origin}: requires-python must be a string")
    if not isinstance(dependencies, list) or not all(isinstance(one, str) for one in dependencies):
        raise InvalidRequirement(f"{origin}: dependencies must be a list of strings")
    if not isinstance(tool, dict):
        raise InvalidRequirement(f"{origin}: tool must be a table")
    for text in dependencies:
        try:
            grammar.requirement(text)
        except grammar.Malformed as error:
            raise InvalidRequirement(
                f"{origin}: cannot read the requirement {text!r}: {error.reason}"
            ) from error
    try:
        grammar.specifier(requires_python)
    except grammar.Malformed as error:
        raise InvalidRequirement(f"{origin}: requires-python: {error.reason}") from error
    return Script(requires_python, tuple(dependencies), tool)
