# Entering and leaving with the hooks of virtualenvwrapper: preactivate is run, the others are read by this shell.
# Global ones lie in VIRTUALENVWRAPPER_HOOK_DIR (else WORKON_HOME), an environment's in its bin, a project's in
# .virtualenvwrapper. One that is not there costs a look at the disk, and no process.

_alcove_run () {
    if [ -f "$1" ] && [ -x "$1" ]; then
        (
            CDPATH=
            builtin cd -- "$WORKON_HOME" >/dev/null 2>&1
            "$@"
        )
    fi
    return 0
}

_alcove_read () {
    if [ -f "$1" ]; then
        . "$1" || : # a hook that fails ends neither this nor, under `set -e`, the shell
    fi
}

_alcove_project_of () {
    # Set _alcove_project, which is the caller's, to the project of the environment $1, or to nothing.
    if [ -n "${ZSH_VERSION-}" ]; then
        setopt localoptions nowarnnestedvar
    fi
    _alcove_project=
    if [ -f "$1/${VIRTUALENVWRAPPER_PROJECT_FILENAME:-.project}" ]; then
        _alcove_project=$(<"$1/${VIRTUALENVWRAPPER_PROJECT_FILENAME:-.project}")
    fi
}

_alcove_activate () {
    # Read the script of activation. zsh may warn of variables that a file makes within a function: this one is to.
    if [ -n "${ZSH_VERSION-}" ]; then
        setopt localoptions nowarncreateglobal nowarnnestedvar
    fi
    . "$1"
}

_alcove_enter () {
    # $1: the environment's absolute path; $2: 1 to go to its project.
    local -x WORKON_HOME=${WORKON_HOME:-~/.virtualenvs}
    local -x VIRTUALENVWRAPPER_HOOK_DIR=${VIRTUALENVWRAPPER_HOOK_DIR:-$WORKON_HOME}
    local _alcove_name=$1 _alcove_body _alcove_project
    if [ "${1%/*}" = "${WORKON_HOME%/}" ]; then
        _alcove_name=${1##*/}
    fi
    if ! [ -f "$1/bin/activate" ]; then
        printf '%s\n' "alcove: there is no $1/bin/activate" >&2
        return 1
    fi
    if [ -n "${_VIRTUAL_ENV_BIN+x}${_OLD_VIRTUAL_PATH+x}" ] && typeset -f deactivate >/dev/null; then
        deactivate
    fi
    _alcove_run "$VIRTUALENVWRAPPER_HOOK_DIR/preactivate" "$_alcove_name"
    _alcove_run "$1/bin/preactivate" "$_alcove_name"
    _alcove_activate "$1/bin/activate" || return
    # What activation defined goes on under another name, inside of ours.
    _alcove_body=$(typeset -f deactivate) || return
    eval "_alcove_leave ${_alcove_body#deactivate}"
    deactivate () {
        _alcove_left "$@"
    }
    _alcove_project_of "$1"
    if [ -n "$_alcove_project" ]; then
        if [ "${2-}" = 1 ]; then
            builtin cd -- "$_alcove_project"
        fi
        _alcove_read "$_alcove_project/.virtualenvwrapper/postactivate"
    fi
    _alcove_read "$VIRTUALENVWRAPPER_HOOK_DIR/postactivate"
    _alcove_read "$1/bin/postactivate"
}

_alcove_left () {
    # $1: "nondestructive" where another activation follows at once.
    local -x WORKON_HOME=${WORKON_HOME:-~/.virtualenvs}
    local -x VIRTUALENVWRAPPER_HOOK_DIR=${VIRTUALENVWRAPPER_HOOK_DIR:-$WORKON_HOME}
    local _alcove_last=${VIRTUAL_ENV-} _alcove_project
    _alcove_project_of "$_alcove_last"
    if [ -n "$_alcove_project" ]; then
        _alcove_read "$_alcove_project/.virtualenvwrapper/predeactivate"
    fi
    _alcove_read "$_alcove_last/bin/predeactivate"
    _alcove_read "$VIRTUALENVWRAPPER_HOOK_DIR/predeactivate"
    _alcove_leave "$@"
    if [ "${1-}" != nondestructive ]; then
        unset -f _alcove_leave
    fi
    local VIRTUALENVWRAPPER_LAST_VIRTUAL_ENV=$_alcove_last
    _alcove_read "$_alcove_last/bin/postdeactivate"
    _alcove_read "$VIRTUALENVWRAPPER_HOOK_DIR/postdeactivate"
}
