#!/usr/bin/env bats
# What is done again, and what is left alone. $LEAT is the program.

setup() {
	cd "$BATS_TEST_DIRNAME/../.."
	T=$(mktemp -d)
	export NO_COLOR=1
	mkdir "$T/in"
	n=0
	find testdata/good -name '*.png' | sort | head -5 >"$T/names"
	while read -r f; do
		n=$((n + 1))
		cp "$f" "$T/in/$n.png"
	done <"$T/names"
	recipe 'resize 8x8'
}

teardown() {
	rm -rf "$T"
}

recipe() {
	printf 'job incremental=yes\nread in/*.png\n%s\nwrite out/{stem}.png\n' "$1" >"$T/m.leat"
}

# The inputs that a run would work on, by name, then how many it would not.
todo() {
	"$LEAT" plan --why "$T/m.leat" | sed -n 's|^[^:]*/in/\([^/:]*\): \(.*\)$|\1 \2|p' >"$T/why"
	grep -Ev ' (up to date|failed before, unchanged)' "$T/why" | cut -d' ' -f1 | tr '\n' ' '
	grep -Ec ' (up to date|failed before, unchanged)' "$T/why" || true
}

first() {
	"$LEAT" run --quiet "$T/m.leat"
}

@test "incremental: a second run leaves everything alone, and says so" {
	[ "$(todo)" = "1.png 2.png 3.png 4.png 5.png 0" ]
	first
	before=$(stat -c '%n %Y %i' "$T"/out/*)
	run "$LEAT" run "$T/m.leat"
	[ "$status" -eq 0 ]
	[[ "$output" == "m: nothing to do: 5 of 5 items unchanged in "* ]]
	[ "$before" = "$(stat -c '%n %Y %i' "$T"/out/*)" ]
	run "$LEAT" plan "$T/m.leat"
	[[ "$output" == *"To do     0; 5 up to date"* ]]
	[ "$(todo)" = "5" ]
}

@test "incremental: what happens to inputs" {
	first
	touch "$T/in/1.png" # another time, the same bytes
	[ "$(todo)" = "5" ]
	grep -q '^1.png up to date (another time, the same content)' "$T/why"
	first
	cp "$T/in/2.png" "$T/in/1.png" # edited
	[ "$(todo)" = "1.png 4" ]
	grep -q '^1.png the input changed' "$T/why"
	first
	cp "$T/in/3.png" "$T/in/0.png" # inserted
	[ "$(todo)" = "0.png 5" ]
	first
	mv "$T/in/0.png" "$T/in/9.png" # renamed: new under its new name
	[ "$(todo)" = "9.png 5" ]
	first
	rm "$T/in/9.png" # deleted
	[ "$(todo)" = "5" ]
	run "$LEAT" plan "$T/m.leat"
	[[ "$output" == *"2 that earlier runs knew are not there any more"* ]]
}

@test "incremental: edits of the recipe that matter, and that do not" {
	recipe 'resize 8x8 fit=cover kernel=mitchell'
	first
	recipe '  resize   8x8  kernel=mitchell fit=cover  # the other way round'
	[ "$(todo)" = "5" ]
	recipe 'resize 8x8 fit=cover kernel=mitchell on=threads timeout=3s retries=2 workers=1'
	[ "$(todo)" = "5" ]
	sed -i '1i let x = 5' "$T/m.leat"
	sed -i 's/job incremental=yes/& cores=1 memory=100MiB/' "$T/m.leat"
	[ "$(todo)" = "5" ]
	recipe 'resize 8x8 fit=cover kernel=mitchell enlarge=yes'
	plain=$("$LEAT" help resize | grep -c enlarge)
	[ "$plain" -ge 1 ]
	recipe 'resize 9x9 fit=cover kernel=mitchell'
	[ "$(todo)" = "1.png 2.png 3.png 4.png 5.png 0" ]
	grep -q '^1.png the recipe changed' "$T/why"
	recipe 'resize 8x8 fit=cover kernel=mitchell | negate'
	[ "$(todo)" = "1.png 2.png 3.png 4.png 5.png 0" ]
	recipe 'resize 8x8 fit=cover kernel=mitchell'
	sed -i 's/in.\*.png/in\/[1-4].png/' "$T/m.leat" # other inputs: nothing to those that stay
	[ "$(todo)" = "4" ]
}

@test "incremental: an output that is missing or was changed is made again" {
	first
	rm "$T/out/2.png"
	echo more >>"$T/out/4.png"
	[ "$(todo)" = "2.png 4.png 3" ]
	grep -q '^2.png an output is missing or changed (.*/out/2.png)' "$T/why"
	first
	[ "$(todo)" = "5" ]
}

