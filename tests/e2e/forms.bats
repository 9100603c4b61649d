#!/usr/bin/env bats
# The forms of a recipe: file, -e, words, standard input, JSON, and what `leat show` makes of them. $LEAT is the program.

setup() {
	cd "$BATS_TEST_DIRNAME/../.."
	T=$(mktemp -d)
	export NO_COLOR=1
	PATH=$(dirname "$LEAT"):$PATH
}

teardown() {
	rm -rf "$T"
}

@test "run: a recipe from standard input; its paths belong to the current folder" {
	echo "read testdata/good/*.png | resize 9x9 | write $T/{stem}.png" | "$LEAT" run -
	[ "$(find "$T" -name '*.png' | wc -l)" -eq "$(find testdata/good -maxdepth 1 -name '*.png' | wc -l)" ]
}

@test "run -- : every argument is one word" {
	mkdir "$T/in"
	cp testdata/good/tiny.png "$T/in/a b \$c #d.png"
	"$LEAT" run -- read "$T/in/a b \$c #d.png" then resize 2x2 then write "$T/out/{stem}.png"
	[ -s "$T/out/a b \$c #d.png" ]
}

@test "check, plan, show and graph take words, too" {
	"$LEAT" check -- read testdata/good then resize 8x8 then write "$T/{stem}.png"
	"$LEAT" plan -- read testdata/good/tiny.png then resize 8x8 then write "$T/{stem}.png"
	"$LEAT" graph -- read testdata/good then resize 8x8 then write "$T/{stem}.png"
	run "$LEAT" show -- read "a b" then write 'out/{stem}.png'
	[ "$status" -eq 0 ]
	[[ "$output" == *'read "a b"'* ]]
}

@test "run -- : wrong words are told" {
	run "$LEAT" run -- read a '|' write b
	[ "$status" -eq 2 ]
	[[ "$output" == *"'then', not by '|'"* ]]
	run "$LEAT" run -- read a then
	[ "$status" -eq 2 ]
	[[ "$output" == *"no step follows the last 'then'"* ]]
	run "$LEAT" run --
	[ "$status" -eq 2 ]
	run "$LEAT" run web.leat -- read a
	[ "$status" -eq 2 ]
	[[ "$output" == *"one recipe"* ]]
	run "$LEAT" check -- read a then resise 8x8 then write '{stem}.png'
	[ "$status" -eq 2 ]
	[[ "$output" == *"<command line>:1:10: error[E024]"* ]]
}

@test "JSON: what show --json prints runs, from a file, from -e and from standard input" {
	printf 'let size = 9x9\nread "testdata/good/*.png"\nresize $size fit=inside\nwrite %s/{stem}.png\n' "$T/text" >"$T/a.leat"
	sed -i "s,testdata,$PWD/testdata," "$T/a.leat"
	"$LEAT" run "$T/a.leat"
	"$LEAT" show --json "$T/a.leat" | sed "s,$T/text,$T/json," >"$T/a.json"
	"$LEAT" check "$T/a.json"
	"$LEAT" run "$T/a.json"
	diff -r "$T/text" "$T/json"
	rm -r "$T/json"
	"$LEAT" run - <"$T/a.json"
	diff -r "$T/text" "$T/json"
	rm -r "$T/json"
	"$LEAT" run -e "$(cat "$T/a.json")"
	diff -r "$T/text" "$T/json"
}

@test "JSON: errors name their place by a JSON pointer" {
	cat >"$T/web.json" <<-'END'
		{"steps": [{"step": "read", "args": ["photos"]},
		  {"step": "decode"},
		  {"step": "resize", "args": ["8x8"], "options": {"fit": "insde"}},
		  {"step": "write", "args": ["out/{stem}.png"]}]}
	END
	run "$LEAT" check "$T/web.json"
	[ "$status" -eq 2 ]
	[[ "$output" == *"web.json:/steps/2/options/fit: error[E041]: 'insde' is not a value of fit"* ]]
	[[ "$output" == *"did you mean 'inside'?"* ]]
}

