"""What a shell may complete: the answer to the variables that pip's completion scripts set, and those scripts.

Rule: as pip answers it, in words that `pip completion` of any pip understands; always exit code 1, as pip has it.
"""

from __future__ import annotations

import os

from alcove.pip.options import COMMANDS, GENERAL, LATER, REAL
from alcove.pip.parse import takes_value

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Mapping, Sequence

    from alcove.pip.options import Option

__all__ = ["candidates", "is_asked", "script"]

# Options of pip that its own help does not show.
_HIDDEN = frozenset({"--use-pep517", "--no-user", "--no-python-version-warning"})
_FILES = frozenset({"requirements", "constraints", "build_constraints", "requirements_from_script"})
_PATHS = frozenset({"editables", "path", "log", "cert", "client_cert", "output"})
_DIRECTORIES = frozenset({"destination", "target", "src", "root", "prefix", "cache_dir"})
_ACTIONS = {
    "cache": ("dir", "info", "list", "remove", "purge"),
    "config": ("list", "edit", "get", "set", "unset", "debug"),
    "index": ("versions",),
}


def is_asked(environ: Mapping[str, str]) -> bool:
    """Tell whether a completion script asks."""
    return (
        "PIP_AUTO_COMPLETE" in environ
        and bool(environ.get("COMP_WORDS"))
        and environ.get("COMP_CWORD", "").isdecimal()
    )


def candidates(
    environ: Mapping[str, str], *, directory: str, installed: Callable[[], Sequence[str]]
) -> list[str]:
    """Return what may stand where the cursor is; `directory`: where the user stands; `installed`: normalised names."""
    words = environ["COMP_WORDS"].split()[1:]
    place = int(environ["COMP_CWORD"])
    current = words[place - 1] if 0 < place <= len(words) else ""
    before = words[place - 2].partition("=")[0] if 2 <= place <= len(words) + 1 else ""
    known = [*COMMANDS, *LATER, *REAL, "help"]
    name = next((word for word in words if word in known), "")
    if not name:
        return _at_the_start(known, current, before, directory)
    if name == "help":
        return []
    if not current.startswith("-"):
        if name in {"show", "uninstall"}:
            named = current.lower()
            there = [one for one in installed() if one.startswith(named) and one not in words[1:]]
            if there:
                return there
        elif name == "install":
            return list(_paths(current, directory, files=True))
    actions = _ACTIONS.get(name, ())
    found = _options(name, current, before, used=words[1 : place - 1], directory=directory)
    if not set(actions) & set(words):
        found += [action for action in actions if action.startswith(current)]
    return found


def _at_the_start(known: list[str], current: str, before: str, directory: str) -> list[str]:
    if current.startswith("-"):
        spelled = [one for row in GENERAL if not _HIDDEN & set(row[0]) for one in row[0]]
        known = [*known, *spelled, "-V", "--version"]
    else:
        kind = _path_kind(before, GENERAL)
        if kind:
            return list(_paths(current, directory, files=kind == "files"))
    return [word for word in known if word.startswith(current)]


def _options(
    name: str, current: str, before: str, *, used: Sequence[str], directory: str
) -> list[str]:
    rows = (*_rows(name), *GENERAL)
    kind = _path_kind(before, rows)
    if kind:
        return list(_paths(current, directory, files=kind == "files"))
    said = {word.partition("=")[0] for word in used}
    return [
        f"{spelling}=" if takes_value(row) and spelling.startswith("--") else spelling
        for row in rows
        if not _HIDDEN & set(row[0])
        for spelling in row[0]
        if spelling.startswith(current) and spelling not in said
    ]


def _rows(name: str) -> tuple[Option, ...]:
    if name in REAL:
        return ()
    from alcove.pip.more_options import command_of

    return command_of(name).options


def _path_kind(before: str, rows: Sequence[Option]) -> str:
    """Return "files" or "directories" where the word before the cursor wants the path of one, else ""."""
    if not before.startswith("-"):
        return ""
    value = next((row[2] for row in rows if before in row[0] and takes_value(row)), "")
    if value in _DIRECTORIES:
        return "directories"
    return "files" if value in _FILES | _PATHS else ""


def _paths(current: str, directory: str, *, files: bool) -> Iterator[str]:
    """Yield what begins as `current` does: directories with a `/` at the end, and with `files` regular files."""
    head, tail = os.path.split(current)
    where = os.path.join(directory, os.path.expanduser(head))
    try:
        with os.scandir(where) as entries:
            found = sorted(entries, key=lambda entry: entry.name)
    except OSError:
        return
    for entry in found:
        if not entry.name.startswith(tail):
            continue
        path = os.path.join(head, entry.name)
        if entry.is_dir():
            yield os.path.join(path, "")
        elif files and entry.is_file():
            yield path


_SCRIPTS = {
    "bash": """\
_alcove_pip() {
    local IFS=$' \\t\\n'
    COMPREPLY=($(COMP_WORDS="${COMP_WORDS[*]}" COMP_CWORD="$COMP_CWORD" PIP_AUTO_COMPLETE=1 "$1" 2>/dev/null))
}
complete -o default -F _alcove_pip PROGRAM
""",
    "zsh": """\
#compdef -P pip[0-9.]#
_alcove_pip() {
    local -a answer
    answer=($(COMP_WORDS="$words[*]" COMP_CWORD=$((CURRENT - 1)) PIP_AUTO_COMPLETE=1 $words[1] 2>/dev/null))
    compadd -- $answer
}
if [[ $zsh_eval_context[-1] == loadautofunc ]]; then
    _alcove_pip "$@"
else
    compdef _alcove_pip -P 'pip[0-9.]#'
fi
""",
    "fish": """\
function __alcove_pip
    set -l typed (commandline --tokenize --cut-at-cursor --current-process)
    set -l last (commandline --current-token --cut-at-cursor)
    set -lx COMP_WORDS (string join ' ' -- $typed $last)
    set -lx COMP_CWORD (count $typed)
    set -lx PIP_AUTO_COMPLETE 1
    $typed[1] 2>/dev/null | string split -n ' '
end
complete -f -c PROGRAM -a '(__alcove_pip)'
""",
    "powershell": """\
Register-ArgumentCompleter -Native -CommandName PROGRAM -ScriptBlock {
    param($wordToComplete, $commandAst, $cursorPosition)
    $typed = @($commandAst.CommandElements | ForEach-Object { $_.ToString() })
    if ($wordToComplete -eq '') { $typed += '' }
    $env:COMP_WORDS = $typed -join ' '
    $env:COMP_CWORD = $typed.Count - 1
    $env:PIP_AUTO_COMPLETE = 1
    (& $typed[0] 2>$null) -split '\\s+' | Where-Object { $_ -like "$wordToComplete*" }
    Remove-Item Env:COMP_WORDS, Env:COMP_CWORD, Env:PIP_AUTO_COMPLETE
}
""",
}


def script(shell: str, program: str) -> str:
    """Return what `pip completion` prints for a shell: bash, fish, powershell or zsh."""
    body = _SCRIPTS[shell].replace("PROGRAM", program)
    return f"\n# pip {shell} completion start\n{body}# pip {shell} completion end\n"
