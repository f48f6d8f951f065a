"""What `pip download`, `wheel` and `lock` share: the request that a command line makes, and what is told of files."""

from __future__ import annotations

from alcove.pip.install_rules import together
from alcove.pip.requests import install_request

TYPE_CHECKING = False
if TYPE_CHECKING:
    from alcove.pip.actions import InstallRequest
    from alcove.pip.more_actions import Got
    from alcove.pip.session import Session

__all__ = ["request_of", "tell_kept"]


def request_of(session: Session, command: str) -> InstallRequest:
    """Return the request; AlcoveError in pip's words where nothing is asked for or what is said excludes itself."""
    together(session.parsed, command)
    return install_request(session, list(session.parsed.arguments))


def tell_kept(session: Session, got: Got) -> None:
    """Say where a file was put, or that it lay there."""
    if got.there:
        session.output.info(f"  File was already downloaded {got.path}")
    elif got.path and not got.built:
        session.output.info(f"Saved {session.displayed(got.path)}")
