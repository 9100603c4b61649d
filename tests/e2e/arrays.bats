#!/usr/bin/env bats
# Steps on arrays from the command line: what is refused before anything runs, and what plan and version tell of BLAS.

setup() {
	cd "$BATS_TEST_DIRNAME/../.."
	T=$(mktemp -d)
}

teardown() {
	rm -rf "$T"
}

refused() { # pipeline, part of the message
	run "$LEAT" check -e "$1"
	[ "$status" -eq 2 ]
	[[ "$output" == *"$2"* ]]
}

has_blas() {
	! "$LEAT" version | grep -q '^BLAS: *none'
}

@test "arrays: what a kind of data cannot do is said at check" {
	refused "read a.png | reduce sum | write b.png" "'reduce sum' makes no image of images"
	refused "read a.png | reduce median | write b.png" "'reduce median' makes no image of images"
	refused "read a.npy | stats fields=entropy | write b.npy" "'entropy' is measured on images"
	refused "read a.png | stats fields=norm2 | write b.png" "'norm2' is measured on arrays and tables"
	refused "read a.png | normalize per=row | write b.png" "per=row is for arrays and tables"
	refused "read a.csv | standardize per=page | write b.npy" "a table has no pages"
	refused "read a.npy | normalize range=10%..120% | write b.npy" "percentiles lie between 0% and 100%"
	refused "read a.npy | to-image vmin=low | write b.png" "or write vmin=min"
	refused "read a.npy | matmul side=left | write b.npy" "'matmul' needs with="
}

@test "arrays: plan shows the threads of BLAS, version the library" {
	has_blas || skip "no BLAS library"
	"$LEAT" version | grep -qE '^BLAS: +(OpenBLAS|libblas)'
	"$LEAT" plan -e "read testdata/matrices/*.npy | inv | write $T/{stem}.npy" >"$T/plan"
	grep -q '; BLAS with 1 thread' "$T/plan"
	"$LEAT" plan -e "read testdata/matrices/*.npy | inv on=openmp workers=2 | write $T/{stem}.npy" >"$T/plan"
	grep -q '; BLAS with 2 threads$' "$T/plan"
	"$LEAT" plan -e "read testdata/matrices/*.npy | transpose | write $T/{stem}.npy" >"$T/plan"
	! grep -q BLAS "$T/plan"
}

@test "arrays: columns are measured by name, pictures are made of numbers" {
	printf 'width,height\n1,10\n3,20\n,30\n' >"$T/a.csv"
	"$LEAT" run --quiet -e "read $T/a.csv | stats per=column fields=mean,nan_count,rows |
		report csv=$T/r.csv fields=mean_width,mean_height,nan_count_width,rows"
	[ "$(tail -n 1 "$T/r.csv")" = "2,20,1,3" ]
	"$LEAT" run --quiet -e "read $T/a.csv | to-image colormap=plasma | write $T/{stem}.png"
	"$LEAT" run --quiet -e "read $T/a.png | decode | report csv=$T/p.csv fields=width,height,channels"
	[ "$(tail -n 1 "$T/p.csv")" = "2,3,4" ] # NaN is transparent
}

@test "arrays: expressions, sums and fits from the command line, and what is wrong with them" {
	printf 'x,y\n0,1\n1,3\n2,5.5\n3,7\n' >"$T/a.csv"
	refused "read a.npy | compute 'z = (x - meen(x))' | write b.npy" "there is no function of this name at character 10"
	refused "read a.npy | compute 'z = x + w' | write b.npy" "w is the content of with=, which is not given"
	refused "read a.npy | sum axis=0.5 | write b.npy" "an axis is a whole number"
	refused "read a.npy | astype float | write b.npy" "float32"
	"$LEAT" run --quiet -e "read $T/a.csv | parse | polyfit 1 | report csv=$T/p.csv fields=coef_0,coef_1"
	[ "$(tail -n 1 "$T/p.csv")" = "1.05,2.05" ]
	"$LEAT" run --quiet -e "read $T/a.csv | compute 'z = y - x' | keep-rows 'z > 2' | sum as=m | report csv=$T/m.csv fields=m"
	[ "$(tail -n 1 "$T/m.csv")" = "25" ]
	"$LEAT" run --quiet -e "read testdata/signals/*.npy | reduce median | write $T/median.npy"
	"$LEAT" run --quiet -e "read testdata/signals/*.npy | stack | median axis=0 | write $T/{count}.npy"
	"$LEAT" run --quiet -e "read $T/median.npy | astype float32 | write $T/same.npy"
	cmp "$T/same.npy" "$T/6.npy"
}

has_npz() {
	! "$LEAT" version | grep -q 'npz needs a library' && /usr/bin/python3 -c 'import numpy'
}

