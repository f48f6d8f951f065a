"""What `verify` finds and `repair` puts right, as data."""

from __future__ import annotations

from alcove.records import NamedTuple

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator

    from alcove.environments.comparing import Difference

__all__ = ["Finding", "Mend", "Verified", "carried_out"]


class Finding(NamedTuple):
    """One thing that is wrong.

    `part`: "settings" (pyvenv.cfg), "interpreter", "frame" (the environment's own links and directories), "activation",
    "slot", "generation", "place" (moved), "pip", "root", "entry", "kept", "distribution", "script", "link", "data" or
    "leftover" (of a pip that was stopped).
    `name`: of the distribution or of the entry's directory, or "". `path`: absolute. `what`: in words. `shared`: the
    other environments that the same damage concerns. The rest is for `repair`: how the slot differs, of which dist-info,
    which data file.
    """

    part: str
    name: str
    path: str
    what: str
    shared: tuple[str, ...] = ()
    difference: Difference | None = None
    dist_info: str = ""
    data: str = ""

    def as_data(self) -> dict[str, object]:
        """Return what JSON shows of it."""
        return {
            "part": self.part,
            "name": self.name,
            "path": self.path,
            "what": self.what,
            "shared": list(self.shared),
        }


class Verified(NamedTuple):
    """The result for the environment, or the store, at `path` (absolute); `generation` is -1 where none can be read.

    `told`: what others did and what the next command takes in; nothing of that is wrong. `older`: what an alcove of before
    did not make, and this one does: no damage either, and told; the next change, or `repair`, brings it.
    """

    path: str
    generation: int
    findings: tuple[Finding, ...]
    told: tuple[str, ...]
    older: tuple[Finding, ...] = ()


class Mend(NamedTuple):
    """One thing to put right: `text` says how it is once `act` was called, "" where that is not worth a word.

    `act` returns None, or the sentences to say in the place of `text`, of what is known only then.
    """

    text: str
    act: Callable[[], Iterable[str] | None]


def carried_out(mends: Iterable[Mend]) -> Iterator[str]:
    """Put one thing right after the other, before the next is looked for, and yield what is to be said of each."""
    for one in mends:
        said = one.act()
        yield from filter(None, (one.text,) if said is None else said)
