"""The error that says that no interpreter answers: what was tried, what there is, and what is nearest."""

from __future__ import annotations

from alcove.errors import AlcoveError, NoSuchInterpreter
from alcove.interpreters import names
from alcove.interpreters.requests import admits
from alcove.interpreters.static import LAST_FOR_2_7
from alcove.records import NamedTuple

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from alcove.interpreters.requests import Request
    from alcove.interpreters.scan import Found

__all__ = ["error"]

_SHOWN = 20
_NEWEST = 40  # more minor versions than Python 3 will soon have
_OLDEST = (
    "alcove makes environments for Python 3.7 and newer (3.6 as far as that goes, PyPy from 3.9)"
)
"""What is said of a request for an older one."""


def error(asked: Request, failures: Sequence[str], found: Sequence[Found]) -> NoSuchInterpreter:
    """Return the error for `asked`, of which `failures` were tried and `found` is all there is."""
    message = f"no interpreter here answers {asked.text!r}"
    if failures:
        message += ": " + "; ".join(failures)
    usable = [one for one in found if names.release_of(one.version)[:2] >= (3, 6)]
    old = _is_too_old(asked)
    offer = "" if old else _offer(asked)
    if old and not usable:
        return NoSuchInterpreter(message, hint=f"{_OLDEST}; none of these was found here")
    if not usable:
        hint = f"none was found on this machine; {offer or 'install one'}, or give its path with -p"
        return NoSuchInterpreter(message, hint=hint)
    told = sorted({_spelled(one): one for one in usable}.items(), key=_newest_first)
    shown = ", ".join(f"{spelled} ({one.source})" for spelled, one in told[:_SHOWN])
    there = f"there are {shown}"
    if old:
        hints: tuple[str, ...] = (
            _OLDEST,
            there,
            LAST_FOR_2_7 if _any(asked, [(2, 7)]) else "",
        )
    else:
        hints = (there, _meant(asked, [one for _, one in told]), offer)
    return NoSuchInterpreter(message, hint="; ".join(hint for hint in hints if hint))


def _is_too_old(asked: Request) -> bool:
    """Tell whether only interpreters answer that are older than what alcove makes environments for."""
    if asked.version:
        release = names.release_of(asked.version)
        # 3.1 is what is left of 3.10 to 3.19
        return release[:2] < (3, 6) and release not in ((3,), (3, 1))
    if not asked.specifier:
        return False
    supported = ((3, minor) for minor in range(6, _NEWEST))
    older = ((2, 7), *((3, minor) for minor in range(6)))
    return not _any(asked, supported) and _any(asked, older)


def _any(asked: Request, versions: Iterable[tuple[int, int]]) -> bool:
    return any(
        admits(asked, _Imagined(asked.implementation, f"{major}.{minor}", asked.free_threaded))
        for major, minor in versions
    )


class _Imagined(NamedTuple):
    implementation: str
    version: str
    free_threaded: bool


def _meant(asked: Request, usable: Sequence[Found]) -> str:
    """Return what may have been meant, of `usable` (newest first, not empty)."""
    # 3.1 is what YAML makes of 3.10, and what is typed of 3.12 before the last key
    longer = [
        minor
        for one in usable
        if asked.version.count(".") == 1
        and (minor := ".".join(one.version.split(".")[:2])) != asked.version
        and minor.startswith(asked.version)
        and one.implementation == (asked.implementation or "CPython")
        and one.free_threaded == asked.free_threaded
    ]
    if longer:
        prefix = asked.implementation.lower() if asked.implementation not in ("", "CPython") else ""
        mark = "t" if asked.free_threaded else ""
        choices = [f"-p {prefix}{minor}{mark}" for minor in dict.fromkeys(longer)]
        return f"did you mean {' or '.join(choices)}?"
    nearest = min(usable, key=lambda one: _distance(asked, one))
    return f"the nearest is -p {_spelled(nearest)}"


def _offer(asked: Request) -> str:
    """Return how to get what is asked for, "" where there is no build of it."""
    from alcove.interpreters import builds  # noqa: PLC0415  a table of a megabyte, for this error only

    try:
        build = builds.build_for(asked, builds.this_host({}))
    except AlcoveError:
        return ""
    # a build's name leaves out the machine
    wanted = asked.text.strip() if asked.machine or asked.bits else build.request
    return f"alcove python install {wanted} gets one"


def _spelled(one: Found) -> str:
    """Return the request that asks for this interpreter."""
    prefix = "" if one.implementation == "CPython" else one.implementation.lower()
    return prefix + one.version + ("t" if one.free_threaded else "")


def _newest_first(pair: tuple[str, Found]) -> tuple[bool, tuple[int, ...]]:
    one = pair[1]
    return one.implementation != "CPython", tuple(
        -number for number in names.version_key(one.version)
    )


def _distance(asked: Request, one: Found) -> tuple[int, ...]:
    """Order interpreters by how far they are from what is asked; the newer one of two at the same distance."""
    wanted = asked.version or asked.specifier.lstrip("<>=!~ ").split(",")[0]
    major, minor, micro = names.version_key(wanted)[:3] if wanted else (3, 99, 0)
    if wanted and "." not in wanted:
        minor = 99  # any will do, so the newest is nearest
    key = names.version_key(one.version)
    other = bool(asked.implementation) and one.implementation != asked.implementation
    elsewhere = other if asked.implementation else one.implementation != "CPython"
    near = key[0] == major  # 3.6 is no nearer to 4.0 than 3.13
    return (
        int(elsewhere),
        int(one.free_threaded != asked.free_threaded),
        abs(key[0] - major),
        abs(key[1] - minor) if near else 0,
        abs(key[2] - micro) if near else 0,
        -key[1],
        -key[2],
    )
