"""The compiled modules of alcove in one file, so that a command starts without looking for each of them on disk.

The installer writes it beside the package (`scripts/bundling.py`), for the interpreter that will run it, and this module
is in it, too: the launchers run it from there before anything is imported. An alcove that pip installed has none and
imports as usual. A bundle of another Python, of another alcove, or one that was cut off is not used.
"""

from __future__ import annotations

import _imp
import _thread
import marshal
import sys

TYPE_CHECKING = False
if TYPE_CHECKING:
    from importlib.machinery import ModuleSpec
    from io import FileIO
    from types import CodeType, ModuleType
    from typing import Any

    Place = tuple[bool, int, int]
    """Of a module: whether it is a package, where its code lies, and how long."""

__all__ = ["FORMAT", "HEAD", "Bundle", "stand_in", "use"]

FORMAT = 5
HEAD = 96  # bytes: FORMAT, the Python's cache tag and magic number (hex), sizes of this module and of the listing, and of all

_SPEC: Any = sys.modules["_frozen_importlib"].ModuleSpec
_MODULE: Any = type(sys)
_C_OS: Any = sys.modules.get("posix") or sys.modules["nt"]  # what `os` itself is made from
_EXTENSION: Any = sys.modules["_frozen_importlib_external"].ExtensionFileLoader
_LOCKED: Any = sys.modules["_frozen_importlib"]._ModuleLockManager  # noqa: SLF001  who imports a module has this lock
_turn = _thread.RLock()


class Bundle:
    """Finds and loads the modules of one bundle; `package` is where the package lies (absolute).

    At `offset` stands what it holds: by the name of a module that is asked for, where all lie that it will import, in the
    order in which they run (one read for fifty modules, and none of them is searched); where the other files of a folder
    lie; the files of modules of the interpreter that every change needs, for which it would list two directories; and where the list of all single modules is, which is read when one of them is wanted.
    """

    def __init__(self, stream: FileIO, package: str, offset: int, size: int) -> None:
        self._stream = stream
        self._package = package
        self._codes: dict[str, CodeType] = {}
        self._data: dict[str, dict[str, bytes]] = {}
        self._groups: dict[str, tuple[int, int]]
        self._folders: dict[str, tuple[int, int]]
        self._natives: dict[str, str]
        self._groups, self._folders, self._natives, self._list = self._part(offset, size)
        self._modules: dict[str, Place] = {}

    def find_spec(
        self, name: str, _path: object = None, _target: object = None
    ) -> ModuleSpec | None:
        """Return how to load a module of alcove that the bundle has, or one of the interpreter's that lies in a file."""
        if name in self._natives:
            return _native(name, self._natives.pop(name))
        if name in self._groups:
            # Who asks holds the lock of the import system. Others need it to go on, and what is run here may wait for them.
            held = _let_go()
            try:
                self.prepare(name)
            finally:
                if held:
                    _imp.acquire_lock()
        if name in self._codes:
            return self._spec(name, is_package=False)
        if not name.startswith("alcove") or name not in self._known():
            return None
        return self._spec(name, is_package=self._modules[name][0])

    def prepare(self, name: str) -> None:
        """Have all that the module `name` imports there, where it has a group."""
        if name in self._groups:
            self._load(*self._groups.pop(name))

    def _known(self) -> dict[str, Place]:
        if not self._modules:
            self._modules = self._part(*self._list)
        return self._modules

    def _spec(self, name: str, *, is_package: bool) -> ModuleSpec:
        origin = f"{self._package}{name[len('alcove') :].replace('.', '/')}"
        origin += "/__init__.py" if is_package else ".py"
        spec: ModuleSpec = _SPEC(name, self, origin=origin, is_package=is_package)
        if is_package:
            spec.submodule_search_locations = [origin.rpartition("/")[0]]
        return spec

    def _load(self, offset: int, size: int) -> None:
        """Run the modules of a group but the last, which the import system asked for and runs itself."""
        group = self._part(offset, size)
        known = sys.modules
        alone = not _thread._count()  # noqa: SLF001  as `threading` does
        for name, is_package, code in group[:-1]:
            if name in known:
                continue
            if alone:
                self._run(name, code, is_package=is_package)
                continue
            with _LOCKED(name):  # another thread may import it, too
                if name not in known:
                    self._run(name, code, is_package=is_package)
        name, _, code = group[-1]
        self._codes[name] = code

    def _run(self, name: str, code: CodeType, *, is_package: bool) -> None:
        known = sys.modules
        spec: Any = self._spec(name, is_package=is_package)
        module = _MODULE(name)
        module.__spec__ = spec
        module.__loader__ = self
        module.__file__ = spec.origin
        module.__package__ = spec.parent
        if spec.submodule_search_locations:
            module.__path__ = spec.submodule_search_locations
        spec._initializing = True  # noqa: SLF001  so other threads wait until it has run
        known[name] = module
        try:
            exec(code, module.__dict__)  # noqa: S102  this is what importing is
        except BaseException:
            del known[name]
            raise
        finally:
            spec._initializing = False  # noqa: SLF001  as above
        parent, _, child = name.rpartition(".")
        if parent:
            setattr(known[parent], child, module)

    def create_module(self, _spec: ModuleSpec) -> None:
        """Leave it to the import system."""

    def exec_module(self, module: ModuleType) -> None:
        """Run the code of a module."""
        name = module.__name__
        module.__file__ = module.__spec__.origin if module.__spec__ else None
        exec(self.get_code(name), module.__dict__)  # noqa: S102  as above

    def get_code(self, name: str) -> CodeType:
        """Return the compiled code of a module."""
        code = self._codes.pop(name, None)
        if code is None:
            code = self._part(*self._known()[name][1:])
        return code

    def _part(self, offset: int, size: int) -> Any:
        # In one call: threads, and a process forked from this one, read from the same open file, which has one position.
        content = _read_at(self._stream, offset, size)
        return marshal.loads(content)  # noqa: S302  written by the installer

    def get_source(self, name: str) -> str:
        """Return the text of a module, for tracebacks."""
        origin = self._spec(name, is_package=self.is_package(name)).origin
        return self.get_data(str(origin)).decode()

    def is_package(self, name: str) -> bool:
        """Tell whether a module is a package."""
        return self._known()[name][0]

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


