"""The command line of virtualenv: its summary on stdout, and its exit codes (0, 1 failed, 2 usage)."""

from __future__ import annotations

import sys
import time

from alcove.errors import AlcoveError
from alcove.virtualenv.session import session_via_cli

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Sequence

    from alcove.virtualenv.session import Session

__all__ = ["run"]


def run(words: Sequence[str]) -> int:
    """Run the command line `words` (without the program's name) and return the exit code."""
    started = time.perf_counter()
    try:
        with session_via_cli(words) as session:
            for name in ("wheel", "no_wheel"):
                if getattr(session.options, name):
                    _say(
                        f"--{name.replace('_', '-')} does nothing: virtualenv seeds no wheel any more"
                    )
            if session.options.pip not in (None, "bundle", "embed", "none"):
                _say("--pip: the pip inside is alcove's, whatever version is asked for")
            session.run()
    except SystemExit as ended:
        return ended.code if isinstance(ended.code, int) else 1
    except AlcoveError as error:
        _say(error.message)
        if error.hint:
            _say(f"\nhint: {error.hint}")
        return error.exit_code
    except (RuntimeError, OSError) as error:
        _say(f"{type(error).__name__}: {error}")
        return 1
    except KeyboardInterrupt:
        _say("interrupted")
        return 130
    if session.verbosity >= 2:
        sys.stdout.write(_summary(session, time.perf_counter() - started))
    return 0


def _summary(session: Session, seconds: float) -> str:
    lines = [
        f"created virtual environment {session.interpreter.spec} in {seconds * 1000:.0f}ms",
        f"  creator {session.creator}",
    ]
    if session.seeder.enabled:
        found = sorted(
            "==".join(path.stem.split("-"))
            for path in session.creator.purelib.iterdir()
            if path.suffix == ".dist-info"
        )
        lines += [f"  seeder {session.seeder}", f"    added seed packages: {', '.join(found)}"]
    if session.activators:
        lines.append(f"  activators {','.join(session.activators)}")
    return "\n".join(lines) + "\n"


def _say(text: str) -> None:
    sys.stderr.write(f"{text}\n")
