"""Write the bundle that a launcher of ours starts from: the modules of alcove, compiled, in one file.

What only a reader or a type checker needs is left out of the code: docstrings, annotations of functions, what stands below
`if TYPE_CHECKING:`. What a command surely imports is put side by side, so that it is read at once (`alcove.compiled`).
"""

from __future__ import annotations
import __future__

import ast
import marshal
import os
import sys
from importlib.util import MAGIC_NUMBER, find_spec
from typing import TYPE_CHECKING, Any, NamedTuple

from alcove.compiled import FORMAT, HEAD

if TYPE_CHECKING:
    from collections.abc import Mapping
    from types import CodeType

__all__ = ["NAME", "launcher", "write"]

NAME = "alcove.bundle"

_MAIN = "alcove.cli.main"
_PIP = "alcove.pip.entry"
_ALWAYS = ("alcove.settings", "alcove.console.interrupts", "alcove.console.reporter")
_DECIDING = ("alcove.plans.collisions", "alcove.plans.materialize")
_PLACING = ("alcove.store.roots", "alcove.wheels.launchers", "alcove.files.halves")
_COMMAND = "alcove.cli.commands.{}_command"
# What is imported at once, and with it what it imports late and nearly always.
_TOGETHER: dict[str, tuple[str, ...]] = {
    _MAIN: ("alcove.cli.verbs", "alcove.cli.commands"),
    _PIP: (),
    **{f"alcove.pip.{command}": () for command in ("check", "freeze", "listing", "show")},
    "alcove.pip.install": (
        "alcove.pip.wiring",
        "alcove.actions.install",
        "alcove.pip.changes",
        *_PLACING,
    ),
    "alcove.actions.engine": ("alcove.actions.workplaces",),
    "alcove.actions.places": ("alcove.interpreters.find", "alcove.interpreters.project"),
    "alcove.interpreters.told": (),
    "alcove.transactions.overwritten": ("alcove.transactions.changed",),
    **{
        _COMMAND.format(verb): (*_ALWAYS, *late)
        for verb, late in {
            "activate": (),
            "check": (),
            "create": (
                "alcove.interpreters.inspect",
                "alcove.actions.seeding",
                "alcove.environments.reach",
            ),
            "freeze": (),
            "install": ("alcove.index_settings", *_PLACING),
            "list": (),
            "python": ("alcove.cli.pythons", "alcove.interpreters.ask"),
            "run": (),
            "show": (),
            "sync": ("alcove.index_settings", *_PLACING),
            "undo": ("alcove.store.roots", "alcove.plans.plan"),
            "uninstall": ("alcove.store.roots", "alcove.actions.parts", *_DECIDING),
        }.items()
    },
}

# What is there already when the module of a group is asked for, beside what every start has.
_AFTER = {
    "alcove.actions.engine": "alcove.cli.commands.install_command",
    "alcove.transactions.overwritten": "alcove.transactions.apply",
}


class _Module(NamedTuple):
    """One module: whether it is a package, the modules of alcove that it imports when it runs, its code."""

    is_package: bool
    imports: tuple[str, ...]
    code: CodeType


def write(package: str, target: str, *, final: str) -> None:
    """Write the bundle of the modules below `package` to `target`; `final` is where the package will lie (absolute)."""
    modules = _modules(package, final)
    loader = marshal.dumps(modules["alcove.compiled"].code)
    content = bytearray(HEAD) + loader

    def add(value: Any) -> tuple[int, int]:
        blob = marshal.dumps(value)
        content.extend(blob)
        return len(content) - len(blob), len(blob)

    places = {name: (module.is_package, *add(module.code)) for name, module in modules.items()}
    start = {name: set(_closure((name,), modules)) for name in (_MAIN, _PIP)}
    groups = {}
    verbs = {name: () for name in modules if name.startswith("alcove.cli.verbs.")}
    for head, late in {**_TOGETHER, **verbs}.items():
        if head not in modules:
            continue
        names = _closure((*late, head), modules)
        if head not in start:
            there = start[_PIP if head.startswith("alcove.pip.") else _MAIN]
            if head in _AFTER:
                there = there.union(_closure((_AFTER[head],), modules))
            names = [name for name in names if name not in there]
        groups[head] = add([(name, modules[name].is_package, modules[name].code) for name in names])
    folders = {folder: add(files) for folder, files in _templates(package).items()}
    where = add((groups, folders, _natives(), add(places)))
    words = (*_identity(), len(loader), *where, len(content))
    content[:HEAD] = " ".join(map(str, words)).encode().ljust(HEAD)
    with open(target, "wb") as stream:
        stream.write(content)


def _natives() -> dict[str, str]:
    """Return the files (absolute) of this interpreter's extension modules that every change needs."""
    specs = [find_spec(name) for name in ("_json", "_sha256", "_sha2", "fcntl", "zlib")]
    return {
        spec.name: spec.origin
        for spec in specs
        if spec is not None and spec.origin and os.path.isabs(spec.origin)
    }


def _templates(package: str) -> dict[str, dict[str, bytes]]:
    """Return the content of the files of every folder called templates, by the folder (relative) and the name."""
    found: dict[str, dict[str, bytes]] = {}
    for directory, _, files in os.walk(package):
        if os.path.basename(directory) == "templates":
            folder = os.path.relpath(directory, package).replace(os.sep, "/")
            for name in sorted(files):
                with open(os.path.join(directory, name), "rb") as stream:
                    found.setdefault(folder, {})[name] = stream.read()
    return found


