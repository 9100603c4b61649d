# awk -f codes.awk src/core/diagcodes.def GOLDEN.err... SOURCE.[ch]...: the codes of diagnostics. Every code that the
# source reports stands in the table, every row of the table is reported somewhere, and each has a case: golden, or in tests/e2e where the text tells a time.
function name(letter, number) { return sprintf("%s%03d", letter, number) }

FILENAME ~ /\.def$/ {
	if (match($0, /^DIAG\((ERROR|WARNING), [0-9]+/)) {
		split(substr($0, RSTART + 5, RLENGTH - 5), part, ", ")
		table[name(substr(part[1], 1, 1), part[2])] = 1
	}
	next
}
FILENAME ~ /\.(err|bats)$/ {
	while (match($0, /(error|warning)\[[EW][0-9][0-9][0-9]\]/)) {
		golden[substr($0, RSTART + RLENGTH - 5, 4)] = 1
		$0 = substr($0, RSTART + RLENGTH)
	}
	next
}
FNR == 1 { reports(); file = FILENAME; text = "" }
{ text = text " " $0 }
/^enum \{/ {
	while (match($0, /[A-Z_]+ = [0-9]+/)) {
		split(substr($0, RSTART, RLENGTH), part, " = ")
		value[part[1]] = part[2]
		$0 = substr($0, RSTART + RLENGTH)
	}
}
END {
	reports()
	for (i = 0; i < calls; i++)
		note(letters[i], args[i] in value ? value[args[i]] : args[i], files[i])
	for (c in used)
		if (!(c in table)) {
			print used[c] ": reports " c ", which src/core/diagcodes.def does not list"
			bad = 1
		}
	for (c in table) {
		if (!(c in used)) {
			print "src/core/diagcodes.def: nothing reports " c
			bad = 1
		}
		if (!(c in golden)) {
			print "tests/golden: no case gives " c
			bad = 1
		}
	}
	exit bad
}

function remember(letter, arg) {
	gsub(/ /, "", arg)
	letters[calls] = letter
	args[calls] = arg
	files[calls++] = file
}

# All calls that report, in the text of one file: the second argument is the code, or holds the codes.
function reports(    call, rest) {
	rest = text
	while (match(rest, /(leat_(say|plan|diag)_(error|warning)|leat_vp_fail|LEAT_FIRST|SAY)\([^,;{]*,/)) {
		call = substr(rest, RSTART, RLENGTH)
		rest = substr(rest, RSTART + RLENGTH)
		remember(call ~ /warning/ ? "W" : "E", substr(rest, 1, index(rest, ",") - 1))
	}
	rest = text
	while (match(rest, /\.code = [0-9]+|(error|warning)\[[EW][0-9]+\]|UNSUPPORTED \? [0-9]+ : [0-9]+/)) {
		call = substr(rest, RSTART, RLENGTH)
		rest = substr(rest, RSTART + RLENGTH)
		remember(call ~ /^warning/ ? "W" : "E", call)
	}
}

# Every number of the argument: "nothing ? 70 : 78" has two.
function note(letter, arg, where) {
	while (match(arg, /[0-9]+/)) {
		if (substr(arg, RSTART, RLENGTH) + 0 > 0)
			used[name(letter, substr(arg, RSTART, RLENGTH))] = where
		arg = substr(arg, RSTART + RLENGTH)
	}
}
