"""Start an interpreter once with the probe, wait no longer than told, and keep what it says or why it did not."""

from __future__ import annotations

import os
import time

from alcove.errors import AlcoveError, NoSuchInterpreter
from alcove.interpreters import child
from alcove.interpreters.kept import Interpreter, identity

__all__ = ["ask"]


_PROBE = os.path.join(os.path.dirname(os.path.abspath(__file__)), "probe.py")


class _Failed(Exception):
    """The interpreter gave no answer; the argument says why."""


def ask(path: str, *, cache: str, timeout: float) -> Interpreter:
    """Start the base interpreter `path` (absolute) with the probe; NoSuchInterpreter where it fails or is too old."""
    answers: list[child.Answer] = []
    try:
        return _ask(path, answers, cache=cache, timeout=timeout)
    finally:
        for answer in answers:  # by now they have ended by themselves
            child.see_off(answer)


def _ask(path: str, answers: list[child.Answer], *, cache: str, timeout: float) -> Interpreter:
    """Do what `ask` says; what is in `answers` afterwards is to be seen off."""
    wanted = identity(path)
    try:
        found = _facts(path, answers, timeout)
    except _Failed as error:
        from alcove.interpreters import static, told  # noqa: PLC0415

        static.refuse_old(path, static.version_of(path, ""))  # 2.7 knows no -I
        mark = {"failed": str(error), "since": int(time.time())}
        told.keep(path, mark, cache=cache, of=wanted)
        raise NoSuchInterpreter(
            f"{path} {error}",
            hint="try it by hand, or choose another one with -p",
        ) from None
    from alcove.interpreters import static, told  # noqa: PLC0415  loaded while the interpreter started

    static.refuse_old(path, found["version"])
    original = told.original(found)
    if original:
        return ask(original, cache=cache, timeout=timeout)
    interpreter = told.interpreter(path, found)
    told.keep(path, interpreter, cache=cache, of=wanted)
    return interpreter


def _facts(path: str, answers: list[child.Answer], timeout: float) -> dict[str, str]:
    """Return what the probe says."""
    found = _answer(path, answers, timeout)
    from alcove.interpreters import told  # noqa: PLC0415

    if found["glibc"] and told.has_manylinux(found):
        # what that module says is to be had by importing it only
        return _answer(path, answers, timeout, "thorough")
    return found


def _answer(path: str, answers: list[child.Answer], timeout: float, *words: str) -> dict[str, str]:
    cookie = os.urandom(8).hex()
    argv = [path, "-I", "-S", "-B", _PROBE, cookie, *words]
    try:
        started = child.start(argv, environment=child.inherited())
    except OSError as error:
        from alcove import limits  # noqa: PLC0415  rare

        if lifted := limits.advice(error):
            raise AlcoveError(f"{path} cannot be started: {error.strerror}", hint=lifted) from error
        raise _Failed(f"cannot be started: {error.strerror or error}") from error
    from alcove.interpreters import told  # noqa: PLC0415  while the interpreter starts

    answer = child.finish(started, timeout=timeout, until=cookie.encode())
    answers.append(answer)
    parts = answer.output.split(cookie.encode())
    if len(parts) < 3:
        raise _Failed(_why(answer, timeout))
    try:
        return told.parse(parts[1])
    except (ValueError, IndexError) as error:
        raise _Failed(f"gave an answer that cannot be read: {error}") from error


def _why(answer: child.Answer, timeout: float) -> str:
    """Say in a few words what happened instead of an answer."""
    if answer.timed_out:
        return f"gave no answer within {timeout:g} s"
    lines = answer.errors.decode("utf-8", "replace").strip().splitlines()
    # a traceback says what happened in its last line, a fatal error of Python in its first
    line = next(
        (text for text in lines if text.startswith("Fatal Python error")),
        lines[-1] if lines else "",
    )
    said = f": {line.strip()[:200]}" if line else ""
    if answer.code < 0:
        return f"was killed by signal {-answer.code}{said}"
    return f"exited with {answer.code} and no answer{said}"
