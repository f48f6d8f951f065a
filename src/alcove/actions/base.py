"""The distributions of the base that an environment with `--system-site-packages` sees.

They satisfy requirements, are never touched, and are in no generation (DESIGN section 8).
"""

from __future__ import annotations

from alcove.environments import installed
from alcove.requirements.resolution import Origin
from alcove.resolve.candidates import Facts

TYPE_CHECKING = False
if TYPE_CHECKING:
    from alcove.interpreters.kept import Interpreter

__all__ = ["base_facts"]


def base_facts(interpreter: Interpreter) -> dict[str, tuple[str, Facts]]:
    """Return normalised name -> (version in normal form, facts) of what is installed in the base."""
    from packaging.version import InvalidVersion, Version

    found: dict[str, tuple[str, Facts]] = {}
    for one in installed.read_all(interpreter.site_packages).distributions:
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
