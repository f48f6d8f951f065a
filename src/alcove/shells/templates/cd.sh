# Activation on `cd`: the nearest `.venv`, up to the project's root. Nothing happens while the directory stays.

: "${_ALCOVE_CWD=}" "${_ALCOVE_PROJECT=}" "${_ALCOVE_ENVIRONMENT=}" # made here, and not by the function

_alcove_cd () {
    local _alcove_status=$? _alcove_at=$PWD _alcove_answer
    if [ "$_alcove_at" = "${_ALCOVE_CWD-}" ]; then
        return $_alcove_status
    fi
    _ALCOVE_CWD=$_alcove_at
    while [ -n "$_alcove_at" ] && ! [ -e "$_alcove_at/.venv" ]; do
        if [ -e "$_alcove_at/pyproject.toml" ] || [ -e "$_alcove_at/.git" ]; then
            _alcove_at=
        fi
        _alcove_at=${_alcove_at%/*}
    done
    if [ "$_alcove_at" = "${_ALCOVE_PROJECT-}" ]; then
        return $_alcove_status
    fi
    # What was activated here is left here; what the user activated stays.
    if [ -n "${_ALCOVE_ENVIRONMENT-}" ] && [ "${VIRTUAL_ENV-}" = "$_ALCOVE_ENVIRONMENT" ] && typeset -f deactivate >/dev/null; then
        deactivate
    fi
    _ALCOVE_PROJECT=$_alcove_at
    _ALCOVE_ENVIRONMENT=
    if [ -n "$_alcove_at" ] && [ -z "${VIRTUAL_ENV-}" ]; then
        _alcove_answer=$(@PROGRAM@ activate --function --shell @SHELL@ --on-cd "$_alcove_at")
        case $_alcove_answer in
            '# alcove: activate'*)
                eval "$_alcove_answer"
                _ALCOVE_ENVIRONMENT=${VIRTUAL_ENV-}
                ;;
        esac
    fi
    return $_alcove_status
}