@test "incremental: a file that an option names is a part of the work" {
	for i in 1 2; do
		printf 'a,b\n%s,2\n3,4\n' "$i" >"$T/in/$i.csv"
	done
	printf 'w\n1\n0\n' >"$T/with.csv"
	printf 'job incremental=yes\nread in/*.csv\nparse\ncompute "a = a + sum(w)" with=with.csv\nwrite out/{stem}.csv\n' >"$T/m.leat"
	first
	[ "$(todo)" = "2" ]
	cp "$T/with.csv" "$T/same.csv"
	sed -i 's/with.csv/same.csv/' "$T/m.leat" # another name, the same content
	[ "$(todo)" = "2" ]
	printf 'w\n1\n2\n' >"$T/same.csv"
	[ "$(todo)" = "1.csv 2.csv 0" ]
}

@test "incremental: a word or a list that stands where a file may is a part of the work, too" {
	recipe 'colorspace srgb'
	first
	[ "$(todo)" = "5" ]
	recipe 'colorspace gray'
	[ "$(todo)" = "1.png 2.png 3.png 4.png 5.png 0" ]
	printf '1,2\n3,4\n' >"$T/in/1.csv"
	printf 'job incremental=yes\nread in/*.csv\nparse header=no\ninterp x=0,0.5\nwrite out/{stem}.csv\n' >"$T/m.leat"
	first
	grep -qx "2,3" "$T/out/1.csv"
	[ "$(todo)" = "1" ]
	sed -i 's/x=0,0.5/x=0,0.25/' "$T/m.leat"
	[ "$(todo)" = "1.csv 0" ]
}

@test "incremental: --force does all, also what is up to date" {
	first
	run "$LEAT" run --force "$T/m.leat"
	[ "$status" -eq 0 ]
	[[ "$output" == *"5 items done"* ]]
}

@test "incremental: a damaged file is tried once, until it or the recipe changes" {
	head -c 200 testdata/good/photo.png 2>/dev/null >"$T/in/bad.png" || head -c 60 "$T/in/2.png" >"$T/in/bad.png"
	run "$LEAT" run "$T/m.leat"
	[ "$status" -eq 1 ]
	run "$LEAT" run "$T/m.leat"
	[ "$status" -eq 1 ] # known, and not silent
	[[ "$output" == *"failed before and unchanged since"* ]]
	[ "$(todo)" = "6" ]
	grep -q '^bad.png failed before, unchanged since (decode: .*2 runs on end)' "$T/why"
	run "$LEAT" run --json --retry-failed "$T/m.leat"
	[ "$(jq .failed <<<"$output")" = 1 ]
	sed -i 's/^job.*/& | expect known_failed<=1/' "$T/m.leat"
	run "$LEAT" run "$T/m.leat"
	[ "$status" -eq 1 ] # another recipe: tried again
	run "$LEAT" run "$T/m.leat"
	[ "$status" -eq 0 ]
	[[ "$output" == *"known failed items are tolerated"* ]]
	cp "$T/in/1.png" "$T/in/bad.png"
	run "$LEAT" run --json "$T/m.leat"
	[ "$(jq .done <<<"$output")" = 1 ]
}

@test "incremental: an empty file is known like any that failed, until it has something" {
	: >"$T/in/0.png"
	run "$LEAT" run "$T/m.leat"
	[ "$status" -eq 1 ]
	[[ "$output" == *"0.png: is empty"* ]]
	[ "$(todo)" = "6" ]
	grep -q '^0.png failed before, unchanged since (.*is empty' "$T/why"
	run "$LEAT" run --json "$T/m.leat"
	[ "$status" -eq 1 ]
	[ "$(jq -c '[.failed, .known_failed, .skipped]' <<<"$output")" = "[0,1,5]" ]
	run "$LEAT" run --json --retry-failed "$T/m.leat"
	[ "$(jq -c '[.failed, .known_failed]' <<<"$output")" = "[1,0]" ]
	cp "$T/in/1.png" "$T/in/0.png"
	[ "$(todo)" = "0.png 5" ]
}

