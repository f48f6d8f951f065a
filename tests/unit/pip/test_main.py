"""The command line around the commands: help, version, usage errors, what goes to the real pip."""

from __future__ import annotations

import io
import os
from typing import TYPE_CHECKING

import pytest

from alcove.errors import AlcoveError
from alcove.pip import entry
from alcove.pip.options import COMMANDS, REAL
from alcove.pip.output import Output

if TYPE_CHECKING:
    from pathlib import Path

    from tests.unit.pip.fakes import Inside


@pytest.mark.parametrize("words", ["--version", "-V", "-V list", "--versio"])
def test_version(inside: Inside, words: str) -> None:
    place = inside.site_packages / "pip"
    assert inside.pip(*words.split()) == (f"pip 26.3 from {place} (python 3.12)\n", "", 0)


@pytest.mark.parametrize("words", ["", "help", "--help", "-h", "-h list", "--help frob"])
def test_help(inside: Inside, words: str) -> None:
    answer = inside.pip(*words.split())
    assert answer.code == 0
    assert answer.out.startswith("\nUsage:   \n  pip <command> [options]\n\nCommands:\n  install ")
    assert all(f"  {name} " in answer.out for name in (*COMMANDS, *REAL))


@pytest.mark.parametrize("name", COMMANDS)
@pytest.mark.parametrize("form", ["help {}", "{} --help", "{} -h", "-v {} --help"])
def test_help_of_a_command(inside: Inside, name: str, form: str) -> None:
    answer = inside.pip(*form.format(name).split())
    assert answer.code == 0
    assert answer.out.startswith(f"\nUsage:   \n  pip {name} ")
    assert ("--target <text>" in answer.out) == (name == "install")


@pytest.mark.parametrize(
    ("word", "maybe"),
    [
        ("frobnicate", ""),
        ("instal", ' - maybe you meant "install"'),
        ("lst", ' - maybe you meant "list"'),
    ],
)
@pytest.mark.parametrize("form", ["{}", "help {}", "-q {} x"])
def test_unknown_command(inside: Inside, word: str, maybe: str, form: str) -> None:
    answer = inside.pip(*form.format(word).split())
    assert answer == ("", f'ERROR: unknown command "{word}"{maybe}\n', 1)


def test_usage_error_of_a_command(inside: Inside) -> None:
    assert inside.pip("list", "--frob") == (
        "",
        "\nUsage:   \n  pip list [options]\n\nno such option: --frob\n",
        2,
    )


def test_usage_error_before_the_command(inside: Inside) -> None:
    assert inside.pip("--frob", "list") == (
        "",
        "\nUsage:   \n  pip <command> [options]\n\nno such option: --frob\n",
        2,
    )


def test_general_options_on_both_sides(inside: Inside) -> None:
    inside.add("a", "1")
    assert inside.pip("-q", "list", "-v").out
    assert inside.pip("--isolated", "list", "list").code == 0
    assert inside.asked_defaults[-1] == ("list", True)


@pytest.mark.parametrize(
    "words",
    [
        "search x",
        "-v search -i y x",
        "help search",
    ],
)
def test_the_real_pip_gets_the_rest_whole(inside: Inside, words: str) -> None:
    answer = inside.pip(*words.split())
    assert answer == ("", "", 7)
    line, environ = inside.executed[0]
    python = str(inside.prefix / "bin" / "python")
    assert line == [python, "-I", "/real/pip-26.3", *words.split()]
    assert environ["PIP_DISABLE_PIP_VERSION_CHECK"] == "1"


def test_another_python_is_left_to_its_own_pip(inside: Inside) -> None:
    other = inside.home / "other"
    site = other / "lib" / "python3.12" / "site-packages"
    (site / "pip").mkdir(parents=True)
    (other / "bin").mkdir()
    python = other / "bin" / "python"
    python.touch()
    (other / "pyvenv.cfg").write_text("home = /nowhere\n")
    words = ["--python", "other", "--isolated", "install", "x"]
    assert inside.pip(*words).code == 7  # no pip of ours there: the real one does it
    assert inside.executed.pop()[0][1:] == ["-I", "/real/pip-26.3", *words]
    (site / "pip" / "_launch.py").touch()
    for said in ("other", str(python)):
        assert inside.pip("--isolated", f"--python={said}", "install", "x").code == 7
        assert inside.executed.pop()[0] == [str(python), "-m", "pip", "--isolated", "install", "x"]


