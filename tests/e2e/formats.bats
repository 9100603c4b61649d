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

@test "extract-page takes its page while decoding, and says where it cannot" {
	pages=${LEAT_CORPUS:-../shared/corpus}/libtiff/test_two_ifds.tif
	[ -e "$pages" ] || skip "no corpus"
	has tiff || skip "no tiff"
	"$LEAT" run --quiet -e "read $pages | extract-page 1 | write $T/one.png"
	[ -s "$T/one.png" ]
	run "$LEAT" run -e "read $pages | extract-page 2 | write $T/two.png"
	[ "$status" = 1 ]
	[[ $output == *"the tiff has 2 pages, the last is 1"* ]]
	run "$LEAT" check -e "read $pages | resize 1x1 | extract-page 1 | write $T/x.png"
	[[ $output == *"'extract-page' must come right behind 'decode'"* ]]
	run "$LEAT" check -e "read $pages | branch a | extract-page 1 | write $T/x.png | end | flip | write $T/y.png"
	[[ $output == *"'flip' shares its 'decode' with an 'extract-page' of page 1"* ]]
	run "$LEAT" run -e "read testdata/good/tiny.png | extract-page 1 | write $T/x.png"
	[[ $output == *"of a png only the first page is read"* ]]
}

@test "encode png colors= writes a palette that passes its check, the same for every executor" {
	for on in processes threads openmp inline; do
		"$LEAT" run --quiet -e "read 'testdata/good/sunrise.png' | encode png colors=16 on=$on | write $T/$on.png verify=yes"
		cmp "$T/processes.png" "$T/$on.png"
	done
	# IHDR: 8 bytes of signature, 8 of the chunk's head, 8 of the size, then bits and color type
	[ "$(od -An -tu1 -j24 -N2 "$T/inline.png" | tr -s ' ')" = " 4 3" ]
	run "$LEAT" check -e "read testdata/good/tiny.png | encode png colors=16 interlace=yes | write $T/x.png"
	[[ $output == *"do not go together"* ]]
}

@test "max-bytes= holds, and contradicts lossless=yes" {
	"$LEAT" run --quiet -e "read testdata/good/sunrise.png | encode webp max-bytes=1500B | write $T/a.webp"
	[ "$(stat -c %s "$T/a.webp")" -le 1500 ]
	run "$LEAT" check -e "read testdata/good/tiny.png | encode webp max-bytes=1KB lossless=yes | write $T/x.webp"
	[[ $output == *"lossless=yes has none to lower"* ]]
	run "$LEAT" check -e "read testdata/good/tiny.png | encode webp max-bytes=0B | write $T/x.webp"
	[[ $output == *"out of range"* ]]
}

@test "the content decides the format, not the name; what differs is told" {
	mkdir "$T/in"
	cp testdata/good/sunrise.png "$T/in/a.png"
	"$LEAT" run --quiet -e "read testdata/good/sunrise.png | write $T/b.jpg"
	mv "$T/b.jpg" "$T/in/b.png"
	n=2
	for f in tiff avif jxl; do
		has $f || continue
		cp "$T/has.$f" "$T/in/was-$f.png"
		n=$((n + 1))
	done
	for isolate in auto no; do
		"$LEAT" run -e "job isolate=$isolate | read $T/in | resize 5x | write $T/out-$isolate/{stem}.png | report csv=$T/r.csv" >"$T/log" 2>&1
		grep -q "$n items done" "$T/log" || { cat "$T/log"; return 1; }
		[ "$(ls "$T/out-$isolate" | wc -l)" = $n ]
	done
	diff -r "$T/out-auto" "$T/out-no"
}
