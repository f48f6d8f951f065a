"""The compiled modules of alcove in one file, so that a command starts without looking for each of them on disk.

The installer writes it beside the package, for the interpreter that will run it; an alcove that pip installed has none
and imports as usual. A bundle of another Python, of another alcove, or a torn one is not used.
"""

from __future__ import annotations

import marshal
import os
import sys

TYPE_CHECKING = False
if TYPE_CHECKING:
    from importlib.machinery import ModuleSpec
    from types import CodeType, ModuleType
    from typing import Any

__all__ = ["NAME", "Bundle", "use", "write"]

NAME = "alcove.bundle"
_SPEC: Any = sys.modules["_frozen_importlib"]
_FORMAT = 1
_HEAD = 32  # bytes: where the index begins and how long it is, in decimal


def _identity() -> str:
    return f"{_FORMAT} {sys.implementation.cache_tag} {sys.hexversion}"


class Bundle:
    """Finds and loads the modules of one bundle (`path`, absolute); the package lies in `package` (absolute)."""

    def __init__(self, path: str, package: str) -> None:
        self._package = package
        self._descriptor = os.open(path, os.O_RDONLY | os.O_CLOEXEC)
        start, size = os.pread(self._descriptor, _HEAD, 0).split()
        identity, self._index = marshal.loads(os.pread(self._descriptor, int(size), int(start)))  # noqa: S302
        if identity != _identity():
            raise ValueError(identity)

    def find_spec(
        self, name: str, _path: object = None, _target: object = None
    ) -> ModuleSpec | None:
        """Return how to load a module of alcove that the bundle has."""
        found = self._index.get(name)
        if found is None:
            return None
        relative, is_package, _, _ = found
        origin = f"{self._package}/{relative}"
        spec: ModuleSpec = _SPEC.ModuleSpec(name, self, origin=origin, is_package=is_package)
        if is_package:
            spec.submodule_search_locations = [os.path.dirname(origin)]
        return spec

    def create_module(self, _spec: ModuleSpec) -> None:
        """Leave it to the import system."""

    def exec_module(self, module: ModuleType) -> None:
        """Run the code of a module."""
        name = module.__name__
        module.__file__ = f"{self._package}/{self._index[name][0]}"
        exec(self.get_code(name), module.__dict__)  # noqa: S102  this is what importing is

    def get_code(self, name: str) -> CodeType:
        """Return the compiled code of a module."""
        _, _, offset, size = self._index[name]
        code: CodeType = marshal.loads(os.pread(self._descriptor, size, offset))  # noqa: S302  written by the installer
        return code

    def get_source(self, name: str) -> str:
        """Return the text of a module, for tracebacks."""
        return self.get_data(f"{self._package}/{self._index[name][0]}").decode()

    def is_package(self, name: str) -> bool:
        """Tell whether a module is a package."""
        return bool(self._index[name][1])

    @staticmethod
    def get_data(path: str) -> bytes:
        """Return the bytes of the file `path` (absolute)."""
        with open(path, "rb") as stream:
            return stream.read()


def use(package: str) -> None:
    """Import from the bundle beside `package` (the absolute folder of alcove), where there is a good one."""
    try:
        bundle = Bundle(f"{os.path.dirname(package)}/{NAME}", package)
    except (OSError, ValueError, EOFError, TypeError):
        return
    sys.meta_path.insert(0, bundle)


def write(package: str, target: str, *, final: str) -> None:
    """Write the bundle of the modules below `package` to `target`; `final` is where the package will lie (absolute)."""
    index: dict[str, tuple[str, bool, int, int]] = {}
    blobs = []
    offset = _HEAD
    for directory, folders, files in os.walk(package):
        folders[:] = sorted(name for name in folders if name != "__pycache__")
        for file in sorted(files):
            if not file.endswith(".py"):
                continue
            path = os.path.join(directory, file)
            relative = os.path.relpath(path, package).replace(os.sep, "/")
            parts = ["alcove", *relative[:-3].split("/")]
            is_package = parts[-1] == "__init__"
            name = ".".join(parts[:-1] if is_package else parts)
            with open(path, "rb") as stream:
                text = stream.read()
            try:
                code = compile(text, f"{final}/{relative}", "exec", dont_inherit=True, optimize=2)
            except SyntaxError:
                continue  # a template, or a program for other Pythons
            blob = marshal.dumps(code)
            index[name] = (relative, is_package, offset, len(blob))
            blobs.append(blob)
            offset += len(blob)
    listing = marshal.dumps((_identity(), index))
    head = f"{offset} {len(listing)}".encode().ljust(_HEAD)
    with open(target, "wb") as stream:
        stream.write(b"".join((head, *blobs, listing)))
