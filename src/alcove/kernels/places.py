"""Where Jupyter looks for kernels, by the rules that jupyter_core documents.

Rule: nothing of Jupyter is imported or run; the variables and the platform say it all.
"""

from __future__ import annotations

import os
import sys

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Mapping

    from alcove.settings import Settings

__all__ = ["below", "search", "user"]

_NO = ("no", "n", "false", "off", "0", "0.0")  # what jupyter_core takes for "not set"
_SYSTEM = ("/usr/local/share/jupyter", "/usr/share/jupyter")


def user(settings: Settings, *, platform: str = sys.platform) -> str:
    """Return the user's directory of kernels (absolute), there or not: `--user` of Jupyter's own commands.

    JUPYTER_DATA_DIR, else the platform's directory for a user's data.
    """
    return os.path.join(_data(settings.variables, settings.home, platform), "kernels")


def below(prefix: str) -> str:
    """Return the directory of kernels of the prefix (absolute) of an interpreter: `--prefix` and `--sys-prefix`."""
    return os.path.join(prefix, "share", "jupyter", "kernels")


def search(settings: Settings, *, platform: str = sys.platform) -> list[str]:
    """Return the directories of kernels (absolute) that a Jupyter outside of any environment looks through, in its order."""
    given = settings.variables
    said = [path.rstrip("/") for path in given.get("JUPYTER_PATH", "").split(os.pathsep) if path]
    if platform == "win32":
        system = [os.path.join(given["PROGRAMDATA"], "jupyter")] if "PROGRAMDATA" in given else []
    else:
        system = list(_SYSTEM)
    found = [os.path.join(path, "kernels") for path in said if os.path.isabs(path)]
    found.append(user(settings, platform=platform))
    if settings.active:
        found.append(below(settings.active))
    found += [os.path.join(path, "kernels") for path in system]
    return list(dict.fromkeys(found))


def _data(given: Mapping[str, str], home: str, platform: str) -> str:
    if given.get("JUPYTER_DATA_DIR"):
        return os.path.abspath(given["JUPYTER_DATA_DIR"])
    home = os.path.realpath(home)
    by_platform = given.get("JUPYTER_PLATFORM_DIRS", "no").lower() not in _NO
    if platform == "darwin":
        inner = ("Application Support", "Jupyter") if by_platform else ("Jupyter",)
        return os.path.join(home, "Library", *inner)
    if platform == "win32":
        if by_platform:
            local = given.get("LOCALAPPDATA") or os.path.join(home, "AppData", "Local")
            return os.path.join(local, "Jupyter")
        if given.get("APPDATA"):
            return os.path.join(given["APPDATA"], "jupyter")
        return os.path.join(given.get("JUPYTER_CONFIG_DIR") or f"{home}/.jupyter", "data")
    shared = given.get("XDG_DATA_HOME") or os.path.join(home, ".local", "share")
    return os.path.join(shared, "jupyter")
