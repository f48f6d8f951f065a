"""The pip of one environment: reads its command line, runs the command, gives the exit code.

Everything that the process has (streams, variables, the way to alcove's actions) is handed in; only
`entry` takes it from the process itself.
"""

from __future__ import annotations

import os

from alcove.errors import AlcoveError, NoSuchDistribution, ResolutionImpossible, UsageError
from alcove.pip import where
from alcove.pip.options import COMMANDS, GENERAL, LATER, REAL
from alcove.pip.output import Output
from alcove.pip.parse import Parsed, parse
from alcove.pip.session import Session
from alcove.pip.version import PIP_VERSION
from alcove.records import NamedTuple

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable, Mapping, Sequence
    from typing import TextIO

    from alcove.pip.actions import Actions
    from alcove.pip.options import Command
    from alcove.pip.where import Place

__all__ = ["Process", "run"]

_VERSION = (("-V", "--version"), "flag", "version", ())
_ELSEWHERE = "_PIP_RUNNING_IN_SUBPROCESS"  # pip's own word for it: whoever finds it does not look elsewhere again
_BROKEN_PIPE = 120  # pip's exit code when nobody reads its stdout any more


class Process(NamedTuple):
    """What a pip has from the process it runs in, and its ways to the rest of alcove.

    `program`: how it was called, for usage lines ("pip", "ENV/bin/python -m pip"). `execute` runs the real
    pip and may not return. `ask` puts a question. `directory`: where the user stands (absolute).
    `defaults`: from a command's name, and whether --isolated was given, to what configuration files and
    PIP_* variables say: values by long option name without dashes. `actions` makes alcove's side. `cache`: where
    what was found is remembered (absolute), or "".
    """

    program: str
    directory: str
    environ: Mapping[str, str]
    stdout: TextIO
    stderr: TextIO
    ask: Callable[[str], str]
    execute: Callable[[list[str], dict[str, str]], int]
    defaults: Callable[[str, bool], Mapping[str, Sequence[str]]]
    actions: Callable[[], Actions]
    cache: str = ""


class _UsageProblem(Exception):
    """A usage error, with the usage lines of the command that it belongs to."""

    def __init__(self, error: UsageError, forms: Sequence[str]) -> None:
        super().__init__(error.message)
        self.error = error
        self.forms = forms


def run(arguments: Sequence[str], *, prefix: str, process: Process) -> int:
    """Run `pip ARGUMENTS` for the environment `prefix` (absolute) and return the exit code.

    Never raises for what a user can do: 0 done, 1 failed, 2 usage, 120 a reader of stdout that went away.
    """
    output = Output(process.stdout, process.stderr, environment=_unless_active(prefix, process))
    try:
        code = _run(list(arguments), prefix, process)
        output.flush()
    except _UsageProblem as problem:
        return _tell_usage(problem, process)
    except AlcoveError as error:
        _tell_error(error, output)
        return error.exit_code
    except KeyboardInterrupt:
        output.critical("Operation cancelled by user")
        return 1
    except BrokenPipeError:
        return _tell_broken_pipe(process)
    except (OSError, MemoryError) as error:
        _tell_system("go on", error, output, process)
        return 1
    return code


def _run(arguments: list[str], prefix: str, process: Process) -> int:
    main_usage = ("<command> [options]",)
    if arguments == ["--alcove-real-pip"]:  # asked by `real_pip` of the environment's own files
        return _tell_real(where.find(prefix), process)
    try:
        general = parse(arguments, (_VERSION, *GENERAL), interspersed=False)
    except UsageError as error:
        raise _UsageProblem(error, main_usage) from error
    place = where.find(prefix, before=_python_path(process), user_base=_user_base(process))
    if "PIP_AUTO_COMPLETE" in process.environ and _completed(place, process):
        return 1
    words = general.arguments
    if python := general.text("python"):  # as with pip, an empty one is none
        return _elsewhere(place, python, _without_python(arguments), process)
    if words and words[0] in REAL and not general.flag("version"):
        return _real(place, arguments, process)
    if general.flag("version"):
        location = os.path.join(place.site_packages, "pip")
        process.stdout.write(f"pip {PIP_VERSION} from {location} (python {place.python})\n")
        return 0
    if not words or general.flag("help") or words[0] == "help":
        return _help(place, general, arguments, process)
    name = words[0]
    if name not in COMMANDS and name not in LATER:
        raise _unknown(name)
    before = arguments[: len(arguments) - len(words)]
    rest = before + words[1:]
    return _command(name, rest, place, process)


