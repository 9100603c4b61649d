# Made by `leat completion bash`; do not edit.
_leat() {
	local words='' current=${COMP_WORDS[COMP_CWORD]}
	if [ "$COMP_CWORD" -eq 1 ]; then
		words='run plan check help explain version '
	else case ${COMP_WORDS[1]} in
	run) words='-e --set --opt --input --cores --quiet --json --dry-run --only --limit ' ;;
	plan) words='-e --set --opt --input --cores --only --limit ' ;;
	check) words='-e --set --opt ' ;;
	explain) words='--json ' ;;
	help) words='language execution job status steps formats fields read decode encode resize crop rotate flip flop orient grayscale negate flatten strip blur stats keep drop reduce write report ' ;;
	esac fi
	mapfile -t COMPREPLY < <(compgen -W "$words" -- "$current")
	[ "${COMP_WORDS[1]}" = help ] || mapfile -t -O "${#COMPREPLY[@]}" COMPREPLY < <(compgen -f -- "$current")
}
complete -o filenames -F _leat leat
