"""`activate.bat` and `deactivate.bat`: the command prompt of Windows.

The place of the environment is found at run time, so only the name shown is written into the file, in UTF-8;
while it is read, the code page is that of UTF-8. In a session with delayed expansion (`cmd /V:ON`) a `!` of the
path or the name is lost, as in every batch file; nothing of either is executed.
Built to Microsoft's documentation and never run by our tests: no cmd can be had there.
"""

from __future__ import annotations

from alcove.environments.activation.quoting import cmd

__all__ = ["activate", "deactivate"]

_ACTIVATE = r"""@if defined _OLD_VIRTUAL_PATH @call "%~dp0deactivate.bat"

@rem This file is in UTF-8: read it so, then go back.
@set _VIRTUAL_ENV_PAGE=
@for /f "tokens=2 delims=:." %%a in ('"%SystemRoot%\System32\chcp.com"') do @set _VIRTUAL_ENV_PAGE=%%a
@if defined _VIRTUAL_ENV_PAGE @"%SystemRoot%\System32\chcp.com" 65001 >nul

@rem A session inside an activated one inherits its variables: deactivate gives them back.
@if defined VIRTUAL_ENV @set "_VIRTUAL_ENV_OUTER=%VIRTUAL_ENV%"
@for %%i in ("%~dp0..") do @set "VIRTUAL_ENV=%%~fi"
@set VIRTUAL_ENV_PROMPT=@NAME@

@if defined VIRTUAL_ENV_DISABLE_PROMPT goto :path
@if not defined PROMPT @set PROMPT=$P$G
@set "_OLD_VIRTUAL_PROMPT=%PROMPT%"
@set PROMPT=^(@SHOWN@^) %PROMPT%

:path
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
"""

_DEACTIVATE = r"""@if not defined _VIRTUAL_ENV_BIN goto :theirs
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
"""


def activate(prompt: str, *, bin_name: str) -> str:
    """Return the text of `activate.bat`, with Windows line ends, for an environment shown as `prompt`."""
    # In PROMPT a `$` begins a code of cmd's: `$$` is the sign itself.
    text = _ACTIVATE.replace("@BIN@", bin_name)
    before, between, after = text.replace("@SHOWN@", "@NAME@").split("@NAME@")
    text = before + cmd(prompt) + between + cmd(prompt.replace("$", "$$")) + after
    return text.replace("\n", "\r\n")


def deactivate() -> str:
    """Return the text of `deactivate.bat`, with Windows line ends."""
    return _DEACTIVATE.replace("\n", "\r\n")
