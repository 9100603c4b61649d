#!/usr/bin/env bats
# Formats whose libraries are modules: what leat writes, another program reads. $LEAT is the program.

setup() {
	cd "$BATS_TEST_DIRNAME/../.." || exit 1
	T=$(mktemp -d)
}

teardown() {
	rm -rf "$T"
}

# Does the program have this format, and its library?
has() {
	"$LEAT" run --quiet -e "read testdata/good/tiny.png | encode $1 | write $T/has.$1" 2>/dev/null
}

other_reads() { # format
	command -v vips >/dev/null || skip "no vips"
	has "$1" || skip "no $1"
	vips copy "$T/has.$1" "$T/other.png" 2>/dev/null || skip "this vips does not read $1"
	for source in testdata/good/*.png; do
		cp "$source" "$T/in.png"
		"$LEAT" run --quiet -e "read $T/in.png | encode $1 lossless=yes | write $T/a.$1"
		"$LEAT" run --quiet -e "read $T/a.$1 | strip keep=none | write $T/mine.png"
		vips copy "$T/a.$1" "$T/theirs.png" 2>/dev/null
		"$LEAT" run --quiet -e "read $T/theirs.png | strip keep=none | write $T/theirs.pam"
		"$LEAT" run --quiet -e "read $T/mine.png | write $T/mine.pam"
		[ "$(vipsheader -f width "$T/theirs.png")" = "$(vipsheader -f width "$T/mine.png")" ]
		[ "$(vipsheader -f height "$T/theirs.png")" = "$(vipsheader -f height "$T/mine.png")" ]
		# The same picture: vips gives gray as color, so the means of all bands are compared.
		a=$(vips avg "$T/mine.png") b=$(vips avg "$T/theirs.png")
		awk -v a="$a" -v b="$b" 'BEGIN { exit !(a - b < 1 && b - a < 1) }' || { echo "$source: $a $b"; return 1; }
	done
}

@test "another program reads the avif that leat writes" {
	other_reads avif
}

@test "another program reads the jxl that leat writes" {
	other_reads jxl
}