def test_another_python_by_a_setting(inside: Inside) -> None:
    """PIP_PYTHON, or `python` in a configuration file: for this pip alone, not for the one that it leads to."""
    inside.defaults["python"] = [str(inside.prefix)]
    (inside.site_packages / "pip").mkdir()
    (inside.site_packages / "pip" / "_launch.py").touch()
    assert inside.pip("list", "--format=json").code == 7
    line, environ = inside.executed[0]
    assert line == [f"{inside.prefix}/bin/python", "-m", "pip", "list", "--format=json"]
    inside.environ.update(environ)
    assert inside.pip("list", "--format=json").out == "[]\n"


def test_another_python_that_is_not_there(inside: Inside) -> None:
    answer = inside.pip("--python", "/nowhere", "list")
    assert (answer.code, inside.executed) == (1, [])
    assert answer.err.startswith("ERROR: Could not locate Python interpreter /nowhere\n")


def test_a_completion_variable_alone_asks_nothing(inside: Inside) -> None:
    inside.environ["PIP_AUTO_COMPLETE"] = "1"
    assert inside.pip("list").code == 0


def test_the_real_pip_of_an_environment_without_python(inside: Inside) -> None:
    (inside.prefix / "bin" / "python").unlink()
    answer = inside.pip("search", "x")
    assert answer.code == 1
    assert answer.err.startswith(f"ERROR: the Python of {inside.prefix} is gone: ")
    assert "hint: alcove repair" in answer.err


def test_an_empty_python_is_this_one(inside: Inside) -> None:
    inside.add("a", "1")
    assert inside.pip("--python=", "freeze") == ("a==1\n", "", 0)
    assert inside.pip("freeze", "--python", "") == ("a==1\n", "", 0)
    assert inside.executed == []


def test_python_behind_the_command(inside: Inside) -> None:
    answer = inside.pip("list", "--python", "x")
    assert answer.err == (
        "ERROR: The --python option must be placed before the pip subcommand name\n"
    )


def test_no_environment(inside: Inside) -> None:
    (inside.prefix / "pyvenv.cfg").unlink()
    answer = inside.pip("list")
    assert answer.code == 1
    assert answer.err.startswith("ERROR: ")
    assert "hint: " in answer.err


def test_an_environment_without_modules(inside: Inside) -> None:
    inside.site_packages.rmdir()
    answer = inside.pip("list")
    assert answer.code == 1
    assert "no environment: it has no site-packages" in answer.err


@pytest.mark.parametrize(
    ("library", "version"), [("python3.13t", "3.13"), ("pypy3.9", "3.9"), ("python3.8", "3.8")]
)
def test_the_python_is_told_by_the_library(inside: Inside, library: str, version: str) -> None:
    old = inside.prefix / "lib" / "python3.12"
    old.rename(old.with_name(library))
    assert inside.pip("--version").out.endswith(f"(python {version})\n")


def test_of_two_libraries_the_settings_tell(inside: Inside) -> None:
    (inside.prefix / "lib" / "python3.9" / "site-packages").mkdir(parents=True)
    assert inside.pip("--version").out.endswith("(python 3.12)\n")
    (inside.prefix / "pyvenv.cfg").write_text("version = 3.9.18\n")
    assert inside.pip("--version").out.endswith("(python 3.9)\n")


def test_log(inside: Inside) -> None:
    inside.add("a", "1")
    log = inside.home / "deep" / "pip.log"
    assert inside.pip("-q", "--log", str(log), "list").out == ""
    assert inside.pip("show", "b", "--log", str(log)).code == 1
    lines = log.read_text().splitlines()
    assert [line.split(" ", 1)[1] for line in lines] == [
        "Package Version",
        "------- -------",
        "a       1",
        "WARNING: Package(s) not found: b",
    ]
    assert lines[0][4] == "-"


