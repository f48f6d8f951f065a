"""Tags of interpreters that are not here: macOS, Windows, musl, 32 bits, debug, free-threaded, PyPy."""

from __future__ import annotations

import pytest
from packaging import tags as packaging_tags
from packaging.markers import Marker

from alcove.errors import UsageError
from alcove.interpreters import tags
from alcove.interpreters.declared import declared
from alcove.interpreters.kept import Interpreter
from alcove.interpreters.schemes import scheme_of
from alcove.interpreters.tags import Platform
from alcove.interpreters.target import target_of

FACTS = {
    "purelib": "lib/python3.12/site-packages",
    "ext_suffix": ".cpython-312-x86_64-linux-gnu.so",
    "soabi": "cpython-312-x86_64-linux-gnu",
    "debug": "",
    "pymalloc": "",
    "py_version_nodot": "312",
    "manylinux_refused": "",
    "machine": "x86_64",
    "multiarch": "x86_64-linux-gnu",
    "mac_version": "",
    "mac_machine": "",
    "libc": "glibc",
    "libc_version": "2.17",
    "elf_machine": "x86_64",
    "hard_float": "",
}
MARKERS = {"implementation_name": "cpython", "os_name": "posix", "sys_platform": "linux"}


def interpreter(
    *,
    free_threaded: bool = False,
    bits: int = 64,
    platform: str = "linux-x86_64",
    minor: int = 12,
    markers: dict[str, str] | None = None,
    implementation: str = "CPython",
    **facts: str,
) -> Interpreter:
    short = f"3.{minor}"
    return Interpreter(
        executable="/x/bin/python",
        implementation=implementation,
        version=f"{short}.1",
        version_info=(3, minor, 1, "final", 0),
        library=f"python{short}",
        home="/x/bin",
        prefix="/x",
        include=f"python{short}",
        cache_tag="",
        free_threaded=free_threaded,
        pointer_bits=bits,
        platform=platform,
        markers=MARKERS | (markers or {}),
        facts=FACTS | {"py_version_nodot": f"3{minor}"} | facts,
        site_packages=(),
    )


def test_cpython_on_glibc() -> None:
    found = tags.supported(interpreter())
    assert found[:4] == (
        "cp312-cp312-linux_x86_64",
        "cp312-cp312-manylinux_2_17_x86_64",
        "cp312-cp312-manylinux2014_x86_64",
        "cp312-cp312-manylinux_2_16_x86_64",
    )
    assert found[-1] == "py30-none-any"
    assert "cp32-abi3-manylinux1_x86_64" in found
    assert "cp312-cp312-manylinux_2_18_x86_64" not in found
    assert "cp312-cp312-manylinux_2_4_x86_64" not in found


@pytest.mark.parametrize(
    ("changes", "abis"),
    [
        ({"minor": 13, "free_threaded": True}, ["cp313t", "abi3t", "none"]),
        ({"minor": 12, "debug": "1"}, ["cp312d", "cp312", "abi3", "none"]),
        ({"minor": 7, "pymalloc": "1"}, ["cp37m", "abi3", "none"]),
        ({"minor": 7, "pymalloc": "1", "debug": "1"}, ["cp37dm", "abi3", "none"]),
        (
            {"minor": 14, "free_threaded": True, "debug": "1"},
            ["cp314td", "cp314t", "abi3t", "none"],
        ),
    ],
)
def test_abis(changes: dict[str, str], abis: list[str]) -> None:
    found = tags.supported(interpreter(**changes))  # type: ignore[arg-type]
    own = f"cp3{changes['minor']}-"
    assert list(dict.fromkeys(tag.split("-")[1] for tag in found if tag.startswith(own))) == abis


def test_pypy() -> None:
    found = tags.supported(
        interpreter(
            minor=9,
            markers={"implementation_name": "pypy"},
            ext_suffix=".pypy39-pp73-x86_64-linux-gnu.so",
        )
    )
    assert found[0] == "pp39-pypy39_pp73-linux_x86_64"
    assert "pp3-none-any" in found
    assert not any("abi3" in tag for tag in found)


@pytest.mark.parametrize(
    ("suffix", "abi"),
    [
        (".graalpy-38-native-x86_64-darwin.dylib", ["graalpy_38_native"]),
        (".ironpy-3.so", ["ironpy_3"]),
        (".pyd", []),
        ("", []),
    ],
)
def test_abis_of_other_implementations(suffix: str, abi: list[str]) -> None:
    assert tags._generic_abis(suffix) == abi


@pytest.mark.parametrize(
    ("system", "expected"),
    [
        (
            Platform("linux-x86_64", 64, "musl", (1, 2)),
            [
                "linux_x86_64",
                "musllinux_1_2_x86_64",
                "musllinux_1_1_x86_64",
                "musllinux_1_0_x86_64",
            ],
        ),
        (
            Platform("linux-aarch64", 64, "glibc", (2, 18)),
            [
                "linux_aarch64",
                "manylinux_2_18_aarch64",
                "manylinux_2_17_aarch64",
                "manylinux2014_aarch64",
            ],
        ),
        (
            Platform("linux-x86_64", 32, "glibc", (2, 5)),
            ["linux_i686", "manylinux_2_5_i686", "manylinux1_i686"],
        ),
        (Platform("linux-i686", 32, "glibc", (2, 5), compatible=False), ["linux_i686"]),
        (
            Platform("linux-aarch64", 32, "glibc", (2, 17)),
            [
                "linux_armv8l",
                "linux_armv7l",
                "manylinux_2_17_armv8l",
                "manylinux2014_armv8l",
                "manylinux_2_17_armv7l",
                "manylinux2014_armv7l",
            ],
        ),
        (
            Platform("linux-x86_64", 64, "glibc", (2, 6), frozenset({5})),
            ["linux_x86_64", "manylinux_2_6_x86_64"],
        ),
        (Platform("linux-mips64", 64, "glibc", (2, 30)), ["linux_mips64"]),
        (Platform("linux-x86_64", 64), ["linux_x86_64"]),
        (Platform("win-amd64", 64), ["win_amd64"]),
        (Platform("freebsd-14.0-RELEASE-amd64", 64), ["freebsd_14_0_RELEASE_amd64"]),
    ],
)
def test_platforms(system: Platform, expected: list[str]) -> None:
    assert list(tags.platforms(system)) == expected


