#!/usr/bin/env bats
# What the TAB key offers: the program's own answer, and what bash, zsh and fish make of it. $LEAT is the program.

setup() {
	cd "$BATS_TEST_DIRNAME/../.."
	T=$(mktemp -d)
	printf 'let photos = in\nlet out = web\nread $photos\nbranch b for size in 1,2\n  write $out/{stem}-$size.png\nend\n' >"$T/web.leat"
	export PATH=${LEAT%/*}:$PATH
}

teardown() {
	rm -rf "$T"
}

# candidates of the last word, one a line
offers() {
	"$LEAT" complete -- "$@" | sed 1d | cut -f1
}

has() { # wanted candidate, words...
	local wanted=$1
	shift
	offers "$@" | grep -qxF -- "$wanted" || { echo "no '$wanted' for: $*"; offers "$@"; return 1; }
}

lacks() {
	local unwanted=$1
	shift
	! offers "$@" | grep -qxF -- "$unwanted"
}

@test "completion: every command and every option of run" {
	for c in $("$LEAT" help | sed -n 's/^  leat \([a-z]*\) .*/\1/p' | grep -vx help); do has "$c" ''; done
	lacks complete ''
	for o in --set --input --quiet --json; do has "$o" run --; done
	lacks --set version --
}

@test "completion: steps where a step can stand, sources first" {
	[ "$(offers run -e '' | head -n 1)" = read ]
	lacks resize run -e ''
	has job run -e ''
	has resize run -e 'read a | '
	lacks read run -e 'read a | '
	lacks job run -e 'read a | '
	[ "$(offers run -e 'read a | resi')" = resize ]
	has resize run -- read a then ''
	has resize run -e 'recipe r size | '
}

@test "completion: options, once each, and their choices" {
	has fit= run -e 'read a | resize 8x8 '
	has on-error= run -e 'read a | resize 8x8 '
	lacks fit= run -e 'read a | resize 8x8 fit=inside '
	[ "$(offers run -e 'read a | resize 8x8 fit=in')" = inside ]
	[ "$(offers run -e 'read a | resize 8x8 enlarge=')" = $'yes\nno' ]
	has threads run -e 'read a on='
	has quality= run -e 'read a | encode jpeg '
	has jpeg run -e 'read a | encode '
	has memory= run -e 'job '
	for w in daily weekly hourly at= cron= every=; do has $w run -e 'schedule '; done
	lacks daily run -e 'schedule weekly '
	has sun run -e 'schedule weekly day='
	for w in env secret; do has $w run -e 'let x = '; done
	lacks backup= run -e 'read a | write x '
	has require run -e 'job isolate='
	has matched run -e 'expect '
	has fit= run -- read a then resize 8x8 ''
}

@test "completion: fields within braces, variables behind a dollar" {
	[ "$(offers run -e 'read a | write out/{ste')" = '{stem}' ]
	has '{width}' run -e 'read a | write out/{'
	has width run -e 'read a | keep '
	[ "$(offers run -e 'let out = web | read a | write $o')" = out ]
	[ "$(offers run -e 'let out = web | read a | write ${o')" = 'out}' ]
	has size run -e 'read a | branch b for size in 1,2 | write $'
	has clean run -e 'recipe clean | flip | end | read a | use '
}

@test "completion: --set offers the variables of the recipe, and nothing that is none" {
	[ "$(offers run "$T/web.leat" --set '')" = $'photos=\nout=' ]
	[ "$("$LEAT" complete -- run "$T/none.leat" --set '' | wc -l)" = 1 ]
	[ "$(offers run "$T/web.leat" --opt write.exi)" = write.existing= ]
	lacks encode.quality= run "$T/web.leat" --opt ''
	has dot graph --format=
	has E070 explain E07
}

@test "completion: files are left to the shell" {
	[ "$("$LEAT" complete -- run '' | head -n 1)" = '0 recipes' ]
	[ "$("$LEAT" complete -- run --input '' | head -n 1)" = '0 files' ]
	[ "$("$LEAT" complete -- try web.leat '' | head -n 1)" = '0 files' ]
	[ "$("$LEAT" complete -- try -e 'read a' '' | head -n 1)" = '0 files' ]
	[ "$("$LEAT" complete -- run -e 'read a' '' | head -n 1)" = '0 none' ]
	[ "$("$LEAT" complete -- test '' | head -n 1)" = '0 folders' ]
	[ "$("$LEAT" complete -- run -e 'read ph' | head -n 1)" = '5 files' ]
	[ "$("$LEAT" complete -- run -e 'read a | resize ' | head -n 1)" = '16 none' ]
	[ "$("$LEAT" complete -- nonsense '' | wc -l)" = 1 ]
}

@test "completion: quotes, comments and lines that go on" {
	has fit= run -e $'read "a b|c" \\\n | resize 8x8 '
	[ -z "$(offers run -e 'read a # the fi')" ]
	has resize run -e $'read a # the files\n'
	[ "$(offers run -e "read 'a'|resi")" = resize ]
}

# bash: the function fills COMPREPLY as it does below readline
bash_offers() { # words...
	bash --norc -c 'source completions/leat.bash
		COMP_WORDS=("$@") COMP_CWORD=$(($# - 1)) COMP_TYPE=9
		_leat 2>/dev/null
		printf "%s\n" "${COMPREPLY[@]}"' bash leat "$@"
}

@test "completion in bash: commands, files, the text of a recipe, words taken apart at =" {
	[ "$(bash_offers ver)" = version ]
	bash_offers run pipelines/ | grep -qx pipelines/thumbnails.leat
	[ -z "$(bash_offers run README)" ]
	[ "$(bash_offers run -e "'read a | resize 8x8 fit=in" | head -n 1)" = 'read a | resize 8x8 fit=inside ' ]
	[ "$(bash_offers run "$T/web.leat" --set ph)" = photos= ]
	[ "$(bash_offers run -e "'read testdat" | head -n 1)" = 'read testdata/' ]
	[ "$(bash_offers run -- read a then resize 8x8 fit = cov)" = cover ]
}

# zsh: a real one on a terminal of its own. Keys, then a pattern of the line that they make, and so on; what zsh has
# typed behind the keys is what counts.
zsh_types() {
	timeout 60 zsh -f -c '
		zmodload zsh/zpty
		zpty z zsh -f -i
		zpty -w z "PS1=\"> \"; unsetopt prompt_sp; fpath=(\$PWD/completions \$fpath); autoload -Uz compinit; compinit -u -D; print REA\"\"DY"
		zpty -r -m z out "*READY*"
		for keys pattern in "$@"; do
			zpty -w -n z "$keys"
			zpty -r -m z out "*${(b)pattern}*"
			zpty -w -n z $'"'\\x15'"'
		done
		zpty -d z' zsh "$@"
}

@test "completion in zsh: commands, the text of a recipe, variables, files" {
	zsh_types $'leat vers\t' 'leat version' \
		$'leat run -e \'read a | resi\t 8x8 fit=in\t' "'read a | resize 8x8 fit=inside" \
		"leat run $T/web.leat --set ph"$'\t' '--set photos=' \
		$'leat run pipelines/thu\t' 'pipelines/thumbnails.leat'
}

fish_offers() { # line
	HOME=$T fish --no-config -c 'source completions/leat.fish; complete -C $argv[1]' "$1" | cut -f1
}

@test "completion in fish: commands, files, the text of a recipe, variables" {
	fish_offers 'leat ver' | grep -qx version
	fish_offers 'leat run pipelines/' | grep -qx pipelines/thumbnails.leat
	[ "$(fish_offers 'leat run completions/' | wc -l)" = 0 ]
	fish_offers "leat run -e 'read a | resize 8x8 fit=in" | grep -qx 'read a | resize 8x8 fit=inside'
	fish_offers "leat run $T/web.leat --set " | grep -qx photos=
	fish_offers "leat run -e 'read testdat" | grep -qx 'read testdata/'
}
