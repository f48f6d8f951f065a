"""What `pip download`, `wheel` and `lock` share: the request that a command line makes, and pip's refusals."""

from __future__ import annotations

import os

from alcove.errors import AlcoveError
from alcove.pip.requests import install_request

TYPE_CHECKING = False
if TYPE_CHECKING:
    from alcove.pip.actions import InstallRequest
    from alcove.pip.more_actions import Got, TargetWish
    from alcove.pip.session import Session

__all__ = ["check_target", "request_of", "tell_kept"]

_SOURCES = ("editables", "requirements", "groups")


def request_of(session: Session, command: str) -> InstallRequest:
    """Return the request; AlcoveError in pip's words where nothing is asked for or what is said excludes itself."""
    parsed = session.parsed
    if not parsed.arguments and not any(parsed.texts(name) for name in _SOURCES):
        links = " ".join(parsed.texts("find_links"))
        maybe = (
            f'maybe you meant "pip {command} {links}"?' if links else f'see "pip help {command}"'
        )
        raise AlcoveError(f"You must give at least one requirement to {command} ({maybe})")
    if parsed.flag("require_hashes") and parsed.flag("no_require_hashes"):
        raise AlcoveError("--require-hashes and --no-require-hashes are mutually exclusive")
    return install_request(session, list(parsed.arguments))


def check_target(session: Session, wish: TargetWish) -> None:
    """Refuse what pip refuses for another target than the interpreter: builds, whose result would be for this one."""
    if not any(wish):
        return
    parsed = session.parsed
    binary = parsed.texts("only_binary") == [":all:"] and not parsed.texts("no_binary")
    if not binary and not parsed.flag("no_deps"):
        raise AlcoveError(
            "When restricting platform and interpreter constraints using --python-version,"
            " --platform, --abi, or --implementation, either --no-deps must be set, or"
            " --only-binary=:all: must be set and --no-binary must not be set (or must be set to"
            " :none:)."
        )
    for name in parsed.texts("requirements"):
        base = os.path.basename(name)
        if base == "pylock.toml" or (base.startswith("pylock.") and base.endswith(".toml")):
            raise AlcoveError(
                "Platform and interpreter constraints using --python-version, --platform, --abi,"
                f" or --implementation, are not supported when selecting requirements from {name!r}"
            )


def tell_kept(session: Session, got: Got) -> None:
    """Say where a file was put, or that it lay there."""
    if got.there:
        session.output.info(f"  File was already downloaded {got.path}")
    elif got.path and not got.built:
        session.output.info(f"Saved {session.displayed(got.path)}")
