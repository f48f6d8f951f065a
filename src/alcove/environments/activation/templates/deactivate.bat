@if not defined _VIRTUAL_ENV_BIN goto :theirs
@rem Only our element goes: what the user did to PATH since stays.
@call set "PATH=%%PATH:%_VIRTUAL_ENV_BIN%;=%%"
@set _VIRTUAL_ENV_BIN=
@goto :rest
:theirs
@if defined _OLD_VIRTUAL_PATH @set "PATH=%_OLD_VIRTUAL_PATH%"
:rest
@set _OLD_VIRTUAL_PATH=
@if not defined _OLD_VIRTUAL_PROMPT goto :home
@set "PROMPT=%_OLD_VIRTUAL_PROMPT%"
@set _OLD_VIRTUAL_PROMPT=
:home
@if not defined _OLD_VIRTUAL_PYTHONHOME goto :environment
@set "PYTHONHOME=%_OLD_VIRTUAL_PYTHONHOME%"
@set _OLD_VIRTUAL_PYTHONHOME=
:environment
@set VIRTUAL_ENV=
@set VIRTUAL_ENV_PROMPT=
@if defined _VIRTUAL_ENV_OUTER @set "VIRTUAL_ENV=%_VIRTUAL_ENV_OUTER%"
@set _VIRTUAL_ENV_OUTER=
@exit /b 0
