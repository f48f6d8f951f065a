# alcove in this shell: `alcove activate NAME` and `alcove deactivate` act on it.

function alcove --description 'Manage Python environments'
    switch "$argv[1]"
        case activate
            set -l _alcove_code (@PROGRAM@ activate --shell fish $argv[2..-1])
            or return
            if test "$_alcove_code[1]" = '# alcove: activate'
                string join \n -- $_alcove_code | source
            else
                string join \n -- $_alcove_code
            end
        case deactivate
            if test (count $argv) -gt 1
                @PROGRAM@ $argv
            else if set -q VIRTUAL_ENV; and functions -q deactivate
                deactivate
            else
                echo 'alcove: no environment is active in this shell' >&2
                return 1
            end
        case '*'
            @PROGRAM@ $argv
    end
end
