# The commands of virtualenvwrapper, on the environments in WORKON_HOME, whoever made them.

[ -n "${WORKON_HOME-}" ] || WORKON_HOME=~/.virtualenvs
case $WORKON_HOME in
    /*) ;;
    '~/'*) WORKON_HOME=~/${WORKON_HOME#??} ;;
    *) WORKON_HOME=~/$WORKON_HOME ;;
esac
case $WORKON_HOME in ?*/) WORKON_HOME=${WORKON_HOME%/} ;; esac
VIRTUALENVWRAPPER_HOOK_DIR=${VIRTUALENVWRAPPER_HOOK_DIR:-$WORKON_HOME}
VIRTUALENVWRAPPER_PROJECT_FILENAME=${VIRTUALENVWRAPPER_PROJECT_FILENAME:-.project}
VIRTUALENVWRAPPER_WORKON_CD=${VIRTUALENVWRAPPER_WORKON_CD:-1}
VIRTUALENVWRAPPER_ENV_BIN_DIR=bin
export WORKON_HOME VIRTUALENVWRAPPER_HOOK_DIR VIRTUALENVWRAPPER_PROJECT_FILENAME VIRTUALENVWRAPPER_WORKON_CD

_alcove_fail () {
    printf '%s\n' "$1" >&2
    return 1
}

_alcove_home () {
    if ! [ -d "$WORKON_HOME" ]; then
        command mkdir -p -- "$WORKON_HOME" || _alcove_fail "WORKON_HOME is $WORKON_HOME, where no directory can be"
    fi
}

_alcove_active () {
    [ -n "${VIRTUAL_ENV-}" ] && [ -d "$VIRTUAL_ENV" ] || _alcove_fail 'no environment is active: workon NAME'
}

_alcove_absolute () {
    # Set _alcove_path to $1 as an absolute path.
    case $1 in
        /*) _alcove_path=$1 ;;
        '~') _alcove_path=~ ;;
        '~/'*) _alcove_path=~/${1#??} ;;
        *) _alcove_path=$PWD/$1 ;;
    esac
    if [ -d "$_alcove_path" ]; then
        _alcove_path=$(CDPATH= builtin cd -- "$_alcove_path" >/dev/null && printf '%s' "$PWD")
    fi
}

workon () {
    local _alcove_cd=$VIRTUALENVWRAPPER_WORKON_CD _alcove_name=
    while [ $# -gt 0 ]; do
        case $1 in
            -h | --help)
                printf '%s\n' 'workon [-c | --cd | -n | --no-cd] NAME' \
                    'Activate NAME (. is the name of this directory) and, but for -n, go to its project.' \
                    'Without NAME: list the environments.'
                return 0
                ;;
            -c | --cd) _alcove_cd=1 ;;
            -n | --no-cd) _alcove_cd=0 ;;
            *) _alcove_name=${_alcove_name:-$1} ;;
        esac
        shift
    done
    if [ -z "$_alcove_name" ]; then
        lsvirtualenv -b
        return 1
    fi
    if [ "$_alcove_name" = . ]; then
        _alcove_name=${PWD##*/}
    fi
    if ! [ -d "$WORKON_HOME/$_alcove_name" ]; then
        _alcove_fail "there is no environment $_alcove_name in $WORKON_HOME: mkvirtualenv $_alcove_name makes it"
        return
    fi
    _alcove_enter "$WORKON_HOME/$_alcove_name" "$_alcove_cd"
}

