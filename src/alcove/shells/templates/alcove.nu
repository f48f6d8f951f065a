# alcove in this shell: `alcove activate NAME`, `alcove deactivate` and `alcove cd` act on it.

# The state is that of activate.nu, so that each leaves what the other entered.
def --env _alcove-leave [] {
    let state = $env._VIRTUAL_ENV_STATE?
    hide-env --ignore-errors _VIRTUAL_ENV_STATE
    if $state == null { return }
    # Only our element goes: what the user did to PATH since stays.
    let at = ($env.PATH | enumerate | where item == $state.bin | get index)
    if ($at | is-not-empty) { $env.PATH = ($env.PATH | drop nth ($at | first)) }
    hide-env --ignore-errors VIRTUAL_ENV VIRTUAL_ENV_PROMPT
    load-env $state.variables
    if $state.prompt != null { $env.PROMPT_COMMAND = $state.prompt }
}

def --env _alcove-enter [answer: string] {
    let facts = ($answer | from json)
    _alcove-leave
    let prompt = ('PROMPT_COMMAND' in $env and ($env.VIRTUAL_ENV_DISABLE_PROMPT? | default '' | is-empty))
    let kept = ([VIRTUAL_ENV VIRTUAL_ENV_PROMPT PYTHONHOME] | where {|it| $it in $env })
    $env._VIRTUAL_ENV_STATE = {
        bin: $facts.bin
        no_path: false
        variables: ($kept | reduce --fold {} {|it, all| $all | insert $it ($env | get $it) })
        prompt: (if $prompt { $env.PROMPT_COMMAND })
    }
    if 'PYTHONHOME' in $env { $env.PYTHONHOME = null } # null reaches no child
    $env.VIRTUAL_ENV = $facts.prefix
    $env.VIRTUAL_ENV_PROMPT = $facts.prompt
    $env.PATH = ($env.PATH | split row (char esep) | prepend $facts.bin)
    if $prompt {
        let old = $env.PROMPT_COMMAND
        $env.PROMPT_COMMAND = {||
            let shown = if ($old | describe | str starts-with 'closure') { do $old } else { $old }
            $"\(($facts.prompt)) ($shown)"
        }
    }
}

# Manage Python environments
def --env --wrapped alcove [...arguments: string] {
    if ($arguments | is-not-empty) and $arguments.0 == 'activate' {
        let answer = (^@PROGRAM@ activate --function --shell nu ...($arguments | skip 1))
        if ($answer | str starts-with '{"prefix":') { _alcove-enter $answer } else { print $answer }
    } else if $arguments == ['deactivate'] {
        if $env._VIRTUAL_ENV_STATE? == null { error make --unspanned {msg: 'no environment is active in this shell'} }
        _alcove-leave
    } else if ($arguments | is-not-empty) and $arguments.0 == 'cd' {
        let answer = (^@PROGRAM@ ...$arguments | str trim --right --char (char nl))
        if ($answer | str contains (char nl)) { print $answer } else { cd $answer }
    } else {
        ^@PROGRAM@ ...$arguments
    }
}
