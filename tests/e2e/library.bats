#!/usr/bin/env bats
# The library as others get it: what it exports, headers alone, the examples, and where everything is installed.
# $LEAT_BUILD is where it was built.

setup() {
	cd "$BATS_TEST_DIRNAME/../.."
	T=$(mktemp -d)
	examples=$LEAT_BUILD/docs/examples
}

teardown() {
	rm -rf "$T"
}

# Functions that the public headers declare.
declared() {
	cat include/leat/*.h | grep -v '^static\|^typedef\|^#\|^ \*' | tr '\n' ' ' | grep -o '\bleat_[a-z0-9_]*(' | tr -d '(' |
		sort -u
}

@test "library: it exports what the headers declare, in one version, and nothing else" {
	declared >"$T/declared"
	[ "$(wc -l <"$T/declared")" -gt 30 ]
	nm -D --defined-only "$LEAT_BUILD/libleat.so" | awk '$2 == "T" {print $3}' | sort >"$T/exported"
	sed 's/$/@@LEAT_0/' "$T/declared" | diff - "$T/exported"
	nm -D --defined-only "$LEAT_BUILD/libleat.so" | awk '$2 != "T" && $2 != "A"' >"$T/others"
	[ ! -s "$T/others" ]
	readelf -d "$LEAT_BUILD/libleat.so" | grep -q 'soname: \[libleat.so.0\]'
}

@test "library: every header compiles alone, as C11 and C17" {
	for h in include/leat/*.h; do
		for std in c11 c17; do
			printf '#include <leat/%s>\nint main(void) { return 0; }\n' "${h##*/}" |
				cc -std=$std -Wall -Wextra -Wpedantic -Werror -Iinclude -fsyntax-only -x c -
		done
	done
}

@test "library: every header compiles alone as C++17" {
	compiler=$(command -v g++ || command -v clang++ || true)
	[ -n "$compiler" ] || skip "no C++ compiler"
	for h in include/leat/*.h; do
		printf '#include <leat/%s>\nint main() { return 0; }\n' "${h##*/}" |
			"$compiler" -std=c++17 -Wall -Wextra -Wpedantic -Werror -Iinclude -fsyntax-only -x c++ -
	done
}

@test "library: a host runs a recipe in the worker processes of leat-worker" {
	cat >"$T/r.leat" <<-END
		read "$PWD/testdata/good" "$PWD/testdata/broken.png"
		resize 20x20 on=processes
		write $T/{reldir}/{stem}-{ext}.png
	END
	run "$examples/host" "$T/r.leat" "$LEAT_BUILD/leat-worker"
	echo "$output"
	[ "$status" -eq 1 ]
	[[ "$output" == *"13 of 14 done in"* ]]
	[[ "$output" == *"broken.png: truncated png"* ]]
	[ "$(find "$T" -name '*.png' | wc -l)" -eq 13 ]
	run "$examples/host" "$T/r.leat" /no/such/leat-worker
	[ "$status" -eq 5 ]
	run "$examples/host" "$T/none.leat"
	[ "$status" -eq 2 ]
	[[ "$output" == *"cannot open"* ]]
}

@test "library: a program's own steps run in sandboxed processes of that program" {
	run "$examples/own_step" testdata/good "$T"
	echo "$output"
	[ "$status" -eq 0 ]
	[[ "$output" == *"13 items done"* ]]
	[[ "$output" == *"cpu    processes"* ]]
	tr -d '\r' <"$T/sharpness.csv" | sed 1d >"$T/rows"
	[ "$(grep -c ',[0-9.]*$' "$T/rows")" -eq 13 ]
	while IFS=, read -r path sharpness; do
		name=${path##*/}
		[ -s "$(find "$T" -name "${name%.*}-$sharpness.jpg")" ]
	done <"$T/rows"
}

# Straight through tools/install, so that nothing is built anew.
installed() { # install | uninstall
	local version
	version=$(sed -n 's/^.define LEAT_VERSION "\(.*\)".*/\1/p' include/leat/types.h)
	DESTDIR="$T/with blanks" PREFIX=/usr BINDIR=/usr/bin LIBDIR=/usr/lib LIBEXECDIR=/usr/libexec \
		INCLUDEDIR=/usr/include DATADIR=/usr/share BUILD=$LEAT_BUILD VERSION=$version SOVERSION=0 \
		LIBS_PRIVATE="-lm" tools/install "$1"
}

@test "library: install puts the files where they belong, uninstall takes just those" {
	at="$T/with blanks/usr"
	mkdir -p "$at/bin" "$at/include/leat"
	touch "$at/bin/other" "$at/include/leat/other.h"
	installed install
	for f in bin/leat libexec/leat/leat-worker lib/libleat.a include/leat/leat.h share/man/man1/leat.1 \
		share/man/man5/leat-language.5 share/bash-completion/completions/leat lib/pkgconfig/leat.pc; do
		[ -s "$at/$f" ]
	done
	[ "$(readlink -f "$at/lib/libleat.so")" = "$(readlink -f "$at/lib/libleat.so.0.1.0")" ]
	[ "$("$at/bin/leat" version | head -n 1)" = "$("$LEAT" version | head -n 1)" ]
	PKG_CONFIG_PATH="$at/lib/pkgconfig" pkg-config --libs leat | grep -q -- '-lleat'
	[ "$(stat -c %a "$at/include/leat/leat.h")" = 644 ]
	installed uninstall
	[ "$(find "$at" ! -type d | sort | tr '\n' ' ')" = "$at/bin/other $at/include/leat/other.h " ]
	[ ! -e "$at/libexec/leat" ]
	[ -e "$at/include/leat" ]
}
