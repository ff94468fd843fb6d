#compdef paperdeck
# Completion of paperdeck for zsh. What the person may type next is asked of paperdeck itself; zsh quotes what it inserts.
_paperdeck() {
    local -a typed answer values shown
    local line
    typed=("${(@Q)words[1,CURRENT-1]}")
    answer=("${(@f)$("${typed[1]}" completions zsh "${(@)typed[2,-1]}" "${(Q)PREFIX}" 2>/dev/null </dev/null)}")
    for line in "${(@)answer[2,-1]}"; do
        values+=("${line%%$'\t'*}")
        shown+=("${line%%$'\t'*}${${line#*$'\t'}:+  -- ${line#*$'\t'}}")
    done
    case $answer[1] in
        files) compset -P 1 '--*='; _files ;;
        folders) compset -P 1 '--*='; _files -/ ;;
        open) compadd -U -S '' -V paperdeck -l -d shown -a values ;;
        *) (( $#values )) && compadd -U -V paperdeck -l -d shown -a values ;;
    esac
}
if [[ $zsh_eval_context[-1] == loadautofunc ]]; then
    _paperdeck "$@"
elif (( $+functions[compdef] )); then
    compdef _paperdeck paperdeck
fi
