"""What the index may load, and when."""

from __future__ import annotations

import ast
from pathlib import Path

import alcove.index

FOLDER = Path(alcove.index.__file__).parent
DEAR = {"urllib3", "truststore", "tarfile", "subprocess", "shutil"}


def imports(path: Path) -> set[str]:
    """Return what a module imports when it is loaded, the blocks for type checkers left out."""
    found = set()
    for node in ast.parse(path.read_text()).body:
        if isinstance(node, ast.Import):
            found |= {name.name for name in node.names}
        elif isinstance(node, ast.ImportFrom):
            found.add(str(node.module))
    return found


def test_dear_modules_are_loaded_when_they_are_needed_only() -> None:
    pending, seen = ["alcove.index"], set()
    while pending:
        module = pending.pop()
        path = FOLDER / (module.removeprefix("alcove.index").lstrip(".") or "__init__")
        if module in seen or not module.startswith("alcove.index"):
            continue
        seen.add(module)
        found = imports(path.with_suffix(".py"))
        assert not {name.split(".")[0] for name in found} & DEAR, module
        pending += found
    assert "alcove.index.session" in seen
    assert "alcove.index.client" not in seen