def test_what_ends_a_command_is_told_as_its_options_want_it(inside: Inside) -> None:
    log = inside.home / "pip.log"
    inside.actions.error = AlcoveError("no such thing", hint="another thing")
    assert inside.pip("install", "x", "--log", str(log)).err.endswith("hint: another thing\n")
    assert log.read_text().splitlines()[0].endswith(" ERROR: no such thing")
    answer = inside.pip("-qq", "install", "x")
    assert (answer.err, answer.code) == ("ERROR: no such thing\n", 1)
    inside.actions.error = OSError("gone")
    inside.pip("install", "x", "--log", str(log))
    assert "due to an OSError: gone" in log.read_text()


def test_a_log_that_cannot_be_written(inside: Inside) -> None:
    inside.add("a", "1")
    answer = inside.pip("list", "--log", str(inside.prefix / "pyvenv.cfg" / "x"))
    assert answer.code == 0
    assert answer.err.count("cannot be written") == 1


class Terminal(io.StringIO):
    """A stream that says it is a terminal."""

    def isatty(self) -> bool:
        """Say yes."""
        return True


def test_colour_is_for_terminals_alone() -> None:
    out, err = io.StringIO(), Terminal()
    Output(out, err, colour=True).warning("w")
    Output(out, err, colour=False).error("e")
    assert err.getvalue() == "\x1b[33mWARNING: w\x1b[0m\nERROR: e\n"


@pytest.mark.parametrize(
    ("verbosity", "expected"),
    [
        (0, "WARNING: w\nERROR: e\nERROR: c\n"),
        (-1, "WARNING: w\nERROR: e\nERROR: c\n"),
        (-2, "ERROR: e\nERROR: c\n"),
        (-3, "ERROR: c\n"),
    ],
)
def test_verbosity(verbosity: int, expected: str) -> None:
    err = io.StringIO()
    output = Output(io.StringIO(), err, verbosity=verbosity)
    output.warning("w")
    output.error("e")
    output.critical("c")
    assert err.getvalue() == expected


@pytest.mark.parametrize(
    ("encoding", "expected"), [("utf-8", b"/a\xff\xc3\xbc\n"), ("ascii", b"/a\\udcff\\xfc\n")]
)
def test_any_path_can_be_written(encoding: str, expected: bytes) -> None:
    raw = io.BytesIO()
    stream = io.TextIOWrapper(raw, encoding=encoding, newline="\n")
    output = Output(stream, io.StringIO())
    output.info("/a\udcffü")
    output.flush()
    assert raw.getvalue() == expected


def test_no_control_codes_of_a_terminal_from_names() -> None:
    out = io.StringIO()
    Output(out, io.StringIO()).info("a\rb\x08c\x07\td")
    assert out.getvalue() == "abc     d\n"


def test_entry(tmp_path: Path, inside: Inside, capsys: pytest.CaptureFixture[str]) -> None:
    inside.add("a", "1")

    def run(words: list[str]) -> int:
        return entry.start(
            words,
            environ={},
            defaults=lambda _command, _isolated: {},
            actions=pytest.fail,
        )

    assert run([str(inside.prefix), "pip", "freeze"]) == 0
    assert capsys.readouterr().out == "a==1\n"
    assert run([str(tmp_path)]) == 2
    assert run([str(inside.prefix), "x -m pip", "list", "--z"]) == 2
    assert "  x -m pip list [options]\n" in capsys.readouterr().err


def test_entry_in_a_directory_that_is_gone(
    tmp_path: Path, inside: Inside, monkeypatch: pytest.MonkeyPatch
) -> None:
    gone = tmp_path / "gone"
    gone.mkdir()
    monkeypatch.chdir(gone)
    gone.rmdir()
    code = entry.start(
        [str(inside.prefix), "pip", "--version"],
        environ=os.environ,
        defaults=lambda _command, _isolated: {},
        actions=pytest.fail,
    )
    assert code == 0


def test_nobody_answers(monkeypatch: pytest.MonkeyPatch) -> None:
    """The exit code of an `uninstall` without -y in a script must not be that of one that was done."""
    monkeypatch.setattr("sys.stdin", io.StringIO(""))
    with pytest.raises(AlcoveError, match=r"question: Proceed \(Y/n\)\?$"):
        entry._ask("Proceed (Y/n)? ")
