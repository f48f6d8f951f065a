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
    @PROGRAM@ copy --quiet "$_alcove_from" "$WORKON_HOME/$_alcove_name" || return
    for _alcove_path in "$VIRTUALENVWRAPPER_PROJECT_FILENAME" bin/preactivate bin/postactivate \
        bin/predeactivate bin/postdeactivate bin/get_env_details; do
        if [ -f "$_alcove_from/$_alcove_path" ]; then
            command cp -p -- "$_alcove_from/$_alcove_path" "$WORKON_HOME/$_alcove_name/$_alcove_path"
        fi
    done
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

setvirtualenvproject () {
    local _alcove_env=${1:-${VIRTUAL_ENV-}}
    if [ -n "$_alcove_env" ] && ! [ -d "$_alcove_env" ]; then
        _alcove_env=$WORKON_HOME/$_alcove_env
    fi
    if [ -z "$_alcove_env" ]; then
        _alcove_active
        return
    fi
    @PROGRAM@ project --env "$_alcove_env" "${2:-$PWD}"
}

mkproject () {
    local _alcove_force= _alcove_new= _alcove_path
    local -a _alcove_rest
    _alcove_rest=()
    while [ $# -gt 0 ]; do
        case $1 in
            -h | --help)
                printf '%s\n' 'mkproject [-f | --force] [options of mkvirtualenv] NAME' \
                    'Make the directory NAME in PROJECT_HOME, and its environment; -f: also where it is there already.'
                return 0
                ;;
            -f | --force) _alcove_force=1 ;;
            -t)
                _alcove_fail 'mkproject: -t applies plugins of virtualenvwrapper, which are not loaded here; postmkproject can do it'
                return 2
                ;;
            *)
                _alcove_rest+=("$1")
                _alcove_new=$1
                ;;
        esac
        shift
    done
    if [ -z "${PROJECT_HOME-}" ] || ! [ -d "$PROJECT_HOME" ]; then
        _alcove_fail 'PROJECT_HOME has to be the directory of your projects'
        return
    fi
    if [ -z "$_alcove_new" ]; then
        _alcove_fail 'mkproject NAME'
        return
    fi
    if [ -d "$PROJECT_HOME/$_alcove_new" ] && [ -z "$_alcove_force" ]; then
        _alcove_fail "$PROJECT_HOME/$_alcove_new is there already: -f takes it"
        return
    fi
    mkvirtualenv "${_alcove_rest[@]}" || return
    [ "${VIRTUAL_ENV-}" = "$WORKON_HOME/$_alcove_new" ] || return
    _alcove_run "$VIRTUALENVWRAPPER_HOOK_DIR/premkproject" "$_alcove_new"
    command mkdir -p -- "$PROJECT_HOME/$_alcove_new" || return
    setvirtualenvproject "$VIRTUAL_ENV" "$PROJECT_HOME/$_alcove_new" || return
    builtin cd -- "$PROJECT_HOME/$_alcove_new" || return
    _alcove_read "$VIRTUALENVWRAPPER_HOOK_DIR/postmkproject"
}

cdproject () {
    _alcove_active && alcove cd --env "$VIRTUAL_ENV" --project
}

cdvirtualenv () {
    _alcove_active && builtin cd -- "$VIRTUAL_ENV/${1-}"
}

cdsitepackages () {
    _alcove_active && alcove cd --env "$VIRTUAL_ENV" --site-packages ${1+"$1"}
}

lssitepackages () {
    local _alcove_site
    _alcove_active || return
    _alcove_site=$(@PROGRAM@ site-packages --env "$VIRTUAL_ENV") || return
    command ls "$@" "$_alcove_site"
    if [ -f "$_alcove_site/_virtualenv_path_extensions.pth" ]; then
        printf '\n%s\n' _virtualenv_path_extensions.pth:
        command cat "$_alcove_site/_virtualenv_path_extensions.pth"
    fi
}

