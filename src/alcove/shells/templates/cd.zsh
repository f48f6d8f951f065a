# Before a prompt as well, for the directory that the shell was started in: one comparison.
typeset -ga precmd_functions
if (( ! ${precmd_functions[(Ie)_alcove_cd]} )); then
    precmd_functions+=(_alcove_cd)
fi
