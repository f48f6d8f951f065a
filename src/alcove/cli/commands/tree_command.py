"""`alcove tree`, `alcove why`."""

from __future__ import annotations

from alcove.actions.tree import tree, why
from alcove.actions.where import find
from alcove.cli.output import print_json, say

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterator

    from alcove.actions.tree import Node
    from alcove.cli.parse import Values
    from alcove.events import Reporter
    from alcove.settings import Settings

__all__ = ["run"]


def run(values: Values, settings: Settings, _reporter: Reporter) -> int:
    """Show what needs what; `why`: who needs the distributions that are named."""
    layout = find(settings, env=values.text("env"), name=values.text("name"))
    if values.verb == "why":
        found = why(layout, settings, names=values.arguments)
    else:
        found = tree(layout, settings, names=values.arguments)
    if values.flag("json"):
        print_json([_data(node) for node in found])
        return 0
    for node in found:
        reason = values.verb == "why" and (" (asked for)" if node.requested else "")
        say(f"{_name(node)}{reason or ''}")
        for line in _lines(node, "", upward=values.verb == "why"):
            say(line)
    return 0


def _lines(node: Node, indent: str, *, upward: bool) -> Iterator[str]:
    for child in node.children:
        last = child is node.children[-1]
        asked = " (asked for)" if upward and child.requested else ""
        again = " (see above)" if child.again else ""
        yield f"{indent}{'└── ' if last else '├── '}{_name(child)}  [{child.requirement}]{asked}{again}"
        yield from _lines(child, indent + ("    " if last else "│   "), upward=upward)


def _name(node: Node) -> str:
    return f"{node.name} {node.version}" if node.version else f"{node.name} (not installed)"


def _data(node: Node) -> dict[str, object]:
    return {**node._asdict(), "children": [_data(child) for child in node.children]}
