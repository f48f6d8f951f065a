"""A plan carried out: the next generation made in the hidden slot, and shown by one rename (DESIGN section 3).

Stop it at any instruction: modules and scripts are at once exactly the old or exactly the new ones; data files are so
after the next `tidy`. There is no journal.
"""

from __future__ import annotations

import errno
import os
import time

from alcove.environments import rendering, views
from alcove.environments.generation import Generation, without_logins
from alcove.environments.layout import FILLING, advice
from alcove.errors import AlcoveError, BrokenEnvironment, TransactionError
from alcove.events import Notice, Silent
from alcove.files import digest, durable, ops
from alcove.files.locking import Busy, Lock
from alcove.files.refusals import DENIED
from alcove.transactions import data_files, foreign, generations, slots, state, tripwire
from alcove.transactions.incoming import Incoming, refuse_scripts
from alcove.transactions.tidy import both, link_scripts, tidy

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable, Sequence
    from types import TracebackType
    from typing import Self

    from alcove.environments.generation import Placement
    from alcove.environments.layout import Layout
    from alcove.events import Reporter

__all__ = ["Held", "content_of", "not_yours"]


def content_of(placements: Sequence[Placement]) -> str:
    """Return a digest of what is installed and how, without what is only of this environment."""
    known = _contents.get(id(placements))
    if known is not None and known[0] is placements:
        return known[1]
    rows = [f"{one.source} {int(one.requested)} {one.direct_url}" for one in placements]
    found = digest.text_digest(*sorted(rows))
    _contents[id(placements)] = (placements, found)
    return found


def not_yours(root: str, error: OSError) -> TransactionError:
    """Return what to say where the system refuses this user a change of the environment at `root` (absolute)."""
    first = "mount it for writing" if error.errno == errno.EROFS else "use it as its owner"
    if error.errno != errno.EROFS and _is_mine(str(error.filename or "")):
        from alcove.pasting import pasted  # noqa: PLC0415  only for a message

        first = f"chmod -R u+w {pasted(root)}"
    return TransactionError(
        f"{root} may not be changed by this user: {_cause(error)}",
        hint=f"{first}, or make one of your own: alcove freeze prints what alcove create -r takes",
    )


def _is_mine(path: str) -> bool:
    try:
        return os.stat(path).st_uid == os.geteuid()
    except (OSError, AttributeError):  # Windows asks nobody who he is
        return False


_contents: dict[
    int, tuple[Sequence[Placement], str]
] = {}  # a change asks for the same one several times


def _refuse_damage(root: str, error: OSError) -> None:
    """Raise BrokenEnvironment where `error` met something of the environment at `root` (absolute) that is not as it was."""
    if hint := advice(error):
        raise BrokenEnvironment(f"{root} is damaged: {_cause(error)}", hint=hint) from error


def _cause(error: OSError) -> str:
    """Return what the system said, and of which file."""
    from alcove.pasting import subject  # noqa: PLC0415  only for a message

    said, where = error.strerror or str(error), subject(error)
    return f"{said}: {where}" if where else said