mkvirtualenv () {
    local _alcove_project= _alcove_requirements= _alcove_name= _alcove_code=0 _alcove_path
    local -a _alcove_words _alcove_packages
    _alcove_words=() _alcove_packages=()
    while [ $# -gt 0 ]; do
        case $1 in
            -h | --help)
                printf '%s\n' 'mkvirtualenv [-a PROJECT] [-i PACKAGE]... [-r FILE] [-p PYTHON] [options of virtualenv] NAME' \
                    'Make NAME in WORKON_HOME and activate it; -a: its project; -i, -r: install into it.' ''
                @PROGRAM@ virtualenv --help
                return 0
                ;;
            -a | -i | -r)
                if [ $# -lt 2 ]; then
                    _alcove_fail "mkvirtualenv: $1 needs a value"
                    return 2
                fi
                case $1 in
                    -a) _alcove_project=$2 ;;
                    -i) _alcove_packages+=("$2") ;;
                    -r) _alcove_absolute "$2" && _alcove_requirements=$_alcove_path ;;
                esac
                shift
                ;;
            *)
                _alcove_words+=("$1")
                _alcove_name=$1
                ;;
        esac
        shift
    done
    if [ -n "$_alcove_project" ]; then
        _alcove_absolute "$_alcove_project"
        _alcove_project=$_alcove_path
        if ! [ -d "$_alcove_project" ]; then
            _alcove_fail "$_alcove_project cannot be a project: it is not a directory"
            return
        fi
    fi
    _alcove_home || return
    case $_alcove_name in
        '' | -*) ;; # virtualenv says what is missing, or answers --version
        *) _alcove_words=("${_alcove_words[@]:0:$((${#_alcove_words[@]} - 1))}" "$WORKON_HOME/$_alcove_name") ;;
    esac
    (
        [ -z "${ZSH_VERSION-}" ] || setopt sh_word_split
        @PROGRAM@ virtualenv ${VIRTUALENVWRAPPER_VIRTUALENV_ARGS-} ${_alcove_words[@]+"${_alcove_words[@]}"}
    ) || return
    [ -f "$WORKON_HOME/$_alcove_name/bin/activate" ] || return 0
    _alcove_run "$VIRTUALENVWRAPPER_HOOK_DIR/premkvirtualenv" "$_alcove_name"
    if [ -n "$_alcove_project" ]; then
        setvirtualenvproject "$WORKON_HOME/$_alcove_name" "$_alcove_project" || return
    fi
    workon "$_alcove_name" || return
    if [ -n "$_alcove_requirements" ]; then
        "$VIRTUAL_ENV/bin/python" -m pip install -r "$_alcove_requirements" || _alcove_code=$?
    fi
    if [ ${#_alcove_packages[@]} -gt 0 ]; then
        "$VIRTUAL_ENV/bin/python" -m pip install "${_alcove_packages[@]}" || _alcove_code=$?
    fi
    _alcove_read "$VIRTUALENVWRAPPER_HOOK_DIR/postmkvirtualenv"
    return $_alcove_code
}

rmvirtualenv () {
    local _alcove_name _alcove_code=0
    if [ $# -eq 0 ]; then
        _alcove_fail 'rmvirtualenv NAME...'
        return
    fi
    for _alcove_name in "$@"; do
        if [ "${VIRTUAL_ENV-}" = "$WORKON_HOME/$_alcove_name" ]; then
            _alcove_fail "$_alcove_name is active and stays: deactivate first"
            return
        fi
        case $PWD/ in "$WORKON_HOME/$_alcove_name"/*) builtin cd -- "$WORKON_HOME" ;; esac
        printf '%s\n' "Removing $_alcove_name..."
        @PROGRAM@ delete --quiet --yes "$WORKON_HOME/$_alcove_name" || _alcove_code=1
    done
    return $_alcove_code
}

_alcove_at_home () {
    # Let the script $3, which names the interpreter of the environment $1, name that of $2.
    local _alcove_line _alcove_number
    if [ -L "$3" ] || [ "$(command head -c 2 "$3")" != '#!' ]; then
        return 0
    fi
    {
        # It stands in the first line, or where that would be too long in the two after it.
        for _alcove_number in 1 2 3; do
            IFS= read -r _alcove_line || break
            case $_alcove_line in
                *"$1/bin/"*) _alcove_line=${_alcove_line%%"$1/bin/"*}$2/bin/${_alcove_line#*"$1/bin/"} ;;
            esac
            printf '%s\n' "$_alcove_line"
        done
        command cat
    } <"$3" >"$2/.script" && command cat "$2/.script" >"$3"
    command rm -f -- "$2/.script"
}

_alcove_adopt () {
    # Copy the environment $1, which another tool made, to $2, and make that one of alcove's.
    local _alcove_file
    if ! [ -x "$1/bin/python" ] || ! [ -f "$1/pyvenv.cfg" ]; then
        _alcove_fail "$1 is no environment"
        return
    fi
    if [ -e "$2" ]; then
        _alcove_fail "$2 is there already"
        return
    fi
    command cp -a -- "$1" "$2" || return
    for _alcove_file in "$2"/bin/*; do
        if [ -f "$_alcove_file" ]; then
            _alcove_at_home "$1" "$2" "$_alcove_file"
        fi
    done
    @PROGRAM@ virtualenv --quiet -p "$1/bin/python" "$2"
}

cpvirtualenv () {
    local _alcove_from _alcove_name _alcove_path
    case ${1-} in
        '' | -*)
            _alcove_fail 'cpvirtualenv NAME|DIRECTORY [NEW NAME]'
            return
            ;;
    esac
    _alcove_from=$WORKON_HOME/$1
    if ! [ -e "$_alcove_from" ]; then
        _alcove_absolute "$1"
        _alcove_from=$_alcove_path
    fi
    _alcove_name=${2:-${_alcove_from##*/}}
    _alcove_home || return
    if [ -d "$_alcove_from/.alcove" ]; then
        @PROGRAM@ copy --quiet "$_alcove_from" "$WORKON_HOME/$_alcove_name" || return
        if [ -f "$_alcove_from/$VIRTUALENVWRAPPER_PROJECT_FILENAME" ]; then
            command cp -p -- "$_alcove_from/$VIRTUALENVWRAPPER_PROJECT_FILENAME" "$WORKON_HOME/$_alcove_name/"
        fi
    else
        _alcove_adopt "$_alcove_from" "$WORKON_HOME/$_alcove_name" || return
        _alcove_run "$VIRTUALENVWRAPPER_HOOK_DIR/precpvirtualenv" "$_alcove_from" "$_alcove_name"
        _alcove_run "$VIRTUALENVWRAPPER_HOOK_DIR/premkvirtualenv" "$_alcove_name"
    fi
    workon "$_alcove_name" || return
    _alcove_read "$VIRTUALENVWRAPPER_HOOK_DIR/postmkvirtualenv"
    _alcove_read "$VIRTUALENVWRAPPER_HOOK_DIR/postcpvirtualenv"
}