@test "existing=skip and update: what is there is not even read" {
	sed -i 's/^job.*//; s/^write.*/& existing=skip/' "$T/m.leat"
	first
	for f in "$T"/in/*.png; do echo broken >"$f"; done
	rm "$T/out/2.png"
	cp testdata/good/tiny.png "$T/in/2.png"
	before=$(stat -c '%n %Y %i' "$T"/out/[1345].png)
	run "$LEAT" run --json "$T/m.leat"
	[ "$status" -eq 0 ]
	[ "$(jq -c '[.done, .skipped]' <<<"$output")" = "[1,4]" ]
	[ "$before" = "$(stat -c '%n %Y %i' "$T"/out/[1345].png)" ]
	run "$LEAT" run "$T/m.leat"
	[ "$status" -eq 0 ]
	[[ "$output" == "m: nothing to do: 5 of 5 items have their outputs in "*"files: 5 left as they were"* ]]
	sed -i 's/existing=skip/existing=update/' "$T/m.leat"
	touch -d '1 hour' "$T"/out/*.png
	run "$LEAT" run "$T/m.leat"
	[ "$status" -eq 0 ]
	touch -d '2 hours' "$T/in/3.png"
	run "$LEAT" run "$T/m.leat" # it is newer than its output now, and read
	[ "$status" -eq 1 ]
	[[ "$output" == *"0 of 5 items done, 1 failed, 4 skipped"*"3.png: "* ]]
}

@test "manifest=sha256: all outputs as sha256sum checks them, hashed once" {
	run "$LEAT" check -e "job manifest=sha256 | read $T/in | write $T/x/{name}"
	[ "$status" -eq 2 ]
	[[ "$output" == *"manifest= needs a job with a name"* ]]
	sed -i 's/^job.*/& manifest=sha256/; s/{stem}/{stem}-{index}/' "$T/m.leat"
	cp "$T/in/1.png" "$T/in/"$'a\\b\nc.png'
	first
	list=$T/.leat/m/manifest.sha256
	(cd "$T" && sha256sum --quiet -c "$list")
	[ "$(wc -l <"$list")" -eq 6 ]
	[ "$(grep -c '^\\[0-9a-f]\{64\}  out/a' "$list")" -eq 1 ]
	rm "$T/in/5.png"
	cp "$T/in/2.png" "$T/in/1.png"
	echo changed >"$T/out/3-2.png"
	first # 3 is made again
	(cd "$T" && sha256sum --quiet -c "$list")
	[ "$(wc -l <"$list")" -eq 5 ]
	sqlite3 "$T/.leat/m.db" "UPDATE output SET sha256 = zeroblob(32) WHERE path LIKE '%/out/4-%'"
	first
	[ "$(grep -c '^0\{64\}  out/4-' "$list")" -eq 1 ] # what was hashed is not read again
}

