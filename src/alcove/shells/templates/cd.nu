# Activation on `cd`: the nearest `.venv`, up to the project's root. Nothing happens while the directory stays.

def --env _alcove-cd [] {
    mut at = $env.PWD
    loop {
        if ($at | path join '.venv' | path exists) { break }
        let root = ($at | path join 'pyproject.toml' | path exists) or ($at | path join '.git' | path exists)
        let parent = ($at | path dirname)
        if $root or $parent == $at { $at = ''; break }
        $at = $parent
    }
    let project = $at
    if $project == ($env._ALCOVE_PROJECT? | default {at: ''}).at { return }
    # What was activated here is left here; what the user activated stays.
    let last = ($env._ALCOVE_PROJECT? | default {at: '', environment: ''})
    if $last.environment != '' and $env.VIRTUAL_ENV? == $last.environment { _alcove-leave }
    $env._ALCOVE_PROJECT = {at: $project, environment: ''}
    if $project != '' and ($env.VIRTUAL_ENV? | default '' | is-empty) {
        let answer = (^@PROGRAM@ activate --function --shell nu --on-cd $project)
        if ($answer | str starts-with '{"prefix":') {
            _alcove-enter $answer
            $env._ALCOVE_PROJECT = {at: $project, environment: $env.VIRTUAL_ENV}
        }
    }
}

$env.config.hooks.env_change.PWD = ($env.config.hooks.env_change.PWD? | default [] | append {|before, after| _alcove-cd })
