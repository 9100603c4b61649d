#!/usr/bin/env bats
# What a new user meets in the first hour and must not stumble over. $LEAT is the program.

load wait

setup() {
	cd "$BATS_TEST_DIRNAME/../.."
	T=$(mktemp -d)
	export NO_COLOR=1
}

teardown() {
	rm -rf "$T"
}

@test "first hour: one literal file may be written under one literal name" {
	run "$LEAT" run -e "read testdata/good/tiny.png | resize 4x4 | write $T/one.png"
	[ "$status" -eq 0 ]
	[ -s "$T/one.png" ]
}

@test "first hour: a recipe without a step is refused with a message" {
	for text in '' '# nothing yet' 'let a = b' 'defaults timeout=1s'; do
		run "$LEAT" run -e "$text"
		[ "$status" -eq 2 ]
		[ -n "$output" ]
		run "$LEAT" plan -e "$text"
		[ "$status" -eq 2 ]
	done
}

@test "first hour: write - puts the image on standard output and nothing else" {
	one="read testdata/good/tiny.png | resize 4x4"
	"$LEAT" run -e "$one | write $T/{stem}.png"
	"$LEAT" run -e "$one | encode png | write -" >"$T/out.png" 2>/dev/null
	cmp "$T/tiny.png" "$T/out.png"
}

@test "first hour: a failed expectation names the count it is about" {
	run "$LEAT" run -e "expect matched>=1000 | read testdata/good | resize 4x4 | write $T/{reldir}/{stem}-{ext}.png"
	[ "$status" -eq 4 ]
	[[ "$output" == *"matched>=1000 did not hold"* ]]
	[[ "$output" != *"items failed"* ]]
}

@test "first hour: the JSON summary tells the same exit status as the program" {
	mkdir "$T/in"
	for i in $(seq 400); do cp testdata/good/sunrise.png "$T/in/$i.png"; done
	"$LEAT" run --json -e "read $T/in | resize 600x600 enlarge=yes | blur 9 | write $T/out/{stem}.png" >"$T/json" 2>/dev/null 3>&- &
	pid=$!
	until_true test -d "$T/out" # it is at work
	kill -TERM $pid
	status=0
	wait $pid || status=$?
	[ "$status" -eq 143 ]
	grep -q '"exit":143' "$T/json"
}

@test "first hour: a report field that only an item has is refused before anything runs" {
	run "$LEAT" check -e "read testdata/good | resize 4x4 | report csv=$T/{stem}.csv"
	[ "$status" -eq 2 ]
}

@test "first hour: a number format on a text field is refused before anything runs" {
	run "$LEAT" check -e "read testdata/good | resize 4x4 | write $T/{stem:04}.png"
	[ "$status" -eq 2 ]
}

@test "first hour: a pattern that stops above the folders says what looks into them" {
	run "$LEAT" run -e "read testdata/*.jpg | write $T/{name}"
	[ "$status" -eq 3 ]
	[[ "$output" == *"end in .jpg; "*"to look into folders too: testdata/**/*.jpg"* ]]
	mkdir -p "$T/in/a"
	run "$LEAT" run -e "read $T/in/*.jpg | write $T/{name}"
	[ "$status" -eq 3 ]
	[[ "$output" == *"there are no files; to look into folders too: $T/in/**/*.jpg"* ]]
}

@test "first hour: a folder whose name has a blank is asked for in quotes" {
	run "$LEAT" run -e "read testdata/good/2024 Urlaub | write $T/{name}"
	[ "$status" -eq 3 ]
	[[ "$output" == *"did you mean '2024 Urlaub', in quotes?"* ]]
}