@test "JSON: fmt lays it out, and once is enough" {
	echo '{"steps":[{"options":{"fit":"inside"},"on":"threads","step":"resize","args":["8x8"]}]}' >"$T/a.json"
	"$LEAT" fmt "$T/a.json"
	"$LEAT" fmt --check "$T/a.json"
	run cat "$T/a.json"
	[ "${lines[3]}" = '    {"step": "resize", "args": ["8x8"], "options": {"fit": "inside"}, "on": "threads"}' ]
}

@test "JSON: a recipe can include settings in JSON" {
	echo '{"vars": {"size": "7x7"}}' >"$T/site.json"
	printf 'include site.json\nread "%s/testdata/good/tiny.png"\nresize $size\nwrite out/{stem}.png\n' "$PWD" >"$T/a.leat"
	"$LEAT" run "$T/a.leat"
	[ -s "$T/out/tiny.png" ]
	echo '{"vars": {"size": "7"}}' >"$T/site.json"
	run "$LEAT" check "$T/a.leat"
	[ "$status" -eq 2 ]
	[[ "$output" == *"site.json:/vars/size"* ]]
}

@test "show: only one form at a time; errors are told" {
	run "$LEAT" show --json --oneline pipelines/thumbnails.leat
	[ "$status" -eq 2 ]
	run "$LEAT" show -e 'read "a'
	[ "$status" -eq 2 ]
	[[ "$output" == *"E001"* ]]
}

@test "show --expanded gives the same plan" {
	"$LEAT" show --expanded pipelines/thumbnails.leat >"$T/e.leat"
	(cd pipelines && "$LEAT" plan --json - <"$T/e.leat") >"$T/e.json"
	"$LEAT" plan --json pipelines/thumbnails.leat >"$T/t.json"
	[ "$(jq '.steps | length' "$T/t.json")" -gt 8 ]
	[ "$(jq -c '[.steps[] | .step]' "$T/e.json")" = "$(jq -c '[.steps[] | .step]' "$T/t.json")" ]
	! grep -q 'let\|recipe\|for ' "$T/e.leat"
}

# What a shell makes of the line is what show --json makes of the file.
@test "show --oneline goes through sh, bash, dash, zsh and fish unchanged" {
	cat >"$T/odd.leat" <<-'END'
		let a = "it's \"odd\" \\ $$ \t"
		let b = 'C:\x\\y'
		read "$a" '$b' 'a\' "!" "a b"  'x"y'   on=threads  # a comment
		keep width>=8 "name~*\\ *"
		write "out/{stem} `id` $b é.png" mode=0644
	END
	"$LEAT" show --json "$T/odd.leat" >"$T/expected"
	(cd "$T" && "$LEAT" show --oneline odd.leat | sed 's/^leat run -e/leat show --json -e/') >"$T/line"
	grep -q '^leat show' "$T/line"
	tried=0
	for shell in sh bash dash zsh fish; do
		command -v $shell >/dev/null || continue
		tried=$((tried + 1))
		$shell "$T/line" >"$T/$shell.json"
		diff "$T/expected" "$T/$shell.json"
	done
	[ $tried -ge 3 ]
}

@test "show --oneline from another folder goes to the recipe's folder first" {
	mkdir "$T/it's a folder"
	cp testdata/good/tiny.png "$T/it's a folder"
	echo 'read tiny.png | resize 2x2 | write out/{name}' >"$T/it's a folder/a.leat"
	"$LEAT" show --oneline "$T/it's a folder/a.leat" >"$T/line"
	bash "$T/line"
	[ -s "$T/it's a folder/out/tiny.png" ]
}

@test "fmt and show agree: the canonical text is laid out" {
	for f in pipelines/*.leat; do
		"$LEAT" show "$f" >"$T/shown.leat"
		"$LEAT" fmt --check "$T/shown.leat"
		"$LEAT" show "$T/shown.leat" | diff "$T/shown.leat" -
	done
}

@test "help json: its example is a recipe, and valid" {
	"$LEAT" help json | sed -n '/^  {/,/^  }/p' >"$T/page.json"
	"$LEAT" check "$T/page.json"
	"$LEAT" show --json "$T/page.json" >"$T/again.json"
	"$LEAT" show --json "$T/again.json" | diff "$T/again.json" -
}
