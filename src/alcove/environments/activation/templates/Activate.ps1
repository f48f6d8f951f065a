<#
.Synopsis
Activate a Python environment in this PowerShell session.

.Description
Puts the environment's programs first in PATH and shows its name in the prompt.
The function `deactivate`, which it defines, undoes that.

.Parameter VenvDir
The environment, when it is not the one that this file lies in.

.Parameter Prompt
The name to show in place of the environment's own.
#>
Param(
    [Parameter(Mandatory = $false)]
    [String]
    $VenvDir,
    [Parameter(Mandatory = $false)]
    [String]
    $Prompt
)

function global:deactivate ([switch]$NonDestructive) {
    if (Test-Path -Path variable:global:_VIRTUAL_ENV_BIN) {
        # Only our element goes: what the user did to PATH since stays.
        $separator = [System.IO.Path]::PathSeparator
        $found = $false
        $rest = @(
            foreach ($element in "$env:PATH".Split($separator)) {
                if (-not $found -and $element -ceq $global:_VIRTUAL_ENV_BIN) { $found = $true } else { $element }
            }
        )
        $env:PATH = $rest -join $separator
        Remove-Variable -Name _VIRTUAL_ENV_BIN -Scope global
    }
    if (Test-Path -Path variable:global:_OLD_VIRTUAL_PATH) {
        Remove-Variable -Name _OLD_VIRTUAL_PATH -Scope global
    }
    if (Test-Path -Path variable:global:_OLD_VIRTUAL_PYTHONHOME) {
        $env:PYTHONHOME = $global:_OLD_VIRTUAL_PYTHONHOME
        Remove-Variable -Name _OLD_VIRTUAL_PYTHONHOME -Scope global
    }
    if (Test-Path -Path function:_OLD_VIRTUAL_PROMPT) {
        # A prompt that the user has set since stays.
        if ("$function:prompt" -match '_OLD_VIRTUAL_PROMPT') {
            Copy-Item -Path function:_OLD_VIRTUAL_PROMPT -Destination function:prompt
        }
        Remove-Item -Path function:_OLD_VIRTUAL_PROMPT
    }
    foreach ($name in 'VIRTUAL_ENV', 'VIRTUAL_ENV_PROMPT') {
        if (Test-Path -LiteralPath "env:$name") { Remove-Item -LiteralPath "env:$name" }
    }
    if (Test-Path -Path variable:global:_VIRTUAL_ENV_OUTER) {
        $env:VIRTUAL_ENV = $global:_VIRTUAL_ENV_OUTER
        Remove-Variable -Name _VIRTUAL_ENV_OUTER -Scope global
    }
    if (Test-Path -Path variable:global:_VIRTUAL_ENV_OUTER_PROMPT) {
        $env:VIRTUAL_ENV_PROMPT = $global:_VIRTUAL_ENV_OUTER_PROMPT
        Remove-Variable -Name _VIRTUAL_ENV_OUTER_PROMPT -Scope global
    }
    if (-not $NonDestructive -and (Test-Path -Path function:deactivate)) {
        Remove-Item -Path function:deactivate
    }
}

# One environment at a time: the one of this session goes first.
deactivate -NonDestructive

if (-not $VenvDir) {
    $VenvDir = Split-Path -Parent (Split-Path -Parent $MyInvocation.MyCommand.Definition)
}
$VenvDir = $VenvDir.TrimEnd("\/")
if (-not $Prompt) {
    $Prompt = @VALUES@
}

# A session inside an activated one inherits its variables: `deactivate` gives them back.
if (Test-Path -Path env:VIRTUAL_ENV) {
    New-Variable -Name _VIRTUAL_ENV_OUTER -Scope global -Value $env:VIRTUAL_ENV -Force
}
if (Test-Path -Path env:VIRTUAL_ENV_PROMPT) {
    New-Variable -Name _VIRTUAL_ENV_OUTER_PROMPT -Scope global -Value $env:VIRTUAL_ENV_PROMPT -Force
}
$env:VIRTUAL_ENV = $VenvDir
$env:VIRTUAL_ENV_PROMPT = $Prompt

if (-not $env:VIRTUAL_ENV_DISABLE_PROMPT) {
    function global:_OLD_VIRTUAL_PROMPT { "" }
    Copy-Item -Path function:prompt -Destination function:_OLD_VIRTUAL_PROMPT
    function global:prompt {
        Write-Host -NoNewline -ForegroundColor Green "($env:VIRTUAL_ENV_PROMPT) "
        _OLD_VIRTUAL_PROMPT
    }
}

if (Test-Path -Path env:PYTHONHOME) {
    New-Variable -Name _OLD_VIRTUAL_PYTHONHOME -Scope global -Value $env:PYTHONHOME -Force
    Remove-Item -Path env:PYTHONHOME
}

New-Variable -Name _OLD_VIRTUAL_PATH -Scope global -Value "$env:PATH" -Force
New-Variable -Name _VIRTUAL_ENV_BIN -Scope global -Value (Join-Path $VenvDir '@BIN@') -Force
$env:PATH = if ($env:PATH) { $_VIRTUAL_ENV_BIN + [System.IO.Path]::PathSeparator + $env:PATH } else { $_VIRTUAL_ENV_BIN }
