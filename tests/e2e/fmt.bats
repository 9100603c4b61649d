#!/usr/bin/env bats
# leat fmt: files, standard input, exit statuses. How texts are laid out is in tests/golden/fmt. $LEAT is the program.

setup() {
	cd "$BATS_TEST_DIRNAME/../.."
	T=$(mktemp -d)
	export NO_COLOR=1
	printf 'read   a  | resize 8x8   on=threads\nwrite b\n' >"$T/ugly.leat"
	printf 'read a\nresize 8x8  on=threads\nwrite b\n' >"$T/neat.leat"
}

teardown() {
	rm -rf "$T"
}

@test "fmt: rewrites in place, keeps the mode, says nothing" {
	chmod 640 "$T/ugly.leat"
	run "$LEAT" fmt "$T/ugly.leat"
	[ "$status" -eq 0 ]
	[ -z "$output" ]
	cmp "$T/ugly.leat" "$T/neat.leat"
	[ "$(stat -c %a "$T/ugly.leat")" = 640 ]
	[ "$(ls -A "$T" | wc -l)" -eq 2 ]
}

@test "fmt: an unchanged file is not touched" {
	touch -d '2001-02-03 04:05:06' "$T/neat.leat"
	before=$(stat -c '%i %Y' "$T/neat.leat")
	"$LEAT" fmt "$T/neat.leat"
	[ "$(stat -c '%i %Y' "$T/neat.leat")" = "$before" ]
}

@test "fmt: a link stays a link" {
	ln -s ugly.leat "$T/link.leat"
	"$LEAT" fmt "$T/link.leat"
	[ -L "$T/link.leat" ]
	cmp "$T/ugly.leat" "$T/neat.leat"
}

@test "fmt: --check names the files and exits 1, without a change" {
	cp "$T/ugly.leat" "$T/before"
	run "$LEAT" fmt --check "$T/neat.leat" "$T/ugly.leat"
	[ "$status" -eq 1 ]
	[ "$output" = "$T/ugly.leat" ]
	cmp "$T/ugly.leat" "$T/before"
	run "$LEAT" fmt --check "$T/neat.leat"
	[ "$status" -eq 0 ]
	[ -z "$output" ]
}

@test "fmt: --diff is a patch" {
	"$LEAT" fmt --diff "$T/ugly.leat" >"$T/patch"
	cp "$T/ugly.leat" "$T/patched"
	if command -v patch >/dev/null; then
		patch -s "$T/patched" "$T/patch"
		cmp "$T/patched" "$T/neat.leat"
	fi
	grep -q '^-read   a  | resize 8x8   on=threads$' "$T/patch"
	grep -q '^+resize 8x8  on=threads$' "$T/patch"
	grep -q '^@@ -1,2 +1,3 @@$' "$T/patch"
}

@test "fmt: - is standard input to standard output" {
	run "$LEAT" fmt - <"$T/ugly.leat"
	[ "$status" -eq 0 ]
	[ "$output" = "$(cat "$T/neat.leat")" ]
	run "$LEAT" fmt - <"$T/neat.leat"
	[ "$output" = "$(cat "$T/neat.leat")" ]
}

@test "fmt: a text with wrong words is left alone with its errors, exit 2; the others are done" {
	printf 'read "a\n' >"$T/wrong.leat"
	run "$LEAT" fmt "$T/wrong.leat" "$T/ugly.leat"
	[ "$status" -eq 2 ]
	[[ "$output" == *"wrong.leat:1:6: error[E001]"* ]]
	[ "$(cat "$T/wrong.leat")" = 'read "a' ]
	cmp "$T/ugly.leat" "$T/neat.leat"
}

@test "fmt: unknown names and wrong values do not matter" {
	printf 'raed  a  fit=insde\n' >"$T/names.leat"
	run "$LEAT" fmt "$T/names.leat"
	[ "$status" -eq 0 ]
	[ "$(cat "$T/names.leat")" = 'raed a fit=insde' ]
}

@test "fmt: --fix-characters repairs what a word processor did" {
	printf 'write “a b/{stem}.png”\n' >"$T/curly.leat"
	run "$LEAT" fmt "$T/curly.leat"
	[ "$status" -eq 2 ]
	[[ "$output" == *"leat fmt --fix-characters"* ]]
	run "$LEAT" fmt --fix-characters "$T/curly.leat"
	[ "$status" -eq 0 ]
	[ "$(cat "$T/curly.leat")" = 'write "a b/{stem}.png"' ]
}

@test "fmt: --upgrade says that there is nothing to upgrade" {
	run "$LEAT" fmt --upgrade "$T/ugly.leat"
	[ "$status" -eq 0 ]
	[[ "$output" == *"nothing to upgrade"* ]]
	cmp "$T/ugly.leat" "$T/neat.leat"
}

@test "fmt: a file that is not there, and a folder that may not be written" {
	run "$LEAT" fmt "$T/none.leat"
	[ "$status" -eq 2 ]
	[[ "$output" == *"none.leat"* ]]
	[ "$(id -u)" -ne 0 ] || skip "root may write everywhere"
	chmod 500 "$T"
	run "$LEAT" fmt "$T/ugly.leat"
	chmod 700 "$T"
	[ "$status" -eq 5 ]
}

@test "fmt: the recipes of this project are laid out" {
	run "$LEAT" fmt --check pipelines/*.leat
	[ "$status" -eq 0 ]
}

@test "fmt: --fix-characters leaves JSON alone" {
	printf '{"steps": [{"step": "read", "args": ["“a”\xe2\x80\x8d"]}]}' >"$T/a.json"
	"$LEAT" fmt --fix-characters "$T/a.json"
	grep -q "“a”$(printf '\xe2\x80\x8d')\"" "$T/a.json"
	"$LEAT" fmt --check "$T/a.json"
}