@test "arrays: npz files are NumPy's, both ways" {
	has_npz || skip "no libzip or no NumPy"
	/usr/bin/python3 -c "
import numpy as np
a = np.arange(6.0).reshape(2, 3)
np.savez('$T/one.npz', only=a)
np.savez_compressed('$T/two.npz', b=a + 1, c=a.astype('>f4', order='F'))"
	"$LEAT" run --quiet -e "read $T/one.npz | compute 'y = 2 * x' | write $T/out/{stem}.npz"
	"$LEAT" run --quiet -e "read $T/two.npz | parse key=c | encode npz key=d compress=no | write $T/out/{stem}.npz"
	/usr/bin/python3 -c "
import numpy as np
a = np.arange(6.0).reshape(2, 3)
one, two = np.load('$T/out/one.npz'), np.load('$T/out/two.npz')
assert one.files == ['arr_0'] and (one['arr_0'] == 2 * a).all()
assert two.files == ['d'] and two['d'].dtype == 'f4' and (two['d'] == a).all() and two['d'].flags.f_contiguous"
	run "$LEAT" run -e "read $T/two.npz | write $T/out/x.npy"
	[ "$status" -eq 1 ]
	[[ "$output" == *"npz: there are 2 arrays, choose one with key=: b, c"* ]]
	head -c 200 "$T/two.npz" >"$T/cut.npz"
	run "$LEAT" run -e "read $T/cut.npz | write $T/out/x.npy"
	[ "$status" -eq 1 ]
	[[ "$output" == *"npz: no sound zip archive"* ]]
}

@test "arrays: raw files are what parse says" {
	printf '\0\0\1\0\2\0\3\0\4\0\5\0\6' >"$T/a.dat"
	"$LEAT" run --quiet -e "read $T/a.dat | parse format=raw dtype=int16 offset=1B byteorder=big shape=2,3 |
		write $T/out.csv"
	[ "$(tail -n 1 "$T/out.csv")" = "4,5,6" ]
	refused "read a.dat | parse format=raw | write b.npy" "a raw file does not tell its type: dtype= is needed"
	refused "read a.dat | parse format=raw dtype=int16 shape=-1,-1 | write b.npy" "one of which may be -1"
	refused "read a.npy | parse shape=2,3 | write b.npy" "shape is for format=raw"
	refused "read a.npy | parse format=npy key=a | write b.npy" "key is for npz files"
}

@test "arrays: what keeps all items is refused where that is more than memory=, and nothing is made of the first ones" {
	/usr/bin/python3 -c "
import numpy as np
for i in range(5): np.save('$T/%d.npy' % i, np.full((500, 500), i, 'f8'))"
	for step in stack concatenate "reduce median"; do
		run "$LEAT" run -e "job memory=16MiB
			read $T/?.npy | $step | write $T/out.npy"
		[ "$status" -eq 1 ]
		[[ "$output" == *"it keeps all items, 9.5 MiB after 5 of them, and its result takes as much again: more than memory=16.0MiB"* ]]
		[ ! -e "$T/out.npy" ]
	done
	"$LEAT" run --quiet -e "job memory=64MiB
		read $T/?.npy | stack | write $T/out.npy"
	[ -e "$T/out.npy" ]
}

@test "arrays: help compute lists what expressions know, and all of it is known" {
	"$LEAT" help compute >"$T/help"
	grep -q 'operators  *+ - \*' "$T/help"
	for f in $(sed -n '/of each number/,/of two/p' "$T/help" | sed 's/of each number//; /of two/d'); do
		"$LEAT" check -e "read a.npy | compute 'z = $f(x)' | write b.npy"
	done
	for f in $(sed -n 's/;.*//; s/.*of all numbers//p' "$T/help"); do
		"$LEAT" check -e "read a.npy | compute 'z = x - $f(x)' | write b.npy"
	done
	[ "$(sed -n '/of each number/,/of two/p' "$T/help" | sed 's/of each number//; /of two/d' | wc -w)" -ge 27 ]
}

@test "arrays: large files pass without copies, with the same bytes as in one process, also where they are cut" {
	/usr/bin/python3 -c "
import numpy as np
r = np.random.default_rng(1)
for i in range(3): np.save('$T/%d.npy' % i, r.standard_normal(2200000))
open('$T/cut.npy', 'wb').write(open('$T/0.npy', 'rb').read()[:-9])"
	for way in auto no; do
		run "$LEAT" run --quiet -e "job isolate=$way
			read $T/*.npy
			compute 'z = (x - mean(x)) / std(x)'
			branch clipped
				clip -1..1
				write $T/$way/{stem}-clip.npy
			end
			write $T/$way/{stem}.npy"
		[ "$status" -eq 1 ]
		[[ "$output" == *"cut.npy: npy: 17599991 bytes of elements where the shape asks for 17600000"* ]]
	done
	[ "$(ls "$T/no" | wc -l)" -eq 6 ]
	diff -r "$T/auto" "$T/no"
	/usr/bin/python3 -c "
import numpy as np
x = np.load('$T/2.npy')
z = (x - x.mean()) / x.std()
assert abs(np.load('$T/no/2.npy') - z).max() < 1e-13
assert abs(np.load('$T/no/2-clip.npy') - z.clip(-1, 1)).max() < 1e-13"
}
