#!/usr/bin/env bats
# The commands beside run and check, and the options they share. $LEAT is the program.

setup() {
	cd "$BATS_TEST_DIRNAME/../.."
	T=$(mktemp -d)
	export NO_COLOR=1
}

teardown() {
	rm -rf "$T"
}

@test "--only: the end of the path, whole names; the index stays that of the whole list" {
	run "$LEAT" run -e "read testdata/good | resize 20x20 | write $T/{index:02}-{stem}.png" --only 'tiny.*' --only '20*/gray.*'
	[ "$status" -eq 0 ]
	[ "$(cd "$T" && echo *)" = "00-gray.png 12-tiny.png" ] || { ls "$T"; false; }
}

@test "--only: none left is 3 and says how it is compared" {
	run "$LEAT" run -e "read testdata/good | resize 20x20 | write $T/{stem}.png" --only 'iny.png'
	[ "$status" -eq 3 ]
	[[ "$output" == *"no input matches --only iny.png"*"whole names"* ]]
	run "$LEAT" run -e "read testdata/good | resize 20x20 | write $T/{stem}.png" --only 'a[b'
	[ "$status" -eq 2 ]
	[[ "$output" == *"--only a[b: "* ]]
}

@test "--limit: the first of the list, and expect is off" {
	run "$LEAT" run --limit 2 -e "expect matched>=100 | read testdata/good | resize 20x20 | write $T/{index}.png"
	[ "$status" -eq 0 ]
	[ "$(cd "$T" && echo *)" = "0.png 1.png" ]
	[[ "$output" == *"expect is off"* ]]
	run "$LEAT" run --limit 0 -e "read testdata/good"
	[ "$status" -eq 2 ]
}

@test "--limit: an input that is left out is not overwritten either" {
	cp testdata/good/tiny.png "$T/a.png"
	cp testdata/good/tiny.png "$T/b.png"
	before=$(sha256sum "$T/b.png")
	run "$LEAT" run --only a.png -e "read $T | write $T/b.{ext}"
	[ "$status" -eq 2 ]
	[[ "$output" == *E075* ]]
	[ "$(sha256sum "$T/b.png")" = "$before" ]
}

@test "dropped items are counted in the summary" {
	run "$LEAT" run -e "read testdata/good | decode | keep width>=50 | resize 20x20 | write $T/{index}.png"
	[ "$status" -eq 0 ]
	[[ "$output" == *"(3 dropped by keep or drop)"* ]]
	run "$LEAT" run --json -e "read testdata/good | decode | keep width>=50 | resize 20x20 | write $T/{index}.png"
	[ "$(jq .dropped <<<"$output")" = 3 ]
	[ "$(jq .done <<<"$output")" = 13 ]
	jq -e '.seconds * 1000 | . == floor' <<<"$output"
}

@test "crop: left and top are whole numbers, 0 is one" {
	run "$LEAT" run -e "read testdata/good/tiny.png | crop 1x1 left=0 | write $T/x.png"
	[ "$status" -eq 0 ]
	run "$LEAT" check -e "read testdata/good/tiny.png | crop 1x1 left=-1 | write $T/x.png"
	[ "$status" -eq 2 ]
	[[ "$output" == *"left is 0 px or more"* ]]
}

@test "explain: a page, the list, JSON, and a code that does not exist" {
	run "$LEAT" explain E043
	[ "$status" -eq 0 ]
	[[ "$output" == "E043: a value out of range"*"Wrong:"*"Right:"* ]]
	run "$LEAT" explain
	[ "$status" -eq 0 ]
	[[ "$output" == *"E024  a step with this name does not exist"* ]]
	"$LEAT" explain --json | jq -e 'length > 70 and all(.[]; .text and .wrong)'
	run "$LEAT" explain E999
	[ "$status" -eq 2 ]
	[[ "$output" == *"there is no code 'E999'"* ]]
}

