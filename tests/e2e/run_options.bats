#!/usr/bin/env bats
# How a run goes as its job line says: deadline, max-errors, nice, temp, commands behind it, --wait. $LEAT is the program.

load wait

setup() {
	cd "$BATS_TEST_DIRNAME/../.."
	T=$(mktemp -d)
	export NO_COLOR=1
	mkdir "$T/in"
	for i in 10 11 12 13 14 15 16 17 18 19; do
		cp "$(find testdata/good -name '*.png' | sort | head -1)" "$T/in/$i.png"
	done
}

teardown() {
	rm -rf "$T"
}

recipe() { # job options
	printf 'job %s\nread in/*.png workers=1 queue=1\nresize 8x8 workers=1 queue=1\nwrite out/{stem}.png\n' "$*" >"$T/mill.leat"
}

@test "max-errors: more failed items than that stop the run: 1, and the rest is not reached" {
	for i in $(seq 100 199); do echo junk >"$T/in/$i.png"; done
	recipe max-errors=3
	run "$LEAT" run "$T/mill.leat"
	[ "$status" -eq 1 ]
	[[ "$output" == *"not reached"* ]]
	[[ "$output" == *"stopped: more than 3 items failed (max-errors=)"* ]]
	recipe max-errors=95%
	run "$LEAT" run "$T/mill.leat"
	[ "$status" -eq 1 ]
	[[ "$output" == "mill: 10 of 110 items done, 100 failed in "* ]]
	for bad in 0% 101% x -1 5,5%; do
		recipe max-errors=$bad
		run "$LEAT" check "$T/mill.leat"
		[ "$status" -eq 2 ]
		[[ "$output" == *"'$bad' is no number of items and no percentage of them"* ]]
	done
}

@test "deadline: no new items after it, 6, and the counts still add up" {
	for i in $(seq 100 160); do ln "$T/in/10.png" "$T/in/$i.png"; done
	recipe deadline=1s
	sed -i "s|^resize.*|exec sleep 0.2 stdin=yes workers=1 queue=1|" "$T/mill.leat"
	run "$LEAT" run --allow-exec --json "$T/mill.leat"
	[ "$status" -eq 6 ]
	[ "$(jq '.not_reached > 0 and .done + .failed + .not_reached == .matched' <<<"$output")" = true ]
	[[ "$output" == *"stopped at the deadline (deadline=1s): the next run does the rest"* ]]
}

@test "deadline: a time of day, or a time from one second on" {
	recipe deadline=06:00
	run "$LEAT" run "$T/mill.leat"
	[ "$status" -eq 0 ]
	for bad in 6am 24:00 30 0s; do
		recipe deadline=$bad
		run "$LEAT" check "$T/mill.leat"
		[ "$status" -eq 2 ]
		[[ "$output" == *"error[E046]: '$bad' is neither a time of day nor a time from 1s on"* ]]
	done
}

@test "temp: unfinished outputs stand there, and it must be on their file system" {
	recipe temp=unfinished
	run "$LEAT" run "$T/mill.leat"
	[ "$status" -eq 0 ]
	[ -d "$T/unfinished" ]
	[ -z "$(ls -A "$T/unfinished")" ]
	[ "$(find "$T/out" -name '*.png' | wc -l)" -eq 10 ]
	recipe temp=/proc/self
	run "$LEAT" run "$T/mill.leat"
	[ "$status" -ne 0 ]
	[[ "$output" == *"temp="* ]]
}

@test "on-finish, on-failure: only with --allow-exec, with the counts, and their failure is told" {
	recipe "name=web on-finish='env | grep ^LEAT_ | sort >$T/finish' on-failure='echo \$LEAT_STATUS >$T/failure'"
	run "$LEAT" run "$T/mill.leat"
	[ "$status" -eq 2 ]
	[[ "$output" == *"error[E069]: 'on-finish=' runs a program, and that is not allowed"*"--allow-exec"* ]]
	[ ! -e "$T/out" ]
	run "$LEAT" check "$T/mill.leat"
	[ "$status" -eq 0 ]
	run "$LEAT" plan "$T/mill.leat"
	[ "$status" -eq 0 ]
	[[ "$output" == *"programs are run: leat run needs --allow-exec"* ]]
	run "$LEAT" run --allow-exec "$T/mill.leat"
	[ "$status" -eq 0 ]
	[ ! -e "$T/failure" ]
	for want in DONE=10 FAILED=0 JOB=web KNOWN_FAILED=0 MATCHED=10 NOT_REACHED=0 "RECIPE=$(realpath "$T/mill.leat")" STATUS=0; do
		grep -qx "LEAT_$want" "$T/finish"
	done
	echo junk >"$T/in/bad.png"
	run "$LEAT" run --allow-exec "$T/mill.leat"
	[ "$status" -eq 1 ]
	[ "$(cat "$T/failure")" = 1 ]
	grep -qx LEAT_FAILED=1 "$T/finish"
	rm -r "$T/in" "$T/failure" # nothing to do is a failure, too
	recipe "on-failure='echo \$LEAT_STATUS \$LEAT_MATCHED >$T/failure'"
	run "$LEAT" run --allow-exec "$T/mill.leat"
	[ "$status" -eq 3 ]
	[ "$(cat "$T/failure")" = "3 0" ]
	mkdir "$T/in"
	cp "$(find testdata/good -name '*.png' | sort | head -1)" "$T/in/1.png"
	recipe "on-finish='echo no mail here >&2; exit 4'"
	run "$LEAT" run --quiet --allow-exec "$T/mill.leat"
	[ "$status" -eq 5 ]
	[[ "$output" == *"the command of on-finish= ended with status 4: no mail here"* ]]
}

@test "lock: --wait waits for the other run, and then does its own" {
	recipe name=web
	"$LEAT" run "$T/mill.leat"
	rm -r "$T/out"
	(
		exec 8<>"$T/.leat/web.db.lock"
		flock 8
		echo "4711 $(date +%s)000000000" >"$T/.leat/web.db.lock"
		: >"$T/held"
		while [ ! -e "$T/free" ]; do sleep 0.05; done
	) &
	while [ ! -e "$T/held" ]; do sleep 0.02; done
	"$LEAT" run --wait "$T/mill.leat" >"$T/said" 2>&1 &
	waiting=$!
	until_true grep -q 'waiting until it is over' "$T/said"
	grep -q "another run of the job 'web' is active (process 4711, since" "$T/said"
	[ ! -e "$T/out" ]
	: >"$T/free"
	wait "$waiting"
	[ "$(find "$T/out" -name '*.png' | wc -l)" -eq 10 ]
}

@test "lock: a signal ends the waiting" {
	recipe name=web
	"$LEAT" run "$T/mill.leat"
	exec 8<>"$T/.leat/web.db.lock"
	flock 8
	"$LEAT" run --wait "$T/mill.leat" >"$T/said" 2>&1 8>&- &
	waiting=$!
	until_true grep -q 'waiting until it is over' "$T/said"
	kill -TERM "$waiting"
	code=0
	wait "$waiting" || code=$?
	[ "$code" -eq 143 ]
}
