# awk -f docs.awk HEADER...: a prototype needs a comment above it, beside it, or above the group it stands in.
FNR == 1 { documented = 0; comment = 0 }
/^[ \t]*\/\*/ { documented = 1 }
/^$/ { documented = 0 }
/^[a-z].*\);/ || /^[a-z][^=]*\($/ {
	if (!documented && $0 !~ /\/\*/ && $0 !~ /^static/ && $0 !~ /^extern "C"/) {
		print FILENAME ":" FNR ": no comment says what this promises: " $0
		bad = 1
	}
}
END { exit bad }