class Held:
    """An environment that this process alone may change; a context manager.

    `shown` is the generation that is shown, after everything is in line with it and what others did is taken in; `wait`:
    for how many seconds it waits for others.
    """

    def __init__(
        self, layout: Layout, *, wait: float = 60.0, reporter: Reporter | None = None
    ) -> None:
        self.layout = layout
        self.reporter: Reporter = reporter or Silent()
        self.wait = wait
        self._lock = Lock(layout.private + "/lock")
        self._kept: list[Lock] = []
        self._tripped = ""
        self._torn = False  # the shown slot lacks something that it says it has
        self._bare = False  # as `State.bare` is
        self.is_another = False  # one of another Python got the place since it was looked for
        # What nobody wrote down yet: all was in line when the environment had these mtimes. A change, which most often
        # follows, writes a state of its own.
        self._unsaid: tuple[int, int] | None = None
        self.register: Callable[[Generation | None], None] | None = None
        self.moved_from: Callable[[str], None] | None = None

    def __enter__(self) -> Self:
        """Take the lock, tidy, and notice what others did; EnvironmentBusy where it is kept from us, BrokenEnvironment."""
        try:
            self._take()
        except OSError as error:
            if error.errno not in DENIED:
                raise
            raise not_yours(self.layout.root, error) from error
        try:
            known = self._known()
            taken = False
            if known is None:
                from alcove.transactions import overwritten, restore  # noqa: PLC0415  no state

                restored = restore.drop_restored(self.layout)
                taken = overwritten.put_right(self.layout)
            if known is not None and known.boot and known.boot == state.boot():
                # Everything was brought in line in this run of the system, and nobody wrote since.
                self.shown, self.hidden = both(self.layout)
                self._bare = known.bare is True
            else:
                self.shown, self.hidden = tidy(self.layout, self.reporter)
            self.asked = known.asked if known and known.number == self.shown.number else ""
            if known is None:
                self._notice_changes(taken=taken)
                restore.drop_left(self.layout, self.shown, restored=restored)
            elif self._tell_tripped(known.tripped):
                self._unsaid = state.stamps(self.layout)
        except BaseException as error:
            self._lock.release()
            if isinstance(error, OSError) and not isinstance(error, AlcoveError):
                _refuse_damage(self.layout.root, error)
            raise
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        """Give the lock back, and those that were kept with it."""
        if self._unsaid is not None and os.path.lexists(self.layout.private):  # not moved away
            self._note(self.asked, self._unsaid)
        while self._kept:
            self._kept.pop().release()
        self._lock.release()

    def keep(self, lock: Lock) -> None:
        """Hold another lock as long as this one."""
        self._kept.append(lock)

    def _take(self) -> None:
        try:
            self._lock.acquire()
            free = self._lock.stands() and not os.path.lexists(self.layout.private + FILLING)
        except Busy:
            free = False
        if not free:
            self._lock.release()
            from alcove.transactions import waiting  # noqa: PLC0415  most find it free

            waiting.take(self._lock, self.layout.root, wait=self.wait, reporter=self.reporter)
        self._lock.sign(f"process {os.getpid()}")

    def _known(self) -> state.State | None:
        known = state.read(self.layout)
        if known is None:
            from alcove.transactions import waiting  # noqa: PLC0415  most find it

            found = waiting.there_now(self.layout)
            if found != self.layout:
                self.layout, self.is_another = found, True
                known = state.read(found)
        return known

    def _tell_tripped(self, told: str = "") -> bool:
        """Say in which entries others wrote, and tell whether that is news to be noted."""
        self._tripped = tripwire.tell_tripped(self.layout, self.shown, self.reporter, told=told)
        return self._tripped != told

    def _notice_changes(self, *, taken: bool) -> None:
        """Take in what others did, and say so; `taken`: their `site-packages` is in the place of ours already."""
        from alcove.transactions import changed  # noqa: PLC0415  as above

        found, self._torn = changed.take_in(
            self.layout, self.shown, self.reporter, number=self._next()
        )
        if found is not None:
            self.shown = found
        if found is not None or taken:
            number = self.shown.number
            self.reporter.emit(
                Notice(f"others changed {self.layout.root}: kept as generation {number}")
            )
        self._tell_tripped()
        moved = self.shown.prefix != self.layout.root
        if moved:
            if self.moved_from is not None:
                self.moved_from(self.shown.prefix)
            self._settle_in()
        self._unsaid = state.stamps(self.layout)

    def _settle_in(self) -> None:
        """Make the launchers right again after the environment was moved: the same generation at its new place."""
        self.hidden = None
        before = self.shown
        self._show(before._replace(prefix=self.layout.root), staged_from=before)

    def _next(self) -> int:
        hidden = self.hidden.number if self.hidden else -1
        return max(generations.highest(self.layout, self.shown.number), hidden) + 1

    def note(self, asked: str) -> None:
        """Write down that all is in line; `asked` is the digest of the request that led here, or "".

        Where that fails nothing is lost: the next command looks at everything again.
        """
        self._note(asked, None)

    def _note(self, asked: str, stamps: tuple[int, int] | None) -> None:
        self._unsaid = None
        if self._torn:
            return  # the next command looks again
        content = content_of(self.shown.placements)
        try:
            state.note(
                self.layout,
                self.shown.number,
                asked=asked,
                content=content,
                tripped=self._tripped,
                bare=self._bare,
                stamps_of=stamps,
            )
        except OSError as error:
            self.reporter.emit(Notice(f"{self.layout.private}/state: {error.strerror or error}"))
        self.asked = asked

    def change(
        self,
        placements: Sequence[Placement],
        *,
        why: str,
        asked: Sequence[str] = (),
        digest: str = "",
    ) -> Generation:
        """Show `placements` as a new generation and return it; TransactionError, with the old state, where it fails."""
        want = Generation(
            number=self._next(),
            parent=self.shown.number,
            time=int(time.time()),
            why=without_logins(why),
            asked=tuple(map(without_logins, asked)),
            mode=self.shown.mode,
            prefix=self.layout.root,
            outside=False,
            placements=tuple(placements),
        )
        self._guarded(want, digest)
        return self.shown

    def show_again(self, number: int) -> Generation:
        """Show the kept generation `number` again and return it."""
        kept = f"{self.layout.private}/generations/{number}.json"
        if self.hidden is not None and self._is_hidden(kept):
            want = self.hidden
        else:
            want = generations.load(self.layout, number)
        if want.prefix != self.layout.root:
            want = want._replace(prefix=self.layout.root)
        self._guarded(want, "")
        return self.shown

    def _is_hidden(self, kept: str) -> bool:
        """Tell whether a generation's file is the very one that the hidden slot has: `repair` may have written another."""
        slot = self.layout.slot(self.layout.hidden())
        try:
            return os.path.samefile(kept, f"{slot}/slot.json")
        except FileNotFoundError:
            return False

    def _guarded(self, want: Generation, digest: str) -> None:
        if self.register is not None:
            self.register(want)
        before, hidden = self.shown, self.hidden
        try:
            self._show(want, staged_from=before)
        except (OSError, AlcoveError, KeyboardInterrupt) as error:
            if not self._mend(error):
                if hidden and not self.hidden and isinstance(error, OSError) and advice(error):
                    # That slot was not what it said (a backup was put over it): it went, and is made anew.
                    return self._guarded(want, digest)
                self.note(self.asked)
                if isinstance(error, OSError):
                    raise TransactionError(
                        f"{self.layout.root} could not be changed: {_cause(error)}",
                        hint=advice(error)
                        or "the state before still holds; mend the cause and try again",
                    ) from error
                raise
            self.note(digest)
            if isinstance(error, KeyboardInterrupt):
                raise KeyboardInterrupt(f"{self.layout.root} was changed before that") from error
        else:
            self.note(digest)

    def _mend(self, error: BaseException) -> bool:
        """Bring all in line with what is shown after `error`; tell whether that is the new state.

        There is no way back once `current` was renamed, and only one way forward: `tidy`.
        """
        before = self.shown.number
        try:
            self.shown, self.hidden = tidy(self.layout, self.reporter)
            ops.fsync(self.layout.private)
        except OSError as again:
            shown = slots.read_slot(self.layout.current)
            done = "was changed" if shown and shown.number != before else "is as it was"
            raise TransactionError(
                f"{self.layout.root} {done}, but could not be put in order: {_cause(again)}",
                hint=advice(again) or "the next command does it, once the cause is mended",
            ) from error
        return self.shown.number != before

    def _show(self, want: Generation, *, staged_from: Generation) -> None:
        layout, shown = self.layout, staged_from
        before = state.stamps(layout)
        shown_name = layout.shown()
        hidden_name = "b" if shown_name == "a" else "a"
        site = layout.slot(shown_name) + "/site-packages"
        slot = rendering.slot(layout, hidden_name, mode=want.mode)
        own, touched = foreign.found(slot, site, shown, want)
        odd = any("/" in one or one[0] == "~" or one.endswith(".data") for one in own)
        if odd or any(one.record == "kept" for one in shown.placements):
            from alcove.transactions import halfway  # noqa: PLC0415  others placed something

            if halfway.set_aside(layout, shown, want, own, self.reporter):
                before = state.stamps(layout)
                own, touched = foreign.found(slot, site, shown, want)
        bare = not own
        own = foreign.beside(own, want.placements, slot, site=site)
        old_rows, new_rows = data_files.rows(shown), data_files.rows(want)
        incoming = Incoming(layout, old_rows, new_rows, entries=slot.entries)
        data_files.refuse_collisions(layout, incoming.beside, self.reporter)
        refuse_scripts(layout, shown, want)
        incoming.refuse_unwritable(shown, want)
        edits = foreign.edited_and_kept(touched, shown.placements, want.placements, slot)
        stale = foreign.stale(slot, self.hidden, want, edits)  # one by a hard link, too
        fresh = self.hidden != want or bool(stale) or foreign.differ(site, slot, edits)
        state.forget(layout)  # from here on there is something to tidy
        if self.hidden is not None and not self._bare:
            foreign.drop(slot.site_packages, self.hidden, unless=own)
        self._bare = False  # until it is the other slot that is hidden
        if fresh:
            slots.bring(slot, self.hidden, want, beside=incoming)
        else:
            slot.written.extend(incoming.prepare())
            views.guard(slot, want.placements)
        foreign.renew(slot, stale)
        slot.written.extend(foreign.carry(site, slot.site_packages, (*own, *edits)))
        slot.written.extend(foreign.carry_outside(layout.slot(shown_name), slot.path))
        staged = data_files.stage(
            layout, old_rows, new_rows, self.reporter, hidden=hidden_name, written=slot.written
        )
        if fresh:
            slots.finish(slot)
        else:
            durable.order(slot.written)
        if state.stamps(layout) != before:
            raise TransactionError(
                f"{layout.root} was changed by others in the meantime", hint="run the command again"
            )
        incoming.add()
        data_files.turn(layout, staged)
        link_scripts(layout, want, only_add=True)
        slots.switch(layout, hidden_name)
        self.shown, self.hidden = tidy(layout, self.reporter, (want, shown), sure=incoming.whole)
        self._bare = bare
        if self._torn:
            self._forget_torn()

    def _forget_torn(self) -> None:
        from alcove.transactions import restore  # noqa: PLC0415  rare

        restore.drop_hidden(self.layout)  # else what is missing there were missing in a later state
        self.hidden, self._torn = None, False
        self.reporter.emit(Notice("what was missing is there again"))
