@if defined _OLD_VIRTUAL_PATH @call "%~dp0deactivate.bat"

@rem This file is in UTF-8: read it so, then go back.
@set _VIRTUAL_ENV_PAGE=
@for /f "tokens=2 delims=:." %%a in ('"%SystemRoot%\System32\chcp.com"') do @set _VIRTUAL_ENV_PAGE=%%a
@if defined _VIRTUAL_ENV_PAGE @"%SystemRoot%\System32\chcp.com" 65001 >nul

@rem A session inside an activated one inherits its variables: deactivate gives them back.
@if defined VIRTUAL_ENV @set "_VIRTUAL_ENV_OUTER=%VIRTUAL_ENV%"
@for %%i in ("%~dp0..") do @set "VIRTUAL_ENV=%%~fi"
@VALUES@

@if defined VIRTUAL_ENV_DISABLE_PROMPT goto :path
@if not defined PROMPT @set PROMPT=$P$G
@set "_OLD_VIRTUAL_PROMPT=%PROMPT%"
@set "PROMPT=%_VIRTUAL_ENV_SHOWN%%PROMPT%"

:path
@set _VIRTUAL_ENV_SHOWN=
@if not defined PYTHONHOME goto :home
@set "_OLD_VIRTUAL_PYTHONHOME=%PYTHONHOME%"
@set PYTHONHOME=
:home
@set "_OLD_VIRTUAL_PATH=%PATH%"
@set "_VIRTUAL_ENV_BIN=%VIRTUAL_ENV%\@BIN@"
@set "PATH=%_VIRTUAL_ENV_BIN%;%PATH%"

@if defined _VIRTUAL_ENV_PAGE @"%SystemRoot%\System32\chcp.com" %_VIRTUAL_ENV_PAGE% >nul
@set _VIRTUAL_ENV_PAGE=
@exit /b 0
