"""One run of the pip inside: everything that its commands need, handed in once."""

from __future__ import annotations

import os

from alcove.records import NamedTuple
from alcove.settings import gone, home_of

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from alcove.actions.inventory import Inventory
    from alcove.environments.installed import Contents, Distribution
    from alcove.pip.actions import Actions
    from alcove.pip.output import Output
    from alcove.pip.parse import Parsed
    from alcove.pip.where import Place

__all__ = ["Session"]


class Session(NamedTuple):
    """What a command is given. `actions` makes alcove's side; it is called only by what needs it.

    `ask` puts a question to the user and returns the answer. `command`: the words as typed, after `pip`.
    `directory`: where the user stands (absolute), "" where that was removed. `cache`: where what is found is remembered (absolute), or "".
    `program`: how pip was called, for usage lines. `environ`: the variables of the process. `execute` runs another program
    and may not return.
    """

    place: Place
    parsed: Parsed
    output: Output
    actions: Callable[[], Actions]
    ask: Callable[[str], str]
    execute: Callable[[list[str], dict[str, str]], int]
    command: tuple[str, ...]
    directory: str
    program: str = "pip"
    environ: Mapping[str, str] = {}
    cache: str = ""

    def contents(self) -> Contents:
        """Read what is installed, and warn of what cannot be understood."""
        return self.inventory().contents

    def inventory(self) -> Inventory:
        """Read the same, with what is remembered of it."""
        found = self.place.inventory(lambda: self.actions().base_paths(), self.cache)
        for problem in found.contents.problems:
            self.output.warning(problem.reason)
        return found

    def editable(self, distribution: Distribution) -> str:
        """Return where an editable project lies, else ""; warn of a direct_url.json that is none."""
        problem = distribution.direct_url_or_problem()[1]
        if problem:
            where = f"direct_url.json for {distribution.normalised}"
            self.output.warning(f"Error parsing {where}: {problem}")
        return distribution.editable_location()

    def home(self) -> str:
        """Return the user's home (absolute)."""
        return home_of(self.environ)

    def absolute(self, path: str) -> str:
        """Return a path that the user wrote, from where the user stands; `~` is their home."""
        return os.path.normpath(self.joined(os.path.expanduser(path)))

    def joined(self, path: str) -> str:
        """Return a path from where the user stands; AlcoveError where that directory was removed and the path is relative."""
        if not self.directory and not os.path.isabs(path):
            raise gone()
        return os.path.join(self.directory, path)

    def displayed(self, path: str) -> str:
        """Return an absolute path as pip shows it: from `.` where it lies below where the user stands."""
        start = self.directory.rstrip(os.sep) + os.sep
        there = bool(self.directory) and path.startswith(start)
        return "." + path[len(start) - 1 :] if there else path

    def markers(self) -> Mapping[str, str]:
        """Return the marker values of the environment's interpreter."""
        return self.actions().target().markers
