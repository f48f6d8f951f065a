"""Completion for bash, zsh, fish and PowerShell, written from one table of the command line.

The text is static: completing starts no process. Names that come from the disk are never expanded again by the shell.
"""

from __future__ import annotations

from alcove.environments.activation import quoting
from alcove.errors import UsageError
from alcove.records import NamedTuple

__all__ = ["Command", "Option", "Table", "completion"]


class Option(NamedTuple):
    """One option: its spellings (`-p`, `--python`), one line of help, and what value it takes.

    `takes`: "" for none, "file", "directory", "environment" (a name or a directory), "name" (of
    an environment), "text" (anything), or choices as "one|two|three".
    """

    flags: tuple[str, ...]
    help: str = ""
    takes: str = ""


class Command(NamedTuple):
    """One verb: its name, one line of help, its options, and what its arguments are (as `Option.takes`)."""

    name: str
    help: str = ""
    options: tuple[Option, ...] = ()
    takes: str = ""


class Table(NamedTuple):
    """The command line: options before the verb, and the verbs."""

    options: tuple[Option, ...]
    commands: tuple[Command, ...]


def completion(shell: str, table: Table) -> str:
    """Return the text that teaches `shell` (bash, zsh, fish, powershell) to complete `alcove`; UsageError for another."""
    writers = {"bash": _bash, "zsh": _zsh, "fish": _fish, "powershell": _powershell}
    if shell not in writers:
        raise UsageError(
            f"no completion for the shell {shell!r}", hint=f"one of {', '.join(writers)}"
        )
    return writers[shell](table)


def _flags(options: tuple[Option, ...]) -> list[str]:
    return [flag for option in options for flag in option.flags]


def _cases(table: Table) -> list[tuple[str, str]]:
    """Return (pattern of `COMMAND:PREVIOUS WORD`, what is wanted there), for bash and zsh."""
    found = [
        ("|".join([f"{command.name}:{flag}" for flag in option.flags]), option.takes)
        for command in table.commands
        for option in (*table.options, *command.options)
        if option.takes
    ]
    found += [
        ("|".join([f":{flag}" for flag in o.flags]), o.takes) for o in table.options if o.takes
    ]
    return found


_BASH = r"""_alcove_complete () {
    local current=${COMP_WORDS[COMP_CWORD]} previous= command= wanted= word found
    COMPREPLY=()
    if (( COMP_CWORD > 1 )); then
        previous=${COMP_WORDS[COMP_CWORD-1]}
    fi
    for word in "${COMP_WORDS[@]:1:COMP_CWORD-1}"; do
        case $word in @COMMANDS@) command=$word; break ;; esac
    done
    case $command:$previous in
@CASES@
        *)
            case $command in
@WORDS@
            esac
            if [[ $current == -* || -z $command ]]; then
                COMPREPLY=( $(compgen -W "$word" -- "$current") )
                return
            fi
            ;;
    esac
    if [[ $wanted != name ]]; then # else a directory here that is called so would get a slash
        compopt -o filenames 2>/dev/null # bash 3 has it not
    fi
    case $wanted in
        environment | name)
            for found in "${WORKON_HOME:-$HOME/.virtualenvs}"/*/pyvenv.cfg; do
                found=${found%/pyvenv.cfg}
                found=${found##*/}
                if [[ $found == "$current"* && $found != '*' ]]; then
                    if [[ $wanted == name ]]; then printf -v found %q "$found"; fi
                    COMPREPLY+=("$found")
                fi
            done
            if [[ $wanted == environment ]]; then
                while IFS= read -r found; do COMPREPLY+=("$found"); done < <(compgen -d -- "$current")
            fi
            ;;
        directory) while IFS= read -r found; do COMPREPLY+=("$found"); done < <(compgen -d -- "$current") ;;
        file) while IFS= read -r found; do COMPREPLY+=("$found"); done < <(compgen -f -- "$current") ;;
        *'|'*) COMPREPLY=( $(compgen -W "${wanted//|/ }" -- "$current") ) ;;
    esac
}
complete -F _alcove_complete alcove
"""


def _bash(table: Table) -> str:
    cases = [
        f"        {pattern}) wanted={quoting.posix(takes)} ;;" for pattern, takes in _cases(table)
    ]
    everywhere = _flags(table.options)
    words = [
        f"                {c.name}) word={quoting.posix(' '.join([*everywhere, *_flags(c.options)]))}; "
        f"wanted={quoting.posix(c.takes)} ;;"
        for c in table.commands
    ]
    names = [command.name for command in table.commands]
    words.append(f"                *) word={quoting.posix(' '.join([*everywhere, *names]))} ;;")
    text = _BASH.replace("@COMMANDS@", "|".join(names))
    return text.replace("@CASES@", "\n".join(cases)).replace("@WORDS@", "\n".join(words))


_ZSH = r"""_alcove_complete () {
    local previous= command= wanted= word
    local -a flags found
    if (( CURRENT > 2 )); then
        previous=$words[CURRENT-1]
    fi
    for word in "${(@)words[2,CURRENT-1]}"; do
        case $word in (@COMMANDS@) command=$word; break ;; esac
    done
    case $command:$previous in
@CASES@
        (*)
            case $command in
@WORDS@
            esac
            if [[ $words[CURRENT] == -* || -z $command ]]; then
                _describe -o option flags
                if [[ -z $command ]]; then
                    found=(@VERBS@)
                    _describe command found
                fi
                return
            fi
            ;;
    esac
    case $wanted in
        (environment|name)
            found=("${WORKON_HOME:-$HOME/.virtualenvs}"/*/pyvenv.cfg(N:h:t))
            compadd -- "${(@)found}"
            if [[ $wanted == environment ]]; then _files -/; fi
            ;;
        (directory) _files -/ ;;
        (file) _files ;;
        (*'|'*) compadd -- "${(@s:|:)wanted}" ;;
    esac
}
if (( $+functions[compdef] )); then
    compdef _alcove_complete alcove
fi
"""


