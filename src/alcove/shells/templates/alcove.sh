# alcove in this shell: `alcove activate NAME`, `alcove deactivate` and `alcove cd` act on it.

alcove () {
    local _alcove_answer
    case ${1-} in
        activate)
            shift
            _alcove_answer=$(@PROGRAM@ activate --function --shell @SHELL@ "$@") || return
            case $_alcove_answer in
                '# alcove: activate'*) eval "$_alcove_answer" ;;
                *) printf '%s\n' "$_alcove_answer" ;;
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
        cd)
            _alcove_answer=$(@PROGRAM@ "$@") || return
            case $_alcove_answer in
                /*) builtin cd -- "$_alcove_answer" ;;
                *) printf '%s\n' "$_alcove_answer" ;;
            esac
            ;;
        *) @PROGRAM@ "$@" ;;
    esac
}
