#!/usr/bin/env bats
# The program as a person meets it: commands, messages, exit statuses. $LEAT is the program.

setup() {
	cd "$BATS_TEST_DIRNAME/../.."
	T=$(mktemp -d)
	export NO_COLOR=1
}

teardown() {
	rm -rf "$T"
}

@test "run: a one-liner makes its files and exits 0" {
	run "$LEAT" run -e "read testdata/good | resize 20x20 | write $T/{reldir}/{stem}-{format}.png"
	[ "$status" -eq 0 ]
	[ "$(find "$T" -type f | wc -l)" -eq 13 ]
}

@test "run: a broken file fails alone, is named, and the status is 1" {
	run "$LEAT" run -e "read testdata/*.png testdata/good/*.png | resize 20x20 | write $T/{stem}.png"
	[ "$status" -eq 1 ]
	[[ "$output" == *broken.png* ]]
	[[ "$output" == *truncated* ]]
	[ "$(find "$T" -type f | wc -l)" -eq 8 ]
}

@test "run: nothing matched is 3 and says where it looked" {
	run "$LEAT" run -e "read testdata/*.webp | resize 20x20 | write $T/{stem}.png"
	[ "$status" -eq 3 ]
	[[ "$output" == *E070* ]]
}

@test "run: a wrong recipe is 2, shows the place, and writes nothing" {
	run "$LEAT" run -e "read testdata/good | resise 20x20 | write $T/{stem}.png"
	[ "$status" -eq 2 ]
	[[ "$output" == *"unknown step 'resise'"* ]]
	[[ "$output" == *"did you mean 'resize'?"* ]]
	[ -z "$(ls "$T")" ]
}

@test "run: two inputs for one output are refused before anything runs" {
	mkdir "$T/a" "$T/b"
	cp testdata/good/tiny.png "$T/a/x.png"
	cp testdata/good/tiny.png "$T/b/x.png"
	run "$LEAT" run -e "read $T/*/x.png | resize 2x2 | write $T/out/{stem}.png"
	[ "$status" -eq 2 ]
	[[ "$output" == *E071* ]]
	[ ! -e "$T/out" ]
}

@test "run: an input is never overwritten without replace=yes" {
	cp testdata/good/sunrise.png "$T/x.png"
	before=$(sha256sum "$T/x.png")
	run "$LEAT" run -e "read $T/x.png | resize 20x20 | write $T/{name}"
	[ "$status" -eq 2 ]
	[[ "$output" == *E075* ]]
	[ "$(sha256sum "$T/x.png")" = "$before" ]
	run "$LEAT" run -e "read $T/x.png | resize 20x20 | write $T/{name} replace=yes"
	[ "$status" -eq 0 ]
	[ "$(sha256sum "$T/x.png")" != "$before" ]
}

@test "run: existing=skip leaves what is there, existing=fail fails the item" {
	one="read testdata/good/tiny.png | resize 4x4 | write $T/{stem}.png"
	"$LEAT" run --quiet -e "$one"
	touch -d 2001-01-01 "$T/tiny.png"
	run "$LEAT" run -e "$one existing=skip"
	[ "$status" -eq 0 ]
	[ "$(stat -c %Y "$T/tiny.png")" -eq "$(date -d 2001-01-01 +%s)" ]
	run "$LEAT" run -e "$one existing=fail"
	[ "$status" -eq 1 ]
}

@test "run: a full target stops the run with 5 and leaves no part" {
	[ "$(id -u)" = 0 ] || skip "mounting a small file system needs root"
	mkdir "$T/full"
	mount -t tmpfs -o size=64k tmpfs "$T/full" || skip "no mount here"
	run "$LEAT" run -e "read testdata/good | resize 400x400 enlarge=yes | write $T/full/{reldir}/{stem}-{format}.ppm"
	parts=$(find "$T/full" -name '*.part' | wc -l)
	umount "$T/full"
	[ "$status" -eq 5 ]
	[ "$parts" -eq 0 ]
}

@test "run: --quiet says nothing when all is well" {
	run "$LEAT" run --quiet -e "read testdata/good/tiny.png | resize 4x4 | write $T/{stem}.png"
	[ "$status" -eq 0 ]
	[ -z "$output" ]
}

@test "run: a pattern that finds nothing beside others is told" {
	run "$LEAT" run -e "read testdata/good/tiny.png testdata/good/*.gif | resize 4x4 | write $T/{stem}.png"
	[ "$status" -eq 0 ]
	[[ "$output" == *"no file was found for"*"*.gif"* ]]
	run "$LEAT" run -e "read testdata/good/tiny.png | resize 4x4 | write $T/{stem}.png"
	[[ "$output" != *"no file was found"* ]]
}

@test "run: --json is one object with counts that add up" {
	run "$LEAT" run --json -e "read testdata/good testdata/broken.png root=testdata | resize 4x4 | write $T/{reldir}/{stem}-{format}.png"
	[ "$status" -eq 1 ]
	[ "$(echo "$output" | jq '.matched == 14 and .matched == .done + .failed + .skipped + .known_failed + .not_reached')" = true ]
}

