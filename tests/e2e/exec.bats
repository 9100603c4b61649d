#!/usr/bin/env bats
# The step exec: a program for every item. $LEAT is the program.

load wait

setup() {
	cd "$BATS_TEST_DIRNAME/../.."
	T=$(mktemp -d)
	export NO_COLOR=1 TMPDIR=$T/tmp
	mkdir "$T/in" "$T/tmp"
	for i in 1 2 3 4 5 6; do
		cp "$(find testdata/good -name '*.png' | sort | head -1)" "$T/in/$i.png"
	done
}

teardown() {
	[ -z "$(ls -A "$T/tmp")" ] # nothing stays among the temporary files
	rm -rf "$T"
}

recipe() { # lines between read and write
	printf 'read in/*.png\n%s\nwrite out/{name}\n' "$1" >"$T/x.leat"
}

go() { # option...
	run "$LEAT" run --allow-exec "$@" "$T/x.leat"
}

@test "exec: nothing is run without --allow-exec" {
	recipe "exec touch $T/ran {in}"
	for command in "run" "try $T/in/1.png" "tune"; do
		# shellcheck disable=SC2086 # try takes an input behind the recipe
		set -- $command
		run "$LEAT" "$1" "$T/x.leat" ${2+"$2"}
		[ "$status" -eq 2 ]
		[[ "$output" == *"x.leat:2:1: error[E069]: 'exec' runs a program, and that is not allowed"*"--allow-exec"* ]]
	done
	for command in check plan graph; do
		run "$LEAT" $command "$T/x.leat"
		[ "$status" -eq 0 ]
	done
	[ ! -e "$T/ran" ]
	go
	[ "$status" -eq 0 ]
	[ -e "$T/ran" ]
}

@test "exec: by files, by pipes, or only to look; arguments are no shell" {
	recipe 'exec cp {in} {out}'
	go
	[ "$status" -eq 0 ]
	for i in 1 2 3 4 5 6; do cmp "$T/in/$i.png" "$T/out/$i.png"; done
	rm -r "$T/out"
	recipe 'exec cat stdin=yes stdout=yes'
	go
	[ "$status" -eq 0 ]
	for i in 1 2 3 4 5 6; do cmp "$T/in/$i.png" "$T/out/$i.png"; done
	rm -r "$T/out"
	recipe 'exec test -s {in}'
	go
	[ "$status" -eq 0 ]
	cmp "$T/in/3.png" "$T/out/3.png"
	# shellcheck disable=SC2016 # for the recipe
	recipe "exec printf '%%s|%%s|%%s' '\$HOME; touch $T/x' a*b 'x={{in}}' {in} stdout=yes"
	sed -i 's/%%/%/g; s/{name}/{stem}.txt/' "$T/x.leat"
	go
	[ "$status" -eq 0 ]
	[ ! -e "$T/x" ]
	# shellcheck disable=SC2016
	[[ "$(cat "$T/out/1.txt")" == '$HOME; touch '"$T"'/x|a*b|x={in}'"$T"'/tmp/leat-'*'/in.png||' ]]
}

@test "exec: the environment of the recipe, secrets among it; its own folder" {
	printf 'let token = secret env LEAT_TOKEN\nread in/1.png\nexec sh -c "echo \\$A \\$B; pwd" x {in} stdout=yes env=A=1,B=$token\nwrite out/a.txt\n' >"$T/x.leat"
	sed -i 's/\\\$/$$/g' "$T/x.leat"
	LEAT_TOKEN=swordfish go
	echo "$output"
	[ "$status" -eq 0 ]
	[ "$(sed -n 1p "$T/out/a.txt")" = "1 swordfish" ]
	[[ "$(sed -n 2p "$T/out/a.txt")" == "$T/tmp/leat-"* ]]
	LEAT_TOKEN=swordfish run "$LEAT" plan "$T/x.leat"
	[[ "$output" != *swordfish* ]]
	printf 'let token = secret env LEAT_TOKEN\nread in/1.png\nexec cp {in} {out} env=B=$token\ndecode\nwrite out/b.jpg\n' >"$T/x.leat"
	LEAT_TOKEN=swordfish go # decoded by a worker, which gets the text of the recipe
	[ "$status" -eq 0 ]
	sed -i 's/B=\$token/$token/' "$T/x.leat"
	LEAT_TOKEN=swordfish run "$LEAT" check "$T/x.leat"
	[ "$status" -eq 2 ]
	[[ "$output" != *swordfish* ]]
}

@test "exec: a failure costs one item, and says what the program said" {
	recipe "exec sh -c 'case \$(wc -c <\"\$1\") in *1) echo too odd >&2; exit 7;; esac; cp \"\$1\" \"\$2\"' x {in} {out}"
	head -c 101 /dev/zero >"$T/in/2.png"
	go
	echo "$output"
	[ "$status" -eq 1 ]
	[[ "$output" == *"exec: crash"*"'sh' ended with status 7: too odd"* ]]
	[ -e "$T/out/1.png" ]
	[ ! -e "$T/out/2.png" ]
	sed -i 's/{in} {out}/& ok-status=0,7/' "$T/x.leat"
	go
	[[ "$output" == *"'sh' made no file {out}"* ]]
	recipe 'exec leat-no-such-program {in}'
	go
	[ "$status" -eq 1 ]
	[[ "$output" == *"there is no program 'leat-no-such-program'"* ]]
	recipe 'exec cp /dev/null {out} stdin=yes'
	go
	[[ "$output" == *"the result of 'cp' is empty"* ]]
	recipe 'exec ln -s /etc/passwd {out} stdin=yes'
	go
	[[ "$output" == *"'ln' made no file {out}"* ]]
}

