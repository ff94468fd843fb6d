# Completion of paperdeck for fish. What the person may type next is asked of paperdeck itself; fish quotes what it inserts.
function __paperdeck_complete
    set -l typed (commandline -opc)
    set -l token (commandline -ct)
    set -l answer ($typed[1] completions fish $typed[2..-1] "$token" 2>/dev/null </dev/null)
    switch "$answer[1]"
        case files folders
            set -l option (string match -r -- '^--[^=]*=' "$token")
            set -l begun (string replace -r -- '^--[^=]*=' '' "$token")
            for path in (__fish_complete_path (string unescape -- "$begun"; or printf '%s' "$begun"))
                printf '%s%s\n' "$option" $path
            end
        case '*'
            printf '%s\n' $answer[2..-1]
    end
end
complete -c paperdeck -f -k -a '(__paperdeck_complete)'
