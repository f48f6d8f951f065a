# Activate this environment: source @BIN@/activate.fish   (`deactivate` undoes it)

@VALUES@

# Where is this file? Absolute, but otherwise as the user wrote it: links on the way stay.
set -l _virtual_env_file (status filename | string collect)
if not string match -q -- '/*' "$_virtual_env_file"
    set _virtual_env_file "$PWD/$_virtual_env_file"
end
if string match -q -r -- '//|/\.\.?/' "$_virtual_env_file"
    if builtin -q path
        set _virtual_env_file (path normalize -- "$_virtual_env_file" | string collect)
    else
        set _virtual_env_file (realpath -- "$_virtual_env_file" | string collect)
    end
end
set _virtual_env_file (string replace -r -- '/@BIN@/activate\.fish$' '' "$_virtual_env_file" | string collect)
if test -e "$_virtual_env_file/pyvenv.cfg"
    set _virtual_env "$_virtual_env_file"
end
if not test -e "$_virtual_env/pyvenv.cfg"
    printf '%s\n' "activate.fish: there is no environment at $_virtual_env (was it moved?)" >&2
    return 1
end

# One environment at a time: the one of this shell, whoever made it, goes first.
if functions -q deactivate; and set -q VIRTUAL_ENV
    deactivate nondestructive
end
set -e -g _VIRTUAL_ENV_OUTER
set -e -g _VIRTUAL_ENV_OUTER_PROMPT

function deactivate -d 'Leave the active Python environment'
    if set -q _VIRTUAL_ENV_BIN
        # Only our element goes: what the user did to PATH since stays.
        if set -l _virtual_env_at (contains -i -- "$_VIRTUAL_ENV_BIN" $PATH)
            set -e PATH[$_virtual_env_at]
        end
        set -e -g _VIRTUAL_ENV_BIN
    end
    set -e -g _OLD_VIRTUAL_PATH
    if set -q _VIRTUAL_ENV_NO_PATH
        set -e -g _VIRTUAL_ENV_NO_PATH
        if test (count $PATH) -eq 0
            set -e PATH
        end
    end
    if set -q _OLD_VIRTUAL_PYTHONHOME
        set -gx PYTHONHOME "$_OLD_VIRTUAL_PYTHONHOME"
        set -e -g _OLD_VIRTUAL_PYTHONHOME
    end
    if functions -q _virtual_env_old_prompt
        # A prompt that the user has set since stays.
        if functions fish_prompt | string match -q -- '*_virtual_env_old_prompt*'
            functions -e fish_prompt
            functions -c _virtual_env_old_prompt fish_prompt
        end
        functions -e _virtual_env_old_prompt
    end
    set -e -g VIRTUAL_ENV
    set -e -g VIRTUAL_ENV_PROMPT
    if set -q _VIRTUAL_ENV_OUTER
        set -gx VIRTUAL_ENV "$_VIRTUAL_ENV_OUTER"
        set -e -g _VIRTUAL_ENV_OUTER
    end
    if set -q _VIRTUAL_ENV_OUTER_PROMPT
        set -gx VIRTUAL_ENV_PROMPT "$_VIRTUAL_ENV_OUTER_PROMPT"
        set -e -g _VIRTUAL_ENV_OUTER_PROMPT
    end
    if test "$argv[1]" != nondestructive
        functions -e deactivate
    end
end

# A shell inside an activated one inherits its variables: `deactivate` gives them back.
if set -q VIRTUAL_ENV
    set -g _VIRTUAL_ENV_OUTER "$VIRTUAL_ENV"
end
if set -q VIRTUAL_ENV_PROMPT
    set -g _VIRTUAL_ENV_OUTER_PROMPT "$VIRTUAL_ENV_PROMPT"
end
set -gx VIRTUAL_ENV "$_virtual_env"
set -gx VIRTUAL_ENV_PROMPT "$_virtual_env_prompt"

if set -q PATH
    set -g _OLD_VIRTUAL_PATH $PATH # for the scripts of venv and virtualenv, should they come after this one
else
    set -g _VIRTUAL_ENV_NO_PATH 1
end
set -g _VIRTUAL_ENV_BIN "$VIRTUAL_ENV/@BIN@"
set -gx PATH "$_VIRTUAL_ENV_BIN" $PATH

if set -q PYTHONHOME
    set -g _OLD_VIRTUAL_PYTHONHOME "$PYTHONHOME"
    set -e PYTHONHOME
end

if test -z "$VIRTUAL_ENV_DISABLE_PROMPT"; and functions -q fish_prompt; and not functions -q _virtual_env_old_prompt
    functions -c fish_prompt _virtual_env_old_prompt
    function fish_prompt
        set -l _virtual_env_status $status
        if test "$_VIRTUAL_ENV_BIN" = "$VIRTUAL_ENV/@BIN@"
            set_color 4B8BBE
            printf '(%s)' "$VIRTUAL_ENV_PROMPT"
            set_color normal
            printf ' '
        end
        echo "exit $_virtual_env_status" | . # the status of the user's last command, for the user's prompt
        _virtual_env_old_prompt
    end
end
