"""Link rules: which directories may be linked whole."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from alcove.store import elf, rules
from alcove.store.known import is_system_library
from alcove.testing.elf import shared_library
from alcove.wheels.known import WRITTEN_BY
from alcove.wheels.names import normalise

if TYPE_CHECKING:
    from collections.abc import Mapping
    from pathlib import Path

    from alcove.wheels.entry import LinkRules


SETUPTOOLS = (
    "import os; var = 'SETUPTOOLS_USE_DISTUTILS'; "
    "enabled = os.environ.get(var, 'local') == 'local'; "
    "enabled and __import__('_distutils_hack').add_shim(); "
)

NAMESPACE = (
    "import sys, types, os;has_mfs = sys.version_info > (3, 5);"
    "p = os.path.join(sys._getframe(1).f_locals['sitedir'], *('zope', 'app'));"
    "importlib = has_mfs and __import__('importlib.util');"
    "has_mfs and __import__('importlib.machinery');"
    "m = has_mfs and sys.modules.setdefault('zope.app', importlib.util.module_from_spec("
    "importlib.machinery.PathFinder.find_spec('zope.app', [os.path.dirname(p)])));"
    "m = m or sys.modules.setdefault('zope.app', types.ModuleType('zope.app'));"
    "mp = (m or []) and m.__dict__.setdefault('__path__',[]);(p not in mp) and mp.append(p)"
)


def computed(files: Mapping[str, str | bytes], project: str = "x") -> LinkRules:
    gathered = rules.Gathered()
    for path, content in files.items():
        gathered.see(path, content.encode() if isinstance(content, str) else content)
    found = rules.compute(project, [(path, len(body)) for path, body in files.items()], gathered)
    covered = {path for path, _ in found.files}
    for path in files:
        assert path in covered or any(path.startswith(f"{link}/") for link in found.links)
    return found


def test_a_package_is_linked_whole() -> None:
    found = computed(
        {"x/__init__.py": "a = 1", "x/y/__init__.py": "", "x/t/a.html": "", "z.py": ""}
    )
    assert found.links == ("x",)
    assert found.directories == ()
    assert found.files == (("z.py", 0),)
    assert found.whole == ""


def test_a_compiled_init_counts() -> None:
    assert computed({"x/__init__.cpython-311-x86_64-linux-gnu.so": ""}).links == ("x",)
    assert computed({"x-stubs/__init__.pyi": ""}).links == ("x-stubs",)
    assert computed({"x/__init__.pyi": ""}).links == ()


def test_portions_of_namespaces_are_real_on_the_way() -> None:
    found = computed(
        {"google/cloud/storage/__init__.py": "a = 1", "google/cloud/x.py": "", "x.libs/libx.so": ""}
    )
    assert found.links == ("google/cloud/storage",)
    assert found.directories == ("google", "google/cloud", "x.libs")
    assert found.files == (("google/cloud/x.py", 0), ("x.libs/libx.so", 0))
    assert found.shared == ()


@pytest.mark.parametrize(
    "init",
    [
        "",
        "# only\n\n  # comments\n",
        "__path__ = __import__('pkgutil').extend_path(__path__, __name__)\n",
        "__import__('pkg_resources').declare_namespace(__name__)\n",
        "__path__.append('y')\n",
    ],
)
def test_a_top_directory_that_others_may_share_is_real(init: str) -> None:
    found = computed({"x/__init__.py": init, "x/a/__init__.py": "", "x/a/b/c.py": ""})
    assert found.links == ("x/a",)
    assert found.directories == ("x",)
    assert found.shared == ("x",)


def test_below_the_top_an_empty_init_is_no_sign() -> None:
    found = computed({"n/a/__init__.py": "", "n/b/__init__.py": "declare_namespace(__name__)"})
    assert found.links == ("n/a",)
    assert found.shared == ("n/b",)


def test_data_of_a_package_with_modules_is_linked_and_of_a_mere_portion_not() -> None:
    modules = computed({"mypy/__init__.py": "", "mypy/build.py": "", "mypy/typeshed/a/b.pyi": ""})
    assert modules.links == ("mypy/typeshed",)
    portion = computed({"nvidia/__init__.py": "", "nvidia/cu13/lib/libx.so": ""})
    assert portion.links == ()
    assert portion.directories == ("nvidia", "nvidia/cu13", "nvidia/cu13/lib")


@pytest.mark.parametrize(
    ("line", "whole"),
    [
        ("import os; os.system('x')", "pth"),
        ("# import x\n/some/path\nimportant", ""),
        (SETUPTOOLS, ""),
        (SETUPTOOLS + "import evil", "pth"),
        (NAMESPACE, ""),
        (NAMESPACE + ";m and setattr(sys.modules['zope'], 'app', m)\n\n", ""),
        (NAMESPACE.replace("'zope.app', [", "evil(), ["), "pth"),
        ("import\tx", "pth"),
    ],
)
def test_a_pth_that_runs_code_makes_all_real(line: str, whole: str) -> None:
    assert computed({"x.pth": line, "x/__init__.py": "a"}).whole == whole


def test_a_pth_below_the_top_means_nothing() -> None:
    assert computed({"x/__init__.py": "a", "x/y.pth": "import os"}).whole == ""


def test_certifi_is_real() -> None:
    assert computed({"certifi/__init__.py": "a"}, "certifi").whole == "appended"


def test_a_directory_that_its_program_writes_into_is_real() -> None:
    files = {
        "twisted/__init__.py": "a",
        "twisted/plugins/__init__.py": "a",
        "twisted/plugins/cred_unix.py": "a",
        "twisted/web/__init__.py": "a",
    }
    found = computed(files, "twisted")
    assert found.links == ("twisted/web",)
    assert found.directories == ("twisted", "twisted/plugins")
    assert computed(files, "other").links == ("twisted",)
    assert computed({"twisted/__init__.py": "a"}, "twisted").links == ("twisted",)


def test_a_directory_with_numba_caches_is_real() -> None:
    found = computed(
        {
            "x/__init__.py": "a = 1",
            "x/fast/__init__.py": "a = 1",
            "x/fast/k.py": "@njit(\n cache = True)\ndef f(): ...",
            "x/fast/data/d.txt": "",
            "x/slow/__init__.py": "f(cache=True)",
            "x/other/k.py": "numba\nself.cache = True",
        }
    )
    assert found.directories == ("x", "x/fast")
    assert found.links == ("x/fast/data", "x/other", "x/slow")
    assert dict(found.files).keys() == {"x/__init__.py", "x/fast/__init__.py", "x/fast/k.py"}


def with_binary(tmp_path: Path, path: str, library: bytes, *others: str) -> LinkRules:
    gathered = rules.Gathered()
    files = {"x/__init__.py": b"a = 1", path: library, **dict.fromkeys(others, b"")}
    for name, content in files.items():
        gathered.see(name, content)
    target = tmp_path / "library"
    target.write_bytes(library)
    dynamic = elf.read(str(target))
    assert dynamic
    gathered.see_binary(path, dynamic)
    return rules.compute("x", [(name, len(body)) for name, body in files.items()], gathered)


def test_a_library_that_looks_into_another_distribution_is_reached_by_real_directories(
    tmp_path: Path,
) -> None:
    library = shared_library(runpath="$ORIGIN/../../nvidia/cudnn/lib", needed=["libc.so.6"])
    found = with_binary(tmp_path, "x/lib/libx.so", library, "x/y/__init__.py", "x/lib/z/a.txt")
    assert found.directories == ("x", "x/lib")
    assert found.links == ("x/lib/z", "x/y")
    assert found.needs == ()
    assert found.provides == (("libx.so", "x/lib/libx.so"),)


def test_a_library_that_looks_into_another_part_of_its_namespace_is_reached_by_real_directories(
    tmp_path: Path,
) -> None:
    """As cuDNN does, which opens libraries of other distributions by name and does not need them."""
    gathered = rules.Gathered()
    library = shared_library(runpath="$ORIGIN:$ORIGIN/../../cublas/lib", needed=["libc.so.6"])
    path = "nvidia/cudnn/lib/libcudnn.so.9"
    files = {"nvidia/__init__.py": b"", "nvidia/cudnn/__init__.py": b"", path: library}
    for name, content in files.items():
        gathered.see(name, content)
    (tmp_path / "library").write_bytes(library)
    dynamic = elf.read(str(tmp_path / "library"))
    assert dynamic
    gathered.see_binary(path, dynamic)
    found = rules.compute("cudnn", [(name, len(body)) for name, body in files.items()], gathered)
    assert found.directories == ("nvidia", "nvidia/cudnn", "nvidia/cudnn/lib")
    assert found.links == ()


def test_a_library_that_needs_what_nobody_here_has_is_reached_by_real_directories(
    tmp_path: Path,
) -> None:
    found = with_binary(tmp_path, "x/_C.so", shared_library(needed=["libtorch.so", "libm.so.6"]))
    assert found.directories == ("x",)
    assert found.needs == ("libtorch.so",)


@pytest.mark.parametrize(
    "runpath", ["$ORIGIN", "${ORIGIN}/../x.libs", "$ORIGIN/../x/lib", "/usr/lib"]
)
def test_a_library_that_finds_all_it_needs_in_its_wheel_is_linked(
    tmp_path: Path, runpath: str
) -> None:
    library = shared_library(runpath=runpath, needed=["liby.so.1"], soname="libx.so.2")
    found = with_binary(tmp_path, "x/lib/libx.so", library, "x.libs/liby.so.1")
    assert found.links == ("x",)
    assert found.provides == (("libx.so.2", "x/lib/libx.so"),)


@pytest.mark.parametrize("bits", [32, 64])
@pytest.mark.parametrize("order", ["<", ">"])
def test_all_kinds_of_elf_are_read(tmp_path: Path, bits: int, order: str) -> None:
    path = tmp_path / "library"
    path.write_bytes(
        shared_library(
            needed=["a", "b"],
            runpath="$ORIGIN:/x",
            rpath="$ORIGIN:/y",
            soname="s",
            bits=bits,
            order=order,
        )
    )
    found = elf.read(str(path))
    assert found == elf.Dynamic(("a", "b"), ("$ORIGIN", "/y", "/x"), "s")


def test_who_writes_into_whom_is_named_in_normal_form() -> None:
    for victim, writers in WRITTEN_BY.items():
        assert normalise(victim) == victim
        assert victim not in writers
        assert [normalise(writer) for writer in writers] == list(writers)


def test_garbage_is_no_elf(tmp_path: Path) -> None:
    path = tmp_path / "library"
    whole = shared_library(needed=["libtorch.so"], runpath="$ORIGIN")
    read = 0
    for place in range(len(whole)):
        for content in (whole[:place], whole[:place] + b"\xff" + whole[place + 1 :]):
            path.write_bytes(content)
            read += elf.read(str(path)) is not None
    assert 0 < read < 2 * len(whole)


@pytest.mark.parametrize(
    "name", ["libc.so.6", "ld-linux-x86-64.so.2", "libpython3.11.so.1.0", "libGL.so.1"]
)
def test_system_libraries_are_known(name: str) -> None:
    assert is_system_library(name)


@pytest.mark.parametrize("name", ["libtorch.so", "libcublas.so.12", "c.so", "libc10.so", "libc"])
def test_libraries_of_wheels_are_not(name: str) -> None:
    assert not is_system_library(name)
