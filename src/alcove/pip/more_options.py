"""The commands of pip beside those for installing and listing: their usage, summaries and options, as rows of `options`.

Read only when one of them runs. Options that `install` has too are its rows.
"""

from __future__ import annotations

from alcove.pip.options import COMMANDS as FIRST
from alcove.pip.options import LATER, Command

TYPE_CHECKING = False
if TYPE_CHECKING:
    from alcove.pip.options import Option

__all__ = ["COMMANDS", "command_of"]

_INSTALL = {
    row[2]: [one for one in FIRST["install"].options if one[2] == row[2]]
    for row in FIRST["install"].options
}


def _as_install(names: str) -> tuple[Option, ...]:
    """Return the rows of `install` whose values have these names."""
    return tuple(row for name in names.split() for row in _INSTALL.get(name, ()))


_CHOICE = _as_install("pre releases no_binary only_binary prefer_binary")
_INDEX = _as_install("index_url extra_index_urls no_index refresh find_links uploaded_prior_to")
_SOURCES = _as_install(
    "requirements constraints build_constraints scripts groups no_deps only_deps src"
    " ignore_requires_python build_isolation use_pep517 check_build_dependencies require_hashes"
    " no_require_hashes progress_bar no_clean"
)
_TARGET = _as_install("platforms python_version implementation abis")
_HASHES = ("sha256", "sha384", "sha512")

_FORMS = (
    "<requirement specifier> [package-index-options] ...",
    "-r <requirements file> [package-index-options] ...",
)
_PLACES = ("<vcs project url> ...", "<local project path> ...", "<archive url/path> ...")


def _forms(name: str, *forms: str) -> tuple[str, ...]:
    return tuple(f"{name} [options] {form}" for form in forms)


_ROWS: dict[str, tuple[tuple[str, ...], tuple[Option, ...]]] = {
    "lock": (
        _forms("lock", "[-e] <local project path> ...", *_FORMS, _PLACES[2]),
        (
            (("-o", "--output"), "path", "output", ()),
            *_as_install("editables config_settings"),
            *_SOURCES,
            *_CHOICE,
            *_INDEX,
        ),
    ),
    "download": (
        _forms("download", *_FORMS, *_PLACES),
        (
            (
                ("-d", "--dest", "--destination-dir", "--destination-directory"),
                "store",
                "destination",
                (),
            ),
            *_SOURCES,
            *_TARGET,
            *_CHOICE,
            *_INDEX,
        ),
    ),
    "wheel": (
        _forms(
            "wheel",
            "<requirement specifier> ...",
            "-r <requirements file> ...",
            "[-e] <vcs project url> ...",
            "[-e] <local project path> ...",
            _PLACES[2],
        ),
        (
            (("-w", "--wheel-dir"), "store", "destination", ()),
            (("--no-verify",), "flag", "no_verify", ()),
            *_as_install("editables config_settings"),
            *_SOURCES,
            *_CHOICE,
            *_INDEX,
        ),
    ),
    "inspect": (
        ("inspect [options]",),
        (
            (("--local",), "flag", "local", ()),
            (("--user",), "flag", "user", ()),
            (("--path",), "paths", "path", ()),
        ),
    ),
    "index": (
        ("index versions <package>",),
        (
            *_TARGET,
            *_as_install("ignore_requires_python"),
            (("--json",), "flag", "json", ()),
            *_CHOICE,
            *_INDEX,
        ),
    ),
    "cache": (
        (
            "cache dir",
            "cache info",
            "cache list [<pattern>] [--format=[human, abspath]]",
            "cache remove <pattern>",
            "cache purge",
        ),
        ((("--format",), "choice", "format", ("human", "abspath")),),
    ),
    "config": (
        (
            "config [<file-option>] list",
            "config [<file-option>] [--editor <editor-path>] edit",
            "config [<file-option>] get command.option",
            "config [<file-option>] set command.option value",
            "config [<file-option>] unset command.option",
            "config [<file-option>] debug",
        ),
        (
            (("--editor",), "store", "editor", ()),
            (("--global",), "flag", "global", ()),
            (("--user",), "flag", "user", ()),
            (("--site",), "flag", "site", ()),
        ),
    ),
    "hash": (
        ("hash [options] <file> ...",),
        ((("-a", "--algorithm"), "choice", "algorithm", _HASHES),),
    ),
    "debug": (("debug <options>",), _TARGET),
    "completion": (
        ("completion [options]",),
        (
            (("-b", "--bash"), "flag", "bash", ()),
            (("-z", "--zsh"), "flag", "zsh", ()),
            (("-f", "--fish"), "flag", "fish", ()),
            (("-p", "--powershell"), "flag", "powershell", ()),
        ),
    ),
}
COMMANDS = {name: Command(usage, LATER[name], options) for name, (usage, options) in _ROWS.items()}


def command_of(name: str) -> Command:
    """Return any command that this pip does itself; KeyError for a name of none."""
    return FIRST[name] if name in FIRST else COMMANDS[name]
