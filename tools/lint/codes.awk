# awk -f codes.awk src/core/diagcodes.def GOLDEN.err... SOURCE.c...: the codes of diagnostics. Every code that the source
# reports stands in the table, every row of the table is reported somewhere, and each has a golden case.
function name(letter, number) { return sprintf("%s%03d", letter, number) }

FILENAME ~ /\.def$/ {
	if (match($0, /^DIAG\((ERROR|WARNING), [0-9]+/)) {
		split(substr($0, RSTART + 5, RLENGTH - 5), part, ", ")
		table[name(substr(part[1], 1, 1), part[2])] = 1
	}
	next
}
FILENAME ~ /\.err$/ {
	while (match($0, /(error|warning)\[[EW][0-9][0-9][0-9]\]/)) {
		golden[substr($0, RSTART + RLENGTH - 5, 4)] = 1
		$0 = substr($0, RSTART + RLENGTH)
	}
	next
}
FNR == 1 { reports(); file = FILENAME; text = "" }
/enum \{ E_[A-Z]+ = [0-9]+ \}/ { value[$3] = $5 }
{ text = text " " $0 }
END {
	reports()
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

# All calls that report, in the text of one file: the second argument is the code, or holds the codes.
function reports(    call, letter, rest, arg) {
	rest = text
	while (match(rest, /(leat_(say|plan|diag)_(error|warning)|leat_vp_fail|LEAT_FIRST|SAY)\([^,;{]*,/)) {
		call = substr(rest, RSTART, RLENGTH)
		rest = substr(rest, RSTART + RLENGTH)
		letter = call ~ /warning/ ? "W" : "E"
		arg = substr(rest, 1, index(rest, ",") - 1)
		if (arg in value || substr(arg, 2) in value)
			arg = value[substr(arg, 2)]
		note(letter, arg)
	}
	rest = text
	while (match(rest, /\.code = [0-9]+|(error|warning)\[[EW][0-9]+\]|UNSUPPORTED \? [0-9]+ : [0-9]+/)) {
		call = substr(rest, RSTART, RLENGTH)
		rest = substr(rest, RSTART + RLENGTH)
		note(call ~ /^warning/ ? "W" : "E", call)
	}
}

function note(letter, arg) {
	while (match(arg, /[0-9]+/)) {
		if (substr(arg, RSTART, RLENGTH) + 0 > 0)
			used[name(letter, substr(arg, RSTART, RLENGTH))] = file
		arg = substr(arg, RSTART + RLENGTH)
	}
}