@test "incremental: members that did not change keep their outputs when a reduction is made anew" {
	cat >"$T/m.leat" <<-END
		job incremental=yes
		read in/*.png
		decode
		resize 8x8 fit=fill
		convert depth=8
		flatten
		grayscale
		write out/small/{stem}.png
		reduce mean
		write out/mean.png
	END
	first
	before=$(stat -c '%n %Y %i' "$T"/out/small/[2345].png)
	sum=$(sha256sum <"$T/out/mean.png")
	cp "$T/in/2.png" "$T/in/1.png"
	run "$LEAT" run --json "$T/m.leat"
	[ "$status" -eq 0 ]
	[ "$(jq -c '[.done, .outputs_new, .outputs_overwritten, .outputs_skipped]' <<<"$output")" = "[5,0,2,4]" ]
	[ "$before" = "$(stat -c '%n %Y %i' "$T"/out/small/[2345].png)" ]
	[ "$sum" != "$(sha256sum <"$T/out/mean.png")" ]
	[ "$(todo)" = "5" ]
}

@test "incremental: a report has a row for every input, also those left alone" {
	recipe 'decode | report csv=rep.csv fields=name,width,state'
	first
	sed 's/,done$/,skipped/' "$T/rep.csv" >"$T/want"
	first
	diff "$T/want" "$T/rep.csv"
}

@test "incremental: a reduction is made anew as a whole when a member changed, came or went" {
	printf 'job incremental=yes\nread in/*.png\ndecode\nresize 8x8 fit=fill\nconvert depth=8\nflatten\ngrayscale\nreduce mean\nwrite out/mean.png\n' >"$T/m.leat"
	first
	[ "$(todo)" = "5" ]
	rm "$T/in/5.png"
	[ "$(todo)" = "1.png 2.png 3.png 4.png 0" ]
	first
	sum=$(sha256sum <"$T/out/mean.png")
	[ "$(todo)" = "4" ]
	cp "$T/in/2.png" "$T/in/1.png"
	[ "$(todo)" = "1.png 2.png 3.png 4.png 0" ]
	first
	[ "$sum" != "$(sha256sum <"$T/out/mean.png")" ]
	touch "$T/in/1.png"
	[ "$(todo)" = "4" ]
	rm "$T/out/mean.png"
	[ "$(todo)" = "1.png 2.png 3.png 4.png 0" ]
	first
	cp "$T/in/2.png" "$T/in/7.png"
	[ "$(todo)" = "1.png 2.png 3.png 4.png 7.png 0" ]
}

@test "incremental: a replaced input is known by what it became" {
	printf 'job incremental=yes\nread in/*.png\nresize 8x8\nwrite {path} replace=yes\n' >"$T/m.leat"
	first
	sums=$(sha256sum "$T"/in/*)
	[ "$(todo)" = "5" ]
	first
	[ "$sums" = "$(sha256sum "$T"/in/*)" ]
	touch "$T/in/3.png"
	[ "$(todo)" = "5" ]
	# Killed between the rename and the ledger: the ledger knows what was meant.
	for f in 1 2; do
		sqlite3 "$T/.leat/m.db" "INSERT INTO intent SELECT path, size, hash FROM item WHERE path LIKE '%/$f.png'"
	done
	sqlite3 "$T/.leat/m.db" "UPDATE item SET size = 99999 WHERE path LIKE '%/1.png';
		DELETE FROM item WHERE path LIKE '%/2.png'"
	[ "$(todo)" = "5" ]
	grep -q '^1.png up to date (replaced by a run that was cut short)' "$T/why"
	first
	[ "$sums" = "$(sha256sum "$T"/in/*)" ]
	[ "$(sqlite3 "$T/.leat/m.db" 'SELECT count(*) FROM intent')" = 0 ]
	[ "$(todo)" = "5" ]
}

@test "incremental: --limit and --only record their part, and miss nothing" {
	"$LEAT" run --quiet --limit 2 "$T/m.leat"
	[ "$(todo)" = "3.png 4.png 5.png 2" ]
	"$LEAT" run --quiet --only '5.png' "$T/m.leat"
	[ "$(todo)" = "3.png 4.png 3" ]
	run "$LEAT" plan "$T/m.leat"
	[[ "$output" != *"not there any more"* ]]
}

@test "incremental: durability= needs a state; a job without incremental does all anew" {
	run "$LEAT" check -e "job durability=full | read $T/in | write $T/x/{name}"
	[ "$status" -eq 2 ]
	[[ "$output" == *"durability= needs a job with a name"* ]]
	for d in none batch full; do
		sed -i "s/^job.*/job name=m durability=$d/" "$T/m.leat"
		run "$LEAT" run --json "$T/m.leat"
		[ "$(jq .done <<<"$output")" = 5 ]
	done
}

@test "prune: outputs whose inputs are gone are told of, or removed, within the limit" {
	first
	rm "$T/in/2.png" "$T/in/4.png"
	sed -i 's/^job.*/& prune=report/' "$T/m.leat"
	run "$LEAT" run "$T/m.leat"
	[[ "$output" == *"prune: outputs whose inputs are gone: 2; the first: "*"/out/"* ]]
	sed -i 's/prune=report/prune=delete/' "$T/m.leat"
	run "$LEAT" run "$T/m.leat"
	[[ "$output" == *"nothing removed: 2 of 5 outputs have no input any more, and prune-limit= allows 1%"* ]]
	[ -e "$T/out/2.png" ]
	echo mine >"$T/out/4.png" # not as leat wrote it
	sed -i 's/prune=delete/prune=delete prune-limit=50%/' "$T/m.leat"
	run "$LEAT" run --limit 1 "$T/m.leat"
	[ -e "$T/out/2.png" ]
	run "$LEAT" run "$T/m.leat"
	[ "$status" -eq 0 ]
	[[ "$output" == *"prune: 1 outputs removed"* ]]
	[ ! -e "$T/out/2.png" ]
	[ "$(cat "$T/out/4.png")" = mine ]
	[ "$(ls "$T/out" | wc -l)" -eq 4 ]
	run "$LEAT" run "$T/m.leat"
	[[ "$output" != *prune:* ]]
}

