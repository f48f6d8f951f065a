# The commands of virtualenvwrapper on the active environment, its project and its site-packages.

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
