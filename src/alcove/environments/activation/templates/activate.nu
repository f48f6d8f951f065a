# Activate this environment: overlay use @BIN@/activate.nu   (`deactivate` undoes it)

@VALUES@
const virtual_env_here = (path self | path dirname | path dirname)

def --env virtual-env-restore [] {
    let state = $env._VIRTUAL_ENV_STATE?
    hide-env --ignore-errors _VIRTUAL_ENV_STATE
    if $state == null { return }
    # Only our element goes: what the user did to PATH since stays.
    let name = if 'Path' in $env and 'PATH' not-in $env { 'Path' } else { 'PATH' }
    let path = ($env | get --optional $name | default [] | split row (char esep))
    let at = ($path | enumerate | where item == $state.bin | get index)
    let rest = if ($at | is-empty) { $path } else { $path | drop nth ($at | first) }
    if $state.no_path and ($rest | is-empty) { hide-env $name } else { load-env {$name: $rest} }
    hide-env --ignore-errors VIRTUAL_ENV VIRTUAL_ENV_PROMPT
    load-env $state.variables
    if $state.prompt != null { $env.PROMPT_COMMAND = $state.prompt }
}

export-env {
    # nushell resolves links; where that leads to the recorded place, it stays as the user wrote it.
    let moved = ($virtual_env_recorded | path expand) != $virtual_env_here
    let known = ($virtual_env_here | path join 'pyvenv.cfg' | path exists)
    let here = if $moved and $known { $virtual_env_here } else { $virtual_env_recorded }
    if not ($here | path join 'pyvenv.cfg' | path exists) {
        error make --unspanned {msg: $"there is no environment at ($here) \(was it moved?)"}
    }
    virtual-env-restore

    let name = if 'Path' in $env and 'PATH' not-in $env { 'Path' } else { 'PATH' }
    let bin = ($here | path join '@BIN@')
    let prompt = (
        'PROMPT_COMMAND' in $env and ($env.VIRTUAL_ENV_DISABLE_PROMPT? | default '' | is-empty)
    )
    let kept = ([VIRTUAL_ENV VIRTUAL_ENV_PROMPT PYTHONHOME] | where {|it| $it in $env })
    let state = {
        bin: $bin
        no_path: ($name not-in $env)
        # A shell inside an activated one inherits its variables: `deactivate` gives them back.
        variables: ($kept | reduce --fold {} {|it, all| $all | insert $it ($env | get $it) })
        prompt: (if $prompt { $env.PROMPT_COMMAND }) # in no `insert`: that would call the closure
    }
    $env._VIRTUAL_ENV_STATE = $state
    $env.VIRTUAL_ENV = $here
    $env.VIRTUAL_ENV_PROMPT = $virtual_env_prompt
    load-env {$name: ($env | get --optional $name | default [] | split row (char esep) | prepend $bin)}
    if 'PYTHONHOME' in $env { $env.PYTHONHOME = null } # `hide-env` has no effect here; null reaches no child
    if $prompt {
        let old = $env.PROMPT_COMMAND
        $env.PROMPT_COMMAND = {||
            let shown = if ($old | describe | str starts-with 'closure') { do $old } else { $old }
            $"\(($virtual_env_prompt)) ($shown)"
        }
    }
}

# Leave the active Python environment
export def --env deactivate [] {
    if $env._VIRTUAL_ENV_STATE? == null {
        error make --unspanned {msg: 'no environment is active'}
    }
    virtual-env-restore
}