@test "first hour: what is no recipe and no command is named, and how to go on" {
	run "$LEAT" run testdata/good/tiny.png
	[ "$status" -eq 2 ]
	[ "${#lines[@]}" -eq 1 ]
	[[ "$output" == *"of the format png, not a recipe"*"-e 'read testdata/good/tiny.png |"* ]]
	run "$LEAT" run testdata
	[ "$status" -eq 2 ]
	[[ "$output" == *"is a folder, not a recipe"* ]]
	printf '\xff\xfer\0' >"$T/wide.leat"
	run "$LEAT" check "$T/wide.leat"
	[ "$status" -eq 2 ]
	[[ "$output" == *"UTF-16"* ]]
	run "$LEAT" run 'read a | write b/{name}'
	[[ "$output" == *"stands behind -e"* ]]
	run "$LEAT" resize 800x600 a.jpg
	[ "$status" -eq 2 ]
	[[ "$output" == *"'resize' is a step, not a command: leat help resize"* ]]
	run "$LEAT" mogrify -resize 800 a.jpg
	[[ "$output" == *"another program"* ]]
	run "$LEAT" web.leat
	[[ "$output" == *"did you mean 'leat run web.leat'?"* ]]
}

@test "first hour: --input may stand before the recipe, and a file too many says so" {
	echo "read x | resize 4x4 | write $T/{stem}.png" >"$T/one.leat"
	"$LEAT" run --input testdata/good/tiny.png testdata/good/thin.png "$T/one.leat"
	[ -s "$T/tiny.png" ]
	[ -s "$T/thin.png" ]
	run "$LEAT" run "$T/one.leat" testdata/good
	[ "$status" -eq 2 ]
	[[ "$output" == *"--input testdata/good"* ]]
}

@test "first hour: under cron: silent when all is well, the reason on stderr when not" {
	cron() { env -i /bin/sh -c "cd /; $1" </dev/null; }
	line="'$LEAT' run --quiet -e 'read \"$PWD/testdata/good\" | resize 8x8 | write $T/out/{reldir}/{name}'"
	run cron "$line"
	[ "$status" -eq 0 ]
	[ -z "$output" ]
	run cron "${line/testdata\/good/testdata}"
	[ "$status" -eq 1 ]
	[[ "$output" == *"13 of 14 items done, 1 failed"*"broken.png: truncated"* ]]
	[ -z "$(cron "${line/testdata\/good/testdata}" 2>/dev/null || true)" ]
	run cron "${line/testdata\/good/nowhere}"
	[ "$status" -eq 3 ]
	[[ "$output" == *"no file matches"* ]]
	run cron "${line/$T\/out//proc/none}"
	[ "$status" -eq 5 ]
	[[ "$output" == *"stopped: "*"/proc/none"* ]]
	[[ "$output" != *"held the others up"* ]]
}

@test "first hour: a list from find replaces a mogrify line, whatever is in the names" {
	mkdir -p "$T/in/Sommer in Köln"
	cp testdata/good/sunrise.png "$T/in/Sommer in Köln/Müller's Gärten.PNG"
	cp testdata/good/thin.png "$T/in/[1] 100%.png"
	cp "testdata/good/2024 Urlaub/hochkant.JPG" "$T/in/"$'two\nlines.JPG'
	(cd "$T" && find in -type f -print0 | "$LEAT" run -e 'read list=- | resize 50x50 | write out/{reldir}/{name}')
	[ -s "$T/out/Sommer in Köln/Müller's Gärten.PNG" ]
	[ -s "$T/out/[1] 100%.png" ]
	[ -s "$T/out/"$'two\nlines.JPG' ]
	run "$LEAT" run -e "read - | resize 50x50 | write $T/{name}"
	[ "$status" -eq 2 ]
	[[ "$output" == *"write list=-"* ]]
}

@test "first hour: a folder with pictures and tables gives each step what it can take" {
	mkdir "$T/in"
	cp testdata/good/tiny.png "$T/in/"
	printf 'a,b\n1,2\n3,4\n' >"$T/in/n.csv"
	run "$LEAT" run -e "read $T/in | resize 4x4 | write $T/out/{name}"
	[ "$status" -eq 0 ]
	[[ "$output" == *"1 item done"* ]]
	run "$LEAT" run -e "read $T/in | parse | stats | report csv=$T/numbers.csv fields=name,mean"
	[ "$status" -eq 0 ]
	grep -qx 'n.csv,2.5' "$T/numbers.csv"
	run "$LEAT" run -e "read $T/in | stats | report csv=$T/numbers.csv"
	[ "$status" -eq 2 ]
	[[ "$output" == *"'decode' or 'parse'"* ]]
}

