#!/usr/bin/env bats
# What a new user meets in the first hour and must not stumble over. $LEAT is the program.

setup() {
	cd "$BATS_TEST_DIRNAME/../.."
	T=$(mktemp -d)
	export NO_COLOR=1
}

teardown() {
	rm -rf "$T"
}

@test "first hour: one literal file may be written under one literal name" {
	run "$LEAT" run -e "read testdata/good/tiny.png | resize 4x4 | write $T/one.png"
	[ "$status" -eq 0 ]
	[ -s "$T/one.png" ]
}

@test "first hour: a recipe without a step is refused with a message" {
	for text in '' '# nothing yet' 'let a = b' 'defaults timeout=1s'; do
		run "$LEAT" run -e "$text"
		[ "$status" -eq 2 ]
		[ -n "$output" ]
		run "$LEAT" plan -e "$text"
		[ "$status" -eq 2 ]
	done
}

@test "first hour: write - puts the image on standard output and nothing else" {
	one="read testdata/good/tiny.png | resize 4x4"
	"$LEAT" run -e "$one | write $T/{stem}.png"
	"$LEAT" run -e "$one | encode png | write -" >"$T/out.png" 2>/dev/null
	cmp "$T/tiny.png" "$T/out.png"
}

@test "first hour: a failed expectation names the count it is about" {
	run "$LEAT" run -e "expect matched>=1000 | read testdata/good | resize 4x4 | write $T/{reldir}/{stem}-{ext}.png"
	[ "$status" -eq 4 ]
	[[ "$output" == *"matched>=1000 did not hold"* ]]
	[[ "$output" != *"items failed"* ]]
}

@test "first hour: the JSON summary tells the same exit status as the program" {
	mkdir "$T/in"
	for i in $(seq 400); do cp testdata/good/sunrise.png "$T/in/$i.png"; done
	"$LEAT" run --json -e "read $T/in | resize 600x600 enlarge=yes | blur 9 | write $T/out/{stem}.png" >"$T/json" 2>/dev/null 3>&- &
	pid=$!
	for _ in $(seq 100); do # until it is at work
		[ -d "$T/out" ] && break
		sleep 0.05
	done
	kill -TERM $pid
	status=0
	wait $pid || status=$?
	[ "$status" -eq 143 ]
	grep -q '"exit":143' "$T/json"
}

@test "first hour: a report field that only an item has is refused before anything runs" {
	run "$LEAT" check -e "read testdata/good | resize 4x4 | report csv=$T/{stem}.csv"
	[ "$status" -eq 2 ]
}

@test "first hour: a number format on a text field is refused before anything runs" {
	run "$LEAT" check -e "read testdata/good | resize 4x4 | write $T/{stem:04}.png"
	[ "$status" -eq 2 ]
}

@test "first hour: a pattern that stops above the folders says what looks into them" {
	run "$LEAT" run -e "read testdata/*.jpg | write $T/{name}"
	[ "$status" -eq 3 ]
	[[ "$output" == *"0 of 1 file end in .jpg"* ]]
	mkdir -p "$T/in/a"
	run "$LEAT" run -e "read $T/in/*.jpg | write $T/{name}"
	[ "$status" -eq 3 ]
	[[ "$output" == *"there are no files, but folders; with those: $T/in/**/*.jpg"* ]]
}

@test "first hour: a folder whose name has a blank is asked for in quotes" {
	run "$LEAT" run -e "read testdata/good/2024 Urlaub | write $T/{name}"
	[ "$status" -eq 3 ]
	[[ "$output" == *"did you mean '2024 Urlaub', in quotes?"* ]]
}
