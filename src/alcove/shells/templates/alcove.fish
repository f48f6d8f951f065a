# alcove in this shell: `alcove activate NAME`, `alcove deactivate` and `alcove cd` act on it.

function alcove --description 'Manage Python environments'
    switch "$argv[1]"
        case activate
            set -l _alcove_answer (@PROGRAM@ activate --function --shell fish $argv[2..-1])
            or return
            if test "$_alcove_answer[1]" = '# alcove: activate'
                string join \n -- $_alcove_answer | source
            else
                string join \n -- $_alcove_answer
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
        case cd
            set -l _alcove_answer (@PROGRAM@ $argv)
            or return
            if string match -q -- '/*' "$_alcove_answer[1]"
                cd (string join \n -- $_alcove_answer | string collect)
            else
                string join \n -- $_alcove_answer
            end
        case '*'
            @PROGRAM@ $argv
    end
end