def _command(name: str, arguments: list[str], place: Place, process: Process) -> int:
    command = _described(name)
    options = (*command.options, *GENERAL)
    try:
        configured = dict(process.defaults(name, "--isolated" in arguments))
        python = configured.pop("python", ())  # is said of pip itself, not of the command
        parsed = parse(arguments, options, defaults=configured)
    except UsageError as error:
        raise _UsageProblem(error, command.usage) from error
    if parsed.flag("help"):
        from alcove.pip import help as pip_help

        process.stdout.write(pip_help.of_command(process.program, name))
        return 0
    if parsed.text("python"):
        raise AlcoveError("The --python option must be placed before the pip subcommand name")
    if python and _ELSEWHERE not in process.environ:
        return _elsewhere(place, python[-1], [name, *arguments], process)
    output = _output(parsed, process, place.prefix)
    session = Session(
        place=place,
        parsed=parsed,
        output=output,
        actions=process.actions,
        ask=_asking(parsed, process),
        execute=process.execute,
        command=("pip", name, *arguments),
        directory=process.directory,
        program=process.program,
        environ=process.environ,
        cache=process.cache,
    )
    return _carried_out(name, session, process)


def _carried_out(name: str, session: Session, process: Process) -> int:
    """Run a command; what ends it is told as its options want it: in `--log` too, and with `-qq` without a hint."""
    try:
        code = _runner(name)(session)
    except AlcoveError as error:
        _tell_error(error, session.output)
        return error.exit_code
    except BrokenPipeError:
        raise
    except (OSError, MemoryError) as error:
        what = "install packages" if name == "install" else f"carry out pip {name}"
        _tell_system(what, error, session.output, process)
        return 1
    session.output.flush()
    return code if session.output.is_whole else code or 1


def _completed(place: Place, process: Process) -> bool:
    """Answer a completion script, where it is one that asks."""
    from alcove.pip.completing import candidates, is_asked

    if not is_asked(process.environ):
        return False
    found = candidates(
        process.environ,
        directory=process.directory,
        installed=lambda: [
            one.normalised
            for one in place.inventory(
                lambda: process.actions().base_paths(), process.cache
            ).contents.distributions
            if place.owns(one)
        ],
    )
    process.stdout.write("".join(f"{word}\n" for word in found))
    return True


def _described(name: str) -> Command:
    if name in COMMANDS:
        return COMMANDS[name]
    from alcove.pip.more_options import command_of

    return command_of(name)


def _runner(name: str) -> Callable[[Session], int]:
    """Return what runs a command; only its own module is imported."""
    if name == "list":
        from alcove.pip.listing import run as runner
    elif name == "freeze":
        from alcove.pip.freeze import run as runner
    elif name == "show":
        from alcove.pip.show import run as runner
    elif name == "check":
        from alcove.pip.check import run as runner
    elif name == "install":
        from alcove.pip.install import run as runner
    elif name == "uninstall":
        from alcove.pip.uninstall import run as runner
    else:
        from alcove.pip.more import runner_of

        return runner_of(name)
    return runner


def _unless_active(prefix: str, process: Process) -> str:
    """Return `prefix`, "" where it is the environment that commands of alcove find by themselves."""
    return "" if process.environ.get("VIRTUAL_ENV") == prefix else prefix


def _output(parsed: Parsed, process: Process, prefix: str) -> Output:
    colour = not parsed.flag("no_color") and not process.environ.get("NO_COLOR")
    return Output(
        process.stdout,
        process.stderr,
        verbosity=2 if parsed.flag("debug") else parsed.times("verbose") - parsed.times("quiet"),
        colour=colour and process.environ.get("TERM") != "dumb",
        log=parsed.text("log"),
        environment=_unless_active(prefix, process),
    )


def _asking(parsed: Parsed, process: Process) -> Callable[[str], str]:
    def refuse(question: str) -> str:
        raise AlcoveError(
            f"No input was expected (--no-input); question: {question}", hint="add -y"
        )

    return refuse if parsed.flag("no_input") else process.ask


def _python_path(process: Process) -> list[str]:
    """Return the directories that PYTHONPATH puts before the environment's own."""
    said = process.environ.get("PYTHONPATH", "")
    return [os.path.join(process.directory, path) for path in said.split(os.pathsep) if path]


def _user_base(process: Process) -> str:
    """Return where the user's own modules lie; "" where they are switched off or nobody's."""
    environ = process.environ
    if environ.get("PYTHONNOUSERSITE"):
        return ""
    home = environ.get("HOME", "")
    return environ.get("PYTHONUSERBASE") or (os.path.join(home, ".local") if home else "")


def _help(place: Place, general: Parsed, arguments: list[str], process: Process) -> int:
    from alcove.pip import help as pip_help

    words = general.arguments
    name = words[1] if words[:1] == ["help"] and len(words) > 1 and not general.flag("help") else ""
    if name in REAL:
        return _real(place, arguments, process)
    if name and name not in COMMANDS and name not in LATER:
        raise _unknown(name)
    text = pip_help.of_command(process.program, name) if name else pip_help.of_pip(process.program)
    process.stdout.write(text)
    return 0


