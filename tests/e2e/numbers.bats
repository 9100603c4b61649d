#!/usr/bin/env bats
# Files of numbers as a person meets them: CSV to npy and back, fields, wrong kinds, damage. $LEAT is the program.

setup() {
	cd "$BATS_TEST_DIRNAME/../.."
	T=$(mktemp -d)
	export NO_COLOR=1
	mkdir -p "$T/in/2024"
	printf 'time,voltage\n0,1.5\n1,\n2,-3e-7\n' >"$T/in/2024/a.csv"
	printf '1;2\n3;4\n5;6\n' >"$T/in/b.csv"
}

teardown() {
	rm -rf "$T"
}

@test "numbers: CSV becomes npy, and npy the same numbers as CSV" {
	run "$LEAT" run -e "read $T/in | write $T/npy/{reldir}/{stem}.npy"
	[ "$status" -eq 0 ]
	[[ "$output" == *"npy keeps no names of columns"* ]]
	[ "$(head -c 6 "$T/npy/2024/a.npy" | tail -c 5)" = NUMPY ]
	run "$LEAT" run -e "read $T/npy | write $T/csv/{reldir}/{stem}.csv"
	[ "$status" -eq 0 ]
	[ "$(cat "$T/csv/2024/a.csv")" = "$(printf '0,1.5\n1,\n2,-3e-7')" ]
	[ "$(cat "$T/csv/b.csv")" = "$(printf '1,2\n3,4\n5,6')" ]
}

@test "numbers: a table keeps its names from CSV to TSV, and what has the extension is copied" {
	run "$LEAT" run -e "read $T/in | write $T/out/{stem}.tsv | write $T/out/{stem}.csv"
	[ "$status" -eq 0 ]
	[ "$(cat "$T/out/a.tsv")" = "$(printf 'time\tvoltage\n0\t1.5\n1\t\n2\t-3e-7')" ]
	cmp "$T/out/a.csv" "$T/in/2024/a.csv"
	cmp "$T/out/b.csv" "$T/in/b.csv"
}

@test "numbers: fields, conditions, and a report" {
	run "$LEAT" run -e "read $T/in | parse | keep rows>2 cols=2 | stats fields=mean,nan_count | report csv=$T/r.csv fields=stem,rows,cols,ndim,dtype,mean,nan_count"
	[ "$status" -eq 0 ]
	[ "$(sort "$T/r.csv")" = "$(printf 'a,3,2,2,float64,0.89999994,1\nb,3,2,2,float64,3.5,0\nstem,rows,cols,ndim,dtype,mean,nan_count')" ]
}

@test "numbers: the type of npy files is chosen by dtype=" {
	"$LEAT" run --quiet -e "read $T/in/b.csv | write $T/x.npy"
	run "$LEAT" run -e "read $T/x.npy | parse dtype=uint8 | write $T/y.npy"
	[ "$status" -eq 0 ]
	[[ "$(head -c 60 "$T/y.npy" | tail -c 50)" == *"'descr': '|u1'"* ]]
	[ "$(tail -c 6 "$T/y.npy" | od -An -tu1 | tr -s ' ')" = " 1 2 3 4 5 6" ]
}

@test "numbers: kinds that do not go together are told before anything runs" {
	run "$LEAT" check -e "read $T/in/*.csv | resize 8x8 | write $T/{stem}.png"
	[ "$status" -eq 2 ]
	[[ "$output" == *"error[E029]: 'resize' needs an image, but gets a table"* ]]
	run "$LEAT" check -e "read testdata/good/*.png | decode | write $T/{stem}.csv"
	[ "$status" -eq 2 ]
	[[ "$output" == *"'.csv' needs a numeric array, but gets an image"* ]]
	[[ "$output" == *"to-array"* ]]
	run "$LEAT" check -e "read testdata/good/*.png $T/in/*.csv | stats | report csv=$T/r.csv"
	[ "$status" -eq 2 ]
	[[ "$output" == *"write 'decode' or 'parse' before it"* ]]
}

@test "numbers: a bad row costs its file, with the line" {
	printf 'a,b\n1,2\n3\n' >"$T/in/uneven.csv"
	run "$LEAT" run -e "read $T/in | write $T/out/{stem}.npy"
	[ "$status" -eq 1 ]
	[[ "$output" == *"line 3 has 1 column, line 1 has 2"* ]]
	[ "$(find "$T/out" -type f | wc -l)" -eq 2 ]
}

@test "numbers: what is not built is refused, never ignored" {
	run "$LEAT" run -e "read $T/in | parse dtype=float32 | write $T/out/{stem}.npy"
	[ "$status" -eq 2 ]
	[[ "$output" == *"dtype=float32 of text is not built"* ]]
	[ ! -e "$T/out" ]
}

@test "numbers: a folder of images and numbers: each kind by its own recipe" {
	cp testdata/good/tiny.png "$T/in/"
	run "$LEAT" run -e "read $T/in | write $T/out/{stem}.npy"
	[ "$status" -eq 2 ]
	[[ "$output" == *"takes images and arrays, and the inputs are both"* ]]
	run "$LEAT" run -e "read $T/in/*.png | write $T/out/{stem}.npy"
	[ "$status" -eq 0 ]
}
