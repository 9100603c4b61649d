# Completion of leat for bash: the program itself says what fits (`leat complete`). Source this file, or install it.
# shellcheck shell=bash

_leat() {
	local leat=${COMP_WORDS[0]} words=() quote='' keep files word last i
	# Bash takes words apart at '=' and ':'; the program wants them whole.
	for ((i = 1; i <= COMP_CWORD; i++)); do
		word=${COMP_WORDS[i]}
		if [[ $i -gt 1 && ($word == [=:]* || ${COMP_WORDS[i - 1]} == *[=:]) && $quote == '' ]]; then
			words[-1]+=$word
		else
			words+=("$word")
		fi
	done
	# An open quote is the shell's, what stands behind it is ours.
	for i in "${!words[@]}"; do
		word=${words[i]}
		case $word in
		\'* | \"*)
			quote=${word:0:1}
			word=${word:1}
			[[ $i -eq $((${#words[@]} - 1)) ]] || { word=${word%"$quote"} quote=''; }
			words[i]=$word
			;;
		*) quote='' ;;
		esac
	done
	[[ $leat == */* ]] || leat=$(type -P -- "$leat") || return
	last=${words[-1]}
	COMPREPLY=()
	{
		read -r keep files
		while IFS=$'\t' read -r word _; do COMPREPLY+=("${last:0:keep}$word"); done
	} < <("$leat" complete -- "${words[@]}" 2>/dev/null)
	[[ -n $keep ]] || return
	_leat_files "$files" "$keep" "$last"
	[[ ${#COMPREPLY[@]} -gt 0 ]] || return
	# Inside the text of a recipe, and behind '=', nothing shall follow at once.
	if [[ $keep -gt 0 || ${COMPREPLY[0]} == *= ]]; then compopt -o nospace; fi
	# The text in quotes goes on: with a second candidate bash does not close the quote.
	if [[ $quote && ${#COMPREPLY[@]} -eq 1 && ${COMPREPLY[0]} != */ ]]; then
		[[ ${COMPREPLY[0]} == *['=}'] ]] || COMPREPLY[0]+=' '
		COMPREPLY+=("${COMPREPLY[0]} ")
	fi
	# A list is only shown: without what all of it begins with.
	if [[ $COMP_TYPE -eq 63 && ${#COMPREPLY[@]} -gt 1 && $files == none ]]; then
		COMPREPLY=("${COMPREPLY[@]#"${last:0:keep}"}")
	fi
	# Outside quotes bash replaces what stands behind the last '=' or ':' only.
	if [[ ! $quote && $last == *[=:]* ]]; then
		last=${last%"${last##*[=:]}"}
		COMPREPLY=("${COMPREPLY[@]#"$last"}")
	fi
}

_leat_files() { # which, bytes to keep, word
	local name
	[[ $1 != none ]] || return
	compopt -o filenames 2>/dev/null
	while read -r name; do
		case $1 in
		recipes) [[ -d $name || $name == *.leat ]] || continue ;;
		folders) [[ -d $name ]] || continue ;;
		esac
		[[ $2 -eq 0 || ! -d $name ]] || name+=/
		COMPREPLY+=("${3:0:$2}$name")
	done < <(compgen -f -- "${3:$2}")
}

complete -F _leat leat