@test "--opt: one option of one step, also in the worker processes" {
	recipe="read testdata/good/sunrise.png | branch b for q in 1,2 | encode jpeg quality=90 | write $T/{stem}-\$q.jpg | end"
	run "$LEAT" run -e "$recipe" --opt b-2/encode.quality=5
	[ "$status" -eq 0 ]
	[ "$(stat -c %s "$T/sunrise-1.jpg")" -gt "$(($(stat -c %s "$T/sunrise-2.jpg") * 2))" ]
}

@test "--opt: ambiguous, unknown and wrong ones name what is possible, and nothing is run" {
	recipe="read testdata/good/sunrise.png | branch b for q in 1,2 | encode jpeg quality=90 | write $T/{stem}-\$q.jpg | end"
	run "$LEAT" run -e "$recipe" --opt encode.quality=5
	[ "$status" -eq 2 ]
	[[ "$output" == *"error[E067]: --opt encode.quality=5: 'encode' means 2 steps"*"b-1/encode, b-2/encode"* ]]
	run "$LEAT" run -e "$recipe" --opt b-1/encode.quality=500
	[ "$status" -eq 2 ]
	[[ "$output" == "--opt b-1/encode.quality=500: error[E043]: "*"quality is 1 to 100"* ]]
	[ -z "$(ls "$T")" ]
}

@test "plan: counts by pattern, absolute targets, what is there already, the disk" {
	cp testdata/good/tiny.png testdata/good/sunrise.png "$T"
	"$LEAT" run --quiet -e "read $T/tiny.png | resize 2x2 | write $T/out/{stem}.jpg"
	run "$LEAT" plan -e "read $T/*.png $T/tiny.png | resize 2x2 | write $T/out/{stem}.jpg existing=skip"
	[ "$status" -eq 0 ]
	[[ "$output" == *"2  $T/*.png"*"1  $T/tiny.png"* ]]
	[[ "$output" == *"2 files: 1 new, 1 left as they are; about "* ]]
	[[ "$output" == *"2  $T/out/{stem}.jpg"* ]]
	[[ "$output" == *" needed, "*" free in $T/out"* ]]
}

@test "plan --json: one object with inputs, outputs, steps and reasons" {
	"$LEAT" plan --json -e "read testdata/good | decode | reduce mean on-mismatch=skip | write $T/mean.png" >"$T/plan.json"
	jq -e '.inputs.files == 13 and .outputs[0].path == "'"$T"'/mean.png" and .outputs[0].files == 1' "$T/plan.json"
	jq -e '[.steps[] | select(.barrier).name] == ["reduce"] and all(.groups[]; .reason)' "$T/plan.json"
	jq -e '.memory.peak > 0 and .disks[0].enough' "$T/plan.json"
	run "$LEAT" run --dry-run --json -e "read testdata/good | resize 2x2 | write $T/{index}.png"
	[ "$status" -eq 0 ]
	jq -e .outputs <<<"$output"
	[ "$(ls "$T")" = plan.json ]
}

