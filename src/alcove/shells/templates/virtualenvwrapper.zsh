_alcove_find () {
    # Fill the caller's _alcove_all with the names of the environments.
    emulate -L zsh
    _alcove_all=("$WORKON_HOME"/*/bin/activate(N:h:h:t))
}

_alcove_complete_names () {
    local -a _alcove_all
    _alcove_find
    compadd -a _alcove_all
}

_alcove_complete_below () {
    local -a _alcove_places
    _alcove_places=($VIRTUAL_ENV)
    if [[ $words[1] == cdsitepackages ]]; then
        _alcove_places=($VIRTUAL_ENV/lib/py*/site-packages(N))
    fi
    _path_files -/ -W _alcove_places
}

if (( $+functions[compdef] )); then
    compdef _alcove_complete_names workon rmvirtualenv cpvirtualenv showvirtualenv setvirtualenvproject
    compdef _alcove_complete_below cdvirtualenv cdsitepackages
fi
_alcove_read "$VIRTUALENVWRAPPER_HOOK_DIR/initialize"
