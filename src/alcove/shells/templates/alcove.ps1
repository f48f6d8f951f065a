# alcove in this session: `alcove activate NAME` and `alcove deactivate` act on it.

function global:alcove {
    $program = @PROGRAM@
    if ($args.Count -gt 0 -and $args[0] -ceq 'activate') {
        $rest = @($args | Select-Object -Skip 1)
        $code = (& $program activate --shell powershell @rest) -join "`n"
        if ($LASTEXITCODE -eq 0 -and $code.StartsWith('# alcove: activate')) { Invoke-Expression $code } else { $code }
    } elseif ($args.Count -eq 1 -and $args[0] -ceq 'deactivate') {
        if ($env:VIRTUAL_ENV -and (Test-Path -Path function:deactivate)) {
            deactivate
        } else {
            Write-Error 'alcove: no environment is active in this session'
        }
    } else {
        & $program @args
    }
}
