#!/usr/bin/env bats
# What the language says about files, folders and secrets, with the program itself. $LEAT is the program.

setup() {
	cd "$BATS_TEST_DIRNAME/../.."
	T=$(mktemp -d)
	export NO_COLOR=1
	mkdir "$T/lib"
}

teardown() {
	rm -rf "$T"
}

# A 2x2 array of doubles, each given by its two highest bytes.
npy() {
	printf '\x93NUMPY\x01\0v\0%-117s\n' "{'descr': '<f8', 'fortran_order': False, 'shape': (2, 2), }"
	printf '\0\0\0\0\0\0%b' "$@"
}

@test "include: a path belongs to the file that it is written in, in workers too" {
	"$LEAT" version | grep -q '^BLAS:  *none' && skip "no BLAS library"
	npy '\xf0\x3f' '\0\x40' '\x08\x40' '\x10\x40' >"$T/in.npy" # 1 2, 3 4
	npy '\0\x40' '\0\0' '\0\0' '\0\x40' >"$T/w.npy"
	npy '\x24\x40' '\0\0' '\0\0' '\x24\x40' >"$T/lib/w.npy"
	printf 'recipe ten\n  matmul with=w.npy\nend\n' >"$T/lib/r.leat"
	printf 'include lib/r.leat\nread in.npy\nparse\nuse ten\nmatmul with=w.npy on=%s\nwrite %s.npy\n' \
		processes processes >"$T/processes.leat"
	sed 's/processes/threads/g' "$T/processes.leat" >"$T/threads.leat"
	"$LEAT" run "$T/processes.leat"
	"$LEAT" run "$T/threads.leat"
	cmp "$T/processes.npy" "$T/threads.npy"
	# 2 x 10 x the matrix, little-endian doubles at the end: 20, 40, 60, 80
	[ "$(tail -c 32 "$T/threads.npy" | od -An -v -tf8 | xargs)" = "20 40 60 80" ]
}

@test "include: links, once each, the error in both files" {
	printf 'let out = site\n' >"$T/lib/site.leat"
	ln -s lib/site.leat "$T/link.leat"
	printf 'include link.leat\ninclude lib/site.leat\nlet out = mine\nread testdata/good\nwrite $out/{name}\n' >"$T/a.leat"
	run "$LEAT" check "$T/a.leat"
	[ "$status" -eq 0 ]
	printf 'let out = "site\n' >"$T/lib/site.leat"
	run "$LEAT" check "$T/a.leat"
	[ "$status" -eq 2 ]
	[[ "$output" == *"$T/link.leat:1:11: error[E001]"* ]]
	[[ "$output" == *"::: $T/a.leat:1:1"* ]]
	printf 'include ../a.leat\n' >"$T/lib/site.leat"
	run "$LEAT" check "$T/a.leat"
	[[ "$output" == *"includes itself"* ]]
}

@test "include: ~ is the home folder of the password database, and another's is an error" {
	home=$(getent passwd "$(id -u)" | cut -d: -f6)
	printf 'include ~/nowhere-at-all.leat\ninclude ~nobody/x.leat\nread testdata/good\nwrite out/{name}\n' >"$T/a.leat"
	HOME=$T run "$LEAT" check "$T/a.leat"
	[ "$status" -eq 2 ]
	[[ "$output" == *"cannot open '$home/nowhere-at-all.leat'"* ]]
	[[ "$output" == *"'~nobody/x.leat' begins with another user's folder"* ]]
}

@test "a secret is shown nowhere" {
	export LEAT_TEST_TOKEN=hunter2
	printf 'let token = secret env LEAT_TEST_TOKEN\nlet auth = "Bearer $token"\nread testdata/good\nwrite out/$auth-{name} existing=$token\n' >"$T/a.leat"
	for c in check plan run; do
		run "$LEAT" "$c" "$T/a.leat"
		[ "$status" -eq 2 ]
		[[ "$output" == *"E068"* ]]
		[[ "$output" != *hunter2* ]]
	done
	run "$LEAT" check --set token=swordfish "$T/a.leat"
	[[ "$output" != *swordfish* ]]
}
