#!/usr/bin/env bats
# What docs/MESSAGES.md and README.md say that leat prints is what it prints. $LEAT is the program.

setup() {
	cd "$BATS_TEST_DIRNAME/../.."
	T=$(cd "$(mktemp -d)" && pwd -P)
	export NO_COLOR=1
}

teardown() {
	rm -rf "$T"
}

@test "docs: the answers of leat in MESSAGES.md are those of today" {
	mkdir -p "$T/photos/b" "$T/bin"
	for name in cat1 cat2 cat3 c9 'my cat' b/cat1; do
		cp 'testdata/good/2024 Urlaub/küste.jpg' "$T/photos/$name.jpg"
	done
	head -c 3000 "$T/photos/cat2.jpg" >"$T/photos/cut.jpg"
	ln -s "$LEAT" "$T/bin/leat"
	# every "$ leat ..." with what stands below it up to "[STATUS]"
	awk '/^\$ leat/ { on = 1 } on { print } /^\[[0-9]+\]$/ { on = 0 }' docs/MESSAGES.md >"$T/told"
	[ "$(grep -c '^\$ leat' "$T/told")" = 10 ]
	sed -n 's/^\$ //p' "$T/told" | while IFS= read -r command; do
		echo "\$ $command"
		status=0
		(cd "$T" && PATH=$T/bin:$PATH bash -c "$command" 2>&1) || status=$?
		echo "[$status]"
	done | sed "s|$T|/srv|" >"$T/today"
	# of the run of number 8 the numbers differ
	for f in told today; do sed -i '/^leat: 1 of 2/,/^\[1\]$/{/decode: truncated\|^failed\|^\[1\]/!d}' "$T/$f"; done
	diff "$T/told" "$T/today"
}

@test "docs: the recipe and the mistakes in README.md are real" {
	mkdir "$T/photos"
	cp 'testdata/good/2024 Urlaub/küste.jpg' "$T/photos/"
	awk '/^# web.leat/ { on = 1 } /^```$/ { on = 0 } on { print }' README.md >"$T/web.leat"
	(cd "$T" && "$LEAT" run --quiet web.leat && "$LEAT" fmt --check web.leat)
	[ "$(find "$T/web" -name '*.jpg' | wc -l)" = 2 ]
	sed -i 's/  resize/  resise/; s/quality=82/quality=820/' "$T/web.leat"
	awk '/^\$ leat check web.leat/ { on = 1; next } /^```$/ { on = 0 } on { print }' README.md >"$T/told"
	[ "$(wc -l <"$T/told")" -gt 8 ]
	(cd "$T" && "$LEAT" check web.leat 2>&1 || [ $? = 2 ]) | diff "$T/told" -
	# commands of the tables are recipes that can be read
	sed -n "s/.*\`leat run -e '\([^\`]*\)'\`.*/\1/p" README.md | sed 's/\\|/|/g' | grep -v '\.\.\.' >"$T/lines"
	[ "$(wc -l <"$T/lines")" -ge 3 ]
	while IFS= read -r text; do "$LEAT" check -e "$text"; done <"$T/lines"
}
