"""The options that name another interpreter than the environment's: `--python-version`, `--platform`, `--implementation`, `--abi`."""

from __future__ import annotations

from alcove.pip.more_actions import TargetWish

TYPE_CHECKING = False
if TYPE_CHECKING:
    from alcove.pip.parse import Parsed

__all__ = ["given", "target_wish", "version_info"]


def target_wish(parsed: Parsed) -> TargetWish:
    """Return what a command line says of the target."""
    return TargetWish(
        version_info(parsed.text("python_version") or ""),
        tuple(parsed.texts("platforms")),
        tuple(parsed.texts("abis")),
        parsed.text("implementation") or "",
    )


def version_info(text: str) -> tuple[int, ...]:
    """Return a version of Python (`parse` has checked its form) as up to three numbers; `37` is 3.7.

    >>> version_info("3.12.1"), version_info("312"), version_info("3"), version_info("")
    ((3, 12, 1), (3, 12), (3,), ())
    """
    if not text:
        return ()
    parts = text.split(".")
    if len(parts) == 1 and len(text) > 1:
        parts = [text[0], text[1:]]
    return tuple(int(part) for part in parts)


def given(wish: TargetWish) -> str:
    """Return the wish as `pip debug` shows it; "" where nothing was said."""
    shown = []
    if wish.platforms:
        shown.append(f"platforms={list(wish.platforms)!r}")
    if wish.python:
        shown.append(f"version_info={'.'.join(map(str, wish.python))!r}")
    if wish.abis:
        shown.append(f"abis={list(wish.abis)!r}")
    if wish.implementation:
        shown.append(f"implementation={wish.implementation!r}")
    return " ".join(shown)
