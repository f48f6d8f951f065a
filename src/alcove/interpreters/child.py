"""Run a program that may print anything, crash or never end, without the import of `subprocess`.

Rule: the program gets no input, its own process group, a deadline, and room for one megabyte; then the group is killed.
"""

from __future__ import annotations

import os
import sys
import time

from alcove.records import NamedTuple

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

__all__ = ["Answer", "Started", "finish", "inherited", "run", "see_off", "start"]

_SIGKILL = 9  # the module `signal` would import `enum`
_LONGEST = 10.0  # seconds, where a started program cannot be left to run
_SHADOWING = ("PYTHON", "_PYTHON", "__PYVENV_LAUNCHER__")
_ROOM = 1 << 20  # bytes of each stream


class Answer(NamedTuple):
    """What came: `code` is the exit code, or minus the signal; the streams are cut at one megabyte.

    `process`: the id of a program that has said all that was wanted, and is still to be seen off; then `code` is 0.
    """

    output: bytes
    errors: bytes
    code: int
    timed_out: bool
    process: int = 0


class Started(NamedTuple):
    """A program that runs: its process id, and the descriptors that its stdout and stderr are read from."""

    process: int
    output: int
    errors: int


def inherited() -> dict[str, str]:
    """Return this process's variables for a child, but those that redirect a Python.

    They are passed on, not read: LD_LIBRARY_PATH and others belong to how the user's interpreters start.
    """
    kept = {name: value for name, value in os.environ.items() if not name.startswith(_SHADOWING)}
    # macOS otherwise tells programs built with an old SDK that it is version 10.16
    return kept | {"SYSTEM_VERSION_COMPAT": "0"}


def run(argv: Sequence[str], *, environment: Mapping[str, str], timeout: float) -> Answer:
    """Run `argv` (its first an absolute path) to its end, for at most `timeout` seconds; see `start` and `finish`."""
    return finish(start(argv, environment=environment), timeout=timeout)


def start(argv: Sequence[str], *, environment: Mapping[str, str]) -> Started | Answer:
    """Start `argv` (its first an absolute path); OSError where that fails.

    What comes back is for `finish`, which must follow. On Windows the program runs to its end here.
    """
    if sys.platform == "win32":
        return _run_plainly(argv, environment)
    output, output_end = os.pipe()
    errors, errors_end = os.pipe()
    actions = [
        (os.POSIX_SPAWN_OPEN, 0, os.devnull, os.O_RDONLY, 0),
        (os.POSIX_SPAWN_DUP2, output_end, 1),
        (os.POSIX_SPAWN_DUP2, errors_end, 2),
    ]
    try:
        # a group of its own: a wrapper's children go with it, and Ctrl-C comes to us, who then kill it
        process = os.posix_spawn(
            argv[0], list(argv), environment, file_actions=actions, setpgroup=0
        )
    except (OSError, ValueError) as error:
        os.close(output)
        os.close(errors)
        raise _refusal(error) from error
    finally:
        os.close(output_end)
        os.close(errors_end)
    return Started(process, output, errors)


def _refusal(error: OSError | ValueError) -> OSError:
    """Return why a program cannot be started; a system without /dev/null does not name it."""
    if not isinstance(error, OSError):
        return OSError(None, str(error))
    reason = error.strerror or str(error)
    if isinstance(error, FileNotFoundError) and not os.path.exists(os.devnull):
        reason = f"{reason}: {os.devnull}"
    return OSError(error.errno, reason)


def finish(started: Started | Answer, *, timeout: float, until: bytes = b"") -> Answer:
    """Read what the program says and see to its end, in `timeout` seconds from now.

    With `until`, reading ends where stdout holds these bytes twice, even if a grandchild keeps the pipe open. The program
    is not waited for then: `see_off` must follow, after what can be done while it ends.
    """
    if isinstance(started, Answer):
        return started
    code, process = None, 0
    try:
        streams, timed_out = _read(
            {started.output: bytearray(), started.errors: bytearray()},
            time.monotonic() + timeout,
            until,
        )
        output, errors = map(bytes, streams.values())
        if until and output.count(until) >= 2:
            process = started.process
        elif not timed_out:
            code = _wait(started.process)
    finally:
        os.close(started.output)
        os.close(started.errors)
        if code is None and not process:
            _kill(started.process)
    return Answer(output, errors, code or 0, timed_out, process)


def see_off(answer: Answer) -> None:
    """Wait for the end of a program that has said all; kill it and its group where it does not end in a second."""
    if answer.process and _wait(answer.process) is None:
        _kill(answer.process)


def _read(
    streams: dict[int, bytearray], deadline: float, until: bytes
) -> tuple[dict[int, bytearray], bool]:
    """Read both pipes up to their ends, `until` or the deadline; say whether it was the deadline."""
    import select  # noqa: PLC0415  not there on every platform that imports this module

    poll = select.poll()
    for descriptor in streams:
        poll.register(descriptor, select.POLLIN)
    pending = set(streams)
    first = next(iter(streams))
    while pending:
        left = deadline - time.monotonic()
        if left <= 0:
            return streams, True
        for descriptor, _ in poll.poll(left * 1000):
            chunk = os.read(descriptor, 65_536)
            room = _ROOM - len(streams[descriptor])
            streams[descriptor] += chunk[:room]
            if not chunk:
                poll.unregister(descriptor)
                pending.discard(descriptor)
            if until and descriptor == first and streams[first].count(until) >= 2:
                return streams, False
    return streams, False


def _wait(child: int) -> int | None:
    """Return the exit code of a child that has said all, None where it does not end in a second."""
    deadline = time.monotonic() + 1.0
    pause = 0.0001
    while True:
        try:
            done, status = os.waitpid(child, os.WNOHANG)
        except ChildProcessError:  # SIGCHLD is ignored in this process: the kernel took it
            return 0
        if done:
            return os.waitstatus_to_exitcode(status)
        if time.monotonic() >= deadline:
            return None
        time.sleep(pause)
        pause = min(pause * 2, 0.02)


def _kill(child: int) -> None:
    try:
        os.killpg(child, _SIGKILL)
        os.waitpid(child, 0)
    except (ProcessLookupError, ChildProcessError):
        return


def _run_plainly(argv: Sequence[str], environment: Mapping[str, str]) -> Answer:
    """Do the same by `subprocess`, where there is no posix_spawn (Windows; not run there)."""
    import subprocess  # noqa: PLC0415

    try:
        done = subprocess.run(
            argv,
            env=dict(environment),
            stdin=subprocess.DEVNULL,
            capture_output=True,
            timeout=_LONGEST,
            check=False,
        )
    except subprocess.TimeoutExpired as error:
        return Answer(error.stdout or b"", error.stderr or b"", 1, timed_out=True)
    return Answer(done.stdout[:_ROOM], done.stderr[:_ROOM], done.returncode, timed_out=False)
