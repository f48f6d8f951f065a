"""What is said of builds that failed for want of something."""

from __future__ import annotations

import pytest

from alcove.builds.advice import advice


@pytest.mark.parametrize(
    ("output", "said"),
    [
        ("building 'x'\nerror: command 'gcc' failed: No such file or directory", "compiler gcc,"),
        ("unable to execute 'x86_64-linux-gnu-gcc': No such file or directory", "linux-gnu-gcc,"),
        ("error: [Errno 2] No such file or directory: '/opt/bin/cc'", "compiler /opt/bin/cc,"),
        ("error: [Errno 2] No such file or directory: 'clang++'", "compiler clang++,"),
        ("x.c:1:10: fatal error: Python.h: No such file or directory", "headers of this Python"),
        ("x.c:2:10: fatal error: ffi.h: No such file or directory", "the header ffi.h is missing"),
        ("x.c:2:10: fatal error: 'yaml.h' file not found", "the header yaml.h is missing"),
        ("error: can't find Rust compiler", "a Rust compiler"),
        ("Cargo, the Rust package manager, is not installed or is not on PATH.", "install Rust"),
        ("error: Microsoft Visual C++ 14.0 or greater is required.", "a C compiler"),
        ("../meson.build:1:0: ERROR: Unknown compiler(s): [['cc'], ['gcc']]", "a C compiler"),
        ("Error: pg_config executable not found.", "pg_config is missing"),
        (
            "  File 'setup.py'\nModuleNotFoundError: No module named 'numpy'",
            "the module numpy, which",
        ),
        (
            "ModuleNotFoundError: No module named 'pkg_resources'",
            "setuptools<81 into a file, and name that with --build-constraint FILE",
        ),
        ("OSError: [Errno 28] No space left on device: 'x'", "TMPDIR"),
    ],
)
def test_what_is_missing_is_named(output: str, said: str) -> None:
    assert said in (advice(output) or "")


@pytest.mark.parametrize(
    "output",
    [
        "",
        "error: [Errno 2] No such file or directory: 'README.md'",
        "error: [Errno 2] No such file or directory: 'doc/{0}.txt'",
        "error: [Errno 2] No such file or directory: 'build'",
        "error: [Errno 2] No such file or directory: 'data/x.tar'",
        "error: command '/usr/bin/gcc' failed with exit code 1",
        "ValueError: no",
    ],
)
def test_nothing_is_guessed(output: str) -> None:
    assert advice(output) is None
