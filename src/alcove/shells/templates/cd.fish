# Activation on `cd`: the nearest `.venv`, up to the project's root. Nothing happens while the directory stays.

function _alcove_cd --on-variable PWD
    set -l at "$PWD"
    while test -n "$at"; and not test -e "$at/.venv"
        if test -e "$at/pyproject.toml"; or test -e "$at/.git"
            set at ''
        end
        set at (string replace -r '/[^/]*$' '' -- "$at" | string collect)
    end
    if test "$at" = "$_ALCOVE_PROJECT"
        return
    end
    # What was activated here is left here; what the user activated stays.
    if test -n "$_ALCOVE_ENVIRONMENT"; and test "$VIRTUAL_ENV" = "$_ALCOVE_ENVIRONMENT"; and functions -q deactivate
        deactivate
    end
    set -g _ALCOVE_PROJECT "$at"
    set -g _ALCOVE_ENVIRONMENT
    if test -n "$at"; and not set -q VIRTUAL_ENV
        set -l _alcove_answer (@PROGRAM@ activate --function --shell fish --on-cd "$at")
        if test "$_alcove_answer[1]" = '# alcove: activate'
            string join \n -- $_alcove_answer | source
            set -g _ALCOVE_ENVIRONMENT "$VIRTUAL_ENV"
        end
    end
end
_alcove_cd