@test "plan: the guess of the bytes is within a factor of two" {
	[ -d "${LEAT_CORPUS:-}/kodak" ] || skip "LEAT_CORPUS is not set"
	recipe="read $LEAT_CORPUS/kodak | resize 192x | write $T/{stem}.jpg"
	guess=$("$LEAT" plan --json -e "$recipe" | jq '.outputs[0].bytes_guess')
	"$LEAT" run --quiet -e "$recipe"
	real=$(cat "$T"/*.jpg | wc -c)
	[ "$guess" -gt $((real / 2)) ]
	[ "$guess" -lt $((real * 2)) ]
}

@test "--deny-warnings: status 2, and nothing is run" {
	recipe="read testdata/good/tiny.png
flatten #fff
write $T/x.png"
	run "$LEAT" check -e "$recipe"
	[ "$status" -eq 0 ]
	for command in check plan run; do
		run "$LEAT" "$command" --deny-warnings -e "$recipe"
		[ "$status" -eq 2 ]
		[[ "$output" == *"--deny-warnings: 1 warning" ]]
	done
	[ -z "$(ls "$T")" ]
}

@test "--quiet: a warning is no news while all is well, and is shown when it is not" {
	recipe="read testdata/good/tiny.png
flatten #fff
write $T/x.png"
	run "$LEAT" run --quiet -e "$recipe"
	[ "$status" -eq 0 ]
	[ -z "$output" ]
	run "$LEAT" run --quiet -e "read testdata/broken.png testdata/good/tiny.png
flatten #fff
write $T/{stem}.png"
	[ "$status" -eq 1 ]
	[[ "$output" == *W001*truncated* ]]
}

@test "graph: four formats without a look at any input; wrong recipes and formats are 2" {
	recipe='read /no/such/folder/*.jpg | branch b for n in 1,2 | resize ${n}x | write "o&o/{stem}-$n.png" | end'
	for format in ascii dot mermaid svg; do
		run "$LEAT" graph -e "$recipe" --format="$format"
		[ "$status" -eq 0 ]
		[[ "$output" == *"resize 2x"* ]]
	done
	[[ "$output" == *"o&amp;o"*"</svg>" ]]
	run "$LEAT" graph -e 'read a | resise 2x | write o/{stem}.png'
	[ "$status" -eq 2 ]
	[[ "$output" == *E024* ]]
	run "$LEAT" graph -e "$recipe" --format=sgv
	[ "$status" -eq 2 ]
	[[ "$output" == *"did you mean 'svg'?"* ]]
}

@test "vars: value, origin and comment of every variable; secrets stay secret" {
	echo 'let tone = warm # of the light' >"$T/site.leat"
	echo 'let size = 640x # for the laptop' >"$T/my.vars"
	cat >"$T/v.leat" <<-'END'
		include "site.leat"
		let out   = env LEAT_TEST_OUT or site/web  # where the results go
		let size  = 800x
		let tone  = cold                           # colder
		let token = secret env LEAT_TEST_TOKEN
		read photos
		resize $size
		write $out/{stem}.png
	END
	LEAT_TEST_TOKEN=geheim run "$LEAT" vars "$T/v.leat" --vars "$T/my.vars"
	[ "$status" -eq 0 ]
	[[ "${lines[0]}" == "tone   cold      $T/v.leat:4"*"colder" ]]
	[[ "${lines[1]}" == "out    site/web  $T/v.leat:2"*"where the results go" ]]
	[[ "${lines[2]}" == "size   640x      $T/my.vars:1" ]]
	[[ "${lines[3]}" == "token  ***       environment LEAT_TEST_TOKEN" ]]
	[[ "$output" != *geheim* ]]
	LEAT_TEST_TOKEN=geheim run "$LEAT" vars --json "$T/v.leat" --set size=1x
	[ "$(jq -r '.[] | select(.name == "size") | .value + " " + .origin' <<<"$output")" = "1x set" ]
	[[ "$output" != *geheim* ]]
	run "$LEAT" vars "$T/v.leat"
	[ "$status" -eq 2 ]
	[[ "$output" == *E064*"(not known)"* ]]
}

@test "--vars: run takes values from a file; a name that the recipe lacks is an error" {
	echo 'let size = 3x3' >"$T/my.vars"
	run "$LEAT" run --quiet --vars "$T/my.vars" -e "let size = 9x9 | read testdata/good/sunrise.png | resize \$size | write $T/{stem}.pnm"
	[ "$status" -eq 0 ]
	[ "$(stat -c %s "$T/sunrise.pnm")" -lt 60 ]
	echo 'let sise = 3x3' >"$T/my.vars"
	run "$LEAT" plan --vars "$T/my.vars" -e "let size = 9x9 | read testdata/good/sunrise.png | resize \$size | write $T/{stem}.pnm"
	[ "$status" -eq 2 ]
	[[ "$output" == *"my.vars:1:5: error[E039]"* ]]
}

@test "try: time and size behind every step; results in a new folder, targets untouched" {
	export TMPDIR=$T
	echo old >"$T/x.png"
	cat >"$T/r.leat" <<-END
		read somewhere/*.png
		branch small for n in 10,20
		  resize \${n}x
		  encode jpeg quality=50
		  write deep/{stem}-\$n.jpg
		end
		keep ext=png
		grayscale
		write {path} replace=yes
		write ../../up/{stem}.png
	END
	cp testdata/good/sunrise.png "$T/sunrise.png"
	before=$(sha256sum "$T/sunrise.png")
	run "$LEAT" try "$T/r.leat" "$T/sunrise.png"
	[ "$status" -eq 0 ]
	[[ "$output" == *"branch small-20"*"resize 20x"*"20x"*"encode jpeg quality=50"*jpeg* ]]
	[[ "$output" == *"keep ext=png"*kept*"grayscale"*gray* ]]
	[[ "$output" == *"the results are in $T/leat-try-"* ]]
	folder=$(sed -n 's/^the results are in \(.*\); nothing.*/\1/p' <<<"$output")
	[ "$(cd "$folder" && find deep sunrise.png -type f | sort | xargs)" = "deep/sunrise-10.jpg deep/sunrise-20.jpg sunrise.png" ]
	[ "$(find "$folder" -type f | wc -l)" -eq 4 ] # and what climbs out of the folder lands in it, too
	[ "$(sha256sum "$T/sunrise.png")" = "$before" ]
	[ ! -e "$T/deep" ]
	[ "$(find "$T" -name 'sunrise*' -not -path '*/leat-try-*' | wc -l)" -eq 1 ]
}

@test "try: a broken file names the step; a dropped one too; wrong use is 2" {
	export TMPDIR=$T
	run "$LEAT" try -e "read x | resize 2x2 | write o/{stem}.png" testdata/broken.png
	[ "$status" -eq 1 ]
	[[ "$output" == *"failed at decode: truncated"*"nothing was written" ]]
	run "$LEAT" try -e "read x | decode | keep width>1000000 | write o/{stem}.png" testdata/good/tiny.png
	[ "$status" -eq 0 ]
	[[ "$output" == *"keep width>1000000"*dropped*"nothing was written" ]]
	run "$LEAT" try -e "read x | stats | report csv=x.csv" testdata/good/tiny.png
	[ "$status" -eq 0 ]
	folder=$(sed -n 's/^the results are in \(.*\); nothing.*/\1/p' <<<"$output")
	[ -s "$folder/x.csv" ] # a report is a result, too
	printf 'job name=nightly\nread x\nwrite o/{name}\n' >"$T/job.leat"
	run "$LEAT" try "$T/job.leat" testdata/good/tiny.png
	[ "$status" -eq 0 ]
	[ ! -e "$T/.leat" ] # no state is kept of it
	run "$LEAT" try -e "read x | write -" testdata/good/tiny.png
	[ "$status" -eq 0 ]
	[ "$(cat "$T"/leat-try-*/standard-output/tiny.png | cmp - testdata/good/tiny.png && echo same)" = same ]
	run "$LEAT" try -e "read x | write o/{stem}.png"
	[ "$status" -eq 2 ]
	run "$LEAT" try -e "read x | resise 3x | write o/{stem}.png" testdata/good/tiny.png
	[ "$status" -eq 2 ]
	[[ "$output" == *E024* ]]
}

jobs() { # a folder with one recipe and its test, the results accepted
	mkdir -p "$T/jobs/tests/web/in/a"
	cp testdata/good/tiny.png "$T/jobs/tests/web/in/a"
	cp testdata/good/sunrise.png "$T/jobs/tests/web/in"
	cat >"$T/jobs/web.leat" <<-'END'
		let quality = 80
		read photos/**/*.png
		resize 20x
		encode jpeg quality=$quality
		write ../site/{reldir}/{stem}.jpg
	END
	export TMPDIR=$T
	run "$LEAT" test "$T/jobs"
	[ "$status" -eq 1 ]
	[[ "$output" == *"FAIL  web"*"out is missing"* ]]
	cp -r "$(sed -n 's/.*the results are in //p' <<<"$output")" "$T/jobs/tests/web/out"
	rm -r "$T"/leat-test-*
}

@test "test: passes, tells what differs, and never writes into the test" {
	jobs
	before=$(find "$T/jobs" -type f -exec sha256sum {} + | sort)
	run "$LEAT" test "$T/jobs"
	[ "$status" -eq 0 ]
	[[ "$output" == "ok    web: 2 files compared, "*"1 passed, 0 failed" ]]
	[ -z "$(ls -d "$T"/leat-test-* 2>/dev/null)" ]
	echo set=quality=40 >"$T/jobs/tests/web/options"
	run "$LEAT" test "$T/jobs"
	[ "$status" -eq 1 ]
	[[ "$output" == *"FAIL  web"*"up/site/sunrise.jpg: "*" bytes instead of "*"the results are in $T/leat-test-"* ]]
	echo max-diff=60 >>"$T/jobs/tests/web/options"
	run "$LEAT" test "$T/jobs"
	[ "$status" -eq 0 ]
	rm "$T/jobs/tests/web/options"
	[ "$(find "$T/jobs" -type f -exec sha256sum {} + | sort)" = "$before" ]
}

@test "test: programs are run only with --allow-exec" {
	mkdir -p "$T/jobs/tests/copy/in" "$T/jobs/tests/copy/out"
	cp testdata/good/tiny.png "$T/jobs/tests/copy/in"
	cp testdata/good/tiny.png "$T/jobs/tests/copy/out"
	printf 'read a\nexec cp {in} {out}\nwrite {name}\n' >"$T/jobs/copy.leat"
	export TMPDIR=$T
	run "$LEAT" test "$T/jobs"
	[ "$status" -eq 1 ]
	[[ "$output" == *"exit status 2 instead of 0"*"E069"* ]]
	run "$LEAT" test --allow-exec "$T/jobs"
	echo "$output"
	[ "$status" -eq 0 ]
}

@test "test: missing and unexpected files, the exit status, recipes without tests, wrong names" {
	jobs
	mv "$T/jobs/tests/web/out/up/site/a/tiny.jpg" "$T/jobs/tests/web/out/up/site/a/other.jpg"
	echo "read x | write y/{name}" >"$T/jobs/bare.leat"
	run "$LEAT" test "$T/jobs"
	[ "$status" -eq 1 ]
	[[ "$output" == *"-     bare: there is no tests/bare/in"* ]]
	[[ "$output" == *"up/site/a/other.jpg: was not written"*"up/site/a/tiny.jpg: was written, but is not expected"* ]]
	cp testdata/broken.png "$T/jobs/tests/web/in"
	printf 'ignore=up/site/a/*\n' >"$T/jobs/tests/web/options"
	run "$LEAT" test "$T/jobs" web
	[ "$status" -eq 1 ]
	[[ "$output" == *"exit status 1 instead of 0"*truncated* ]]
	echo status=1 >>"$T/jobs/tests/web/options"
	run "$LEAT" test "$T/jobs" web
	[ "$status" -eq 0 ]
	run "$LEAT" test "$T/jobs" wep
	[ "$status" -eq 2 ]
	[[ "$output" == *"did you mean 'web'?"* ]]
	run "$LEAT" test "$T/jobs" bare
	[ "$status" -eq 3 ]
}

@test "--diagnostics: JSON and SARIF for programs, of several files at once" {
	printf 'read a\nresise 3x\nwrite {stem}.png\n' >"$T/one.leat"
	printf 'read a\nflatten #fff\nwrite b/{stem}.png\n' >"$T/two.leat"
	run "$LEAT" check --diagnostics=json "$T/one.leat" "$T/two.leat"
	[ "$status" -eq 2 ]
	[ "$(jq -r '.code + " " + .severity' <<<"$output" | xargs)" = "E024 error W001 warning" ]
	run "$LEAT" check --diagnostics=sarif "$T/one.leat" "$T/two.leat"
	[ "$status" -eq 2 ]
	jq -e '[.runs[0].results[].ruleId] == ["E024", "W001"]' <<<"$output"
	run "$LEAT" plan --diagnostics=json "$T/one.leat"
	[ "$status" -eq 2 ]
	jq -e '.fix.text == "resize"' <<<"$output"
	run "$LEAT" check --diagnostics=xml "$T/one.leat"
	[ "$status" -eq 2 ]
	[[ "$output" == *"diagnostics is one of: text, json, sarif"* ]]
}

@test "run: an empty match that is allowed still makes its report" {
	run "$LEAT" run -e "read $T/*.png empty=ok | decode | branch r | reduce mean | write $T/m.png | end | report csv=$T/all.csv"
	[ "$status" -eq 0 ]
	[ "$(wc -l <"$T/all.csv")" -eq 1 ]
	[ ! -e "$T/m.png" ]
}

@test "help language: the recipe on the page is right" {
	"$LEAT" help language | sed -n 's/^  //p' >"$T/page.leat"
	[ "$(wc -l <"$T/page.leat")" -gt 20 ]
	echo "let tone = warm" >"$T/site.leat"
	run "$LEAT" check --deny-warnings "$T/page.leat"
	[ "$status" -eq 0 ]
}

@test "help --json: every step with its values, options, kinds, places and fields" {
	"$LEAT" help --json >"$T/help.json"
	jq -e 'all(.steps[]; .name and .summary and (.on | index("auto")) and (.takes or .gives))' "$T/help.json"
	jq -e '.steps[] | select(.name == "resize") | .values[0].type == "pixel size" and (.options[] | select(.name == "fit").default == "inside")' "$T/help.json"
	jq -e '.steps[] | select(.name == "stats") | [.fields[].name] | index("mean")' "$T/help.json"
	jq -e '[.formats[] | select(.writes).name] | index("png")' "$T/help.json"
	jq -e '[.commands[].name] | index("try") and index("test")' "$T/help.json"
	[ "$("$LEAT" help --json encode jpeg | jq -r '.options[0] | .name + " " + .default + " " + (.max | tostring)')" = "quality 80 100" ]
	run "$LEAT" help --json language
	[ "$status" -eq 2 ]
	run "$LEAT" help resize
	[[ "$output" == *"takes: image; gives: image; runs on: auto, inline"* ]]
}

@test "check reads a recipe from a pipe" {
	run bash -c "\"$LEAT\" check <(echo 'read a | resize 3x | write b/{stem}.png')"
	[ "$status" -eq 0 ]
	run bash -c "echo 'read a | resise 3x | write b/{stem}.png' | \"$LEAT\" check /dev/stdin"
	[ "$status" -eq 2 ]
	[[ "$output" == "/dev/stdin:1:10: error[E024]"* ]]
}

@test "exit status: an expectation counts more than nothing matched, and more than failed items" {
	run "$LEAT" run -e "expect matched>=1 | read $T/*.png | resize 2x2 | write $T/o/{stem}.png"
	[ "$status" -eq 4 ]
	[[ "$output" == *"error[E074]: expect matched>=1 did not hold: 0 items matched"*E070* ]]
	run "$LEAT" run -e "expect failed<=1% | read $T/*.png | resize 2x2 | write $T/o/{stem}.png"
	[ "$status" -eq 3 ]
	run "$LEAT" run --only nothing.png -e "expect matched>=1 | read testdata/good | resize 2x2 | write $T/o/{stem}.png"
	[ "$status" -eq 3 ]
	run "$LEAT" run -e "expect failed<=1% | read testdata/broken.png testdata/good/tiny.png | resize 2x2 | write $T/o/{stem}.png"
	[ "$status" -eq 4 ]
	run "$LEAT" run -e "expect failed<=50% | read testdata/broken.png testdata/good/tiny.png | resize 2x2 | write $T/o/{stem}.png"
	[ "$status" -eq 0 ]
}
