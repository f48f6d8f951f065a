"""Shared objects that look for libraries of other distributions find them in a view as in an environment of pip's.

DESIGN section 4, rule 3. The objects are real ones, made by the C compiler of the machine.
"""

from __future__ import annotations

import os
import shutil
import subprocess
from typing import TYPE_CHECKING

import pytest

from alcove.testing.interpreters import require_interpreter
from alcove.testing.wheels import wheel
from tests.conformance.worlds import bundled_pip, site_packages

if TYPE_CHECKING:
    from pathlib import Path

    from tests.conformance.worlds import World

# Calls `answer` of a shared object in the directory of a package, and prints what it returns.
CALL = """
import ctypes, importlib, os, sys
package, path = sys.argv[1:]
module = importlib.import_module(package)
print(ctypes.CDLL(os.path.join(os.path.dirname(module.__file__), path)).answer())
"""

OPENS = """
#include <dlfcn.h>
int answer(void) {
    void *library = dlopen("libbeta.so", RTLD_NOW);
    int (*found)(void) = library ? (int (*)(void)) dlsym(library, "beta") : 0;
    return found ? found() : -1;
}
"""


def compiled(
    directory: Path,
    name: str,
    source: str,
    *,
    runpath: str = "",
    needed: tuple[Path, ...] = (),
) -> bytes:
    """Return a shared object made of C; `needed` are objects that it is linked with."""
    compiler = shutil.which("gcc") or shutil.which("cc")
    if compiler is None:
        pytest.skip("no C compiler on this machine")
    code = directory / f"{name}.c"
    code.write_text(source)
    target = directory / name
    words = [compiler, "-shared", "-fPIC", "-Os", f"-Wl,-soname,{name}", "-o", str(target)]
    words += [str(code), *(str(path) for path in needed)]
    words += [f"-Wl,-rpath,{runpath}"] if runpath else []
    words += ["-ldl"] if "dlfcn" in source else []
    subprocess.run(words, check=True)
    return target.read_bytes()


@pytest.fixture
def objects(world: World, tmp_path: Path) -> World:
    """Add wheels with shared objects that need each other."""
    made = tmp_path / "objects"
    made.mkdir()
    base = compiled(made, "libbase.so", "int base(void) { return 40; }")
    engine = compiled(
        made,
        "libengine.so",
        "int base(void); int engine(void) { return base() + 1; }",
        runpath="$ORIGIN",
        needed=(made / "libbase.so",),
    )
    native = compiled(
        made,
        "native.so",
        "int engine(void); int answer(void) { return engine() + 1; }",
        runpath="$ORIGIN/../engine/lib",
        needed=(made / "libengine.so",),
    )
    files: dict[str, str | bytes] = {"engine/__init__.py": "name = 'engine'\n"}
    files |= {"engine/lib/libengine.so": engine, "engine/lib/libbase.so": base}
    wheel(world.links, "engine", files=files)
    files = {"binding/__init__.py": "name = 'binding'\n", "binding/native.so": native}
    wheel(world.links, "binding", requires=["engine"], files=files)

    beta = compiled(made, "libbeta.so", "int beta(void) { return 7; }")
    alpha = compiled(made, "libalpha.so", OPENS, runpath="$ORIGIN/../../beta/lib")
    files = {"vendor/__init__.py": "", "vendor/alpha/__init__.py": ""}
    wheel(world.links, "vendor-alpha", files=files | {"vendor/alpha/lib/libalpha.so": alpha})
    files = {"vendor/__init__.py": "", "vendor/beta/__init__.py": ""}
    wheel(world.links, "vendor-beta", files=files | {"vendor/beta/lib/libbeta.so": beta})

    mathematics = compiled(made, "libmaths.so.2", "int maths(void) { return 12; }")
    user = compiled(
        made,
        "user.so",
        "int maths(void); int answer(void) { return maths() + 1; }",
        runpath="$ORIGIN/../..:$ORIGIN/../../..",
        needed=(made / "libmaths.so.2",),
    )
    wheel(world.links, "maths", files={}, data={"lib/libmaths.so.2": mathematics})
    files = {"mathsuser/__init__.py": "name = 'user'\n", "mathsuser/user.so": user}
    wheel(world.links, "mathsuser", requires=["maths"], files=files)
    return world


CASES = (
    ("binding", "native.so", "42"),
    ("vendor.alpha", "lib/libalpha.so", "7"),
    ("mathsuser", "user.so", "13"),
)
WANTED = ("binding", "vendor-alpha", "vendor-beta", "mathsuser")


@pytest.mark.parametrize("version", ["3.8", "3.13"])
def test_libraries_of_other_distributions_are_found(objects: World, version: str) -> None:
    python = require_interpreter(version)
    ours = objects.create("ours", python, *WANTED)
    theirs = objects.at("theirs")
    objects.run(python, "-m", "venv", "--without-pip", theirs)
    pip = f"{bundled_pip(python)}/pip"
    objects.run(f"{theirs}/bin/python", "-I", pip, "install", "-q", *WANTED)
    for package, path, answer in CASES:
        assert objects.python(theirs, CALL, package, path).strip() == answer
        assert objects.python(ours, CALL, package, path).strip() == answer, path
    site = site_packages(ours)
    assert os.path.islink(f"{site}/engine")  # it needs nobody, and is reached through its link
    assert not os.path.islink(f"{site}/binding")
    assert not os.path.islink(f"{site}/vendor/alpha/lib")


def test_the_wheels_tell_links_from_real_directories(objects: World) -> None:
    """Without rule 3, as links to whole directories, the same objects do not find their libraries."""
    python = require_interpreter("3.13")
    ours = objects.create("ours", python, *WANTED)
    site = site_packages(ours)
    for name in ("binding", "vendor/alpha"):
        shutil.move(f"{site}/{name}", objects.at(os.path.basename(name)))
        os.symlink(objects.at(os.path.basename(name)), f"{site}/{name}")
    with pytest.raises(AssertionError, match=r"libengine\.so: cannot open"):
        objects.python(ours, CALL, "binding", "native.so")
    assert objects.python(ours, CALL, "vendor.alpha", "lib/libalpha.so").strip() == "-1"


@pytest.mark.network
@pytest.mark.tools
def test_qt(world: World) -> None:
    """PySide6 finds the library of shiboken6, a distribution of its own, and Qt finds its plugins."""
    python = require_interpreter("3.12")
    environ = world.environ()
    for name in ("PIP_NO_INDEX", "PIP_FIND_LINKS"):
        del environ[name]
    prefix = world.at("qt")
    wanted = ("--with=PySide6-Essentials==6.12.0", "--with=shiboken6==6.12.0")
    world.alcove("create", prefix, "-p", python, *wanted, environ=environ)
    code = (
        "import os, shiboken6; from PySide6 import QtCore, QtNetwork; QtCore.QCoreApplication([]); "
        "print(QtCore.QVersionNumber(1, 2).toString(), QtCore.__file__, "
        "os.listdir(QtCore.QLibraryInfo.path(QtCore.QLibraryInfo.LibraryPath.PluginsPath)) != [])"
    )
    said = world.python(prefix, code).split()
    site = site_packages(prefix)
    assert said == ["1.2", f"{site}/PySide6/QtCore.abi3.so", "True"]
    assert not os.path.islink(f"{site}/PySide6")
