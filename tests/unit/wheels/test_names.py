"""Names that become paths, and those that must not."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st
from packaging.utils import canonicalize_name

from alcove.errors import InvalidWheel
from alcove.wheels import names


def test_a_file_name_is_taken_apart() -> None:
    said = names.parse_filename("six-1.16.0-1a-py2.py3-none-linux_x86_64.any.whl")
    assert said == names.WheelName(
        "six",
        "1.16.0",
        "1a",
        (
            "py2-none-linux_x86_64",
            "py2-none-any",
            "py3-none-linux_x86_64",
            "py3-none-any",
        ),
    )


@pytest.mark.parametrize(
    "filename",
    [
        "six.whl",
        "six-1.0-py3-none-any.zip",
        "a-b-c-d-e-f-g.whl",
        "-1.0-py3-none-any.whl",
        "six-1.0-x1-py3-none-any.whl",
        "six--py3-none-any.whl",
        "six-1.0/..-py3-none-any.whl",
        "../six-1.0-py3-none-any.whl",
        "six-1.0-py3-none-.whl",
        "si__x-1.0-py3-none-any.whl",
    ],
)
def test_a_bad_file_name_is_refused(filename: str) -> None:
    with pytest.raises(InvalidWheel):
        names.parse_filename(filename)


@given(st.text(alphabet="aB1-_.", min_size=1))
def test_normalise_agrees_with_packaging(name: str) -> None:
    assert names.normalise(name) == canonicalize_name(name)


@pytest.mark.parametrize(
    ("written", "normal"),
    [("1.0", "1.0"), ("2021.05.30", "2021.5.30"), ("1.0-RC1", "1.0rc1"), ("1!2+A_b", "1!2+a.b")],
)
def test_versions_are_brought_to_their_normal_form(written: str, normal: str) -> None:
    assert names.canonical_version(written) == normal


@pytest.mark.parametrize("version", ["", "one", "1.0/../..", "1..0", "\u0661.0x"])
def test_what_is_no_version_is_refused(version: str) -> None:
    with pytest.raises(InvalidWheel):
        names.canonical_version(version)


@pytest.mark.parametrize(
    "path",
    [
        "",
        "/etc/passwd",
        "../x",
        "a/../b",
        "a//b",
        "./a",
        "a/.",
        "a\\b",
        "C:/x",
        "c:x",
        "a\nb",
        "a\x7fb",
        "a\0b",
        "a/" + "b" * 256,
        "/".join(["abcdefgh"] * 200),
        "a\ud800",
    ],
)
def test_a_path_that_leads_elsewhere_is_refused(path: str) -> None:
    with pytest.raises(InvalidWheel):
        names.check_path(path, "x.whl")


@pytest.mark.parametrize("path", ["a", "a/b.py", "é/ü.txt", "a b/c,d", "...", "ab:c", "..a/b.."])
def test_a_plain_path_passes(path: str) -> None:
    names.check_path(path, "x.whl")


RESERVED = [
    "python",
    "python3",
    "python3.12",
    "python3.13t",
    "Python",
    "pythonw.exe",
    "pypy3",
    "activate",
    "activate.fish",
    "Activate.ps1",
    "activate_this.py",
    "deactivate.bat",
    "pip",
    "pip3",
    "pip3.12",
    "PIP.exe",
    "pyvenv.cfg",
    "python312._pth",
]


@pytest.mark.parametrize("name", [*RESERVED, "../x", "a/b", ".x", "-x", "", " x", "x" * 200, "a\n"])
def test_a_script_may_not_be_called_so(name: str) -> None:
    with pytest.raises(InvalidWheel):
        names.check_script_name(name, "evil", "x.whl")


@pytest.mark.parametrize(
    "name",
    [
        "ipython",
        "ipython3",
        "python-grpc-tools-protoc",
        "activate-global-python-argcomplete",
        "pip-install-dependency-groups",
        "pipx",
        "pipenv",
        "py.test",
        "python-argcomplete-check-easy-install-script",
        "pip-compile",
        "2to3",
    ],
)
def test_names_of_real_scripts_pass(name: str) -> None:
    names.check_script_name(name, "some", "x.whl")


def test_pip_may_bring_pip_but_not_python() -> None:
    names.check_script_name("pip3.12", "pip", "pip.whl")
    with pytest.raises(InvalidWheel):
        names.check_script_name("python", "pip", "pip.whl")


@pytest.mark.parametrize(
    "path",
    [
        "pyvenv.cfg",
        "PyVenv.cfg",
        ".alcove/current",
        ".alcove",
        "bin/python3",
        "bin/activate",
        "bin/pip",
        "Scripts/pip.exe",
        "bin",
        "bin/pyvenv.cfg",
        "lib/python3.12/site-packages/x.py",
        "lib64/python3.12/x",
        "lib",
    ],
)
def test_data_may_not_change_the_environment(path: str) -> None:
    with pytest.raises(InvalidWheel):
        names.check_data_path(path, "evil", "x.whl")


@pytest.mark.parametrize(
    "path", ["share/man/x.1", "etc/jupyter/x.json", "bin/tool", "lib/libx.so", "lib/pythonic/x"]
)
def test_usual_data_passes(path: str) -> None:
    names.check_data_path(path, "some", "x.whl")


def test_folded_finds_case_and_normal_forms_alike() -> None:
    assert names.folded("A/É") == names.folded("a/e\u0301")
    assert names.folded("straße") == names.folded("STRASSE")
