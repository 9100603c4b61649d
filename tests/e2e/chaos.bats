#!/usr/bin/env bats
# A few of the trials of tests/chaos/chaos.py, which does hundreds by itself. $LEAT is the program.

setup() {
	cd "$BATS_TEST_DIRNAME/../.."
	T=$(mktemp -d)
}

teardown() {
	rm -rf "$T"
}

@test "chaos: killed, out of room and on a broken disk: nothing partial, nothing lost, nothing twice" {
	"${CC_PLAIN:-gcc}" -shared -fPIC -o "$T/eio.so" tests/chaos/eio.c -ldl
	if nm "$LEAT" 2>/dev/null | grep -q __asan_init; then
		skip "a sanitizer wants to be loaded first"
	fi
	run timeout 100 python3 tests/chaos/chaos.py --folder "$T" --leat "$LEAT" --items 40 --kills 3 --faults 3 --sizes 1 \
		--shim "$T/eio.so" --seed "$RANDOM"
	echo "$output"
	[ "$status" -eq 0 ]
}
