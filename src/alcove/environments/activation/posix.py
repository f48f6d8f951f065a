"""`activate` for bash, zsh, dash, ksh93, mksh, yash and busybox sh: one file, sourced.

Kept in the shell, never exported: `_OLD_VIRTUAL_PATH`, `_OLD_VIRTUAL_PYTHONHOME`, `_OLD_VIRTUAL_PS1`, named as
in the scripts of `venv` and virtualenv so that theirs, sourced over ours, clean up after us and ours after them;
`_VIRTUAL_ENV_BIN` (the element to take out of PATH again), `_VIRTUAL_ENV_PS1` (what stands before PS1),
`_VIRTUAL_ENV_NAME` or zsh's `_VIRTUAL_ENV_PSVAR` (where a name stands that the prompt must not interpret; never
used in arithmetic, which would evaluate text), `_VIRTUAL_ENV_OUTER*` (an inherited VIRTUAL_ENV).
"""

from __future__ import annotations

from alcove.environments.activation.quoting import posix

__all__ = ["script"]

_TEMPLATE = r"""# Activate this environment: . @BIN@/activate
# (bash, zsh, dash, ksh, mksh, yash, busybox sh; `deactivate` undoes it)

if [ -n "${BASH_VERSION-}" ] && [ "${BASH_SOURCE-}" = "$0" ]; then
    printf '%s\n' "This file must be sourced: . $0" >&2
    exit 33
fi

@VALUES@

# Where is this file? bash, zsh and ksh93 say it.
_virtual_env_file=
if [ -n "${BASH_VERSION-}" ]; then
    _virtual_env_file=${BASH_SOURCE-}
elif [ -n "${ZSH_VERSION-}" ]; then
    eval '_virtual_env_file=${(%):-%x}'
else
    case ${KSH_VERSION-} in *' 93'*) eval '_virtual_env_file=${.sh.file}' ;; esac
fi
if [ -z "$_virtual_env_file" ] && [ -e /proc/self/stat ]; then
    # The others keep it open while they read it, which Linux shows: is it the file that was placed?
    for _virtual_env_link in /proc/self/fd/*; do
        if [ "$_virtual_env_link" -ef "$_virtual_env/@BIN@/activate" ]; then
            _virtual_env_file=$_virtual_env/@BIN@/activate
        fi
    done
    if [ -z "$_virtual_env_file" ]; then # moved: ask for the path
        read -r _virtual_env_process _virtual_env_link </proc/self/stat
        for _virtual_env_link in "/proc/$_virtual_env_process/fd"/*; do
            _virtual_env_link=$(readlink "$_virtual_env_link" || :)
            case $_virtual_env_link in
                */@BIN@/activate) _virtual_env_file=$_virtual_env_link ;;
            esac
        done
        unset _virtual_env_process
    fi
    unset _virtual_env_link
fi
# Absolute, but otherwise as the user wrote it: links on the way stay.
case $_virtual_env_file in
    '' | /*) ;;
    *) _virtual_env_file=$PWD/$_virtual_env_file ;;
esac
case $_virtual_env_file in
    *//* | */./* | */../*)
        _virtual_env_file=$(
            CDPATH=
            cd -L -- "${_virtual_env_file%/*}" >/dev/null && printf '%s/activate' "$PWD" || :
        )
        ;;
esac
_virtual_env_file=${_virtual_env_file%/@BIN@/activate}
if [ -n "$_virtual_env_file" ] && [ -e "$_virtual_env_file/pyvenv.cfg" ]; then
    _virtual_env=$_virtual_env_file
fi
unset _virtual_env_file

if ! [ -e "$_virtual_env/pyvenv.cfg" ]; then
    printf '%s\n' "activate: there is no environment at $_virtual_env (was it moved?)" >&2
    unset _virtual_env _virtual_env_prompt _virtual_env_backslash _virtual_env_bang
    return 1
fi

# One environment at a time: the one of this shell, whoever made it, goes first.
if [ -n "${_OLD_VIRTUAL_PATH+x}${_VIRTUAL_ENV_BIN+x}" ] && command -v deactivate >/dev/null 2>&1; then
    deactivate nondestructive
fi

deactivate () {
    if [ -n "${_VIRTUAL_ENV_BIN+x}" ]; then
        # Only our element goes: what the user did to PATH since stays.
        _virtual_env_path=:${PATH-}:
        case $_virtual_env_path in
            *":$_VIRTUAL_ENV_BIN:"*)
                _virtual_env_path=${_virtual_env_path%%":$_VIRTUAL_ENV_BIN:"*}:${_virtual_env_path#*":$_VIRTUAL_ENV_BIN:"}
                _virtual_env_path=${_virtual_env_path#:}
                PATH=${_virtual_env_path%:}
                ;;
        esac
        if [ -z "${PATH-}" ] && [ -z "${_OLD_VIRTUAL_PATH+x}" ]; then
            unset PATH
        fi
        unset _virtual_env_path _VIRTUAL_ENV_BIN
    fi
    unset _OLD_VIRTUAL_PATH
    if [ -n "${_OLD_VIRTUAL_PYTHONHOME+x}" ]; then
        PYTHONHOME=$_OLD_VIRTUAL_PYTHONHOME
        export PYTHONHOME
        unset _OLD_VIRTUAL_PYTHONHOME
    fi
    if [ -n "${_OLD_VIRTUAL_PS1+x}" ]; then
        case ${PS1-} in
            "$_VIRTUAL_ENV_PS1"*) PS1=${PS1#"$_VIRTUAL_ENV_PS1"} ;;
        esac
        if [ -n "${_VIRTUAL_ENV_PSVAR+x}" ]; then
            eval '() {
                emulate -L zsh
                if [[ $#psvar == $_VIRTUAL_ENV_PSVAR ]]; then psvar[-1]=(); else psvar[$_VIRTUAL_ENV_PSVAR]=; fi
            }'
            unset _VIRTUAL_ENV_PSVAR
        fi
        unset _OLD_VIRTUAL_PS1 _VIRTUAL_ENV_PS1 _VIRTUAL_ENV_NAME
    fi
    unset VIRTUAL_ENV VIRTUAL_ENV_PROMPT
    if [ -n "${_VIRTUAL_ENV_OUTER+x}" ]; then
        VIRTUAL_ENV=$_VIRTUAL_ENV_OUTER
        export VIRTUAL_ENV
        unset _VIRTUAL_ENV_OUTER
    fi
    if [ -n "${_VIRTUAL_ENV_OUTER_PROMPT+x}" ]; then
        VIRTUAL_ENV_PROMPT=$_VIRTUAL_ENV_OUTER_PROMPT
        export VIRTUAL_ENV_PROMPT
        unset _VIRTUAL_ENV_OUTER_PROMPT
    fi
    if [ "${1-}" != nondestructive ]; then
        unset -f deactivate
    fi
}

# A shell inside an activated one inherits its variables: `deactivate` gives them back.
if [ -n "${VIRTUAL_ENV+x}" ]; then
    _VIRTUAL_ENV_OUTER=$VIRTUAL_ENV
fi
if [ -n "${VIRTUAL_ENV_PROMPT+x}" ]; then
    _VIRTUAL_ENV_OUTER_PROMPT=$VIRTUAL_ENV_PROMPT
fi
VIRTUAL_ENV=$_virtual_env
VIRTUAL_ENV_PROMPT=$_virtual_env_prompt
export VIRTUAL_ENV VIRTUAL_ENV_PROMPT

if [ -n "${PATH+x}" ]; then
    _OLD_VIRTUAL_PATH=$PATH
fi
_VIRTUAL_ENV_BIN=$VIRTUAL_ENV/@BIN@
PATH=$_VIRTUAL_ENV_BIN${PATH:+:$PATH}
export PATH

if [ -n "${PYTHONHOME+x}" ]; then
    _OLD_VIRTUAL_PYTHONHOME=$PYTHONHOME
    unset PYTHONHOME
fi

if [ -n "${PS1+x}" ] && [ -z "${VIRTUAL_ENV_DISABLE_PROMPT-}" ]; then
    _OLD_VIRTUAL_PS1=$PS1
    case $VIRTUAL_ENV_PROMPT in
        *[\\\$\`%!\'\"]*)
            # A prompt is expanded when it is drawn: such a name goes in by reference, whose value is not
            # expanded again; what some shells replace even in the value is doubled.
            if [ -n "${ZSH_VERSION-}" ] && eval '[[ -o promptpercent ]]'; then
                eval '() {
                    emulate -L zsh
                    psvar+=("$VIRTUAL_ENV_PROMPT")
                    _VIRTUAL_ENV_PSVAR=$#psvar
                    _VIRTUAL_ENV_PS1="(%${_VIRTUAL_ENV_PSVAR}v) "
                }'
            else
                _VIRTUAL_ENV_NAME=$VIRTUAL_ENV_PROMPT
                if [ -n "${YASH_VERSION-}" ]; then
                    _VIRTUAL_ENV_NAME=$_virtual_env_backslash
                    if [ -o posixlycorrect ]; then
                        _VIRTUAL_ENV_NAME=$_virtual_env_bang
                    fi
                elif [ -z "${BASH_VERSION-}${ZSH_VERSION-}${KSH_VERSION-}" ] && [ -n "${RANDOM-}" ]; then
                    _VIRTUAL_ENV_NAME=$_virtual_env_backslash # busybox; dash has no RANDOM
                else
                    case ${KSH_VERSION-} in *' 93'*) _VIRTUAL_ENV_NAME=$_virtual_env_bang ;; esac
                fi
                _VIRTUAL_ENV_PS1='(${_VIRTUAL_ENV_NAME-}) '
            fi
            ;;
        *) _VIRTUAL_ENV_PS1="($VIRTUAL_ENV_PROMPT) " ;;
    esac
    PS1=$_VIRTUAL_ENV_PS1$PS1
fi
unset _virtual_env _virtual_env_prompt _virtual_env_backslash _virtual_env_bang
"""


def script(prefix: str, prompt: str, *, bin_name: str) -> str:
    """Return the text of `activate` for the environment `prefix` (absolute) shown as `prompt`."""
    values = (
        f"_virtual_env={posix(prefix)}\n"
        f"_virtual_env_prompt={posix(prompt)}\n"
        f"_virtual_env_backslash={posix(prompt.replace(_BACKSLASH, _BACKSLASH * 2))}\n"
        f"_virtual_env_bang={posix(prompt.replace('!', '!!'))}"
    )
    # The values last: no text of the user's is searched for a place of ours.
    return _TEMPLATE.replace("@BIN@", bin_name).replace("@VALUES@", values)


_BACKSLASH = chr(92)