@test "run: the first interrupt drains; nothing half written; status 130" {
	mkdir "$T/in"
	for i in $(seq 400); do cp testdata/good/sunrise.png "$T/in/$i.png"; done
	"$LEAT" run --cores 1 -e "read $T/in | resize 2000x2000 enlarge=yes | blur 20 | resize 10x10 | write $T/out/{stem}.png" >"$T/log" 2>&1 &
	pid=$!
	sleep 1
	kill -INT $pid
	status=0
	wait $pid || status=$?
	cat "$T/log"
	[ "$status" -eq 130 ]
	[ "$(find "$T/out" -name '*.part' | wc -l)" -eq 0 ]
	grep -q "not reached" "$T/log"
}

@test "run: the first interrupt leaves what was only read ahead" {
	mkdir "$T/in"
	for i in $(seq 400); do cp testdata/good/sunrise.png "$T/in/$i.png"; done
	"$LEAT" run --json --cores 1 -e "read $T/in | decode queue=300 | resize 2000x2000 enlarge=yes | blur 20 | resize 10x10 | write $T/out/{stem}.png" >"$T/log" 2>"$T/errors" &
	pid=$!
	sleep 1
	kill -INT $pid
	status=0
	wait $pid || status=$?
	[ "$status" -eq 130 ]
	[ "$(jq '.not_reached > 300 and .matched == .done + .failed + .skipped + .known_failed + .not_reached' "$T/log")" = true ]
	[ "$(find "$T/out" -name '*.png' | wc -l)" -eq "$(jq .done "$T/log")" ]
}

@test "check: ok with the number of steps; errors with 2" {
	run "$LEAT" check pipelines/thumbnails.leat
	[ "$status" -eq 0 ]
	[[ "$output" == *"pipelines/thumbnails.leat: ok, 15 steps"* ]]
	printf 'read x\nfoo 3\nresize\n' >"$T/bad.leat"
	run "$LEAT" check "$T/bad.leat"
	[ "$status" -eq 2 ]
	[[ "$output" == *"error(s)"* ]]
}

@test "plan: shows executors, reasons, outputs, and touches nothing" {
	run "$LEAT" plan -e "read testdata/good | resize 20x20 | write $T/out/{reldir}/{stem}.png"
	[ "$status" -eq 0 ]
	[[ "$output" == *threads* ]]
	[[ "$output" == *processes* ]]
	[ ! -e "$T/out" ]
}

@test "plan: the same as run --dry-run" {
	cmd="read testdata/good | resize 20x20 | write $T/out/{reldir}/{stem}.png"
	"$LEAT" plan -e "$cmd" | sed '/^Disk/s/,.*//' >"$T/plan" # others fill the disk meanwhile
	"$LEAT" run --dry-run -e "$cmd" | sed '/^Disk/s/,.*//' >"$T/dry"
	diff "$T/plan" "$T/dry"
}

@test "help: every step has a page, every page ends well" {
	"$LEAT" help >/dev/null
	for step in read decode encode write report resize crop rotate flip flop orient grayscale blur stats strip keep drop reduce; do
		run "$LEAT" help $step
		[ "$status" -eq 0 ]
		[[ "$output" == *"$step"* ]]
	done
	run "$LEAT" help resise
	[ "$status" -eq 2 ]
	[[ "$output" == *"leat help resize"* ]]
}

@test "version names formats and executors" {
	run "$LEAT" version
	[ "$status" -eq 0 ]
	[[ "$output" == *png* && "$output" == *openmp* ]]
}

@test "command line: mistakes are named, with the way out" {
	run "$LEAT" rnu x.leat
	[ "$status" -eq 2 ]
	[[ "$output" == *"did you mean 'leat run'?"* ]]
	run "$LEAT" run --qiet x.leat
	[ "$status" -eq 2 ]
	[[ "$output" == *"--quiet"* ]]
	run "$LEAT" run no-such-file.leat
	[ "$status" -eq 2 ]
	[[ "$output" == *"no-such-file.leat"* ]]
	run "$LEAT" run
	[ "$status" -eq 2 ]
	run "$LEAT" run --retry-failed y.leat
	[ "$status" -eq 2 ]
	[[ "$output" == *"y.leat"* ]]
}

@test "what is not built is refused, never ignored" {
	run "$LEAT" check -e "read testdata/good
resize 4x4
write $T/{stem}.png backup=$T/old/{stem}.png"
	[ "$status" -eq 2 ]
	[[ "$output" == *"not built"* ]]
}

@test "PngSuite: every valid file is done, every x file fails with a cause, the whole exits 1" {
	[ -d "$LEAT_CORPUS/pngsuite" ] || skip "no corpus"
	run "$LEAT" run --json -e "read $LEAT_CORPUS/pngsuite/*.png | write $T/{stem}.pam"
	[ "$status" -eq 1 ]
	[ "$(find "$T" -name '*.pam' | wc -l)" -eq 161 ]
	[ "$(echo "$output" | jq -c '[.matched, .done, .failed]')" = "[175,161,14]" ]
	[ -z "$(find "$T" -name 'x*')" ]
}
