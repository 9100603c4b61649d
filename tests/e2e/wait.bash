# wait.bash: a test waits for what must come to pass, not for a time: sanitized programs on busy machines are slow.

until_true() { # command...: at most a minute
	for _ in $(seq 1200); do
		if "$@"; then return; fi
		sleep 0.05
	done
	echo "it took longer than a minute until: $*"
	return 1
}
