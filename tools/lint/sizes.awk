# awk -f sizes.awk FILE...: function and file lengths, line widths. A function begins at a '{' in column 1 and ends at a
# '}' there. Outside src/ only the widths are judged: tests are lists of cases.
FNR == 1 { file_end() }
{ lines = FNR; name = FILENAME; check_width() }
/^\{/ { start = FNR }
/^\}/ && start && FILENAME ~ /^src\// {
	len = FNR - start - 1
	start = 0
	all[n++] = len
	over60 += len > 60
	if (len > 100) {
		print FILENAME ":" FNR - len - 1 ": a function of " len " lines (at most 100)"
		bad = 1
	}
}
function check_width(   text) {
	text = $0
	gsub(/\t/, "        ", text)
	gsub(/[\200-\277]/, "", text) # one column a character, not a byte: run with LC_ALL=C
	if (length(text) > 120) {
		print FILENAME ":" FNR ": a line of " length(text) " columns (at most 120)"
		bad = 1
	}
}
function file_end(   limit) {
	start = 0
	limit = name ~ /^src\/(ops|formats)\// ? 400 : 700
	if (name ~ /^src\// && lines > limit) {
		print name ": " lines " lines (at most " limit ")"
		bad = 1
	}
	lines = 0
}
END {
	file_end()
	for (i = 0; i < n; i++)
		at[all[i]]++
	sum = 0
	for (l = 0; l <= 1000 && n; l++) {
		sum += at[l]
		if (!median && sum >= n / 2)
			median = l
		if (!p95 && sum >= n * 0.95)
			p95 = l
	}
	print "sizes: " n " functions, median " median ", 95 % within " p95 " lines"
	if (p95 > 60)
		bad = 1
	exit bad
}