def launcher(library: str, module: str, call: str) -> str:
    """Return a program that starts alcove of the directory `library` (absolute): imports `module` and does `call`."""
    identity = [str(word).encode() for word in _identity()]
    return (
        '"""Start alcove; written by install.py."""\n\n'
        "import _signal\n\n"
        # Until a command begins, Ctrl-C ends the process at once: no import has anything to say of it.
        "if _signal.getsignal(_signal.SIGINT) is _signal.default_int_handler:\n"
        "    _signal.signal(_signal.SIGINT, _signal.SIG_DFL)\n"
        "import gc\nimport marshal\nimport sys\nfrom _frozen_importlib_external import MAGIC_NUMBER\n\n"
        "gc.disable()\n"  # a command ends before a collection would pay
        f"library = {library!r}\n"
        "sys.path.append(library)\n"  # behind the standard library, which is asked for more often
        "try:\n"
        f"    stream = open(library + '/{NAME}', 'rb', 0)\n"
        f"    words = stream.read({HEAD}).split()\n"
        "except OSError:\n"
        "    words = []\n"
        # Of another Python, run by another one (whose `marshal` would end the process), or cut off: the modules are there, too.
        f"own = (sys.implementation.cache_tag, MAGIC_NUMBER.hex()) == {_identity()[1:]!r}\n"
        f"if own and words[:3] == {identity!r} and stream.seek(0, 2) == int(words[6]):\n"
        f"    stream.seek({HEAD})\n"
        "    space = {'__name__': 'alcove.compiled'}\n"
        "    exec(marshal.loads(stream.read(int(words[3]))), space)\n"
        f"    space['use'](stream, library + '/alcove', int(words[4]), int(words[5]), {module!r})\n"
        f"from {module} import main\n\n"
        f"{call}\n"
    )


def _identity() -> tuple[object, ...]:
    # As of files of bytecode: a system brings its Python up to date, and what was compiled before stays right.
    return FORMAT, sys.implementation.cache_tag, MAGIC_NUMBER.hex()


def _modules(package: str, final: str) -> dict[str, _Module]:
    trees: dict[str, tuple[str, ast.Module]] = {}
    for directory, folders, files in os.walk(package):
        folders[:] = sorted(name for name in folders if name != "__pycache__")
        for file in sorted(name for name in files if name.endswith(".py")):
            path = os.path.join(directory, file)
            relative = os.path.relpath(path, package).replace(os.sep, "/")
            parts = ["alcove", *relative[:-3].split("/")]
            name = ".".join(parts[:-1] if parts[-1] == "__init__" else parts)
            with open(path, "rb") as stream:
                text = stream.read()
            try:
                trees[name] = relative, ast.parse(text)
            except SyntaxError:
                continue  # a template, or a program for other Pythons
    result = {}
    for name, (relative, tree) in trees.items():
        postponed = _Shorter().shorten(tree)
        code = compile(
            tree, f"{final}/{relative}", "exec", flags=postponed, dont_inherit=True, optimize=2
        )
        is_package = relative.endswith("__init__.py")
        result[name] = _Module(is_package, tuple(_imports(tree, trees)), code)
    return result


class _Shorter(ast.NodeTransformer):
    """Takes out of a module what does nothing when it runs."""

    def shorten(self, tree: ast.Module) -> int:
        """Shorten a module in place; return the flags to compile it with."""
        own = [node for node in tree.body if not _is_future(node)]
        postponed = len(own) < len(tree.body)
        tree.body = own
        if postponed:  # else the annotations are evaluated, and may be somebody's
            self.visit(tree)
        return __future__.annotations.compiler_flag if postponed else 0

    def visit_If(self, node: ast.If) -> ast.AST | list[ast.stmt]:
        """Leave out what only type checkers read."""
        self.generic_visit(node)
        if isinstance(node.test, ast.Name) and node.test.id == "TYPE_CHECKING":
            return node.orelse
        return node

    def visit_FunctionDef(self, node: ast.FunctionDef) -> ast.AST:
        """Leave out the annotations of a function's values."""
        self.generic_visit(node)
        node.returns = None
        return node

    def visit_arg(self, node: ast.arg) -> ast.AST:
        """Leave out the annotation of a parameter."""
        node.annotation = None
        return node


def _is_future(node: ast.stmt) -> bool:
    return isinstance(node, ast.ImportFrom) and node.module == "__future__"


def _imports(tree: ast.Module, known: Mapping[str, object]) -> list[str]:
    """Return the modules of alcove that a module imports when it runs, in this order."""
    found = []
    for node in _running(tree.body):
        if isinstance(node, ast.Import):
            found += [alias.name for alias in node.names]
        elif isinstance(node, ast.ImportFrom) and node.module:
            deeper = [f"{node.module}.{alias.name}" for alias in node.names]
            found += [node.module, *(name for name in deeper if name in known)]
    return [name for name in found if name in known]


def _running(body: list[ast.stmt]) -> list[ast.stmt]:
    """Return the statements that run with a module, those of branches among them."""
    result = []
    for node in body:
        result.append(node)
        if isinstance(node, ast.If):
            result += _running(node.body) + _running(node.orelse)
        elif isinstance(node, ast.Try):
            result += _running(node.body)
    return result


def _closure(heads: tuple[str, ...], modules: dict[str, _Module]) -> list[str]:
    """Return `heads` and all that they import when they run, each behind what it needs."""
    order: dict[str, None] = {}
    entered: set[str] = set()

    def enter(name: str) -> None:
        if name in entered or name not in modules:
            return
        entered.add(name)
        parent = name.rpartition(".")[0]
        if parent:
            enter(parent)
        for needed in modules[name].imports:
            if not needed.startswith(
                f"{name}."
            ):  # what a package takes from within itself comes in its course
                enter(needed)
        order[name] = None

    for head in heads:
        enter(head)
    return list(order)
