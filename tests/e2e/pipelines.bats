#!/usr/bin/env bats
# Every recipe of pipelines/ is run as it stands, on testdata/, with other folders for its results. $LEAT is the program.

setup() {
	cd "$BATS_TEST_DIRNAME/../.."
	T=$(mktemp -d)
}

teardown() {
	rm -rf "$T"
}

has_blas() {
	! "$LEAT" version | grep -q '^BLAS: *none'
}

names() {
	ls pipelines/*.leat | sed 's|.*/||; s|\.leat$||'
}

# Runs one; one file of testdata/ is broken on purpose.
job() { # name, options
	local name=$1
	shift
	run "$LEAT" run "pipelines/$name.leat" "$@"
	[ "$status" -eq 1 ]
	[[ "$output" == *"$name: 13 of 14 items done, 1 failed"* ]]
	[[ "$output" == *"testdata/broken.png: truncated png"* ]]
}

@test "pipelines: every one is tested here, says first what it shows, checks clean, and hides no part of itself" {
	for name in $(names); do
		file=pipelines/$name.leat
		grep -q "^@test \"pipelines: $name:" "$BATS_TEST_FILENAME"
		head -n 1 "$file" | grep -q '^# .\{40,\}'
		[ "$name" != matrices ] || has_blas || continue
		"$LEAT" check "$file"
		"$LEAT" fmt --check "$file"
		"$LEAT" plan "$file" >"$T/plan"
		# a comment that is a statement would be a part switched off
		steps=$("$LEAT" help steps | sed -n 's/^  \([a-z][a-z-]*\) .*/\1/p' | tr '\n' '|')
		[ "$(grep -cE "^ *# *(${steps}branch|use|end|let|job|defaults|expect)( |\$)" "$file")" = 0 ]
	done
}

@test "pipelines: thumbnails: three sizes from one decode, without metadata, and a table" {
	job thumbnails --set out="$T/out"
	[ "$(find "$T/out" -name '*.jpg' | wc -l)" = 39 ]
	[ -s "$T/out/good/2024 Urlaub/küste-800.jpg" ]
	"$LEAT" run --quiet -e "read $T/out | decode | report csv=$T/sizes.csv fields=name,width,height,channels"
	grep -qx 'küste-96.jpg,96,72,3' "$T/sizes.csv"
	grep -qx 'küste-800.jpg,200,150,3' "$T/sizes.csv" # never enlarged
	[ "$(wc -l <"$T/out/pictures.csv")" = 15 ]
	grep -q '^testdata/broken.png,failed,decode: truncated png' "$T/out/pictures.csv"
}

@test "pipelines: convert: everything becomes a PNG with its depth and pixels, and is made once only" {
	job convert --set to="$T/out"
	[ "$(find "$T/out" -name '*.png' | wc -l)" = 13 ]
	"$LEAT" run --quiet -e "read $T/out | decode | report csv=$T/depths.csv fields=name,format,depth,channels"
	grep -qx 'deep-pgm.png,png,16,1' "$T/depths.csv"
	grep -qx 'küste-jpg.png,png,8,3' "$T/depths.csv"
	[ ! "$T/out/good/sunrise-png.png" -nt testdata/good/sunrise.png ] # keep-times=yes
	stats="decode | stats fields=mean,std,p01 | report"
	"$LEAT" run --quiet -e "read testdata/good | $stats csv=$T/before.csv fields=mean,std,p01"
	"$LEAT" run --quiet -e "read $T/out/good | $stats csv=$T/after.csv fields=mean,std,p01"
	diff <(sort "$T/before.csv") <(sort "$T/after.csv")
	run "$LEAT" run pipelines/convert.leat --set to="$T/out"
	[[ "$output" == *"13 left as they were"* ]]
	[[ "$output" != *" new"* ]]
}

@test "pipelines: statistics: one row of numbers per picture, and one for the broken file" {
	job statistics --set table="$T/statistics.csv"
	[ "$(ls "$T")" = statistics.csv ]
	[ "$(wc -l <"$T/statistics.csv")" = 15 ]
	head -n 1 "$T/statistics.csv" | grep -q '^path,state,error,format,width,height,channels,depth,min,max,mean'
	grep -q '^testdata/good/netpbm/deep.pgm,done,,pnm,21,22,1,16,' "$T/statistics.csv"
	grep -q '^testdata/broken.png,failed,' "$T/statistics.csv"
}

@test "pipelines: cleanup: small and thin pictures are left out, the others come in one size" {
	job cleanup --set out="$T/out" --set side=32
	[ "$(find "$T/out" -name '*.png' | wc -l)" = 10 ]
	[ ! -e "$T/out/good/tiny-png.png" ]
	[ ! -e "$T/out/good/thin-png.png" ]
	"$LEAT" run --quiet -e "read $T/out | decode | report csv=$T/sizes.csv fields=width,height,channels"
	[ "$(grep -v width "$T/sizes.csv" | sort -u)" = 32,32,1 ]
	[ "$(wc -l <"$T/out/all.csv")" = 15 ]
	[ "$(grep -c good/ "$T/out/kept.csv")" = 10 ]
}

@test "pipelines: matrices: inverses, and a table that tells which has none" {
	has_blas || skip "no BLAS library"
	run "$LEAT" run pipelines/matrices.leat --set to="$T/out"
	[ "$status" -eq 1 ]
	[[ "$output" == *"matrices: 11 of 12 items done, 1 failed"* ]]
	[[ "$output" == *"the condition number"*"is above max-cond"* ]] || [[ "$output" == *"the matrix is singular"* ]]
	[ "$(find "$T/out" -name '*.npy' | wc -l)" = 11 ]
	[ "$(wc -l <"$T/out/inverses.csv")" = 13 ]
	grep -q '^testdata/matrices/m11.npy,failed,inv: ' "$T/out/inverses.csv"
	# twice inverted it is the same again, but for rounding
	"$LEAT" run --quiet -e "read testdata/matrices/m03.npy | stats fields=sum,norm2 | report csv=$T/a.csv fields=sum,norm2"
	"$LEAT" run --quiet -e "read $T/out/m03.npy | inv | stats fields=sum,norm2 | report csv=$T/b.csv fields=sum,norm2"
	paste -d, <(tail -n 1 "$T/a.csv") <(tail -n 1 "$T/b.csv") |
		awk -F, '{ a = $1 / $3 - 1; b = $2 / $4 - 1; exit !(a * a < 1e-24 && b * b < 1e-24) }'
}

@test "pipelines: spectra: a spectrum of each signal, and where it is largest" {
	run "$LEAT" run pipelines/spectra.leat --set to="$T/out"
	[ "$status" -eq 0 ]
	[ "$(find "$T/out" -name '*.npy' | wc -l)" = 6 ]
	# 10 periods, and 7 more each time
	[ "$(cut -d, -f3 "$T/out/peaks.csv" | tail -n +2 | tr '\n' ' ')" = "10 17 24 31 38 45 " ]
	"$LEAT" run --quiet -e "read $T/out/s00.npy | parse | report csv=$T/s.csv fields=rows,dtype"
	[ "$(tail -n 1 "$T/s.csv")" = 501,float64 ]
}

@test "pipelines: array-stack: one array of all, and their mean" {
	run "$LEAT" run pipelines/array-stack.leat --set to="$T/out"
	[ "$status" -eq 0 ]
	"$LEAT" run --quiet -e "read $T/out/all.npy | mean axis=0 | stats fields=rows,sum,min,max | report csv=$T/a.csv fields=rows,sum,min,max"
	"$LEAT" run --quiet -e "read $T/out/mean.npy | astype float32 | stats fields=rows,sum,min,max | report csv=$T/b.csv fields=rows,sum,min,max"
	diff "$T/a.csv" "$T/b.csv"
	"$LEAT" run --quiet -e "read $T/out/all.npy | parse | report csv=$T/s.csv fields=rows,cols,dtype"
	[ "$(tail -n 1 "$T/s.csv")" = 6,1000,float32 ]
}

@test "pipelines: table-summary: a column more, and a row of figures for each table" {
	run "$LEAT" run pipelines/table-summary.leat --set to="$T/out"
	[ "$status" -eq 0 ]
	[ "$(head -n 1 "$T/out/boxes.csv")" = "width,height,weight,area" ]
	[ "$(sed -n 2p "$T/out/boxes.csv")" = "2,3,1.5,6" ]
	grep -q 'boxes.csv,done,12,[0-9.]*,6,20,1,1.4166666666666667,1$' "$T/out/summary.csv"
	[ "$(wc -l <"$T/out/summary.csv")" = 3 ]
}

@test "pipelines: nightly: what is expected holds, and the schedule can be told" {
	run "$LEAT" run pipelines/nightly.leat --set out="$T/out"
	[ "$status" -eq 0 ]
	[[ "$output" == *"nightly: 13 of 14 items done, 1 failed"* ]]
	[[ "$output" == *"the failed items are tolerated: expect failed<=10%"* ]]
	[ -s "$T/out/nightly.db" ]
	[ "$(wc -l <"$T/out/nightly.csv")" = 15 ]
	run "$LEAT" schedule show pipelines/nightly.leat
	[ "$status" -eq 0 ]
	[[ "$output" == *"daily at=02:30 jitter=10m"* ]]
}

@test "pipelines: archive: a program of the machine, where it is allowed" {
	run "$LEAT" run pipelines/archive.leat --set out="$T/out"
	[ "$status" -eq 2 ]
	run "$LEAT" run --allow-exec pipelines/archive.leat --set out="$T/out"
	[ "$status" -eq 0 ]
	gzip -dc "$T/out/broken.png.gz" | cmp - testdata/broken.png
}
