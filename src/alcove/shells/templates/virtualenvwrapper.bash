_alcove_find () {
    # Fill the caller's _alcove_all with the names of the environments.
    local _alcove_found
    _alcove_all=()
    for _alcove_found in "$WORKON_HOME"/*/bin/activate; do
        if [ -f "$_alcove_found" ]; then
            _alcove_found=${_alcove_found%/bin/activate}
            _alcove_all+=("${_alcove_found##*/}")
        fi
    done
}

_alcove_complete_names () {
    local _alcove_name
    local -a _alcove_all
    COMPREPLY=()
    _alcove_find
    for _alcove_name in ${_alcove_all[@]+"${_alcove_all[@]}"}; do
        if [[ $_alcove_name == "${COMP_WORDS[COMP_CWORD]}"* ]]; then
            COMPREPLY+=("$_alcove_name")
        fi
    done
}

_alcove_complete_below () {
    local _alcove_found
    COMPREPLY=()
    while IFS= read -r _alcove_found; do
        COMPREPLY+=("$_alcove_found/")
    done < <(
        case $1 in
            cdsitepackages) for _alcove_found in "${VIRTUAL_ENV-}"/lib/py*/site-packages; do builtin cd -- "$_alcove_found"; done ;;
            *) builtin cd -- "${VIRTUAL_ENV-}" ;;
        esac 2>/dev/null && compgen -d -- "$2"
    )
}

complete -o filenames -F _alcove_complete_names workon rmvirtualenv cpvirtualenv showvirtualenv setvirtualenvproject
complete -o nospace -F _alcove_complete_below cdvirtualenv cdsitepackages
_alcove_read "$VIRTUALENVWRAPPER_HOOK_DIR/initialize"
