"""The options of virtualenv 21 as data: what each is called and takes, and what becomes of it here.

Rule: an option that virtualenv knows is known here; one that has no meaning here does nothing, and its help says so.
"""

from __future__ import annotations

from alcove.records import NamedTuple

__all__ = ["ACTIVATORS", "FOLLOWS", "OPTIONS", "Option"]

FOLLOWS = "21.15.7"
"""The version of virtualenv whose behaviour this follows."""

ACTIVATORS = {
    "bash": ("activate",),
    "batch": ("activate.bat", "deactivate.bat"),
    "cshell": ("activate.csh",),
    "fish": ("activate.fish",),
    "nushell": ("activate.nu",),
    "powershell": ("Activate.ps1",),
    "python": ("activate_this.py",),
    "xonsh": ("activate.xsh",),
}
"""virtualenv's names of activators, and the scripts that they are here."""


class Option(NamedTuple):
    """One option. `kind`: "flag", "yes" and "no" (two flags of one name), "value", "many", "count".

    `choices` are all that a value may be; `deaf` is why the option does nothing here, or "".
    """

    flags: tuple[str, ...]
    name: str
    kind: str
    metavar: str
    help: str
    choices: tuple[str, ...] = ()
    deaf: str = ""


_NO_DATA = "the store and the cache are alcove's (ALCOVE_HOME, ALCOVE_CACHE)"
_NO_WHEELS = "there are no embedded wheels"


def _option(flags: str, name: str, kind: str, text: str, **more: object) -> Option:
    metavar = "" if kind not in ("value", "many") else name.upper()
    return Option(tuple(flags.split()), name, kind, metavar, text)._replace(**more)  # type: ignore[arg-type]


OPTIONS = (
    _option("--with-traceback", "with_traceback", "flag", "on failure, show where in the code"),
    _option("-v --verbose", "verbose", "count", "say more"),
    _option("-q --quiet", "quiet", "count", "say less"),
    _option("--read-only-app-data", "read_only_app_data", "flag", "", deaf=_NO_DATA),
    _option("--app-data", "app_data", "value", "", deaf=_NO_DATA),
    _option("--reset-app-data", "reset_app_data", "flag", "", deaf=_NO_DATA),
    _option("--upgrade-embed-wheels", "upgrade_embed_wheels", "flag", "", deaf=_NO_WHEELS),
    _option(
        "--discovery", "discovery", "value", "how interpreters are found", choices=("builtin",)
    ),
    _option(
        "-p --python",
        "python",
        "many",
        "the interpreter: a path, py311, 3.11, pypy3, '>=3.10'; the first found of several",
    ),
    _option("--try-first-with", "try_first_with", "many", "interpreters to look at first"),
    _option(
        "--creator",
        "creator",
        "value",
        "",
        choices=("builtin", "cpython3-posix", "pypy3-posix", "venv"),
        deaf="all environments are made in one way",
    ),
    _option("--clear", "clear", "flag", "make the environment that is there anew"),
    _option("--no-vcs-ignore", "no_vcs_ignore", "flag", "no .gitignore"),
    _option("--venv-redirect", "venv_redirect", "yes", "write a PEP 832 file .venv beside it"),
    _option("--no-venv-redirect", "venv_redirect", "no", "write no PEP 832 file .venv"),
    _option("--system-site-packages", "system_site_packages", "flag", "see the base's packages"),
    _option("--symlinks", "symlinks", "flag", "link the interpreter (the default)"),
    _option("--copies --always-copy", "copies", "flag", "copy the interpreter"),
    _option(
        "--seeder",
        "seeder",
        "value",
        "",
        choices=("app-data", "pip"),
        deaf="pip is alcove's, whoever seeds",
    ),
    _option("--no-seed --without-pip", "no_seed", "flag", "seed nothing"),
    _option("--download", "download", "yes", "take the newest setuptools of the index"),
    _option("--no-download --never-download", "download", "no", "ask no index (the default)"),
    _option("--extra-search-dir", "extra_search_dir", "many", "directories of wheels to seed from"),
    _option("--pip", "pip", "value", "none, or bundle: the pip inside is alcove's"),
    _option("--setuptools", "setuptools", "value", "bundle, none or a version"),
    _option("--wheel", "wheel", "value", "", deaf="virtualenv seeds no wheel any more"),
    _option("--no-pip", "no_pip", "flag", "no pip"),
    _option("--no-setuptools", "no_setuptools", "flag", "no setuptools"),
    _option("--no-wheel", "no_wheel", "flag", "", deaf="virtualenv seeds no wheel any more"),
    _option("--no-periodic-update", "no_periodic_update", "flag", "", deaf=_NO_WHEELS),
    _option("--symlink-app-data", "symlink_app_data", "flag", "", deaf=_NO_DATA),
    _option("--activators", "activators", "value", "their names, with commas between"),
    _option("--prompt", "prompt", "value", "the name that the shell shows (.: this directory's)"),
)
