"""Launchers and rewritten first lines, as text; tests/functional runs them."""

from __future__ import annotations

import ast

import pytest

from alcove.errors import UsageError
from alcove.wheels.launchers import launcher, rewrite_shebang


def test_a_launcher_names_the_interpreter_in_its_first_line() -> None:
    text = launcher("/e/bin/python", "pkg.mod", "Class.main").decode()
    lines = text.splitlines()
    assert lines[0] == "#!/e/bin/python"
    assert "from pkg.mod import Class" in lines
    assert "    sys.exit(Class.main())" in lines
    ast.parse(text)


@pytest.mark.parametrize(
    "python",
    ["/my envs/bin/python", "/" + "d" * 126 + "/python", "/it's \\N odd\\/python", "/tab\tx"],
)
def test_a_long_or_blank_path_goes_through_sh(python: str) -> None:
    text = launcher(python, "m", "f").decode()
    assert text.startswith("#!/bin/sh\n# -*- coding: utf-8 -*-\n'exec' ")
    first = ast.parse(text).body[0]
    assert isinstance(first, ast.Expr)
    assert isinstance(first.value, ast.Constant)
    assert first.value.value == f"exec{python}$0$@"


def test_a_line_break_in_the_path_is_refused() -> None:
    with pytest.raises(UsageError):
        launcher("/a\nb/python", "m", "f")


@pytest.mark.parametrize(
    ("script", "expected"),
    [
        (b"#!python\nprint(1)\n", b"#!/p\nprint(1)\n"),
        (b"#!pythonw -u\r\nprint(1)\n", b"#!/p\nprint(1)\n"),
        (b"#!python", b"#!/p\n"),
        (b"#!python3\nx\n", b"#!python3\nx\n"),
        (b"#!/usr/bin/env python\nx\n", b"#!/usr/bin/env python\nx\n"),
        (b"\x7fELF\0", b"\x7fELF\0"),
        (b"", b""),
    ],
)
def test_only_a_placeholder_is_rewritten(script: bytes, expected: bytes) -> None:
    assert rewrite_shebang(script, "/p") == expected
