"""What the user set: `ALCOVE_*` variables and the platform's directories, read once into a frozen record.

The only module, beside `index_settings.py` and the probe, that looks at environment variables.
"""

from __future__ import annotations

import errno
import os
import sys

from alcove.errors import AlcoveError, UsageError
from alcove.records import NamedTuple

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

__all__ = ["LINK_MODES", "Settings", "gone", "home_of", "read"]

LINK_MODES = ("view", "hardlink", "clone", "copy")

_REFUSED = (
    *(errno.EACCES, errno.EPERM, errno.EROFS, errno.ENOSPC, errno.EDQUOT),
    errno.ENOTDIR,  # a file stands where a directory has to be
)


class Settings(NamedTuple):
    """Directories are absolute; `here`, the working directory, is "" where it was removed: `cwd` says so.

    `link_mode` is "" where the user said nothing; `wait` in seconds.
    """

    data: str
    cache: str
    config: str
    home: str
    here: str
    named: str
    link_mode: str
    offline: bool
    wait: float
    keep_generations: int
    keep_days: int
    variables: Mapping[str, str]

    @property
    def active(self) -> str:
        """The path of the active environment, or ""."""
        return self.variables.get("VIRTUAL_ENV", "")

    @property
    def cwd(self) -> str:
        """The working directory, for who needs it; AlcoveError where it was removed."""
        if not self.here:
            raise gone()
        return self.here

    def advice(self, error: OSError) -> str:
        """Return what else can be done where the place of the store or the cache refused a write, or the system a file; or "".

        >>> refused = PermissionError(errno.EACCES, "Permission denied", "/h/.cache")
        >>> read({"HOME": "/h", "ALCOVE_HOME": "/d"}, cwd="/").advice(refused)
        'choose another place for what alcove keeps: ALCOVE_CACHE=DIR'
        """
        from alcove import limits  # noqa: PLC0415  only a failing command asks

        if lifted := limits.advice(error):
            return lifted
        path = error.filename
        if not isinstance(path, str) or error.errno not in _REFUSED:
            return ""
        places = (("ALCOVE_HOME", self.data), ("ALCOVE_CACHE", self.cache))
        names = [
            f"{name}=DIR"
            for name, place in places
            if f"{place}/".startswith(f"{path}/") or path.startswith(f"{place}/")
        ]
        return f"choose another place for what alcove keeps: {' '.join(names)}" if names else ""


def read(variables: Mapping[str, str] | None = None, *, cwd: str | None = None) -> Settings:
    """Return the settings that `variables` (default: the process's) give in `cwd` (absolute, default: the process's).

    UsageError where a variable has a value that it cannot have.
    """
    given = _own() if variables is None else variables
    here = cwd or _cwd(given)
    home = home_of(given)
    if not os.path.isabs(
        home
    ):  # links to the store may lead to no place that is another one elsewhere
        if not here:
            raise gone()
        home = os.path.normpath(os.path.join(here, home))
    return Settings(
        data=_absolute("ALCOVE_HOME", given) or _data(given, home),
        cache=_absolute("ALCOVE_CACHE", given) or _cache(given, home),
        config=_config(given, home),
        home=home,
        here=here,
        named=_named(given, home),
        link_mode=_link_mode(given.get("ALCOVE_LINK_MODE", "")),
        offline=given.get("ALCOVE_OFFLINE", "") not in ("", "0"),
        wait=60.0,
        keep_generations=10,
        keep_days=30,
        variables=given,
    )


def home_of(variables: Mapping[str, str]) -> str:
    """Return the user's home as `variables` or the system tell it, or "/" where neither knows one.

    A user without a name (a container's, given by a number) has none; container engines say "/" then.
    """
    home = variables.get("HOME") or variables.get("USERPROFILE") or os.path.expanduser("~")
    if variables.get("HOME") == "":  # which `expanduser` takes for one, and says "/"
        home = _by_name() or home
    return os.sep if home == "~" else home


def _by_name() -> str:
    """Return the home that the system knows of this process's user, or ""."""
    try:
        import pwd  # noqa: PLC0415  nearly all have a HOME

        return pwd.getpwuid(os.getuid()).pw_dir
    except (ImportError, KeyError):
        return ""


def _own() -> dict[str, str]:
    """Return the variables of this process."""
    short: Callable[[], dict[str, str]] | None = getattr(os, "variables_at_start", None)
    return short() if short else dict(os.environ)  # the former: `alcove.compiled.stand_in`


def gone() -> AlcoveError:
    """Return the error of who needs the working directory, which was removed."""
    return AlcoveError("the current directory no longer exists", hint="cd to one that does")


def _cwd(given: Mapping[str, str]) -> str:
    """Return the working directory by the name that the shell gave it, where that is true; "" where it was removed."""
    try:
        real = os.getcwd()
    except FileNotFoundError:
        return ""
    shown = given.get("PWD", "")
    if shown and shown != real:
        try:
            if os.path.samefile(shown, real):
                return shown
        except OSError:
            return real
    return real


def _absolute(name: str, given: Mapping[str, str]) -> str:
    value = given.get(name, "")
    if value and not os.path.isabs(value):
        raise UsageError(
            f"{name} is {value!r}, which is not an absolute path",
            hint=f"export {name}=/path/to/directory",
        )
    return value.rstrip("/") if len(value) > 1 else value


def _named(given: Mapping[str, str], home: str) -> str:
    """Return where named environments lie; virtualenvwrapper: a relative WORKON_HOME is relative to the home."""
    value = given.get("WORKON_HOME", "")
    if value == "~" or value.startswith("~/"):
        value = home + value[1:]
    found = os.path.join(home, value or ".virtualenvs")
    return found.rstrip("/") if len(found) > 1 else found


def _data(given: Mapping[str, str], home: str) -> str:
    if given.get("XDG_DATA_HOME", "").startswith("/"):
        return os.path.join(given["XDG_DATA_HOME"], "alcove")
    if sys.platform == "darwin":
        return os.path.join(home, "Library", "Application Support", "alcove")
    if sys.platform == "win32":
        return os.path.join(
            given.get("LOCALAPPDATA") or os.path.join(home, "AppData", "Local"), "alcove"
        )
    if os.geteuid() == 0:
        return "/var/lib/alcove"  # what root builds, a service user can run
    return os.path.join(home, ".local", "share", "alcove")


def _cache(given: Mapping[str, str], home: str) -> str:
    if given.get("XDG_CACHE_HOME", "").startswith("/"):
        return os.path.join(given["XDG_CACHE_HOME"], "alcove")
    if sys.platform == "darwin":
        return os.path.join(home, "Library", "Caches", "alcove")
    if sys.platform == "win32":
        return os.path.join(
            given.get("LOCALAPPDATA") or os.path.join(home, "AppData", "Local"), "alcove", "cache"
        )
    return os.path.join(home, ".cache", "alcove")


def _config(given: Mapping[str, str], home: str) -> str:
    if given.get("XDG_CONFIG_HOME", "").startswith("/"):
        return os.path.join(given["XDG_CONFIG_HOME"], "alcove")
    if sys.platform == "darwin":
        return os.path.join(home, "Library", "Application Support", "alcove")
    if sys.platform == "win32":
        return os.path.join(
            given.get("APPDATA") or os.path.join(home, "AppData", "Roaming"), "alcove"
        )
    return os.path.join(home, ".config", "alcove")


def _link_mode(value: str) -> str:
    if value and value not in LINK_MODES:
        raise UsageError(f"ALCOVE_LINK_MODE is {value!r}", hint=f"one of: {', '.join(LINK_MODES)}")
    return value