@test "first hour: a folder of tables needs no parse, even for what only numbers have" {
	mkdir -p "$T/in/a"
	printf 'x,y\n1,2\n3,4\n' >"$T/in/a/1.csv"
	printf 'x,y\n5,6\n7,8\n' >"$T/in/2.csv"
	"$LEAT" check -e "read $T/in | stats fields=mean,rows per=column | report csv=$T/n.csv fields=name,mean_x,rows"
	"$LEAT" run --quiet -e "read $T/in | stats fields=mean,rows per=column | report csv=$T/n.csv fields=name,mean_x,rows"
	[ "$(sort "$T/n.csv")" = "$(printf '1.csv,2,2\n2.csv,6,2\nname,mean_x,rows')" ]
	run "$LEAT" run -e "read $T/in | stats fields=dominant | report csv=$T/n.csv"
	[ "$status" -eq 2 ]
	[[ "$output" == *"measured on images, and this is numbers"* ]]
}

@test "first hour: a photographer's tree, twice in a row" {
	mkdir -p "$T/Fotos/2024 Übersee" "$T/Fotos/2025"
	cp "testdata/good/2024 Urlaub/hochkant.JPG" "$T/Fotos/2024 Übersee/Müller's Garten.JPG"
	cp "testdata/good/2024 Urlaub/gray.jpeg" "$T/Fotos/2025/IMG_1.jpeg"
	cp testdata/good/sunrise.png "$T/Fotos/2025/IMG_1.png"
	head -c 2000 "$T/Fotos/2025/IMG_1.png" >"$T/Fotos/2025/abgebrochen.png"
	echo notes >"$T/Fotos/2025/notes.txt"
	cat >"$T/web.leat" <<-'END'
		read Fotos
		resize 64x64
		encode jpeg quality=85
		write "fürs Web/{reldir}/{stem}.jpg"
	END
	# the collision is told before anything is written, with the name that keeps both
	run "$LEAT" run "$T/web.leat"
	[ "$status" -eq 2 ]
	[ ! -e "$T/fürs Web" ]
	[[ "$output" == *"two inputs would write the same file"*"IMG_1.jpeg"*"IMG_1.png"*"{stem}-{ext}.jpg"* ]]
	sed -i 's/{stem}\.jpg/{stem}-{ext}.jpg/' "$T/web.leat"
	run "$LEAT" run "$T/web.leat"
	[ "$status" -eq 1 ]
	[[ "$output" == *"3 of 4 items done, 1 failed"*"files: 3 new"*"abgebrochen.png: truncated"* ]]
	run "$LEAT" run "$T/web.leat"
	[[ "$output" == *"files: 3 overwritten"* ]]
	sed -i 's/^write.*/& existing=skip/' "$T/web.leat"
	run "$LEAT" run "$T/web.leat"
	[[ "$output" == *"files: 3 left as they were"* ]]
	[ "$(find "$T/fürs Web" -type f | wc -l)" -eq 3 ]
	[ -s "$T/fürs Web/2024 Übersee/Müller's Garten-JPG.jpg" ]
	# a folder of results inside the folder that is read
	run "$LEAT" check -e "read $T/Fotos | resize 64x64 | write $T/Fotos/klein/{name}"
	[[ "$output" == *"warning[W004]"* ]]
}

@test "first hour: options of other tools are answered" {
	mine() { # what is typed, what must be said
		run "$LEAT" run $1 web.leat
		[ "$status" -eq 2 ]
		[[ "$output" == *"$2"* ]]
	}
	mine -q "did you mean '--quiet'?"
	mine -j4 "did you mean '--cores'?"
	mine --jobs=4 "did you mean '--cores'?"
	mine -v "the summary is always printed"
	mine "-o out" "the recipe says where results go"
	mine -Z "see 'leat run --help'"
}