def test_macos_is_packagings() -> None:
    system = Platform("macosx-11.0-universal2", 64, mac=(14, 4), mac_machine="arm64")
    assert list(tags.platforms(system)) == list(packaging_tags.mac_platforms((14, 4), "arm64"))
    old = Platform("macosx-10.6-i386", 32, mac=(10, 6), mac_machine="x86_64")
    assert next(tags.platforms(old)) == "macosx_10_6_i386"


@pytest.mark.parametrize(
    ("version", "numbers"), [("2.20-2014.11", (2, 20)), ("1.2", (1, 2)), ("", ()), ("2.x", (2,))]
)
def test_numbers_of_odd_versions(version: str, numbers: tuple[int, ...]) -> None:
    assert tags._numbers(version) == numbers


@pytest.mark.parametrize(
    ("python", "platform", "full", "first"),
    [
        ("3.12", "manylinux_2_28_x86_64", "3.12.0", "cp312-cp312-linux_x86_64"),
        ("3.12.1", "manylinux2014_aarch64", "3.12.1", "cp312-cp312-linux_aarch64"),
        ("3.13t", "musllinux_1_2_x86_64", "3.13.0", "cp313-cp313t-linux_x86_64"),
        ("3.11", "macosx_14_0_arm64", "3.11.0", "cp311-cp311-macosx_14_0_arm64"),
        ("3.11", "win_amd64", "3.11.0", "cp311-cp311-win_amd64"),
        ("3.7", "linux_x86_64", "3.7.0", "cp37-cp37m-linux_x86_64"),
    ],
)
def test_declared_targets(python: str, platform: str, full: str, first: str) -> None:
    target = declared(python, platform)
    assert (target.python, target.tags[0]) == (full, first)
    assert target.markers["python_full_version"] == full


def test_a_declared_target_answers_markers() -> None:
    windows = {key: str(value) for key, value in declared("3.12", "win_amd64").markers.items()}
    assert Marker("sys_platform == 'win32' and platform_machine == 'AMD64'").evaluate(dict(windows))
    pypy = declared("3.9", "manylinux_2_28_x86_64", pypy="73")
    assert pypy.tags[0] == "pp39-pypy39_pp73-linux_x86_64"
    assert Marker("implementation_name == 'pypy'").evaluate(dict(pypy.markers))


@pytest.mark.parametrize(
    ("python", "platform"),
    [
        ("2.7", "win_amd64"),
        ("3", "win_amd64"),
        ("3.12.1.2", "win_amd64"),
        ("x", "win_amd64"),
        ("3.12", ""),
        ("3.12", "manylinux_2_x86_64"),
        ("3.12", "manylinux_3_1_x86_64"),
        ("3.12", "solaris_11_0_x"),
        ("3.12", "linux"),
    ],
)
def test_what_is_no_target_is_refused(python: str, platform: str) -> None:
    with pytest.raises(UsageError) as caught:
        declared(python, platform)
    assert "as in" in str(caught.value.hint)


def test_tags_are_kept_and_never_taken_for_others(
    tmp_path: object, monkeypatch: pytest.MonkeyPatch
) -> None:
    cache = str(tmp_path)
    one, other = interpreter(), interpreter(libc_version="2.36")
    first = target_of(one, cache=cache)
    monkeypatch.setattr(tags, "supported", lambda _: pytest.fail("computed again"))
    assert target_of(one, cache=cache) == first
    monkeypatch.setattr(tags, "supported", lambda _: ("x-y-z",))
    assert target_of(other, cache=cache).tags == ("x-y-z",)
    assert target_of(one).tags == ("x-y-z",)


def test_schemes() -> None:
    posix = scheme_of(interpreter())
    assert posix.packages == "lib/python3.12/site-packages"
    assert (posix.library, posix.scripts, posix.include) == (
        "lib/python3.12",
        "bin",
        "include/python3.12",
    )
    assert posix.headers == "include/site/python3.12"
    assert posix.lib64
    assert posix.pythons == ("python", "python3", "python3.12")
    free = scheme_of(interpreter(minor=13, free_threaded=True))
    assert free.pythons == ("python", "python3", "python3.13", "python3.13t")
    pypy = scheme_of(interpreter(minor=9, implementation="PyPy"))
    assert pypy.pythons[-1] == "pypy3.9"
    assert not scheme_of(interpreter(bits=32)).lib64
    assert not scheme_of(interpreter(markers={"sys_platform": "darwin"})).lib64
    windows = scheme_of(interpreter(markers={"os_name": "nt"}, purelib="Lib/site-packages"))
    assert (windows.scripts, windows.packages, windows.library, windows.lib64) == (
        "Scripts",
        "Lib/site-packages",
        "Lib",
        False,
    )
