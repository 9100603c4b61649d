#!/usr/bin/env bats
# The recipes of docs/CONCURRENCY.md run, and plan says of them what the page says. $LEAT is the program.

setup() {
	cd "$BATS_TEST_DIRNAME/../.."
	T=$(cd "$(mktemp -d)" && pwd -P)
	export NO_COLOR=1
	PAGE=$PWD/docs/CONCURRENCY.md
	# inputs of the names that the page uses, small, and as many as it says
	mkdir "$T/photos" "$T/icons" "$T/tables" "$T/matrices"
	"$LEAT" run --quiet -e "read 'testdata/good/2024 Urlaub/küste.jpg' | resize 40x30 | write $T/giant.png"
	for i in $(seq 40); do
		cp "$T/giant.png" "$T/photos/$i.png"
		cp "$T/giant.png" "$T/icons/$i.png"
		printf 'a,b\n%d,2\n3,4\n' "$i" >"$T/tables/$i.csv"
		printf '2,1\n1,%d\n' "$((i + 1))" >"$T/m.csv"
		"$LEAT" run --quiet -e "read $T/m.csv | parse | encode npy | write $T/matrices/$i.npy"
	done
	cp "$T/matrices/1.npy" "$T/large.npy"
}

teardown() {
	rm -rf "$T"
}

# block FENCE: the lines of the page between ```FENCE and ```
block() {
	awk -v fence="\`\`\`$1" '$0 == "```" { on = 0 } on { print } $0 == fence { on = 1 }' "$PAGE"
}

@test "concurrency: every recipe of the page runs, and is placed as the page says" {
	awk '$0 == "```" { on = 0 } on { print } $0 == "```leat" { on = 1 }' "$PAGE" |
		awk -v to="$T/" '/^# .*\.leat$/ { file = to $2; next } { print >file }'
	[ "$(find "$T" -maxdepth 1 -name '*.leat' | wc -l)" = 9 ]
	cd "$T"
	for file in *.leat; do
		echo "== $file"
		if ! "$LEAT" check "$file" >said 2>&1; then
			grep -q 'needs a BLAS and LAPACK library' said # nothing else may be missing
			continue
		fi
		block "plan ${file%.leat}" | tr -s ' ' >told
		[ -s told ]
		"$LEAT" plan "$file" --cores 2 | sed -n '/^Workers/,/^$/{/^    /p}' |
			sed -E 's/queue [0-9]+ or [0-9.]+ [KMGTi]*B +//' | tr -s ' ' >today
		diff told today
		"$LEAT" run --quiet "$file"
	done
	[ "$(find thumbs -name '*.png' | wc -l)" = 40 ]
	[ "$(find copies small -name '*.png' | wc -l)" = 80 ]
	[ -s small.png ] && [ "$(wc -l <stats.csv)" = 41 ]
}