@test "exec: gives= is held against the bytes" {
	recipe 'exec cp {in} {out} gives=jpeg'
	go
	[ "$status" -eq 1 ]
	[[ "$output" == *"the result is no jpeg but png"* ]]
	[ ! -e "$T/out/1.png" ]
	printf 'read in/*.png\nexec cp {in} {out} gives=png\nwrite out/{stem}.{suffix}\n' >"$T/x.leat"
	go
	[ "$status" -eq 0 ]
	[ -e "$T/out/1.png" ]
}

@test "exec: what a program gives can be decoded, in the sandbox; also when it is much larger than what it got" {
	printf 'P5\n4000 3000\n255\n' >"$T/big.pgm"
	head -c 12000000 /dev/zero >>"$T/big.pgm"
	echo "a few bytes" >"$T/in/a.note"
	printf 'read in/*.note\nexec cp %s/big.pgm {out} stdin=yes gives=pnm\ndecode\nresize 40x30\nwrite out/{stem}.png\n' "$T" >"$T/x.leat"
	run "$LEAT" plan "$T/x.leat"
	[[ "$output" == *processes* ]]
	go
	echo "$output"
	[ "$status" -eq 0 ]
	[ -s "$T/out/a.png" ]
	printf 'read in/*.note\nexec cp %s/big.pgm {out} stdin=yes gives=pnm\nresize 40x30\nwrite out/{stem}.png\n' "$T" >"$T/x.leat"
	run "$LEAT" check "$T/x.leat"
	[ "$status" -eq 2 ]
	[[ "$output" == *"what a program gives is bytes: write decode, or parse, in front of this step"* ]]
}

@test "exec: a timeout ends the program and all that it started" {
	recipe "exec sh -c 'sleep 100 & echo \$! >>$T/pids; wait' x {in} timeout=300ms"
	go
	[ "$status" -eq 1 ]
	[[ "$output" == *"exec: timeout"*"'sh' took longer than it may"* ]]
	[[ "$output" != *W006* ]]
	[ "$(grep -cx '[0-9]*' "$T/pids")" -eq 6 ]
	while read -r pid; do
		until_true test ! -e "/proc/$pid"
	done <"$T/pids"
}

@test "exec: the first signal lets programs end, the second ends them" {
	recipe "exec sh -c 'echo \$\$ >>$T/pids; exec sleep 100' x {in} workers=2"
	"$LEAT" run --allow-exec "$T/x.leat" >"$T/said" 2>&1 &
	leat=$!
	until_true test -s "$T/pids"
	kill -TERM $leat
	sleep 0.3
	kill -0 $leat
	kill -TERM $leat
	code=0
	wait $leat || code=$?
	[ "$code" -eq 143 ]
	grep -qx '[0-9]*' "$T/pids"
	while read -r pid; do [ ! -e "/proc/$pid" ]; done <"$T/pids"
}

@test "exec: wrong lines are told" {
	while IFS='|' read -r line want; do
		recipe "$line"
		run "$LEAT" check "$T/x.leat"
		echo "$line: $output"
		[ "$status" -eq 2 ]
		[[ "$output" == *"$want"* ]]
	done <<-'END'
		exec|'exec' needs a value: the program
		exec true|nothing gives the item to 'true': write {in} among its arguments, or stdin=yes
		exec cp {in} {stem}|exec knows {in} and {out}, not '{stem}'
		exec awk '{print}' {in}|exec knows {in} and {out}, not '{print}'
		exec awk '{' {in}|has a brace of its own
		exec cp {in} {out} stdin=yes|the item goes to the program once
		exec cp {in} {out} stdout=yes|the result comes once
		exec test -s {in} gives=png|gives= needs a result
		exec cp {in} {out} gives=PNG|gives= takes the name of a format
		exec cp {in} {out} ok-status=256|an exit status is a whole number from 0 to 255
		exec cp {in} {out} ok-status=x|error[E042]
		exec cp {in} {out} env=A|entry 1 of env= is no variable: write NAME=value
		exec ./own {in}|'./own': write the whole path of a program
		exec cp {in} {out} on=processes|cannot run on=processes
		exec cp {in} if=x|unknown option 'if' for 'exec'
	END
}

@test "exec: nice= holds for programs, too, and not for the one that started leat" {
	printf 'job nice=7 ionice=idle\nread in/1.png\nexec sh -c "nice; ionice" x {in} stdout=yes\nwrite out/a.txt\n' >"$T/x.leat"
	go
	[ "$status" -eq 0 ]
	before=$(nice)
	[ "$(sed -n 1p "$T/out/a.txt")" -eq $((before > 7 ? before : 7)) ]
	[ "$(sed -n 2p "$T/out/a.txt")" = idle ]
}
