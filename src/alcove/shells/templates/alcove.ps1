# alcove in this session: `alcove activate NAME`, `alcove deactivate` and `alcove cd` act on it.

function global:alcove {
    $program = @PROGRAM@
    if ($args.Count -gt 0 -and $args[0] -ceq 'activate') {
        $rest = @($args | Select-Object -Skip 1)
        $code = (& $program activate --function --shell powershell @rest) -join "`n"
        if ($LASTEXITCODE -eq 0 -and $code.StartsWith('# alcove: activate')) { Invoke-Expression $code } else { $code }
    } elseif ($args.Count -eq 1 -and $args[0] -ceq 'deactivate') {
        if ($env:VIRTUAL_ENV -and (Test-Path -Path function:deactivate)) {
            deactivate
        } else {
            Write-Error 'alcove: no environment is active in this session'
        }
    } elseif ($args.Count -gt 0 -and $args[0] -ceq 'cd') {
        $answer = (& $program @args) -join "`n"
        if ($LASTEXITCODE -eq 0 -and (Test-Path -LiteralPath $answer -PathType Container)) {
            Set-Location -LiteralPath $answer
        } else {
            $answer
        }
    } else {
        & $program @args
    }
}
