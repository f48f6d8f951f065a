"""The environment that this pip belongs to: where its modules lie, and what its Python is."""

from __future__ import annotations

import os

from alcove.actions.inventory import Inventory, take
from alcove.environments import config, installed
from alcove.environments.layout import Layout, refuse_other_python
from alcove.errors import NotAnEnvironment
from alcove.pasting import pasted
from alcove.records import NamedTuple

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from alcove.environments.installed import Distribution

__all__ = ["Place", "find"]


class Place(NamedTuple):
    """An environment: `prefix` and `site_packages` (absolute), `python` ("3.12"), and what else it sees.

    `sees_base`: made with --system-site-packages. `before`: directories that come before its own
    (PYTHONPATH). `user_base`: where the user's own modules lie (absolute), or "".
    """

    prefix: str
    site_packages: str
    python: str
    sees_base: bool
    before: tuple[str, ...] = ()
    user_base: str = ""

    @property
    def executable(self) -> str:
        """The environment's Python."""
        if os.name == "nt":
            return os.path.join(self.prefix, "Scripts", "python.exe")
        return os.path.join(self.prefix, "bin", "python")

    @property
    def user_site(self) -> str:
        """The user's own directory of modules for this Python; a path that no system has, for none."""
        library = os.path.basename(os.path.dirname(self.site_packages))
        return os.path.join(self.user_base or os.devnull, "lib", library, "site-packages")

    def inventory(self, base_paths: Callable[[], Sequence[str]], cache: str) -> Inventory:
        """Read what this environment's Python sees; what it alone holds is remembered in `cache` (absolute, or "")."""
        if not self.sees_base and not self.before:
            return take(self.site_packages, cache=cache)
        base = (self.user_site, *base_paths()) if self.sees_base else ()
        return Inventory(installed.read_all((self.site_packages, *base), before=self.before))

    def owns(self, distribution: Distribution) -> bool:
        """Tell whether a distribution is this environment's own and not its base's."""
        where = distribution.linked or distribution.location
        return where.startswith(self.prefix + os.sep)


def find(prefix: str, *, before: Sequence[str] = (), user_base: str = "") -> Place:
    """Look at the environment `prefix` (absolute). NotAnEnvironment where it is none.

    BrokenEnvironment where another tool made it one of another Python than what it holds is for.
    """
    settings = config.read(os.path.join(prefix, "pyvenv.cfg"))
    libraries = _libraries(prefix)
    if not libraries:
        raise NotAnEnvironment(
            f"{prefix} is no environment: it has no site-packages",
            hint=f"alcove create {pasted(prefix)}",
        )
    version = settings.get("version_info") or settings.get("version") or ""
    wanted = ".".join(version.split(".")[:2])
    library = next((name for name in libraries if wanted and _version(name) == wanted), None)
    library = library or libraries[0]
    ours = _ours(prefix, libraries)
    if ours and version and ours != library:
        refuse_other_python(Layout(prefix, ours), version)
    below = "Lib" if library == "Lib" else f"lib/{library}"
    return Place(
        prefix,
        os.path.join(prefix, below, "site-packages"),
        _version(library) or wanted,
        settings.get("include-system-site-packages", "").lower() == "true",
        tuple(before),
        user_base,
    )


def _libraries(prefix: str) -> list[str]:
    """Return the folders below lib/ that hold a site-packages, newest Python first."""
    if os.name == "nt":
        return ["Lib"] if os.path.isdir(os.path.join(prefix, "Lib", "site-packages")) else []
    try:
        names = os.listdir(os.path.join(prefix, "lib"))
    except OSError:
        return []
    found = [
        name
        for name in names
        if name.startswith(("python", "pypy", "graalpy"))
        and os.path.isdir(os.path.join(prefix, "lib", name, "site-packages"))
    ]
    return sorted(found, key=_key, reverse=True)


def _ours(prefix: str, libraries: Sequence[str]) -> str:
    """Return the folder below lib/ that shows what alcove placed, where another tool placed one as well."""
    links = [name for name in libraries if os.path.islink(f"{prefix}/lib/{name}")]
    return links[0] if len(libraries) > 1 and len(links) == 1 else ""


def _key(library: str) -> tuple[int, ...]:
    return tuple(int(part) for part in _version(library).split(".") if part)


def _version(library: str) -> str:
    """Return "3.13" for "python3.13t"."""
    kept = "".join(letter for letter in library if letter.isdigit() or letter == ".")
    return kept.strip(".")
