# alcove in this shell: `alcove activate NAME` and `alcove deactivate` act on it.

alcove () {
    local _alcove_code
    case ${1-} in
        activate)
            shift
            _alcove_code=$(@PROGRAM@ activate --shell @SHELL@ "$@") || return
            case $_alcove_code in
                '# alcove: activate'*) eval "$_alcove_code" ;;
                *) printf '%s\n' "$_alcove_code" ;;
            esac
            ;;
        deactivate)
            if [ $# -gt 1 ]; then
                @PROGRAM@ "$@"
            elif [ -n "${VIRTUAL_ENV-}" ] && typeset -f deactivate >/dev/null; then
                deactivate
            else
                printf '%s\n' 'alcove: no environment is active in this shell' >&2
                return 1
            fi
            ;;
        *) @PROGRAM@ "$@" ;;
    esac
}