def _real(place: Place, arguments: Sequence[str], process: Process) -> int:
    from alcove.pip.delegate import hand_over

    process.stdout.flush()
    return hand_over(
        place, process.actions(), arguments, environ=process.environ, execute=process.execute
    )


def _tell_real(place: Place, process: Process) -> int:
    from alcove.pip.version import real_pip_for

    process.stdout.write(process.actions().real_pip(real_pip_for(place.python)) + "\n")
    return 0


def _elsewhere(place: Place, python: str, arguments: Sequence[str], process: Process) -> int:
    """Do what `--python` asks: by the pip of that environment where it is one of ours, else by the real pip."""
    said = os.path.join(process.directory, python)
    names = ("bin/python", "Scripts/python.exe")
    inside = [f"{said}/{name}" for name in names] if os.path.isdir(said) else [said]
    program = next((path for path in inside if os.path.isfile(path)), "")
    if not program:
        raise AlcoveError(
            f"Could not locate Python interpreter {python}",
            hint="--python takes an interpreter, or the directory of an environment",
        )
    prefix = os.path.dirname(os.path.dirname(os.path.abspath(program)))
    try:
        other = where.find(prefix)
    except AlcoveError:
        other = None
    if other is None or not os.path.isfile(f"{other.site_packages}/pip/_launch.py"):
        return _real(place, ["--python", python, *arguments], process)
    process.stdout.flush()
    # What asked for that Python may be a setting, which holds for that pip as well.
    return process.execute([program, "-m", "pip", *arguments], {**process.environ, _ELSEWHERE: "1"})


def _without_python(arguments: Sequence[str]) -> list[str]:
    """Return a command line without its first `--python`."""
    rest = list(arguments)
    for index, word in enumerate(rest):
        if word.partition("=")[0] in ("--python", "--pytho", "--pyth"):
            del rest[index : index + (1 if "=" in word else 2)]
            break
    return rest


def _unknown(name: str) -> AlcoveError:
    import difflib

    near = difflib.get_close_matches(name.lower(), [*COMMANDS, *LATER, *REAL, "help"], n=1)
    maybe = f' - maybe you meant "{near[0]}"' if near else ""
    return AlcoveError(f'unknown command "{name}"{maybe}')


def _tell_usage(problem: _UsageProblem, process: Process) -> int:
    from alcove.pip.help import usage

    text = usage(process.program, problem.forms) + f"\n{problem.error.message}\n"
    if (
        problem.error.hint and problem.error.hint != problem.error.advice
    ):  # pip says no more than this
        text += f"hint: {problem.error.hint}\n"
    process.stdout.flush()
    process.stderr.write(text)
    return 2


def _tell_error(error: AlcoveError, output: Output) -> None:
    from alcove.pip.actions import NothingFits

    # Programs look for these lines of pip's.
    requirement = ""
    if isinstance(error, NoSuchDistribution | ResolutionImpossible) and error.requirement:
        requirement = error.requirement
        versions = ", ".join(error.versions) or "none"
        output.critical(
            "Could not find a version that satisfies the requirement"
            f" {requirement} (from versions: {versions})"
        )
    output.critical(error.message)
    if requirement and not isinstance(error, NothingFits):
        output.critical(f"No matching distribution found for {requirement}")
    elif isinstance(error, ResolutionImpossible):
        output.critical("ResolutionImpossible: the requirements exclude each other")
    # pip says no more than the line itself; but a command of ours that mends it is worth one more
    if error.hint and (error.hint != error.advice or error.hint.startswith("alcove ")):
        output.hint(error.hint)


def _tell_system(what: str, error: OSError | MemoryError, output: Output, process: Process) -> None:
    from alcove import limits, settings
    from alcove.environments.layout import advice

    if isinstance(error, MemoryError):
        output.critical("There is not enough memory")
        output.hint(limits.advice(error))
        return
    output.critical(f"Could not {what} due to an OSError: {error}")
    given = settings.read(process.environ, cwd=process.directory)
    if hint := given.advice(error) or advice(error):
        output.hint(hint)


def _tell_broken_pipe(process: Process) -> int:
    """Say it where somebody may still read, and keep the interpreter from saying it again at its end."""
    try:
        process.stderr.write("ERROR: Pipe to stdout was broken\n")
        process.stderr.flush()
        descriptor = os.open(os.devnull, os.O_WRONLY)
        os.dup2(descriptor, process.stdout.fileno())
        os.close(descriptor)
    except (OSError, ValueError):
        return _BROKEN_PIPE
    return _BROKEN_PIPE
