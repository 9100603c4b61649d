# awk -f layers.awk tools/lint/layers FILE...: reports every include that climbs a floor or looks sideways.
FNR == NR {
	if ($1 ~ /^#/ || NF < 2)
		next
	floor[$2] = $1
	for (i = 3; i <= NF; i++) {
		may[$2, $i] = 1
		if (floor[$i] >= $1) {
			print "layers: " $2 " on floor " $1 " names " $i " on floor " floor[$i]
			bad = 1
		}
	}
	next
}
FNR == 1 {
	split(FILENAME, part, "/")
	room = part[2]
	if (!(room in floor)) {
		print FILENAME ": room '" room "' is not in tools/lint/layers"
		bad = 1
	}
}
/^[ \t]*#[ \t]*include[ \t]*"/ {
	split($0, q, "\"")
	n = split(q[2], to, "/")
	if (n == 1)
		next # a neighbor in the same folder
	if (to[1] != room && !((room, to[1]) in may)) {
		print FILENAME ":" FNR ": " room " may not include " q[2]
		bad = 1
	}
}
/^[ \t]*#[ \t]*include[ \t]*<leat\// {
	match($0, /<leat\/[a-z]*/)
	header = substr($0, RSTART + 6, RLENGTH - 6)
	if (room != "api" && room != "cli" && header != "types" && header != "event") {
		print FILENAME ":" FNR ": " room " may not include <leat/" header ".h>: only types and events are shared below the api"
		bad = 1
	}
}
END { exit bad }
