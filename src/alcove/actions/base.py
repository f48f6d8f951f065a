"""The distributions of the base that an environment with `--system-site-packages` sees.

They satisfy requirements, are never touched, and are in no generation (DESIGN section 8).
"""

from __future__ import annotations

from alcove.environments import installed
from alcove.requirements.resolution import Origin
from alcove.resolve.candidates import Facts

TYPE_CHECKING = False
if TYPE_CHECKING:
    from alcove.environments.layout import Layout
    from alcove.interpreters.kept import Interpreter
    from alcove.settings import Settings

__all__ = ["base_facts", "user_site"]


def user_site(layout: Layout, settings: Settings) -> str:
    """Return the user's own directory of modules for an environment's Python (absolute); "" where it is switched off."""
    variables = settings.variables
    base = variables.get("PYTHONUSERBASE") or (f"{settings.home}/.local" if settings.home else "")
    if variables.get("PYTHONNOUSERSITE") or not base:
        return ""
    return f"{base}/lib/{layout.library}/site-packages"


def base_facts(interpreter: Interpreter, user: str = "") -> dict[str, tuple[str, Facts]]:
    """Return normalised name -> (version in normal form, facts) of what the base has; `user`: the user's site, or ""."""
    from packaging.version import InvalidVersion, Version

    found: dict[str, tuple[str, Facts]] = {}
    places = (user, *interpreter.site_packages) if user else interpreter.site_packages
    for one in installed.read_all(places).distributions:
        try:
            version = str(Version(one.version))
        except InvalidVersion:
            continue
        headers = [(key.lower(), value.strip()) for key, value in one.headers()]
        python = next((value for key, value in headers if key == "requires-python"), "")
        extras = tuple(value for key, value in headers if key == "provides-extra")
        origin = Origin("installed", "", "", "")
        facts = Facts(tuple(one.requires()), origin, python, extras, "installed")
        found.setdefault(one.normalised, (version, facts))
    return found
