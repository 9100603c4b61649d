#!/usr/bin/env bats
# The commands beside run and check, and the options they share. $LEAT is the program.

setup() {
	cd "$BATS_TEST_DIRNAME/../.."
	T=$(mktemp -d)
	export NO_COLOR=1
}

teardown() {
	rm -rf "$T"
}

@test "--only: the end of the path, whole names; the index stays that of the whole list" {
	run "$LEAT" run -e "read testdata/good | resize 20x20 | write $T/{index:02}-{stem}.png" --only 'tiny.*' --only '20*/gray.*'
	[ "$status" -eq 0 ]
	[ "$(cd "$T" && echo *)" = "00-gray.png 12-tiny.png" ] || { ls "$T"; false; }
}

@test "--only: none left is 3 and says how it is compared" {
	run "$LEAT" run -e "read testdata/good | resize 20x20 | write $T/{stem}.png" --only 'iny.png'
	[ "$status" -eq 3 ]
	[[ "$output" == *"no input matches --only iny.png"*"whole names"* ]]
	run "$LEAT" run -e "read testdata/good | resize 20x20 | write $T/{stem}.png" --only 'a[b'
	[ "$status" -eq 2 ]
	[[ "$output" == *"--only a[b: "* ]]
}

@test "--limit: the first of the list, and expect is off" {
	run "$LEAT" run --limit 2 -e "expect matched>=100 | read testdata/good | resize 20x20 | write $T/{index}.png"
	[ "$status" -eq 0 ]
	[ "$(cd "$T" && echo *)" = "0.png 1.png" ]
	[[ "$output" == *"expect is off"* ]]
	run "$LEAT" run --limit 0 -e "read testdata/good"
	[ "$status" -eq 2 ]
}

@test "--limit: an input that is left out is not overwritten either" {
	cp testdata/good/tiny.png "$T/a.png"
	cp testdata/good/tiny.png "$T/b.png"
	before=$(sha256sum "$T/b.png")
	run "$LEAT" run --only a.png -e "read $T | write $T/b.{ext}"
	[ "$status" -eq 2 ]
	[[ "$output" == *E075* ]]
	[ "$(sha256sum "$T/b.png")" = "$before" ]
}

@test "dropped items are counted in the summary" {
	run "$LEAT" run -e "read testdata/good | decode | keep width>=50 | resize 20x20 | write $T/{index}.png"
	[ "$status" -eq 0 ]
	[[ "$output" == *"(3 dropped by keep or drop)"* ]]
	run "$LEAT" run --json -e "read testdata/good | decode | keep width>=50 | resize 20x20 | write $T/{index}.png"
	[ "$(jq .dropped <<<"$output")" = 3 ]
	[ "$(jq .done <<<"$output")" = 13 ]
	jq -e '.seconds * 1000 | . == floor' <<<"$output"
}

@test "crop: left and top are whole numbers, 0 is one" {
	run "$LEAT" run -e "read testdata/good/tiny.png | crop 1x1 left=0 | write $T/x.png"
	[ "$status" -eq 0 ]
	run "$LEAT" check -e "read testdata/good/tiny.png | crop 1x1 left=-1 | write $T/x.png"
	[ "$status" -eq 2 ]
	[[ "$output" == *"left is 0 px or more"* ]]
}

@test "explain: a page, the list, JSON, and a code that does not exist" {
	run "$LEAT" explain E043
	[ "$status" -eq 0 ]
	[[ "$output" == "E043: a value out of range"*"Wrong:"*"Right:"* ]]
	run "$LEAT" explain
	[ "$status" -eq 0 ]
	[[ "$output" == *"E024  a step with this name does not exist"* ]]
	"$LEAT" explain --json | jq -e 'length > 70 and all(.[]; .text and .wrong)'
	run "$LEAT" explain E999
	[ "$status" -eq 2 ]
	[[ "$output" == *"there is no code 'E999'"* ]]
}

@test "--opt: one option of one step, also in the worker processes" {
	recipe="read testdata/good/sunrise.png | branch b for q in 1,2 | encode jpeg quality=90 | write $T/{stem}-\$q.jpg | end"
	run "$LEAT" run -e "$recipe" --opt b-2/encode.quality=5
	[ "$status" -eq 0 ]
	[ "$(stat -c %s "$T/sunrise-1.jpg")" -gt "$(($(stat -c %s "$T/sunrise-2.jpg") * 2))" ]
}

@test "--opt: ambiguous, unknown and wrong ones name what is possible, and nothing is run" {
	recipe="read testdata/good/sunrise.png | branch b for q in 1,2 | encode jpeg quality=90 | write $T/{stem}-\$q.jpg | end"
	run "$LEAT" run -e "$recipe" --opt encode.quality=5
	[ "$status" -eq 2 ]
	[[ "$output" == *"error[E067]: --opt encode.quality=5: 'encode' means 2 steps"*"b-1/encode, b-2/encode"* ]]
	run "$LEAT" run -e "$recipe" --opt b-1/encode.quality=500
	[ "$status" -eq 2 ]
	[[ "$output" == "--opt b-1/encode.quality=500: error[E043]: "*"quality is 1 to 100"* ]]
	[ -z "$(ls "$T")" ]
}