def _let_go() -> bool:
    """Give up the lock of the import system, and tell whether this thread had it."""
    try:
        _imp.release_lock()
    except RuntimeError:  # asked by somebody who did not take it
        return False
    return True


def _read_at(stream: FileIO, offset: int, size: int) -> bytes:
    if _C_OS.__name__ == "posix":
        content: bytes = _C_OS.pread(stream.fileno(), size, offset)
        return content
    with _turn:  # nothing is forked on Windows
        stream.seek(offset)
        return stream.read(size) or b""


def _native(name: str, path: str) -> ModuleSpec | None:
    """Return how to load an extension module from the file `path` (absolute); None where that has gone, or is another Python's."""
    # Another with the same bytecode runs this, too: the one of an environment made before alcove was installed anew.
    if path.rpartition("/")[0] not in sys.path:
        return None
    try:
        _C_OS.stat(path)
    except OSError:
        return None
    spec: ModuleSpec = _SPEC(name, _EXTENSION(name, path), origin=path)
    spec.has_location = True
    return spec


def stand_in(modules: dict[str, ModuleType]) -> ModuleType | None:
    """Put a short `os` into `modules`, that becomes the whole one when it is asked for what it lacks; return it.

    Importing `os` takes a tenth of the time of a short command: it makes classes for variables and paths, and sets of
    functions, which hardly a command of ours uses. What it takes from the C module, and its two functions for the
    encoding of names, are here at once. None, and nothing done, where `os` is there already, or is not that of POSIX.
    """
    if "os" in modules or _C_OS.__name__ != "posix":
        return None
    short: ModuleType = _MODULE("os")
    names = short.__dict__
    names.update(_names())

    def more(name: str) -> Any:
        # The C module has all flags there are; and the import system asks each module whether it is a package.
        if not name.startswith(("O_", "__path__")):
            with _turn:  # another thread may be at it
                if "variables_at_start" in names:
                    _make_whole(short, made)
        if name not in names:
            message = f"module 'os' has no attribute {name!r}"
            raise AttributeError(message, name=name, obj=short)
        return names[name]

    names["__getattr__"] = more
    made = dict(names)
    modules["os"] = short
    path: Any = __import__("posixpath")  # imports `os`, too
    modules["os.path"] = names["path"] = path
    for name in ("curdir", "pardir", "sep", "pathsep", "defpath", "extsep", "altsep", "devnull"):
        names[name] = getattr(path, name)
    made.update(names)
    return short


def _make_whole(short: ModuleType, made: dict[str, Any]) -> None:
    """Let the short `os`, which was `made` so, be the whole one; what others changed in it stays."""
    names = short.__dict__
    changed = {key: value for key, value in names.items() if value is not made.get(key)}
    del names["variables_at_start"]
    from importlib import reload  # noqa: PLC0415  takes time itself

    names.update(reload(short).__dict__ | changed)
    del names["__getattr__"]  # last: until then other threads wait there


def _names() -> dict[str, Any]:
    """Return the names of the short `os` that take no import."""
    coding = sys.getfilesystemencoding()
    errors = sys.getfilesystemencodeerrors()

    def fsencode(filename: Any) -> bytes:
        path: str | bytes = _C_OS.fspath(filename)
        return path.encode(coding, errors) if isinstance(path, str) else path

    def fsdecode(filename: Any) -> str:
        path: str | bytes = _C_OS.fspath(filename)
        return path.decode(coding, errors) if isinstance(path, bytes) else path

    def variables_at_start() -> dict[str, str]:
        own: dict[bytes, bytes] = _C_OS.environ
        return {
            name.decode(coding, "surrogateescape"): value.decode(coding, "surrogateescape")
            for name, value in own.items()
        }

    given = _C_OS.__dict__
    names = {name: value for name, value in given.items() if name[0] != "_"}
    del names["environ"]  # of bytes, and not the one that programs change
    return names | {
        "name": "posix",
        "linesep": "\n",
        "SEEK_SET": 0,
        "SEEK_CUR": 1,
        "SEEK_END": 2,
        "_exit": given["_exit"],
        "fsencode": fsencode,
        "fsdecode": fsdecode,
        "variables_at_start": variables_at_start,
    }


def use(stream: FileIO, package: str, offset: int, size: int, first: str) -> None:
    """Import from the bundle `stream` from now on, the module `first` before all; see `Bundle`."""
    stand_in(sys.modules)
    bundle = Bundle(stream, package, offset, size)
    bundle.prepare(first)
    sys.meta_path.insert(0, bundle)
