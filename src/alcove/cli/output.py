"""How results are printed: lines for people, JSON for programs, questions on a terminal only."""

from __future__ import annotations

import os
import sys

from alcove.errors import AlcoveError, UsageError

TYPE_CHECKING = False
if TYPE_CHECKING:
    from alcove.actions.create import Created
    from alcove.actions.install import Outcome
    from alcove.cli.parse import Values

__all__ = ["confirmed", "noun", "print_json", "put", "say", "size", "tell_created", "tell_outcome"]


def say(line: str) -> None:
    """Print one line of data to stdout; what the encoding cannot say, or a terminal would obey, is escaped."""
    encoding = sys.stdout.encoding or "utf-8"
    if not line.isprintable() and sys.stdout.isatty():
        from alcove.pasting import tame

        line = tame(line)
    put(line.encode(encoding, "backslashreplace").decode(encoding) + "\n")


def print_json(value: object) -> None:
    """Print a value as JSON, indented, to stdout."""
    import json

    put(json.dumps(value, indent=2, default=list) + "\n")


def put(text: str | bytes) -> None:
    """Write to stdout; AlcoveError where it takes no more, which is told once: here, or of what is left by the last flush."""
    try:
        if isinstance(text, bytes):
            sys.stdout.buffer.write(text)
        else:
            sys.stdout.write(text)
    except BrokenPipeError:
        raise
    except OSError as error:
        sys.stdout = open(os.devnull, "w", encoding="utf-8")  # noqa: SIM115  as long as we
        raise AlcoveError(
            f"the output could not be written: {error.strerror or error}",
            hint="make room where it goes, or let it go elsewhere",
        ) from error


def noun(count: int, one: str, many: str = "") -> str:
    """Return the word that goes with a number; `many` where the plural is not `one` with an s.

    >>> noun(1, "entry", "entries"), noun(0, "distribution")
    ('entry', 'distributions')
    """
    return one if count == 1 else many or f"{one}s"


def size(count: int) -> str:
    """Return a number of bytes as people read it.

    >>> size(512), size(5 << 20)
    ('512 B', '5.0 MiB')
    """
    if count < 1024:
        return f"{count} B"
    value = count / 1024
    for unit in ("KiB", "MiB", "GiB"):
        if value < 1024:
            return f"{value:.1f} {unit}"
        value /= 1024
    return f"{value:.1f} TiB"


def confirmed(question: str, values: Values, *, without_terminal: bool) -> bool:
    """Return whether the user agrees: `-y`, or an answer on a terminal.

    Without a terminal `without_terminal` is the answer; False raises UsageError, which says that `-y` is needed.
    """
    if values.flag("yes"):
        return True
    if not (sys.stdin and sys.stdin.isatty()):
        if without_terminal:
            return True
        raise UsageError(f"{question} there is nobody to ask", hint="-y says yes")
    from alcove.console.streams import tell

    tell(f"{question} [y/N] ")
    return sys.stdin.readline().strip().lower() in ("y", "yes")


def tell_outcome(outcome: Outcome, values: Values, where: str) -> None:
    """Print what was done, or would be."""
    found = outcome.plan
    if values.flag("json"):
        print_json({"environment": where, "generation": outcome.generation, **found.as_data()})
        return
    if values.count("quiet"):
        return
    for one in found.removed:
        say(f" - {one.name} {one.before}")
    for one in found.changed:
        say(f" ~ {one.name} {one.before} -> {one.after}")
    for one in found.added:
        say(f" + {one.name} {one.after}")
    if not found:
        say("nothing to do")
    elif values.flag("dry_run"):
        say("nothing was changed (--dry-run)")


def tell_created(made: Created, values: Values, **more: object) -> None:
    """Print where the environment is, or would be, what it holds, and how it is used; `more` goes into the JSON."""
    if values.flag("json"):
        facts = {
            "path": made.layout.root,
            "python": made.interpreter.version,
            "executable": made.layout.python,
            "base": made.interpreter.executable,
            "distributions": made.outcome.plan.as_data()["added"] if made.outcome else [],
        }
        print_json(facts | more)
    elif not values.count("quiet"):
        what = f"{made.interpreter.implementation} {made.interpreter.version}"
        if values.flag("dry_run"):
            _foretell(made, what)
            return
        count = len(made.outcome.plan.added) if made.outcome else 0
        with_them = f" with {count} {noun(count, 'distribution')}" if made.outcome else ""
        say(f"created {made.layout.root} ({what}){with_them}")
        from alcove.pasting import pasted

        say(f"activate it: source {pasted(made.layout.bin + '/activate')}")


def _foretell(made: Created, what: str) -> None:
    say(f"would create {made.layout.root} ({what}, {made.interpreter.executable})")
    for one in made.outcome.plan.added if made.outcome else ():
        say(f" + {one.name} {one.after}")
    say("nothing was changed (--dry-run)")
