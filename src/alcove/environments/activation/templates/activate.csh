# Activate this environment: source @BIN@/activate.csh   (`deactivate` undoes it; csh, tcsh)

@VALUES@

# Where is this file? csh keeps it open while it reads it: on Linux that tells, when the recorded place is not it.
# (What sh is to run goes through the environment: csh would expand it twice.)
setenv _VIRTUAL_ENV_BIN $_virtual_env:q/@BIN@
setenv _VIRTUAL_ENV_RUN 'for f in /proc/$1/fd/*; do if test "$f" -ef "$_VIRTUAL_ENV_BIN/activate.csh"; then exit; fi; done; for f in /proc/$1/fd/*; do f=$(readlink "$f"); case $f in */@BIN@/activate.csh) printf %s "${f%/@BIN@/activate.csh}"; exit;; esac; done'
set _virtual_env_file = "`\printenv _VIRTUAL_ENV_RUN | /bin/sh -s $$`"
unsetenv _VIRTUAL_ENV_RUN
unsetenv _VIRTUAL_ENV_BIN
if ( $#_virtual_env_file == 1 ) then
    if ( -e $_virtual_env_file:q/pyvenv.cfg ) set _virtual_env = $_virtual_env_file:q
endif
unset _virtual_env_file

if ( ! -e $_virtual_env:q/pyvenv.cfg ) then
    echo there is no environment at $_virtual_env:q "(was it moved?)"
    unset _virtual_env _virtual_env_prompt _virtual_env_bang _virtual_env_percent
    exit 1
endif

# One environment at a time: the one of this shell, whoever made it, goes first.
if ( $?_OLD_VIRTUAL_PATH ) then
    deactivate nondestructive
endif

set _virtual_env_no_path = 0
if ( ! $?PATH ) then
    set _virtual_env_no_path = 1
    setenv PATH ""
endif

# Only our element leaves PATH: what the user did to it since stays, also where neither sh nor printenv is on it.
set _VIRTUAL_ENV_CUT = 'b=$_VIRTUAL_ENV_BIN; p=:$_VIRTUAL_ENV_PATH:; case $p in *":$b:"*) p=${p%%":$b:"*}:${p#*":$b:"};; esac; p=${p#:}; printf %s "${p%:}"'
set _VIRTUAL_ENV_BIN = $_virtual_env:q/@BIN@
set _OLD_VIRTUAL_PATH = $PATH:q
set _VIRTUAL_ENV_UNDO = 'setenv _VIRTUAL_ENV_RUN $_VIRTUAL_ENV_CUT:q; setenv _VIRTUAL_ENV_BIN $_VIRTUAL_ENV_BIN:q; setenv _VIRTUAL_ENV_PATH $PATH:q; setenv PATH /usr/bin:/bin:$PATH:q; setenv PATH "`\printenv _VIRTUAL_ENV_RUN | /bin/sh`"; unsetenv _VIRTUAL_ENV_RUN; unsetenv _VIRTUAL_ENV_BIN; unsetenv _VIRTUAL_ENV_PATH; unset _OLD_VIRTUAL_PATH _VIRTUAL_ENV_CUT _VIRTUAL_ENV_BIN; unsetenv VIRTUAL_ENV; unsetenv VIRTUAL_ENV_PROMPT'
if ( $PATH:q == "" ) then
    setenv PATH $_VIRTUAL_ENV_BIN:q
else
    setenv PATH $_VIRTUAL_ENV_BIN:q":"$PATH:q
endif
if ( $_virtual_env_no_path ) set _VIRTUAL_ENV_UNDO = $_VIRTUAL_ENV_UNDO:q'; if ( $PATH:q == "" ) unsetenv PATH'
unset _virtual_env_no_path

# A shell inside an activated one inherits its variables: `deactivate` gives them back.
if ( $?VIRTUAL_ENV ) then
    set _VIRTUAL_ENV_OUTER = $VIRTUAL_ENV:q
    set _VIRTUAL_ENV_UNDO = $_VIRTUAL_ENV_UNDO:q'; setenv VIRTUAL_ENV $_VIRTUAL_ENV_OUTER:q; unset _VIRTUAL_ENV_OUTER'
endif
if ( $?VIRTUAL_ENV_PROMPT ) then
    set _VIRTUAL_ENV_OUTER_PROMPT = $VIRTUAL_ENV_PROMPT:q
    set _VIRTUAL_ENV_UNDO = $_VIRTUAL_ENV_UNDO:q'; setenv VIRTUAL_ENV_PROMPT $_VIRTUAL_ENV_OUTER_PROMPT:q; unset _VIRTUAL_ENV_OUTER_PROMPT'
endif
setenv VIRTUAL_ENV $_virtual_env:q
setenv VIRTUAL_ENV_PROMPT $_virtual_env_prompt:q

if ( $?PYTHONHOME ) then
    set _OLD_VIRTUAL_PYTHONHOME = $PYTHONHOME:q
    unsetenv PYTHONHOME
    set _VIRTUAL_ENV_UNDO = $_VIRTUAL_ENV_UNDO:q'; setenv PYTHONHOME $_OLD_VIRTUAL_PYTHONHOME:q; unset _OLD_VIRTUAL_PYTHONHOME'
endif

set _virtual_env_show = $?prompt
if ( $?VIRTUAL_ENV_DISABLE_PROMPT ) then
    if ( $VIRTUAL_ENV_DISABLE_PROMPT:q != "" ) set _virtual_env_show = 0
endif
if ( $_virtual_env_show ) then
    # What a prompt would replace is doubled or quoted: tcsh has more of it.
    set _virtual_env_prompt = $_virtual_env_bang:q
    if ( $?tcsh ) set _virtual_env_prompt = $_virtual_env_percent:q
    set _OLD_VIRTUAL_PROMPT = $prompt:q
    set prompt = "("$_virtual_env_prompt:q") "$prompt:q
    set _VIRTUAL_ENV_SHOWN = $prompt:q
    set _VIRTUAL_ENV_UNDO = $_VIRTUAL_ENV_UNDO:q'; if ( $prompt:q == $_VIRTUAL_ENV_SHOWN:q ) set prompt = $_OLD_VIRTUAL_PROMPT:q; unset _OLD_VIRTUAL_PROMPT _VIRTUAL_ENV_SHOWN'
endif
unset _virtual_env _virtual_env_prompt _virtual_env_bang _virtual_env_percent _virtual_env_show

alias deactivate 'eval $_VIRTUAL_ENV_UNDO:q; unset _VIRTUAL_ENV_UNDO; unalias deactivate; rehash; echo >/dev/null'
rehash
