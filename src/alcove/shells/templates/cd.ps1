# Activation on `cd`: the nearest `.venv`, up to the project's root. Nothing happens while the directory stays.

function global:_alcove_cd {
    $program = @PROGRAM@
    $at = if ($PWD.Provider.Name -eq 'FileSystem') { $PWD.ProviderPath } else { '' }
    while ($at -and -not (Test-Path -LiteralPath (Join-Path $at '.venv'))) {
        $root = (Test-Path -LiteralPath (Join-Path $at 'pyproject.toml')) -or (Test-Path -LiteralPath (Join-Path $at '.git'))
        $at = if ($root) { '' } else { Split-Path -Parent $at }
    }
    if ($at -ceq $global:_ALCOVE_PROJECT) { return }
    # What was activated here is left here; what the user activated stays.
    if ($global:_ALCOVE_ENVIRONMENT -and $env:VIRTUAL_ENV -ceq $global:_ALCOVE_ENVIRONMENT -and (Test-Path -Path function:deactivate)) {
        deactivate
    }
    $global:_ALCOVE_PROJECT = $at
    $global:_ALCOVE_ENVIRONMENT = ''
    if ($at -and -not $env:VIRTUAL_ENV) {
        $code = (& $program activate --function --shell powershell --on-cd $at) -join "`n"
        if ($code.StartsWith('# alcove: activate')) {
            Invoke-Expression $code
            $global:_ALCOVE_ENVIRONMENT = $env:VIRTUAL_ENV
        }
    }
}
$global:_ALCOVE_PROJECT = ''
$global:_ALCOVE_ENVIRONMENT = ''
$global:_ALCOVE_LOCATION_CHANGED = $ExecutionContext.SessionState.InvokeCommand.LocationChangedAction
$ExecutionContext.SessionState.InvokeCommand.LocationChangedAction = {
    param($source, $change)
    if ($global:_ALCOVE_LOCATION_CHANGED) { $global:_ALCOVE_LOCATION_CHANGED.Invoke($source, $change) }
    _alcove_cd
}
_alcove_cd
