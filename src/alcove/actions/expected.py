"""What the wheel of a distribution must say of its needs: what its index told of them while that was decided.

PEP 658: what an index gives beside a wheel is its METADATA; one that differs would hide a requirement.
"""

from __future__ import annotations

from alcove.errors import InvalidWheel
from alcove.store.unpacker import needs_of

TYPE_CHECKING = False
if TYPE_CHECKING:
    from alcove.resolve.candidates import Facts
    from alcove.store.unpacker import Needs
    from alcove.wheels.entry import Entry
    from alcove.wheels.metadata import Metadata

__all__ = ["Expected"]

_FIELDS = ("Requires-Dist", "Requires-Python", "Provides-Extra")


class Expected:
    """Compares what a wheel says with what was told of it; a value that other processes can be given, too (`needs`)."""

    __slots__ = ("_filename", "needs")

    def __init__(self, told: Facts | None) -> None:
        """`told`: None where nothing was, so that any wheel will do."""
        self._filename = ""
        self.needs: Needs | None = None
        if told is not None:
            self._filename = told.origin.filename
            self.needs = tuple(told.requires), told.requires_python, tuple(told.extras or ())

    def __call__(self, found: Metadata | Entry) -> None:
        """Raise InvalidWheel where a wheel needs something else."""
        if self.needs is None:
            return
        for what, left, right in zip(_FIELDS, self.needs, needs_of(found), strict=True):
            if left != right:
                raise InvalidWheel(
                    f"{self._filename}: its METADATA is not what the index gave for it: another {what}",
                    hint="do not use this index, or take another version",
                )