mktmpenv () {
    local _alcove_cd=$VIRTUALENVWRAPPER_WORKON_CD _alcove_new
    local -a _alcove_rest
    _alcove_rest=()
    while [ $# -gt 0 ]; do
        case $1 in
            -c | --cd) _alcove_cd=1 ;;
            -n | --no-cd) _alcove_cd=0 ;;
            *) _alcove_rest+=("$1") ;;
        esac
        shift
    done
    _alcove_new=$(printf 'tmp-%04x%04x%04x%04x' $RANDOM $RANDOM $RANDOM $RANDOM)
    mkvirtualenv ${_alcove_rest[@]+"${_alcove_rest[@]}"} "$_alcove_new" || return
    [ "${VIRTUAL_ENV-}" = "$WORKON_HOME/$_alcove_new" ] || return
    if [ "$_alcove_cd" = 1 ]; then
        builtin cd -- "$VIRTUAL_ENV"
    fi
    printf '%s\n' 'A temporary environment: deactivate removes it.' >"$VIRTUAL_ENV/README.tmpenv"
    command cat "$VIRTUAL_ENV/README.tmpenv"
    printf '%s\n' 'if [ -f "$VIRTUALENVWRAPPER_LAST_VIRTUAL_ENV/README.tmpenv" ]; then' \
        '    rmvirtualenv "${VIRTUALENVWRAPPER_LAST_VIRTUAL_ENV##*/}"' fi >>"$VIRTUAL_ENV/bin/postdeactivate"
}

lsvirtualenv () {
    local _alcove_brief= _alcove_name
    local -a _alcove_all
    while [ $# -gt 0 ]; do
        case $1 in
            -b) _alcove_brief=1 ;;
            -l) _alcove_brief= ;;
            *)
                printf '%s\n' 'lsvirtualenv [-b | -l]' 'List the environments; -b: only the names; -l: as showvirtualenv.' >&2
                return 1
                ;;
        esac
        shift
    done
    _alcove_find
    for _alcove_name in ${_alcove_all[@]+"${_alcove_all[@]}"}; do
        if [ -n "$_alcove_brief" ]; then
            printf '%s\n' "$_alcove_name"
        else
            showvirtualenv "$_alcove_name"
        fi
    done
}

showvirtualenv () {
    local _alcove_name=${1-}
    if [ -z "$_alcove_name" ]; then
        _alcove_active || return
        _alcove_name=${VIRTUAL_ENV##*/}
    fi
    _alcove_heading "$_alcove_name"
    @PROGRAM@ info --env "$WORKON_HOME/$_alcove_name" || return
    _alcove_run "$VIRTUALENVWRAPPER_HOOK_DIR/get_env_details" "$_alcove_name"
    _alcove_run "$WORKON_HOME/$_alcove_name/bin/get_env_details" "$_alcove_name"
    printf '\n'
}

_alcove_heading () {
    printf '%s\n%s\n' "$1" "${1//?/=}"
}

allvirtualenv () {
    local _alcove_name
    local -a _alcove_all
    if [ $# -eq 0 ]; then
        _alcove_fail 'allvirtualenv COMMAND [ARGUMENT]...'
        return
    fi
    _alcove_find
    for _alcove_name in ${_alcove_all[@]+"${_alcove_all[@]}"}; do
        _alcove_heading "$_alcove_name"
        (
            if typeset -f _alcove_leave >/dev/null; then # no hooks, as there
                deactivate () { _alcove_leave "$@"; }
            fi
            . "$WORKON_HOME/$_alcove_name/bin/activate"
            builtin cd -- "$WORKON_HOME/$_alcove_name"
            "$@"
        )
        printf '\n'
    done
}
