#!/usr/bin/env bats
# One-liners are the same text in every shell: what is written between single quotes reaches the program unchanged, and
# the program takes it. $LEAT is the program.

setup() {
	cd "$BATS_TEST_DIRNAME/../.."
	T=$(mktemp -d)
	mkdir "$T/bin"
	# A leat that writes down the text behind -e, byte by byte, each on a line.
	printf '#!/bin/sh\nwhile [ "$1" != -e ]; do shift; done\nprintf "%%s\\n" "$2" >>"$GOT"\n' >"$T/bin/leat"
	chmod +x "$T/bin/leat"
}

teardown() {
	rm -rf "$T"
}

# One command a line. What must survive: $ {} * ? [] # | < > = ! ~ % & ; " and blanks.
commands() {
	cat <<-'END'
		leat run -e 'read photos | resize 800x800 | write web/{reldir}/{stem}.jpg'
		leat run -e 'read photos/**/*.{jpg,png} | resize 800x600 | write out/{stem}-{ext}.png'
		leat run -e 'let out = web | read "my photos" | resize 50% | write $out/{name}'
		leat run -e 'let w = 320 | read photos | resize ${w}x${w} | write out/{stem}-$w.jpg'
		leat run -e 'read photos | decode | keep width>=800 | drop ext=png,jpg | write out/{name}'
		leat run -e 'read photos | decode | keep "name~a b*" width>height | write out/{name}'
		leat run -e 'read photos | keep ext!=png | flatten background=#ff8800 | write out/{stem}.jpg'
		leat run -e 'read photos/*.jpg photos/[a-c]?.png | rotate 90 background=#fff | write out/{stem}-{ext}.png'
		leat run -e 'read photos | branch b for size in 320,800 | resize ${size}x | write out/{stem}-$size.jpg | end'
		leat run -e 'job memory=50% | expect matched>=1 failed<=1% | read photos | stats | report csv=out.csv'
		leat run -e 'read ~/photos | encode jpeg quality=82 | write out/{mtime:%Y-%m}/{index:04}.jpg'
		leat run -e 'read "photos & more; (old)" | strip | write "out/it costs $$5/{stem}.jpg"'
		leat run -e "read 'photos & more' | keep \"name~*'*\" | write out/{name}"
		leat run -e 'read küste/*.png | resize 100x | write "ausgabe/{stem}.png"'
		leat run --quiet -e 'read photos | blur 1.5 | write out/{name} existing=skip # soft'
	END
	sed -n 's/^ *\(leat run -e .*\)/\1/p' README.md
	"$LEAT" help | sed -n 's/^ *\(leat run -e .*\)/\1/p'
}

@test "one-liners: sh, bash, dash, zsh and fish hand over the same bytes" {
	commands >"$T/commands"
	[ "$(wc -l <"$T/commands")" -ge 16 ]
	for shell in sh bash dash zsh fish; do
		PATH=$T/bin:$PATH GOT=$T/got-$shell HOME=$T "$shell" "$T/commands" </dev/null
		diff "$T/got-sh" "$T/got-$shell"
	done
	[ "$(wc -l <"$T/got-sh")" = "$(wc -l <"$T/commands")" ]
	# and in single quotes nothing at all is changed
	grep -F -- " -e '" "$T/commands" | sed "s/^[^']*'//; s/'\$//" >"$T/written"
	grep -vxFf "$T/got-sh" "$T/written" | { ! grep .; }
}

@test "one-liners: the program takes every one of them" {
	mkdir "$T/run"
	while IFS= read -r command; do
		sed 's/leat run\( --quiet\)\?/"$LEAT" check/' <<<"$command" >"$T/run/command"
		(cd "$T/run" && sh command) || { echo "refused: $command"; return 1; }
	done < <(commands)
}

@test "one-liners: what show --oneline prints is the same recipe in every shell" {
	cat >"$T/nasty.leat" <<-'END'
		let a = "it's \\ a \"test\"!"   # a comment's quote
		let b = 'back\slash \'
		read "x y/**/*.png" exclude='[a-b]\*'
		keep "name~*'*" width>=1
		write "o/$a $b {{x}} $$HOME `id` !! \u{1F4F7} {stem}.png"
	END
	sed -i 's/^keep/decode\nkeep/' "$T/nasty.leat"
	for file in pipelines/*.leat "$T/nasty.leat"; do
		"$LEAT" show --oneline "$file" >"$T/command"
		[ "$(wc -l <"$T/command")" = 1 ]
		rm -f "$T"/got-*
		for shell in sh bash dash zsh fish; do
			PATH=$T/bin:$PATH GOT=$T/got-$shell HOME=$T "$shell" "$T/command" </dev/null
			cmp "$T/got-sh" "$T/got-$shell"
		done
		diff <("$LEAT" show --json "$file") <("$LEAT" show --json -e "$(cat "$T/got-fish")")
	done
}
