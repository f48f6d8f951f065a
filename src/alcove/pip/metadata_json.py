"""Core metadata in the JSON form of PEP 566, in the order in which pip writes it."""

from __future__ import annotations

from alcove.environments.metadata import decode, header_lines

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Any

__all__ = ["as_json"]

# The order of the core metadata specification; those with a star may come more than once.
_FIELDS = (
    "Metadata-Version",
    "Name",
    "Version",
    "Dynamic*",
    "Platform*",
    "Supported-Platform*",
    "Summary",
    "Description",
    "Description-Content-Type",
    "Keywords",
    "Home-page",
    "Download-URL",
    "Author",
    "Author-email",
    "Maintainer",
    "Maintainer-email",
    "License",
    "License-Expression",
    "License-File*",
    "Classifier*",
    "Requires-Dist*",
    "Requires-Python",
    "Requires-External*",
    "Project-URL*",
    "Provides-Extra*",
    "Provides-Dist*",
    "Obsoletes-Dist*",
)
_BODY_INDENT = 8  # columns by which continuation lines are indented, at most


def as_json(content: bytes) -> dict[str, Any]:
    """Return what a METADATA or PKG-INFO says: names in lower case with `_`, lists where a field may be repeated.

    The body is `description`, whatever the headers say of it.
    """
    said: dict[str, list[str]] = {}
    for name, value in header_lines(content):
        said.setdefault(name.lower(), []).append(_dedented(value.rstrip()))
    body = _body(content)
    if body:
        said.setdefault("description", []).append(body)
    found: dict[str, Any] = {}
    for field in _FIELDS:
        values = said.get(field.rstrip("*").lower())
        if values is None:
            continue
        key = field.rstrip("*").lower().replace("-", "_")
        if field.endswith("*"):
            found[key] = values
        elif key == "keywords":
            first = values[0]
            words = [word.strip() for word in first.split(",")]
            found[key] = words if "," in first else first.split()
        else:
            found[key] = values[-1] if key == "description" else values[0]
    return found


def _dedented(value: str) -> str:
    """Take off the indentation that the lines after the first have in common (PEP 314: to be removed by readers)."""
    if "\n" not in value:
        return value
    import textwrap

    return textwrap.dedent(" " * _BODY_INDENT + value)


def _body(content: bytes) -> str:
    """Return what follows the headers: a blank line ends them, and so does a line that is none."""
    text = decode(content).replace("\r\n", "\n").replace("\r", "\n")
    end = text.find("\n\n")
    return "" if end < 0 else text[end + 2 :]
