"""`pip check`: whether what is installed has what it needs, in a version that fits."""

from __future__ import annotations

from alcove.actions.judgement import faults_of

TYPE_CHECKING = False
if TYPE_CHECKING:
    from alcove.pip.session import Session

__all__ = ["run"]


def run(session: Session) -> int:
    """Carry out `pip check`; 1 where something is broken."""
    output = session.output
    found = faults_of(
        session.inventory(),
        session.place.executable,
        markers=session.markers,
        tags=lambda: session.actions().target().tags,
    )
    for fault in found:
        if fault.kind == "unreadable":
            output.warning(fault.text)
        else:
            output.info(fault.text)
    if found:
        return 1
    output.info("No broken requirements found.")
    return 0
