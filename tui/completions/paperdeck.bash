# Completion of paperdeck for bash. What the person may type next is asked of paperdeck itself; its answer is quoted for
# this shell already, and is never evaluated here.
_paperdeck() {
    local line=${COMP_LINE:0:${COMP_POINT:-0}} breaks=$COMP_WORDBREAKS
    local -a answer=()
    if [[ -z $line ]]; then
        line="${COMP_WORDS[*]:0:COMP_CWORD+1}" breaks=
    fi
    local command=${1:-paperdeck}
    while IFS= read -r line; do
        answer+=("$line")
    done < <("${command/#\~\//$HOME/}" completions bash "$line" "$breaks" 2>/dev/null </dev/null)
    COMPREPLY=("${answer[@]:1}")
    case ${answer[0]} in
        files) compopt -o default 2>/dev/null ;;
        folders) compopt -o dirnames 2>/dev/null ;;
        open) compopt -o nospace 2>/dev/null ;;
    esac
}
complete -o nosort -F _paperdeck paperdeck 2>/dev/null || complete -F _paperdeck paperdeck
