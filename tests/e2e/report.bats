#!/usr/bin/env bats
# The report of a job: two nights compared, as text, JSON and a page, and the page in a browser. $LEAT is the program.

setup_file() {
	cd "$BATS_TEST_DIRNAME/../.."
	export T NO_COLOR=1
	T=$(mktemp -d)
	nights >"$T/said" 2>&1
}

teardown_file() {
	rm -rf "$T"
}

setup() {
	cd "$BATS_TEST_DIRNAME/../.."
}

EVIL=$'<script>alert("1")<\\/script>\n\'& <b>bold.png' # a name of a file has no slash
EVIL=${EVIL//\//_}

# Two runs of a job: in the second one file is new and damaged, one was mended, one is gone, one is still damaged.
nights() {
	local good
	good=$(find testdata/good -name '*.png' -size +1k | sort | head -1)
	mkdir "$T/in"
	for i in 1 2 3 4 5 6; do cp "$good" "$T/in/$i.png"; done
	cp "$good" "$T/in/gone.png"
	head -c 500 "$good" >"$T/in/mended.png"
	head -c 400 "$good" >"$T/in/still.png"
	printf 'job name=mill\nread in/*.png\nresize 16x16\nwrite out/{stem}.jpg\n' >"$T/mill.leat"
	"$LEAT" run "$T/mill.leat" || [ $? = 1 ]
	cp "$good" "$T/in/mended.png"
	rm "$T/in/gone.png"
	head -c 300 "$good" >"$T/in/$EVIL"
	"$LEAT" run "$T/mill.leat" || [ $? = 1 ]
}

@test "report: the summary says in a line what changed and where the page is" {
	run cat "$T/said"
	[[ "$output" == *"changed   since run 1: 1 new failure, 1 fixed, 1 vanished"* ]]
	[[ "$output" == *"report    "*".leat/mill/report.html"* ]]
}

@test "report: two nights as text" {
	run "$LEAT" report "$T/mill.leat"
	[ "$status" -eq 0 ]
	[[ "$output" == "mill: 7 of 9 items done, 2 failed in "* ]]
	[[ "$output" == *"since run 1 of "*"1  new failure"*'<script>alert("1")'*"1  fixed"*"in/mended.png"*"1  vanished"*"in/gone.png"* ]]
	[[ "$output" == *"failed"*"in/still.png"* ]]
	[[ "$output" == *'\x0A'* ]]
	run "$LEAT" report "$T/mill.leat" 1
	[[ "$output" == "mill: 7 of 9 items done, 2 failed in "* ]]
	[[ "$output" != *"since run"* ]]
	run "$LEAT" report "$T/mill.leat" 7
	[ "$status" -eq 3 ]
	run "$LEAT" report "$T/mill.leat" x
	[ "$status" -eq 2 ]
}

@test "report: two nights as lines of JSON, from the state and as the run left them" {
	for f in left state; do
		if [ $f = left ]; then cp "$T/.leat/mill/report.json" "$T/x.json"; else "$LEAT" report --json "$T/mill.leat" >"$T/x.json"; fi
		[ "$(jq -r 'select(.type == "change") | .what + " " + (.path | split("/")[-1])' "$T/x.json" | tail -2)" = $'fixed mended.png\nvanished gone.png' ]
		[ "$(jq -r 'select(.type == "change" and .what == "failing") | .path' "$T/x.json")" = "in/$EVIL" ]
		[ "$(jq -s '[.[] | select(.type == "failure")] | length' "$T/x.json")" -eq 2 ]
		[ "$(jq 'select(.type == "run") | .failed + .known_failed' "$T/x.json")" -eq 2 ]
		[ "$(jq 'select(.type == "compared_with") | .run' "$T/x.json")" -eq 1 ]
		[ "$(jq -s '[.[] | select(.type == "step")] | length >= 2' "$T/x.json")" = true ]
	done
	[ "$(jq -s '[.[] | select(.type == "timeline")] | length > 0' "$T/.leat/mill/report.json")" = true ]
}

@test "report: --html writes the page whole, and refuses what it cannot" {
	run "$LEAT" report --html "$T/new/page.html" "$T/mill.leat"
	[ "$status" -eq 0 ]
	grep -q '</html>' "$T/new/page.html"
	run "$LEAT" report --html /dev/null/x "$T/mill.leat"
	[ "$status" -eq 5 ]
	run "$LEAT" report --html "$T/y.html" --json "$T/mill.leat"
	[ "$status" -eq 2 ]
}

@test "report: two nights compared: new failure, fixed, vanished and slower, in text, page and JSON" {
	D=$T/pair
	mkdir -p "$D/in"
	small=testdata/good/tiny.png large=testdata/good/sunrise.png
	for i in same late fixed gone breaks; do cp $small "$D/in/$i.png"; done
	head -c 40 $small >"$D/in/fixed.png"
	# A program that takes its time over large files.
	printf '#!/bin/sh\n[ "$(wc -c <"$1")" -lt %d ] || sleep 0.6\ncp "$1" "$2"\n' "$(($(stat -c %s $small) + 1))" >"$D/slow.sh"
	chmod +x "$D/slow.sh"
	printf 'job name=pair\nread in/*.png\nexec %s {in} {out} gives=png\ndecode\nresize 8x8\nwrite out/{stem}.png\n' "$D/slow.sh" >"$D/pair.leat"
	"$LEAT" run --allow-exec "$D/pair.leat" || [ $? = 1 ]
	cp $small "$D/in/fixed.png"
	cp $large "$D/in/late.png"
	head -c 40 $small >"$D/in/breaks.png"
	rm "$D/in/gone.png"
	run "$LEAT" run --allow-exec "$D/pair.leat"
	[ "$status" -eq 1 ]
	echo "$output"
	[[ "$output" == *"since run 1: 1 new failure, 1 fixed, 1 vanished, 1 slower"* ]]
	run "$LEAT" report "$D/pair.leat"
	[[ "$output" == *"1  new failure"*"in/breaks.png"*"1  fixed"*"in/fixed.png"*"1  vanished"*"in/gone.png"*"1  slower"*"in/late.png"* ]]
	page=$D/.leat/pair/report.html
	for f in breaks fixed gone late; do grep -q "in/$f.png" "$page"; done
	grep -q '</span>slower<' "$page"
	[ "$(jq -r 'select(.type == "change") | "\(.what) \(.path)"' "$D/.leat/pair/report.json" | sort | tr '\n' ';')" = \
		"failing in/breaks.png;fixed in/fixed.png;slower in/late.png;vanished in/gone.png;" ]
}

@test "report: a part of the inputs leaves the report of the night alone" {
	cp "$T/.leat/mill/report.json" "$T/before.json"
	run "$LEAT" run --limit 1 "$T/mill.leat"
	cmp "$T/before.json" "$T/.leat/mill/report.json"
	[[ "$output" != *"report.html"* ]]
}

@test "report: the page in a browser: content, names, no script, nothing from outside" {
	command -v node >/dev/null || skip "no node"
	[ -x /usr/bin/chromium ] || skip "no chromium: make browser-deps"
	[ -d tests/browser/node_modules/playwright-core ] || skip "no playwright-core: make browser-deps"
	timeout 100 node tests/browser/page.js "$T/.leat/mill/report.html" >"$T/seen.json"
	run jq -c '[.console, .requests, .dialogs, .foreign]' "$T/seen.json"
	[ "$output" = '[[],[],0,0]' ]
	[ "$(jq -c '[.views[].overflow]' "$T/seen.json")" = '[false,false,false]' ]
	[ "$(jq '.views.dark.ground != .views.phone.ground' "$T/seen.json")" = true ]
	[ "$(jq -r .title "$T/seen.json" | cut -c 1-31)" = "mill: 7 of 9 items done, 2 fail" ]
	[ "$(jq -c .changes "$T/seen.json")" = '["1new failure","1fixed","1vanished"]' ]
	[ "$(jq -r '.changed[0]' "$T/seen.json")" = "in/${EVIL/$'\n'/\\x0A}" ]
	[ "$(jq -r '.failed | length' "$T/seen.json")" -eq 2 ]
	[ "$(jq -r '.failed[]' "$T/seen.json" | grep -cF "<script>alert(\"1\")")" -eq 1 ]
	[ "$(jq '.lanes > 0 and (.steps | length > 0)' "$T/seen.json")" = true ]
	[ "$(jq '(.pictures | length >= 4) and (.pictures | all(. > 0))' "$T/seen.json")" = true ]
	[ "$(jq -c '.sections | index("changes") != null and index("failures") != null and index("sheet") != null' "$T/seen.json")" = true ]
}