@test "prune: an input that cannot be read hides nothing, a folder that cannot be read hides what is in it" {
	first
	rm "$T/in/2.png"
	ln -s nowhere "$T/in/dead.png"
	: >"$T/in/3.png"
	sed -i 's/^job.*/& prune=report/; s|in/|in/**/|' "$T/m.leat"
	grep -q 'the input changed' <<<"$("$LEAT" plan --why "$T/m.leat" | grep '3.png:')"
	run "$LEAT" run "$T/m.leat"
	[ "$status" -eq 1 ]
	[[ "$output" == *"prune: outputs whose inputs are gone: 1; the first: "*"/out/2.png"* ]]
	mkdir "$T/in/closed"
	chmod 0 "$T/in/closed"
	[ -r "$T/in/closed" ] && return 0 # root reads all
	rm "$T/in/4.png"
	run "$LEAT" run "$T/m.leat"
	[[ "$output" != *"inputs are gone"* ]]
}

@test "prune: what another input writes now is not removed" {
	first
	mv "$T/in/1.png" "$T/in/1.PNG"
	sed -i 's/^job.*/& prune=delete prune-limit=100%/' "$T/m.leat"
	run "$LEAT" run "$T/m.leat"
	[ "$status" -eq 0 ]
	[ -e "$T/out/1.png" ]
}

@test "quarantine: a link and the reason, until the file is good" {
	head -c 60 "$T/in/2.png" >"$T/in/bad.png"
	sed -i '1a defaults on-error=quarantine' "$T/m.leat"
	run "$LEAT" run "$T/m.leat"
	[ "$status" -eq 1 ]
	q=$T/.leat/m/quarantine
	[ "$(ls "$q" | wc -l)" -eq 2 ]
	[ "$(readlink "$q"/*-bad.png)" = "$T/in/bad.png" ]
	grep -q '^decode: ' "$q"/*-bad.png.txt
	[ "$(sqlite3 "$T/.leat/m.db" 'SELECT sum(quarantined) FROM run')" = 1 ]
	cp "$T/in/1.png" "$T/in/bad.png"
	run "$LEAT" run "$T/m.leat"
	[ "$status" -eq 0 ]
	[ "$(ls "$q" | wc -l)" -eq 0 ]
	run "$LEAT" check -e "read $T/in | resize 8x8 on-error=quarantine | write $T/x/{name}"
	[ "$status" -eq 2 ]
	[[ "$output" == *"needs a job with a name"* ]]
}

@test "what a killed run left unfinished is removed by the next, and nothing else" {
	first
	for f in .leat-0123456789.part .leat-012345678.part .leat-0123456789.part.txt; do
		echo half >"$T/out/$f"
	done
	"$LEAT" run --quiet "$T/m.leat"
	[ "$(ls -A "$T/out" | wc -l)" -eq 8 ] # the run before had ended
	sqlite3 "$T/.leat/m.db" 'UPDATE run SET exit_status = -1'
	"$LEAT" run --quiet "$T/m.leat"
	[ ! -e "$T/out/.leat-0123456789.part" ]
	[ "$(ls -A "$T/out" | wc -l)" -eq 7 ]
}

@test "history, failures and show-item tell from the ledger" {
	head -c 60 "$T/in/2.png" >"$T/in/bad.png"
	"$LEAT" run --quiet "$T/m.leat" || true
	"$LEAT" run --quiet "$T/m.leat" || true
	run "$LEAT" history --json "$T/m.leat"
	[ "$(jq -c '[.[]|[.run,.done,.skipped,.failed,.known_failed]]' <<<"$output")" = '[[2,0,5,0,1],[1,5,0,1,0]]' ]
	run "$LEAT" failures "$T/m.leat"
	[ "$status" -eq 0 ]
	[[ "$output" == *"/in/bad.png"*"2 runs on end, since run 1"* ]]
	run "$LEAT" show-item --json "$T/m.leat" out/3.png
	[ "$(jq -r '.[0].path' <<<"$output")" = "$T/in/3.png" ]
	run "$LEAT" show-item "$T/m.leat" bad.png
	[[ "$output" == *"run 1 "*"failed"* ]]
	run "$LEAT" show-item "$T/m.leat" nothing.png
	[ "$status" -eq 3 ]
	rm -r "$T/.leat"
	run "$LEAT" history "$T/m.leat"
	[ "$status" -eq 3 ]
}
