#!/usr/bin/env bats
# What is recorded of a run: log=, metrics=, trace=, leat status, SIGUSR1, SIGHUP. $LEAT is the program.

load wait

setup() {
	cd "$BATS_TEST_DIRNAME/../.."
	T=$(mktemp -d)
	export NO_COLOR=1
	mkdir "$T/in"
	for i in 1 2 3 4 5 6 7 8 9; do
		cp "$(find testdata/good -name '*.png' | sort | head -1)" "$T/in/$i.png"
	done
	printf 'this is no picture' >"$T/in/bad
<name>.png"
	printf 'job name=mill log=logs/{job}.log metrics=mill.prom trace=trace-{date}.json\nread in/*.png\nresize 8x8\nwrite out/{stem}.png\n' >"$T/mill.leat"
}

teardown() {
	[ -z "$PID" ] || kill -9 "$PID" 2>/dev/null || true
	rm -rf "$T"
}

# A run that is at it for some time.
slow_run() {
	printf 'job name=slow log=slow.log\nread in/*.png\nresize 1500x1500 enlarge=yes\nblur 100\nwrite big/{stem}.png\n' >"$T/slow.leat"
	"$LEAT" run --cores 1 "$T/slow.leat" >"$T/stdout" 2>"$T/stderr" 3>&- &
	PID=$!
	until_true test -s "$T/.leat/slow.db.live"
}

@test "records: log, metrics and trace of a run, strict parsers take them" {
	run "$LEAT" run "$T/mill.leat"
	[ "$status" -eq 1 ]
	[ "$(jq -s 'map(.event) - ["notice"] | group_by(.) | map("\(.[0])=\(length)") | join(" ")' "$T/logs/mill.log")" = '"end=1 item=10 start=1"' ]
	[ "$(jq -r 'select(.state == "failed") | .path | contains("bad\n<name>.png")' "$T/logs/mill.log")" = true ]
	[ -n "$(jq -r 'select(.state == "failed") | .cause + .step + .message' "$T/logs/mill.log")" ]
	[ "$(jq -s 'map(select(.event == "item" and .state == "done" and .seconds > 0 and .pixels > 0)) | length' "$T/logs/mill.log")" -eq 9 ]
	[ "$(jq -s '.[-1].exit_status' "$T/logs/mill.log")" -eq 1 ]
	grep -q '^leat_items{job="mill",state="failed"} 1$' "$T/mill.prom"
	grep -q '^leat_running{job="mill"} 0$' "$T/mill.prom"
	[ "$(jq '[.[] | select(.ph == "X" and .cat == "write")] | length' "$T"/trace-*.json)" -eq 9 ]
	[ "$(jq '[.[] | select(.ph == "X") | .args.steps_ms // {} | keys[]] | unique | map(select(test("resize 8x8"))) | length' "$T"/trace-*.json)" -eq 1 ]
	[ "$(find "$T" -name "trace-*" | wc -l)" -eq 1 ]
	"$LEAT" run "$T/mill.leat" || true
	[ "$(jq -s 'map(select(.event == "end")) | length' "$T/logs/mill.log")" -eq 2 ]
}

@test "records: a file that cannot be, or that is an input or an output, refuses the run" {
	sed -i 's|log=logs/{job}.log|log=/dev/null/x|' "$T/mill.leat"
	run "$LEAT" run "$T/mill.leat"
	[ "$status" -eq 5 ]
	[ ! -e "$T/mill.prom" ]
	sed -i 's|log=/dev/null/x|log=in/1.png|' "$T/mill.leat"
	run "$LEAT" run "$T/mill.leat"
	[ "$status" -eq 5 ]
	[[ "$output" == *"is an input of this run"* ]]
	sed -i 's|log=in/1.png|log=mill.prom|' "$T/mill.leat"
	run "$LEAT" run "$T/mill.leat"
	[ "$status" -eq 5 ]
	[[ "$output" == *"is written by a step of this run"* ]] || [[ "$output" == *"is written twice"* ]]
}

@test "records: fields of items, and -, are refused in the names of these files" {
	run "$LEAT" check -e $'job log={stem}.log\nread in\nwrite out/{stem}.png'
	[ "$status" -eq 2 ]
	[[ "$output" == *"'{stem}' cannot be in the name of the log"* ]]
	run "$LEAT" check -e $'job trace=-\nread in\nwrite out/{stem}.png'
	[ "$status" -eq 2 ]
	[[ "$output" == *"needs a file of its own"* ]]
}

@test "records: leat status from another terminal, SIGUSR1, SIGHUP, and afterwards" {
	run "$LEAT" status "$T/mill.leat"
	[ "$status" -eq 3 ]
	[[ "$output" == *"the job does not run"* ]]
	slow_run
	run "$LEAT" status "$T/slow.leat"
	[ "$status" -eq 0 ]
	[[ "$output" == *"slow: "*" items, after "* ]]
	[[ "$output" == *"process $PID on "* ]]
	[[ "$output" == *"group "*"workers  waiting  in hand"* ]]
	[ "$("$LEAT" status --json "$T/slow.leat" | jq .matched)" -eq 10 ]
	[ "$("$LEAT" status --json "$T/.leat/slow.db" | jq .pid)" -eq "$PID" ]
	mv "$T/slow.log" "$T/slow.log.1"
	kill -USR1 "$PID"
	kill -HUP "$PID"
	until_true test -e "$T/slow.log"
	grep -q "workers  waiting  in hand" "$T/stderr"
	kill -9 "$PID"
	wait "$PID" || true
	run "$LEAT" status "$T/slow.leat"
	[ "$status" -eq 3 ]
	[[ "$output" == *"its process $PID died"* ]]
	PID=
}

@test "records: who asks, or turns the log, while inputs are listed does not end the run" {
	mkfifo "$T/names"
	printf 'job log=l.log\nread list=names root=/\nwrite copies/{name}\n' >"$T/listed.leat"
	"$LEAT" run "$T/listed.leat" >"$T/said" 2>&1 &
	PID=$!
	until_true grep -q '^SigBlk:.*[2367abefABEF]..$' "/proc/$PID/status" # USR1
	kill -USR1 "$PID"
	kill -HUP "$PID"
	echo "$PWD/testdata/good/tiny.png" >"$T/names"
	wait "$PID"
	PID=
	[ -s "$T/copies/tiny.png" ]
	[ -s "$T/l.log" ]
}

@test "records: the live file is gone after the run" {
	"$LEAT" run "$T/mill.leat" || true
	[ -e "$T/.leat/mill.db" ]
	[ ! -e "$T/.leat/mill.db.live" ]
}
