"""By which path a shell starts alcove: one that stays right when a new version takes the place of this one."""

from __future__ import annotations

import os

from alcove.errors import AlcoveError

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Mapping

__all__ = ["program_of"]


def program_of(started: str, variables: Mapping[str, str]) -> str:
    """Return the absolute path of the program `alcove`; links on the way stay as they are.

    `started`: how this process was started (`sys.argv[0]`); `variables`: PATH is asked where that is no program
    (`python -m alcove`). AlcoveError where there is none.
    """
    path = os.path.abspath(started)
    folder, name = os.path.split(path)
    if name in ("alcove", "alcove.exe"):
        return path
    # install.py's launcher where a first line would be too long: app/VERSION/bin/alcove.py, reached by app/current.
    places = (
        [os.path.join(folder, "..", "..", "current", "bin"), folder] if name == "alcove.py" else []
    )
    places += variables.get("PATH", "").split(os.pathsep)
    for place in places:
        for candidate in ("alcove", "alcove.exe") if os.name == "nt" else ("alcove",):
            found = os.path.abspath(os.path.join(place, candidate))
            if place and os.access(found, os.X_OK) and os.path.isfile(found):
                return found
    raise AlcoveError(
        "there is no program alcove on PATH that a shell could start",
        hint="python3 install.py in a checkout of alcove installs one",
    )
