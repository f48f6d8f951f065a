"""Where pip's words go: data and news to stdout, warnings and errors to stderr, all of it to `--log`."""

from __future__ import annotations

import os
import sys
import time

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import BinaryIO, TextIO


__all__ = ["Output"]

_RED, _YELLOW, _PLAIN = "\x1b[31m", "\x1b[33m", "\x1b[0m"
_UNPRINTABLE = dict.fromkeys((7, 8, 11, 12, 13))  # what the real pip drops from its lines, too
_OBEYED = dict.fromkeys((*_UNPRINTABLE, 27, 0x9B))  # and what an index could tell a terminal to do


class Output:
    """The two streams of a pip, and how much it says.

    `verbosity` counts `-v` up and `-q` down: 0 says what happens, -1 warnings and errors, -2 errors, from -3
    on only what ends the command. `colour` paints warnings and errors where stderr is a terminal. `environment`: which one
    the commands in hints are for (absolute path), "" where it is the active one. `lost`: what stdout did not take.
    """

    def __init__(
        self,
        stdout: TextIO,
        stderr: TextIO,
        *,
        verbosity: int = 0,
        colour: bool = False,
        log: str | None = None,
        environment: str = "",
        lost: list[str] | None = None,
    ) -> None:
        self.verbosity = verbosity
        self._stdout = stdout
        self._stderr = stderr
        self._colour = colour and stderr.isatty()
        self._log = log
        self._environment = environment
        self._lost = lost if lost is not None else []

    def silenced(self) -> Output:
        """Return the same without what happens: for a command whose answer takes stdout whole."""
        return Output(
            self._stdout,
            self._stderr,
            verbosity=min(self.verbosity, -1),
            colour=self._colour,
            log=self._log,
            environment=self._environment,
            lost=self._lost,
        )

    @property
    def is_whole(self) -> bool:
        """Whether stdout took all that was written, by this one and by those that were silenced of it."""
        return not self._lost

    def data(self, line: str) -> None:
        """Write a line that is the answer itself: no verbosity holds it back."""
        self._say(line + "\n")

    def info(self, line: str) -> None:
        """Write what happens; silent with `-q`."""
        if self._log is not None:
            self._keep(line)
        if self.verbosity >= 0:
            self._say(line.translate(_UNPRINTABLE).expandtabs() + "\n")

    def verbose(self, line: str) -> None:
        """Write what only `-v` wants to know."""
        if self._log is not None:
            self._keep(line)
        if self.verbosity >= 1:
            self._say(line + "\n")

    def warning(self, line: str) -> None:
        """Write a warning to stderr; silent with `-qq`."""
        self._complain("WARNING: " + line, _YELLOW, -1)

    def error(self, line: str) -> None:
        """Write an error to stderr; silent with `-qqq`."""
        self._complain("ERROR: " + line, _RED, -2)

    def critical(self, line: str) -> None:
        """Write to stderr what ends the command, whatever the verbosity."""
        self._complain("ERROR: " + line, _RED, None)

    def complain(self, text: str) -> None:
        """Write to stderr what is neither warning nor error, such as usage lines, whatever the verbosity."""
        self._complain(text, "", None)

    def hint(self, line: str) -> None:
        """Write to stderr what to do next."""
        if self._environment and "alcove " in line:
            from alcove.pasting import addressed, pasted

            line = addressed(line, f"--env {pasted(self._environment)}")
        self._complain("hint: " + line, "", -1)

    def flush(self) -> None:
        """Bring both streams to their readers; BrokenPipeError where one is gone."""
        _flush(self._stdout)
        _flush(self._stderr)

    def _say(self, text: str) -> None:
        """Write to stdout; where it takes no more that is told, the rest is left out, and what is being done goes on."""
        if self._lost:
            return
        try:
            _write(self._stdout, text)
        except BrokenPipeError:
            raise
        except OSError as error:
            self._lost.append(text)
            if self._stdout is sys.stdout:  # the last flush of the process would tell it again
                sys.stdout = open(os.devnull, "w", encoding="utf-8")  # noqa: SIM115  as long as we
            self.critical(f"the output could not be written: {error.strerror or error}")
            self.hint("make room where it goes, or let it go elsewhere")

    def _complain(self, line: str, colour: str, least: int | None) -> None:
        line = line.translate(_OBEYED)
        if self._log is not None:
            self._keep(line)
        if least is not None and self.verbosity < least:
            return
        text = f"{colour}{line}{_PLAIN}\n" if self._colour and colour else line + "\n"
        for stream, words in ((self._stdout, ""), (self._stderr, text)):
            try:
                if words:
                    _write(stream, words)
                stream.flush()  # stdout's first, so that both read in order where they are one
            except OSError:
                continue  # of stdout the next flush tells; of stderr the exit code

    def _keep(self, line: str) -> None:
        """Append to the file of `--log` as pip does; a log that cannot be written ends itself, said once."""
        path, self._log = self._log, None
        if path is None:
            return
        now = time.time()
        stamp = time.strftime("%Y-%m-%dT%H:%M:%S", time.localtime(now))
        lines = "".join(f"{stamp},{int(now % 1 * 1000):03d} {part}\n" for part in line.split("\n"))
        try:
            os.makedirs(os.path.dirname(os.path.abspath(path)), exist_ok=True)
            with open(path, "a", encoding="utf-8", errors="backslashreplace") as stream:
                stream.write(lines)
        except OSError as error:
            self.warning(f"the log {path} cannot be written: {error.strerror}")
        else:
            self._log = path


def _flush(stream: TextIO) -> None:
    """Bring a stream to its reader; only one that has gone away is an error before the end of the process."""
    try:
        stream.flush()
    except BrokenPipeError:
        raise
    except OSError:
        return  # what could not be written is kept, tried again at the end, and told there


def _write(stream: TextIO, text: str) -> None:
    """Write what the stream's encoding has, and escapes for the rest: a path may hold any byte."""
    try:
        stream.write(text)
    except UnicodeEncodeError:
        encoding = stream.encoding or "ascii"
        errors = "surrogateescape" if encoding.lower().startswith("utf") else "backslashreplace"
        raw = text.encode(encoding, errors)
        buffer: BinaryIO | None = getattr(stream, "buffer", None)
        if buffer is None:
            stream.write(raw.decode(encoding, "replace"))
        else:
            stream.flush()
            buffer.write(raw)
