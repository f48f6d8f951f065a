"""The compiled modules of alcove in one file, so that a command starts without looking for each of them on disk.

The installer writes it beside the package (`scripts/bundling.py`), for the interpreter that will run it, and this module
is in it, too: the launchers run it from there before anything is imported. An alcove that pip installed has none and
imports as usual. A bundle of another Python, of another alcove, or one that was cut off is not used.
"""

from __future__ import annotations

import marshal
import sys

TYPE_CHECKING = False
if TYPE_CHECKING:
    from importlib.machinery import ModuleSpec
    from io import FileIO
    from types import CodeType, ModuleType
    from typing import Any

    Place = tuple[str, bool, int, int]
    """Of a module: its path relative to the package, whether it is a package, where its code lies, and how long."""

__all__ = ["FORMAT", "HEAD", "Bundle", "use"]

FORMAT = 2
HEAD = 96  # bytes: FORMAT, the Python's cache tag and version, sizes of this module and of the listing, and of all

_SPEC: Any = sys.modules["_frozen_importlib"].ModuleSpec
_MODULE: Any = type(sys)


class Bundle:
    """Finds and loads the modules of one bundle; `package` is where the package lies (absolute).

    At `offset` stands what it holds: where each module is; by the name of a module that is asked for, where all lie that it
    will import, in the order in which they run (one read for fifty modules, and none of them is searched); and where the
    other files of a folder lie.
    """

    def __init__(self, stream: FileIO, package: str, offset: int, size: int) -> None:
        self._stream = stream
        self._package = package
        self._codes: dict[str, CodeType] = {}
        self._data: dict[str, dict[str, bytes]] = {}
        self._modules: dict[str, Place]
        self._groups: dict[str, tuple[int, int]]
        self._folders: dict[str, tuple[int, int]]
        self._modules, self._groups, self._folders = self._part(offset, size)

    def find_spec(
        self, name: str, _path: object = None, _target: object = None
    ) -> ModuleSpec | None:
        """Return how to load a module of alcove that the bundle has."""
        if name in self._groups:
            self._load(*self._groups.pop(name))
        if name not in self._modules:
            return None
        return self._spec(name)

    def _spec(self, name: str) -> ModuleSpec:
        relative, is_package, _, _ = self._modules[name]
        origin = f"{self._package}/{relative}"
        spec: ModuleSpec = _SPEC(name, self, origin=origin, is_package=is_package)
        if is_package:
            spec.submodule_search_locations = [origin.rpartition("/")[0]]
        return spec

    def _load(self, offset: int, size: int) -> None:
        """Run the modules of a group but the last, which the import system asked for and runs itself."""
        group = self._part(offset, size)
        known = sys.modules
        for name, code in group[:-1]:
            if name in known:
                continue
            spec = self._spec(name)
            module = _MODULE(name)
            module.__spec__ = spec
            module.__loader__ = self
            module.__file__ = spec.origin
            module.__package__ = spec.parent
            if spec.submodule_search_locations:
                module.__path__ = spec.submodule_search_locations
            known[name] = module
            try:
                exec(code, module.__dict__)  # noqa: S102  this is what importing is
            except BaseException:
                del known[name]
                raise
            parent, _, child = name.rpartition(".")
            if parent:
                setattr(known[parent], child, module)
        name, code = group[-1]
        self._codes[name] = code

    def create_module(self, _spec: ModuleSpec) -> None:
        """Leave it to the import system."""

    def exec_module(self, module: ModuleType) -> None:
        """Run the code of a module."""
        name = module.__name__
        module.__file__ = f"{self._package}/{self._modules[name][0]}"
        exec(self.get_code(name), module.__dict__)  # noqa: S102  as above

    def get_code(self, name: str) -> CodeType:
        """Return the compiled code of a module."""
        code = self._codes.pop(name, None)
        if code is None:
            code = self._part(*self._modules[name][2:])
        return code

    def _part(self, offset: int, size: int) -> Any:
        self._stream.seek(offset)
        return marshal.loads(self._stream.read(size) or b"")  # noqa: S302  written by the installer

    def get_source(self, name: str) -> str:
        """Return the text of a module, for tracebacks."""
        return self.get_data(f"{self._package}/{self._modules[name][0]}").decode()

    def is_package(self, name: str) -> bool:
        """Tell whether a module is a package."""
        return self._modules[name][1]

    def get_data(self, path: str) -> bytes:
        """Return the bytes of the file `path` (absolute)."""
        folder, _, name = path.removeprefix(f"{self._package}/").rpartition("/")
        if folder in self._folders:
            self._data[folder] = self._part(*self._folders.pop(folder))
        found = self._data.get(folder, {}).get(name)
        if found is None:
            with open(path, "rb") as stream:
                found = stream.read()
        return found


def use(stream: FileIO, package: str, offset: int, size: int) -> None:
    """Import from the bundle `stream` from now on; see `Bundle`."""
    sys.meta_path.insert(0, Bundle(stream, package, offset, size))
