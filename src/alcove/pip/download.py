"""`pip download`: the files of requirements and of what they need, into a directory."""

from __future__ import annotations

from alcove.pip.gathering import request_of, tell_kept
from alcove.pip.install_rules import other_interpreter
from alcove.pip.more_actions import more_of
from alcove.pip.reporter import PipReporter
from alcove.pip.targets import target_wish

TYPE_CHECKING = False
if TYPE_CHECKING:
    from alcove.pip.session import Session

__all__ = ["run"]


def run(session: Session) -> int:
    """Carry out `pip download`; 0."""
    parsed, output = session.parsed, session.output
    wish = target_wish(parsed)
    other_interpreter(parsed)
    request = request_of(session, "download")
    got = more_of(session.actions()).gather(
        request,
        wish,
        PipReporter(output),
        into=session.absolute(parsed.text("destination") or "."),
        form="files",
    )
    for one in got:
        tell_kept(session, one)
    if got:
        output.info("Successfully downloaded " + " ".join(one.pinned.name for one in got))
    return 0
