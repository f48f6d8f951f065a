"""Where this user's interpreters are looked for, and what a request for one means: a NAME may be an environment's."""

from __future__ import annotations

import os

from alcove.errors import UsageError
from alcove.interpreters import requests
from alcove.interpreters.places import places_of

TYPE_CHECKING = False
if TYPE_CHECKING:
    from alcove.interpreters.places import Places, Registered
    from alcove.settings import Settings

__all__ = ["meant", "own_pythons", "places_for"]


def own_pythons(settings: Settings) -> str:
    """Return the directory (absolute, may be missing) of the interpreters that alcove installed."""
    return f"{settings.data}/pythons"


def places_for(settings: Settings) -> Places:
    """Return where to look for interpreters."""
    return places_of(
        settings.variables,
        home=settings.home,
        directory=settings.here,
        own=own_pythons(settings),
        registered=_registered(),
    )


def _registered() -> tuple[Registered, ...]:
    """Return what the registry of Windows knows (PEP 514; the `py` launcher reads the same); nothing elsewhere."""
    if os.name != "nt":
        return ()
    from alcove.interpreters import windows

    return windows.registered(windows.WindowsRegistry())


def meant(request: str, settings: Settings) -> str:
    """Return the path (absolute) of a named environment where `request` is its name and no version, else `request`."""
    if not request or os.sep in request or request[0] in ".~<>=!-":
        return request
    named = os.path.join(settings.named, request)
    if not os.path.isfile(os.path.join(named, "pyvenv.cfg")):
        return request
    try:
        asked = requests.parse(request, directory=settings.here, home=settings.home)
    except UsageError:
        return named
    return named if asked.name and asked.name != "system" else request
