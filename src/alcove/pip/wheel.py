"""`pip wheel`: wheels of requirements and of what they need, built where there are none, into a directory."""

from __future__ import annotations

from alcove.pip.gathering import request_of, tell_kept
from alcove.pip.more_actions import TargetWish, more_of
from alcove.pip.reporter import PipReporter

TYPE_CHECKING = False
if TYPE_CHECKING:
    from alcove.pip.session import Session

__all__ = ["run"]


def run(session: Session) -> int:
    """Carry out `pip wheel`; 0."""
    parsed, output = session.parsed, session.output
    request = request_of(session, "wheel")
    # pip builds an ordinary wheel of what is said to be editable: it does not stay in its tree
    request = request._replace(
        requirements=(*request.requirements, *request.editables), editables=()
    )
    got = more_of(session.actions()).gather(
        request,
        TargetWish(),
        PipReporter(output),
        into=session.absolute(parsed.text("destination") or "."),
        form="wheels",
    )
    for one in got:
        tell_kept(session, one)
    built = [one.pinned.name for one in got if one.built]
    if built:
        output.info("Successfully built " + " ".join(built))
    return 0
