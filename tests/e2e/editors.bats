#!/usr/bin/env bats
# Syntax files and manual pages made from the tables: they know every step, and they color what they should. $LEAT is
# the program.

setup() {
	cd "$BATS_TEST_DIRNAME/../.."
	T=$(mktemp -d)
	grammar=docs/editors/leat.tmLanguage.json
}

teardown() {
	rm -rf "$T"
}

steps() {
	"$LEAT" help steps | sed -n 's/^  \([a-z][a-z-]*\) .*/\1/p'
}

@test "editors: every step is in the manual page, in vim's syntax and in the TextMate grammar" {
	[ "$(steps | wc -l)" -gt 15 ]
	for s in $(steps); do
		grep -q "^\.B ${s//-/\\\\-}\( \|\$\)" docs/leat-language.5
		grep -q "[(|]$s\\\\[|)]" docs/editors/vim/syntax/leat.vim
		jq -e --arg s "$s" '[.. | .match? // empty | test("[(|]" + $s + "[|)]")] | any' "$grammar" >/dev/null
	done
}

@test "editors: every command is in leat(1), every code in leat-language(5)" {
	for c in $("$LEAT" help | sed -n 's/^  leat \([a-z]*\) .*/\1/p' | sort -u); do
		grep -q "^\.B leat $c" docs/leat.1
	done
	for c in E001 E024 E076 W001; do grep -q "^$c  " docs/leat-language.5; done
}

@test "editors: the TextMate grammar is valid, and its pieces find what they are for" {
	jq -e '.scopeName == "source.leat" and (.fileTypes | index("leat")) and (.patterns | length > 10)' "$grammar"
	# every include leads somewhere, and no pattern is one that does not compile
	jq -r '.. | .include? // empty' "$grammar" | sort -u | while read -r name; do
		jq -e --arg n "${name#\#}" '.repository | has($n)' "$grammar"
	done
	jq -r '.. | .match?, .begin?, .end? // empty' "$grammar" | while read -r p; do
		grep -qP -- "$p" /dev/null || [ $? = 1 ]
	done
	finds() { # scope, line, text that it must find
		jq -r --arg s "$1.leat" '.. | objects | select(.match and (.name == $s or .captures?["1"]?.name == $s)) | .match' "$grammar" |
			while read -r p; do grep -oP -- "$p" <<<"$2"; done | sed 's/^ *//' | grep -qxF -- "$3" ||
			{ echo "$1 does not find '$3' in: $2"; return 1; }
	}
	finds support.function.step 'read a | resize 8x8' resize
	finds support.function.step '  encode jpeg' encode
	finds keyword.control 'branch b for size in 1,2' 'branch b for size in'
	finds storage.modifier.execution 'read a on=threads' on
	finds entity.other.attribute-name 'encode jpeg quality=82' quality
	finds constant.other.color 'flatten background=#ff8800' '#ff8800'
	finds constant.numeric 'job memory=64MiB' 64MiB
	finds constant.numeric 'resize 800x600' 800x600
	finds variable.other 'write $out/a' '$out'
	finds variable.parameter 'write {index:04}.png' '{index:04}'
	finds comment.line.number-sign 'read a # all' '# all'
	run finds comment.line.number-sign 'flatten background=#ff8800' '#ff8800'
	[ "$status" -ne 0 ]
}

@test "editors: vim colors steps, options, fields, variables and comments" {
	vim --version 2>/dev/null | grep -q +syntax || skip "no vim with syntax"
	cat >"$T/a.leat" <<-'END'
		let out = web  # a comment
		read photos on=threads | resize 800x600
		branch b for size in 1,2
		  write $out/{stem}-x.png existing=skip
		end
	END
	cat >"$T/ask.vim" <<-'END'
		function Ask(line, word)
		  let col = stridx(getline(a:line), a:word) + 1
		  call writefile([a:word . ' ' . synIDattr(synID(a:line, col, 1), 'name')], $OUT, 'a')
		endfunction
		call Ask(1, 'let') | call Ask(1, '# a') | call Ask(2, 'read') | call Ask(2, 'on=') | call Ask(2, 'resize')
		call Ask(2, '800x600') | call Ask(3, 'for') | call Ask(4, '$out') | call Ask(4, '{stem}') | call Ask(4, 'existing')
		qa!
	END
	OUT=$T/out timeout 20 vim -es -u NONE --cmd "set rtp^=${PWD// /\\ }/docs/editors/vim" -c 'filetype on | syntax on' -c "edit $T/a.leat" -S "$T/ask.vim" </dev/null || true
	cat >"$T/wanted" <<-'END'
		let leatKeyword
		# a leatComment
		read leatStep
		on= leatExecution
		resize leatStep
		800x600 leatSize
		for leatContextual
		$out leatVariable
		{stem} leatField
		existing leatOption
	END
	diff "$T/wanted" "$T/out"
}