def _zsh(table: Table) -> str:
    def described(options: tuple[Option, ...]) -> str:
        pairs = [(flag, option.help) for option in options for flag in option.flags]
        return " ".join([_zsh_pair(name, text) for name, text in pairs])

    cases = [
        f"        ({pattern}) wanted={quoting.posix(takes)} ;;" for pattern, takes in _cases(table)
    ]
    words = [
        f"                ({c.name}) flags=({described((*table.options, *c.options))}); "
        f"wanted={quoting.posix(c.takes)} ;;"
        for c in table.commands
    ]
    words.append(f"                (*) flags=({described(table.options)}) ;;")
    text = _ZSH.replace("@COMMANDS@", "|".join([command.name for command in table.commands]))
    verbs = " ".join([_zsh_pair(command.name, command.help) for command in table.commands])
    text = text.replace("@CASES@", "\n".join(cases)).replace("@WORDS@", "\n".join(words))
    return text.replace("@VERBS@", verbs)


def _zsh_pair(name: str, text: str) -> str:
    return quoting.posix(f"{name}:{text}" if text else name)


_FISH = r"""function __alcove_environments
    set -l root "$HOME/.virtualenvs"
    if test -n "$WORKON_HOME"
        set root "$WORKON_HOME"
    end
    for found in $root/*/pyvenv.cfg
        string replace -r '.*/([^/]*)/pyvenv\.cfg$' '$1' -- $found
    end
    __fish_complete_directories
end
complete -c alcove -e
complete -c alcove -f
"""


def _fish(table: Table) -> str:
    lines = [_FISH]
    lines += [_fish_option("", option) for option in table.options]
    for command in table.commands:
        verb = f"complete -c alcove -n __fish_use_subcommand -a {command.name}"
        lines.append(f"{verb} -d {quoting.fish(command.help)}")
        seen = f" -n {quoting.fish(f'__fish_seen_subcommand_from {command.name}')}"
        lines += [_fish_option(seen, option) for option in command.options]
        if command.takes and command.takes != "text":
            lines.append(
                f"complete -c alcove{seen}{_fish_value(command.takes).removeprefix(' -r')}"
            )
    return "\n".join(lines) + "\n"


def _fish_option(condition: str, option: Option) -> str:
    spelled = ""
    for flag in option.flags:
        spelled += f" -l {flag[2:]}" if flag.startswith("--") else f" -s {flag[1:]}"
    value = _fish_value(option.takes) if option.takes else ""
    return f"complete -c alcove{condition}{spelled}{value} -d {quoting.fish(option.help)}"


def _fish_value(takes: str) -> str:
    if takes in ("environment", "name"):
        return " -r -f -a '(__alcove_environments)'"
    if takes == "directory":
        return " -r -f -a '(__fish_complete_directories)'"
    if takes == "file":
        return " -r -F"
    return f" -r -f -a {quoting.fish(takes.replace('|', ' '))}" if "|" in takes else " -r -f"


_POWERSHELL = r"""Register-ArgumentCompleter -Native -CommandName alcove -ScriptBlock {
    param($word, $ast, $cursor)
    $verbs = [ordered]@{
@VERBS@
    }
    $everywhere = @(@EVERYWHERE@)
    $typed = @($ast.CommandElements | Select-Object -Skip 1 | ForEach-Object { "$_" })
    $verb = $typed | Where-Object { $verbs.Contains($_) } | Select-Object -First 1
    $candidates = if ($word -like '-*') {
        $everywhere
        if ($verb) { $verbs[$verb][1] }
    } elseif (-not $verb -or $verb -ceq $word) {
        $verbs.Keys
    } elseif ($verbs[$verb][2] -ceq 'environment') {
        $root = if ($env:WORKON_HOME) { $env:WORKON_HOME } else { Join-Path $HOME '.virtualenvs' }
        Get-ChildItem -LiteralPath $root -Directory -ErrorAction SilentlyContinue |
            Where-Object { Test-Path -LiteralPath (Join-Path $_.FullName 'pyvenv.cfg') } | ForEach-Object { $_.Name }
    } elseif ($verbs[$verb][2] -like '*|*') {
        $verbs[$verb][2].Split('|')
    }
    $candidates | Where-Object { $_.StartsWith($word, [System.StringComparison]::Ordinal) } | ForEach-Object {
        $text = if ($_ -match '[^\w./=+-]') { "'" + $_.Replace("'", "''") + "'" } else { $_ }
        $help = if ($verbs.Contains($_)) { $verbs[$_][0] } else { $_ }
        [System.Management.Automation.CompletionResult]::new($text, $_, 'ParameterValue', $help)
    }
}
"""


def _powershell(table: Table) -> str:
    verbs = []
    for command in table.commands:
        flags = ", ".join([quoting.powershell(flag) for flag in _flags(command.options)])
        facts = f"{quoting.powershell(command.help or command.name)}, @({flags}), {quoting.powershell(command.takes)}"
        verbs.append(f"        {quoting.powershell(command.name)} = @({facts})")
    everywhere = ", ".join([quoting.powershell(flag) for flag in _flags(table.options)])
    return _POWERSHELL.replace("@EVERYWHERE@", everywhere).replace("@VERBS@", "\n".join(verbs))
