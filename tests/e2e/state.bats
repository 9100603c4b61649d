#!/usr/bin/env bats
# What a job keeps between its runs. $LEAT is the program.

setup() {
	cd "$BATS_TEST_DIRNAME/../.."
	T=$(mktemp -d)
	export NO_COLOR=1
	mkdir "$T/in"
	for i in 1 2 3 4 5 6 7 8 9; do
		cp "$(find testdata/good -name '*.png' | sort | head -1)" "$T/in/$i.png"
	done
	printf 'job name=mill\nread in/*.png\nresize 8x8\nwrite out/{stem}.png\n' >"$T/mill.leat"
}

teardown() {
	rm -rf "$T"
}

@test "state: a job with a name keeps its runs, and the next begins with what they taught" {
	run "$LEAT" plan "$T/mill.leat"
	[ "$status" -eq 0 ]
	[[ "$output" == *"kept in .leat/mill.db; one run at a time"* ]]
	[ ! -e "$T/.leat" ]
	run "$LEAT" run "$T/mill.leat"
	[ "$status" -eq 0 ]
	[ -s "$T/.leat/mill.db" ]
	run "$LEAT" plan "$T/mill.leat"
	[[ "$output" == *"learned from 9 items of earlier runs"* ]]
}

@test "state: without name= and state= nothing is kept" {
	sed -i 1d "$T/mill.leat"
	run "$LEAT" run "$T/mill.leat"
	[ "$status" -eq 0 ]
	[ ! -e "$T/.leat" ]
}

@test "state: a damaged state refuses the run, is left alone, and nothing is written" {
	mkdir "$T/.leat"
	yes noise | head -c 9000 >"$T/.leat/mill.db"
	run "$LEAT" run "$T/mill.leat"
	[ "$status" -eq 5 ]
	[[ "$output" == *"mill.db' is damaged"* ]]
	[ ! -e "$T/out" ]
	[ "$(wc -c <"$T/.leat/mill.db")" -eq 9000 ]
}

@test "state: another run of the job is 75 and says whose; lock=no lets it" {
	"$LEAT" run "$T/mill.leat"
	exec 8<>"$T/.leat/mill.db.lock"
	flock 8
	echo "4711 $(date +%s)000000000" >"$T/.leat/mill.db.lock"
	run "$LEAT" run "$T/mill.leat"
	[ "$status" -eq 75 ]
	[[ "$output" == *"mill.leat:1:5: error[E073]: another run of the job 'mill' is active (process 4711, since "* ]]
	sed -i 's/^job.*/& lock=no/' "$T/mill.leat"
	run "$LEAT" run "$T/mill.leat"
	[ "$status" -eq 0 ]
	exec 8>&-
	sed -i 's/ lock=no//' "$T/mill.leat"
	run "$LEAT" run "$T/mill.leat"
	[ "$status" -eq 0 ]
}

@test "state: names that are none are told" {
	for name in a/b . "''"; do
		run "$LEAT" check -e "job name=$name | read $T/in | write $T/x/{name}"
		[ "$status" -eq 2 ]
		[[ "$output" == *"cannot be the name of a job"* ]]
	done
	run "$LEAT" check -e "job lock=yes | read $T/in | write $T/x/{name}"
	[ "$status" -eq 2 ]
	[[ "$output" == *"needs a job with a name"* ]]
}

@test "explain-run: tells a run from the state: where, why, and what comes next" {
	run "$LEAT" explain-run "$T/mill.leat"
	[ "$status" -eq 3 ]
	[[ "$output" == *"run the job first"* ]]
	"$LEAT" run "$T/mill.leat"
	"$LEAT" run --limit 8 "$T/mill.leat"
	run "$LEAT" explain-run "$T/mill.leat"
	[ "$status" -eq 0 ]
	[[ "$output" == "run 2 of "*": 8 items in "* ]]
	[[ "$output" == *"read: threads x"*"why:  waits for the disk"*"learned from 9 items"* ]]
	[[ "$output" == *"next: begins with "*"measured of 17)"* ]]
	run "$LEAT" explain-run --json "$T/.leat/mill.db" 1
	[ "$status" -eq 0 ]
	[ "$(jq -c '[.run, .matched, .done, .exit, .groups[0].name, .groups[0].learned_items]' <<<"$output")" = '[1,9,9,0,"read",17]' ]
	run "$LEAT" explain-run "$T/.leat/mill.db" 3
	[ "$status" -eq 3 ]
	[[ "$output" == *"there is no run 3"* ]]
	run "$LEAT" explain-run "$T/.leat/mill.db" last
	[ "$status" -eq 2 ]
	sed -i 1d "$T/mill.leat"
	run "$LEAT" explain-run "$T/mill.leat"
	[ "$status" -eq 2 ]
	[[ "$output" == *"keeps no state"* ]]
}

@test "tune: tries settings on a sample, leaves nothing behind, and is no run of the job" {
	mkdir "$T/tmp"
	TMPDIR="$T/tmp" run "$LEAT" tune --time 1s --sample 3 --cores 2 "$T/mill.leat"
	[ "$status" -eq 0 ]
	[[ "$output" == "settings tried in turn on 3 items"*"read workers=4"*"computing on=threads workers=2"* ]]
	[[ "$output" == *"nothing to write"* || "$output" == *"--opt "* || "$output" == *"the time was over"* ]]
	[ -z "$(ls "$T/tmp")" ]
	[ ! -e "$T/out" ]
	[ ! -e "$T/.leat" ]
	run "$LEAT" tune -e "read $T/none/*.png | resize 8x8 | write $T/x/{name}"
	[ "$status" -ne 0 ]
	[[ "$output" == *E070* || "$output" == *E078* ]]
}
