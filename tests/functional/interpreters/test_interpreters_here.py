"""Every interpreter of this machine is asked, and what alcove says of it is what it says of itself."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from typing import TYPE_CHECKING, Any

import packaging
import pytest

from alcove.errors import NoSuchInterpreter
from alcove.interpreters import ask, child, find
from alcove.interpreters.declared import declared
from alcove.interpreters.inspect import inspect
from alcove.interpreters.schemes import scheme_of
from alcove.interpreters.target import target_of
from alcove.testing.interpreters import PLACES, every_interpreter, require_interpreter

if TYPE_CHECKING:
    from pathlib import Path

HERE = every_interpreter()
each = pytest.mark.parametrize("executable", HERE)

PACKAGING = os.path.dirname(os.path.dirname(packaging.__file__))
SAYS = """
import json, sys
sys.path.insert(0, sys.argv[1])
try:
    from packaging import markers, tags
    whose = "ours"
except (ImportError, SyntaxError, TypeError):
    sys.path.pop(0)
    from pip._vendor.packaging import markers, tags
    whose = "pip's"
print(json.dumps([whose, list(map(str, tags.sys_tags())), markers.default_environment()]))
"""


def says(executable: str, code: str, *arguments: str) -> Any:
    done = subprocess.run(
        [executable, "-I", "-W", "ignore", "-c", code, *arguments],
        capture_output=True,
        text=True,
        check=False,
    )
    if done.returncode:
        pytest.skip(f"{executable} cannot say: {done.stderr.splitlines()[-1]}")
    return json.loads(done.stdout)


def test_there_are_interpreters_to_test_with() -> None:
    assert HERE, "no interpreter was found by the scan"


@each
def test_the_quick_answer_is_the_thorough_one(executable: str) -> None:
    answers: list[child.Answer] = []
    quick = ask._answer(executable, answers, 10.0)
    assert quick == ask._answer(executable, answers, 10.0, "thorough")
    for answer in answers:
        child.see_off(answer)


@each
def test_tags_and_markers_are_packagings(executable: str, tmp_path: Path) -> None:
    whose, tags, markers = says(executable, SAYS, PACKAGING)
    found = inspect(executable, cache=str(tmp_path))
    target = target_of(found, cache=str(tmp_path))
    assert target_of(found, cache=str(tmp_path)) == target
    assert target.markers == markers
    if whose == "ours":
        assert list(target.tags) == tags
    else:  # older ones put `linux_x86_64` behind manylinux, and forgot `cp38-none-any`
        forgotten = f"cp{found.facts['py_version_nodot']}-none-any"
        ours = [tag for tag in target.tags if "-linux_" not in tag and tag != forgotten]
        assert ours == [tag for tag in tags if "-linux_" not in tag and tag != forgotten]
        assert set(target.tags) - set(tags) <= {forgotten}


@each
def test_paths_are_the_interpreters_own(executable: str, tmp_path: Path) -> None:
    found = inspect(executable, cache=str(tmp_path))
    code = (
        "import json, sys, os, site; print(json.dumps([sys.version_info[:], sys.base_prefix, "
        "sys.implementation.cache_tag, site.getsitepackages([sys.base_prefix])]))"
    )
    info, prefix, cache_tag, packages = says(executable, code)
    assert list(found.version_info) == info
    assert os.path.samefile(found.prefix, prefix)
    assert found.cache_tag == cache_tag
    assert list(found.site_packages) == packages
    assert os.path.samefile(found.executable, executable)
    assert found.home == os.path.dirname(found.executable)


@each
def test_the_scheme_is_that_of_venv(executable: str, tmp_path: Path) -> None:
    found = inspect(executable, cache=str(tmp_path / "cache"))
    environment = str(tmp_path / "env")
    made = subprocess.run(
        [executable, "-I", "-m", "venv", "--without-pip", environment],
        capture_output=True,
        check=False,
    )
    if made.returncode:
        pytest.skip(f"{executable} has no venv module that works")
    scheme = scheme_of(found)
    assert os.path.isdir(os.path.join(environment, scheme.packages))
    assert os.path.islink(os.path.join(environment, "lib64")) is scheme.lib64
    for name in ("python", "python3"):
        python = os.path.join(environment, scheme.scripts, name)
        again = inspect(python, cache=str(tmp_path / "cache"))
        assert os.path.samefile(again.executable, found.executable)
        assert again.version == found.version
    purelib = says(
        python, "import json, sysconfig; print(json.dumps(sysconfig.get_path('purelib')))"
    )
    assert purelib == os.path.join(environment, scheme.packages)


@each
def test_a_minimal_environment_with_its_home_starts(executable: str, tmp_path: Path) -> None:
    """The stable path is one from which Python finds its library."""
    found = inspect(executable, cache=str(tmp_path / "cache"))
    environment = tmp_path / "env"
    (environment / "bin").mkdir(parents=True)
    (environment / scheme_of(found).packages).mkdir(parents=True)
    (environment / "bin" / "python").symlink_to(found.executable)
    (environment / "pyvenv.cfg").write_text(
        f"home = {found.home}\ninclude-system-site-packages = false\n"
    )
    code = "import json, sys; print(json.dumps([sys.prefix, sys.base_prefix]))"
    prefix, base = says(str(environment / "bin" / "python"), code)
    assert prefix == str(environment)
    assert os.path.samefile(base, found.prefix)


@each
def test_each_is_found_by_its_version(executable: str, tmp_path: Path) -> None:
    wanted = inspect(executable, cache=str(tmp_path))
    flag = "t" if wanted.free_threaded else ""
    for request in (
        f"{wanted.implementation.lower()}{wanted.version}{flag}",
        f"=={wanted.version}",
        executable,
    ):
        if flag and request.startswith("="):
            continue
        found = find.find(request, places=PLACES, cache=str(tmp_path))
        assert found.version == wanted.version, request


def test_a_declared_target_is_the_interpreter_that_it_describes(tmp_path: Path) -> None:
    found = inspect(sys.executable, cache=str(tmp_path))
    if found.facts["libc"] != "glibc" or found.facts["debug"]:
        pytest.skip("this interpreter runs on no glibc, or is a debug build")
    platform = f"manylinux_{found.facts['libc_version'].replace('.', '_')}_{found.markers['platform_machine']}"
    there, here = declared(found.version, platform), target_of(found)
    assert there.tags == here.tags
    differing = {name for name, value in here.markers.items() if there.markers[name] != value}
    assert differing <= {"platform_release", "platform_version"}


def test_python_2_gets_the_reason() -> None:
    try:
        path = require_interpreter("2.7")
    except pytest.skip.Exception:
        pytest.skip("there is no Python 2.7 on this machine")
    with pytest.raises(NoSuchInterpreter, match="PEP 405"):
        inspect(path, cache=os.path.join(os.sep, "nowhere"))
