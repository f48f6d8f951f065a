"""Launchers and rewritten first lines, as text; tests/functional runs them."""

from __future__ import annotations

import ast

import pytest

from alcove.errors import UsageError
from alcove.wheels.launchers import launcher, moved, rewrite_shebang


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


def test_a_path_that_is_no_utf_8_is_not_in_the_source() -> None:
    text = launcher("/bad\udcff 100%'/python", "m", "f")
    third = text.splitlines()[2].decode("ascii")
    assert third == '\'exec\' "$(printf \'/bad\\377\\040100\\045\\047/python\')" "$0" "$@"'
    ast.parse(text)
    assert rewrite_shebang(b"#!python\nx = 1\n", "/bad\udcff").startswith(
        b"#!/bin/sh\n# -*- coding"
    )


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


LONG = "/" + "d" * 126


@pytest.mark.parametrize(
    ("script", "expected"),
    [
        (b"#!/old/bin/python\nx\n", b"#!/new/bin/python\nx\n"),
        (b"#!/old/bin/python3.12 -I\r\nx", b"#!/new/bin/python3.12 -I\r\nx"),
        (b"#!/old/bin/xonsh", b"#!/new/bin/xonsh"),
        (b"#!/old/bin2/python\nx\n", None),
        (b"#!/usr/bin/env python\n/old/bin/python\n", None),
        (b"#!/bin/sh\n\n'exec' me\n/old/bin/python", None),
        (b"\x7fELF/old/bin/", None),
        (b"", None),
    ],
)
def test_a_script_follows_its_interpreter(script: bytes, expected: bytes | None) -> None:
    assert moved(script, "/old/bin", "/new/bin") == (script if expected is None else expected)


@pytest.mark.parametrize("old", ["/old/bin", "/my 'old' \\ envs/bin", LONG])
@pytest.mark.parametrize("new", ["/new/bin", "/it's new/bin", LONG + "/more"])
def test_what_goes_through_sh_follows_too(old: str, new: str) -> None:
    text = launcher(f"{old}/python3", "m", "f")
    assert moved(text, old, new).partition(b"import sys")[2] == text.partition(b"import sys")[2]
    first, wanted = (
        content.partition(b"\nimport sys")[0].replace(b"# -*- coding: utf-8 -*-", b"").rstrip()
        for content in (moved(text, old, new), launcher(f"{new}/python3", "m", "f"))
    )
    assert first == wanted


def test_what_no_system_would_read_whole_stays() -> None:
    assert moved(b"#!/old/bin/node\nx\n", "/old/bin", "/a b/bin") == b"#!/old/bin/node\nx\n"


@pytest.mark.parametrize(
    ("line", "new", "becomes"),
    [
        ('"/old one/bin/python" "$0" "$@"', "/it's new/bin", '"/it\'s new/bin/python" "$0" "$@"'),
        ("'/old one/bin/python3' \"$0\"", "/new one/bin", "'/new one/bin/python3' \"$0\""),
        ("/old one/bin/python", "/n-1/bin", "/n-1/bin/python"),
        ('"/old one/bin/python" "$0"', "/new $HOME/bin", ""),
        ("'/old one/bin/python' \"$0\"", "/it's/bin", ""),
        ("/old one/bin/python", "/new one/bin", ""),
        ('"/other/bin/python" "$0"', "/new/bin", ""),
    ],
)
def test_the_lines_of_other_tools_move_where_they_can(line: str, new: str, becomes: str) -> None:
    text = "#!/bin/sh\n'''exec' {}\n' '''\nprint(1)\n"
    script = text.format(line).encode()
    wanted = text.format(becomes).encode() if becomes else script
    assert moved(script, "/old one/bin", new) == wanted
