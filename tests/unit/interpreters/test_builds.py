"""The table of builds: which one a request means, and what is said where there is none."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from alcove.errors import NoSuchInterpreter
from alcove.interpreters import builds, names, requests
from alcove.interpreters.builds import Host

if TYPE_CHECKING:
    from alcove.interpreters.builds import Build

LINUX = Host("linux", "x86_64")


def chosen(request: str, here: Host = LINUX, mirror: str = "") -> Build:
    asked = requests.parse(request, directory="/", home="/")
    return builds.build_for(asked, here, mirror=mirror)


@pytest.mark.parametrize(
    ("request_", "implementation", "minor", "free"),
    [
        ("3.12", "CPython", (3, 12), False),
        ("cpython@3.11", "CPython", (3, 11), False),
        (">=3.9,<3.11", "CPython", (3, 10), False),
        ("3.13t", "CPython", (3, 13), True),
        ("pypy3.10", "PyPy", (3, 10), False),
        ("3.8.20", "CPython", (3, 8), False),
    ],
)
def test_a_request_means_the_newest_that_answers(
    request_: str, implementation: str, minor: tuple[int, int], *, free: bool
) -> None:
    found = chosen(request_)
    told = (found.implementation, names.release_of(found.version)[:2], found.free_threaded)
    assert told == (implementation, minor, free)
    assert len(found.sha256) == 64
    assert found.url.startswith("https://")
    asked = requests.parse(request_, directory="/", home="/")
    for one in builds.offered(LINUX):
        if requests.admits(asked, one) and one.implementation == implementation:
            assert names.version_key(one.version) <= names.version_key(found.version)


def test_without_a_version_it_is_the_newest_cpython() -> None:
    versions = [one.version for one in builds.offered(LINUX) if one.implementation == "CPython"]
    found = chosen("3")
    assert found.version == max(versions, key=names.version_key)
    assert not found.free_threaded


def test_directory_names_tell_what_they_hold() -> None:
    for request in ("3.13t", "pypy3.10", "3.12"):
        found = chosen(request)
        told = names.read(found.name)
        assert told is not None
        assert (told.version, told.free_threaded) == (found.version, found.free_threaded)
        assert told.implementation == found.implementation


def test_hosts_are_told_apart() -> None:
    machines = {
        builds.host("linux", "x86_64"): "x86_64",
        builds.host("darwin", "arm64"): "aarch64-apple-darwin",
        builds.host("win32", "AMD64"): "x86_64-pc-windows",
        builds.host("linux", "aarch64"): "aarch64-unknown-linux",
    }
    for here, part in machines.items():
        assert part in chosen("3.12", here).url
    assert "i686" in chosen("cpython@3.9-32").url


def test_a_mirror_holds_the_files_by_their_names() -> None:
    plain, mirrored = chosen("3.12"), chosen("3.12", mirror="http://mirror.example/pythons/")
    assert mirrored.sha256 == plain.sha256
    assert mirrored.url == "http://mirror.example/pythons/" + builds.file_name(plain.url)
    assert builds.hash_of(builds.file_name(plain.url)) == plain.sha256
    assert builds.hash_of("other.tar.gz") == ""


def test_some_have_no_hash_and_say_so() -> None:
    assert any(not one.sha256 for one in builds.offered(Host("linux", "i686")))


@pytest.mark.parametrize("request_", ["3.99", "3.12.99", ">=4", "pypy3.99"])
def test_what_there_is_not_is_said_with_what_there_is(request_: str) -> None:
    with pytest.raises(NoSuchInterpreter, match="no build of Python for linux on x86_64") as caught:
        chosen(request_)
    assert "3.12." in str(caught.value.hint)


@pytest.mark.parametrize("request_", ["./python", "some-name"])
def test_paths_and_names_cannot_be_installed(request_: str) -> None:
    with pytest.raises(NoSuchInterpreter, match="no version"):
        chosen(request_)


def test_python_2_is_refused_with_the_reason() -> None:
    with pytest.raises(NoSuchInterpreter, match=r"pyvenv\.cfg"):
        chosen("2.7")


def test_a_machine_without_builds_is_told() -> None:
    with pytest.raises(NoSuchInterpreter, match="plan9") as caught:
        chosen("3.12", Host("plan9", "x86_64"))
    assert "there is none" in str(caught.value.hint)