add2virtualenv () {
    local _alcove_file _alcove_path _alcove_away= _alcove_one
    _alcove_active || return
    _alcove_file=$(@PROGRAM@ site-packages --env "$VIRTUAL_ENV") || return
    _alcove_file=$_alcove_file/_virtualenv_path_extensions.pth
    if [ "${1-}" = -d ]; then
        _alcove_away=1
        shift
    fi
    if [ $# -eq 0 ]; then
        printf '%s\n' 'add2virtualenv [-d] DIRECTORY...'
        if [ -f "$_alcove_file" ]; then
            command grep -v '^import ' "$_alcove_file"
        fi
        return 1
    fi
    if ! [ -f "$_alcove_file" ]; then
        # What stands between these two lines comes first in sys.path.
        printf '%s\n' 'import sys; sys.add2virtualenv = len(sys.path)' \
            'import sys; sys.path[:] = sys.path[sys.add2virtualenv:] + sys.path[:sys.add2virtualenv]; del sys.add2virtualenv' \
            >"$_alcove_file" || return
    fi
    for _alcove_one in "$@"; do
        _alcove_absolute "$_alcove_one"
        case $_alcove_path in
            *$'\n'*)
                _alcove_fail "$_alcove_path has a line break in its name"
                return
                ;;
        esac
        if [ -n "$_alcove_away" ]; then
            command grep -vxF -e "$_alcove_path" "$_alcove_file" >"$_alcove_file.tmp"
        else
            {
                command head -n 1 "$_alcove_file"
                printf '%s\n' "$_alcove_path"
                command tail -n +2 "$_alcove_file"
            } >"$_alcove_file.tmp"
        fi
        command mv -f -- "$_alcove_file.tmp" "$_alcove_file" || return
    done
}

toggleglobalsitepackages () {
    local _alcove_new=true _alcove_file
    _alcove_active || return
    _alcove_file=$VIRTUAL_ENV/pyvenv.cfg
    if command grep -qi '^include-system-site-packages *= *true' "$_alcove_file"; then
        _alcove_new=false
    fi
    {
        command grep -vi '^include-system-site-packages *=' "$_alcove_file"
        printf '%s\n' "include-system-site-packages = $_alcove_new"
    } >"$_alcove_file.tmp" && command mv -f -- "$_alcove_file.tmp" "$_alcove_file" || return
    if [ "${1-}" != -q ]; then
        case $_alcove_new in
            true) printf '%s\n' 'The distributions of the base are seen.' ;;
            *) printf '%s\n' 'The distributions of the base are not seen any more.' ;;
        esac
    fi
}

wipeenv () {
    local _alcove_all
    _alcove_active || return
    if [ -d "$VIRTUAL_ENV/.alcove" ]; then
        @PROGRAM@ wipe --env "$VIRTUAL_ENV" --yes
    else # made by another tool: its own pip knows what is there
        _alcove_all=$("$VIRTUAL_ENV/bin/python" -m pip freeze) || return
        if [ -n "$_alcove_all" ]; then
            printf '%s\n' "$_alcove_all" | "$VIRTUAL_ENV/bin/python" -m pip uninstall -y -r /dev/stdin
        else
            printf '%s\n' 'nothing to do'
        fi
    fi
}

virtualenvwrapper () {
    command cat <<'END'
The commands of virtualenvwrapper, by alcove:

  add2virtualenv            let the active environment import from a directory
  allvirtualenv             run a command in each environment
  cdproject                 go to the project of the active environment
  cdsitepackages            go to its site-packages
  cdvirtualenv              go to the environment itself
  cpvirtualenv              copy an environment
  lssitepackages            list its site-packages
  lsvirtualenv              list the environments
  mkproject                 make a project and its environment
  mktmpenv                  make an environment that deactivate removes
  mkvirtualenv              make an environment
  rmvirtualenv              remove environments
  setvirtualenvproject      say which directory is the project
  showvirtualenv            tell about an environment
  toggleglobalsitepackages  see the distributions of the base, or not
  wipeenv                   remove all distributions
  workon                    activate an environment, or list all
END
}
