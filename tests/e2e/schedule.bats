#!/usr/bin/env bats
# leat schedule: what it tells systemd, cron, Kubernetes and Slurm, and what it leaves alone; and what leat run tells systemd.
# $LEAT is the program.

setup() {
	cd "$BATS_TEST_DIRNAME/../.."
	T=$(mktemp -d)
	export NO_COLOR=1 TZ=Europe/Berlin HOME=$T/home XDG_CONFIG_HOME=$T/config PATH=$T/bin:$PATH
	mkdir -p "$T/in" "$T/bin" "$T/home" "$T/units"
	cp "$(find testdata/good -name '*.png' | sort | head -1)" "$T/in/1.png"
	recipe 'daily at=02:30 jitter=10m'
}

teardown() {
	rm -rf "$T"
}

recipe() { # schedule
	printf 'job name=web memory=1GiB\nschedule %s\nread in/*.png\nresize 8x8\nwrite out/{stem}.png\n' "$*" >"$T/web.leat"
}

units() { # option...: prints the units into files of their names
	"$LEAT" schedule print "$T/web.leat" "$@" |
		awk -v d="$T/units/" '/^# leat-web\.(service|timer)$/ {f = d $2; next} {print > f}'
}

# A systemctl and a crontab that write down what they are asked.
fake_systemctl() {
	printf '#!/bin/sh\necho "$*" >>"%s/systemctl"\n' "$T" >"$T/bin/systemctl"
	chmod +x "$T/bin/systemctl"
}

fake_crontab() {
	cat >"$T/bin/crontab" <<-END
		#!/bin/sh
		case \$1 in
		-l) [ -e "$T/table" ] && exec cat "$T/table"; echo "no crontab for you" >&2; exit 1 ;;
		-) cat >"$T/table"; echo >>"$T/writes" ;;
		esac
	END
	chmod +x "$T/bin/crontab"
}

@test "schedule show: five starts in both times, and what clock changes do" {
	if [ "$(date -d '2026-07-01 00:00 UTC' +%H)" != 02 ]; then skip "no time zones on this machine"; fi
	run "$LEAT" schedule show "$T/web.leat"
	[ "$status" -eq 0 ]
	[[ "${lines[0]}" == "job       web ($(realpath "$T/web.leat"))" ]]
	[[ "${lines[1]}" == "schedule  daily at=02:30 jitter=10m, local time of Europe/Berlin" ]]
	[ "$(grep -cE '^ +[A-Z][a-z]{2} [0-9-]{10} 02:30 \+0[12]:00   [A-Z][a-z]{2} [0-9-]{10} 0[01]:30   in ' <<<"$output")" -eq 5 ]
	[[ "$output" == *"each up to 10m"*" later (jitter=)"* ]]
	[[ "$output" == *"02:30 does not exist, for clocks are put forward: the job starts at 03:30, once"* ]]
	[[ "$output" == *"02:30 comes twice, for clocks are put back: the job starts the first time, at 02:30, once"* ]]
	recipe 'daily at=02:30 timezone=UTC'
	run "$LEAT" schedule show "$T/web.leat"
	[[ "$output" != *warning* ]]
	[[ "$output" == *"cron knows local time only"* ]]
	recipe every=7h
	run "$LEAT" schedule show "$T/web.leat"
	[ "$status" -eq 0 ]
	[[ "$output" == *"then every 7h"*"only systemd can do it"* ]]
	run "$LEAT" schedule print --as crontab "$T/web.leat"
	[ "$status" -eq 2 ]
	[[ "$output" == *"'every=7h' divides no day: only systemd can do that"* ]]
}

@test "schedule: wrong words are told" {
	run "$LEAT" schedule start "$T/web.leat"
	[ "$status" -eq 2 ]
	[[ "$output" == *"can show, print, install and remove, not 'start'"* ]]
	sed -i /^schedule/d "$T/web.leat"
	run "$LEAT" schedule show "$T/web.leat"
	[ "$status" -eq 2 ]
	[[ "$output" == *"has no schedule; write for example: schedule daily at=02:30"* ]]
	recipe daily
	sed -i 's/^job.*/& on-finish=true/' "$T/web.leat"
	run "$LEAT" schedule print "$T/web.leat"
	[ "$status" -eq 2 ]
	[[ "$output" == *"has to be allowed with --allow-exec"* ]]
	run "$LEAT" schedule print --allow-exec "$T/web.leat"
	[[ "$output" == *"run --quiet --allow-exec \""* ]]
	[[ "$output" != *PrivateNetwork* ]]
	run "$LEAT" schedule install --as slurm "$T/web.leat"
	[ "$status" -eq 2 ]
}

@test "schedule: systemd understands the units, and finds them well walled in" {
	if ! command -v systemd-analyze >/dev/null; then skip "no systemd-analyze"; fi
	for when in 'daily at=02:30 jitter=10m' 'weekly day=sun at=00:30' hourly every=6h every=7h "cron='*/20 3-5 1,15 * 5'" 'daily timezone=UTC'; do
		recipe "$when"
		units
		SYSTEMD_LOG_LEVEL=info run systemd-analyze verify --man=no "$T/units/leat-web.timer" "$T/units/leat-web.service"
		echo "$when: $output"
		[ "$status" -eq 0 ]
		[ -z "$output" ]
		while read -r calendar; do
			[[ $when == *7h || $calendar == *" UTC" ]]
			systemd-analyze calendar "$calendar" >/dev/null
		done < <(sed -n 's/^OnCalendar=//p' "$T/units/leat-web.timer")
	done
	mkdir "$T/50% off" # names of any kind
	recipe daily
	sed -i "s|^write.*|write '../it is \"my\" 50% b/{stem}.png'|" "$T/web.leat"
	mkdir "$T/it is \"my\" 50% b"
	sed 's|in/|../in/|' "$T/web.leat" >"$T/50% off/it's.leat"
	"$LEAT" schedule print "$T/50% off/it's.leat" |
		awk -v d="$T/units/" '/^# leat-web\.(service|timer)$/ {f = d $2; next} {print > f}'
	SYSTEMD_LOG_LEVEL=info run systemd-analyze verify --man=no "$T/units/leat-web.timer" "$T/units/leat-web.service"
	[ "$status" -eq 0 ]
	[ -z "$output" ]
	cat "$T/units/leat-web.service"
	grep -qF "ReadWritePaths=\"-$(realpath "$T")/it is \\\"my\\\" 50%% b" "$T/units/leat-web.service"
	grep -qF "WorkingDirectory=$(realpath "$T")/50%% off" "$T/units/leat-web.service"
	recipe daily
	for who in "" "--user nobody"; do
		# shellcheck disable=SC2086
		units $who
		run systemd-analyze security --offline=true --threshold=25 "$T/units/leat-web.service"
		echo "$output" | tail -1
		[ "$status" -eq 0 ]
	done
	grep -qx User=nobody "$T/units/leat-web.service"
	# Programs may need more: a network, memory that is written and run.
	sed -i 's/^job.*/& on-finish=true/' "$T/web.leat"
	units --allow-exec
	[ "$(grep -cE 'PrivateNetwork|MemoryDenyWriteExecute' "$T/units/leat-web.service")" -eq 0 ]
	run systemd-analyze security --offline=true --threshold=40 "$T/units/leat-web.service"
	echo "$output" | tail -1
	[ "$status" -eq 0 ]
}

@test "schedule: the units allow every system call of a run with all its executors" {
	if ! command -v strace >/dev/null || ! command -v systemd-analyze >/dev/null; then skip "no strace or no systemd-analyze"; fi
	if nm "$LEAT" | grep -qE '__(asan|tsan)_init'; then skip "a sanitizer does not work under strace"; fi
	for i in 2 3 4 5 6 7 8; do cp "$T/in/1.png" "$T/in/$i.png"; done
	printf 'job name=web nice=1 ionice=idle deadline=1h\nschedule daily\nread in/*.png on=async\nresize 8x8 on=processes\nblur 2 on=openmp\nwrite out/{stem}.png on=threads\n' >"$T/web.leat"
	units
	if ! strace -f -o "$T/calls" true; then skip "strace is not allowed here"; fi
	strace -f -o "$T/calls" "$LEAT" run --quiet "$T/web.leat"
	sed -n 's/^[0-9]* *\([a-z0-9_]*\)(.*/\1/p' "$T/calls" | sort -u >"$T/used"
	grep -qx io_uring_enter "$T/used"
	grep -qx memfd_create "$T/used"
	# Only root's workers give up groups and users; a unit is not run by root.
	python3 tests/e2e/allowed_calls.py "$T/units/leat-web.service" | sort >"$T/allowed"
	run comm -23 "$T/used" <(sort "$T/allowed" <(printf 'setgroups\nsetresuid\nsetresgid\n'))
	[ -z "$output" ]
}

@test "schedule: systemd starts them when the schedule says" {
	if ! systemd-analyze calendar --base-time='2027-03-28 00:00 UTC' '*-*-* 01:30:00 UTC' >/dev/null 2>&1; then skip "no systemd-analyze calendar"; fi
	if [ "$(date -d '2026-07-01 00:00 UTC' +%H)" != 02 ]; then skip "no time zones on this machine"; fi
	units
	sed -n 's/^OnCalendar=//p' "$T/units/leat-web.timer" >"$T/lines"
	year=$(($(date +%Y) + 1))
	# Of all lines together the next start on each of these days is the local 02:30, or what comes in its place.
	for day in $year-01-15 $year-07-15; do
		next=$(while read -r line; do
			TZ=UTC systemd-analyze calendar --base-time="$day 00:00:00 UTC" "$line" | sed -n 's/^ *Next elapse: [A-Z][a-z]* //p'
		done <"$T/lines" | sort | head -1)
		[ "$(date -d "$next" '+%F %H:%M')" = "$day 02:30" ]
	done
}

@test "schedule install: units are written once, replaced when they change, and nobody else's is touched" {
	fake_systemctl
	run "$LEAT" schedule install "$T/web.leat"
	[ "$status" -eq 0 ]
	dir=$XDG_CONFIG_HOME/systemd/user
	[ "$(ls "$dir" | tr '\n' ' ')" = "leat-web.service leat-web.timer " ]
	[ "$(sed -n 1p "$dir/leat-web.timer")" = "# leat schedule: $(realpath "$T/web.leat")" ]
	[ "$(tr '\n' ' ' <"$T/systemctl")" = "--user daemon-reload --user enable --now leat-web.timer " ]
	run "$LEAT" schedule install "$T/web.leat"
	[ "$status" -eq 0 ]
	[ "$(grep -c ^unchanged <<<"$output")" -eq 2 ]
	recipe 'daily at=04:00'
	run "$LEAT" schedule install "$T/web.leat"
	[ "$(grep -c ^unchanged <<<"$output")" -eq 1 ]
	grep -q ' 0[23]:00:00 UTC' "$dir/leat-web.timer"
	run "$LEAT" schedule remove "$T/web.leat"
	[ "$status" -eq 0 ]
	[ -z "$(ls "$dir")" ]
	grep -qx -- '--user disable --now leat-web.timer' "$T/systemctl"
	run "$LEAT" schedule remove "$T/web.leat"
	[ "$status" -eq 0 ]
	[[ "$output" == *"nothing was installed for this recipe"* ]]
	# Of another recipe with this name, and of a person.
	for text in "# leat schedule: /elsewhere/web.leat" "[Unit]"; do
		echo "$text" >"$dir/leat-web.service"
		for verb in install remove; do
			run "$LEAT" schedule $verb "$T/web.leat"
			[ "$status" -eq 5 ]
			[[ "$output" == *"was not written by leat for this recipe: it stays as it is"* ]]
		done
		[ "$(cat "$dir/leat-web.service")" = "$text" ]
		[ ! -e "$dir/leat-web.timer" ]
	done
}

@test "schedule install: no systemd for this user is told, with the way out" {
	printf '#!/bin/sh\nexit 1\n' >"$T/bin/systemctl"
	chmod +x "$T/bin/systemctl"
	run "$LEAT" schedule install "$T/web.leat"
	[ "$status" -eq 5 ]
	[[ "$output" == *"leat schedule install --as crontab"* ]]
}

@test "schedule install --as crontab: two lines, and all others stay" {
	fake_crontab
	printf 'MAILTO=me\n# mine\n5 5 * * * true' >"$T/table"
	run "$LEAT" schedule install --as crontab "$T/web.leat"
	[ "$status" -eq 0 ]
	[ "$(sed -n '1,3p' "$T/table")" = "$(printf 'MAILTO=me\n# mine\n5 5 * * * true')" ]
	[ "$(sed -n 4p "$T/table")" = "# leat schedule: $(realpath "$T/web.leat")" ]
	[[ "$(sed -n 5p "$T/table")" == '30 2 * * * sleep "$(shuf -n 1 -i 0-600)"; '*' run --quiet '"$(realpath "$T/web.leat")" ]]
	"$LEAT" schedule install --as crontab "$T/web.leat"
	[ "$(wc -l <"$T/writes")" -eq 1 ]
	recipe 'daily at=04:00'
	"$LEAT" schedule install --as crontab "$T/web.leat"
	[ "$(wc -l <"$T/table")" -eq 5 ]
	grep -q '^0 4 \* \* \* ' "$T/table"
	run "$LEAT" schedule remove --as crontab "$T/web.leat"
	[ "$status" -eq 0 ]
	[ "$(cat "$T/table")" = "$(printf 'MAILTO=me\n# mine\n5 5 * * * true')" ]
	# A table that cannot be read is not replaced.
	printf '#!/bin/sh\n[ "$1" = -l ] || echo >>"%s/writes2"\necho "you are not allowed" >&2\nexit 1\n' "$T" >"$T/bin/crontab"
	run "$LEAT" schedule install --as crontab "$T/web.leat"
	[ "$status" -eq 5 ]
	[[ "$output" == *"cannot read the crontab: you are not allowed"* ]]
	[ ! -e "$T/writes2" ]
}

@test "schedule: Debian's cron takes the line" {
	: >"$T/empty"
	if ! crontab -n "$T/empty" 2>/dev/null; then skip "no crontab -n: Debian's package cron"; fi
	mkdir "$T/50% off"
	for when in 'daily at=02:30 jitter=10m' 'weekly day=sun' hourly every=6h "cron='*/20 1-3 1,15 jan-mar 5'"; do
		recipe "$when"
		mv "$T/web.leat" "$T/50% off/it's.leat"
		"$LEAT" schedule print --as crontab "$T/50% off/it's.leat" >"$T/line"
		grep -q '50\\% off' "$T/line"
		crontab -n "$T/line"
	done
}

@test "schedule: the CronJob has the form that Kubernetes wants" {
	for when in 'daily at=02:30 jitter=10m' 'daily timezone=UTC' every=6h "cron='30 2 * * 1-5'"; do
		recipe "$when"
		"$LEAT" schedule print --as kubernetes "$T/web.leat" >"$T/job.yaml"
		run python3 tests/e2e/cronjob.py "$T/job.yaml"
		echo "$when: $output"
		[ "$status" -eq 0 ]
	done
	grep -q 'timeZone: "Europe/Berlin"' "$T/job.yaml"
	sed 's/concurrencyPolicy: Forbid/concurrencyPolicy: Never/' "$T/job.yaml" >"$T/bad.yaml"
	run python3 tests/e2e/cronjob.py "$T/bad.yaml"
	[ "$status" -ne 0 ]
}

@test "schedule: scrontab gets cores and memory" {
	run "$LEAT" schedule print --as slurm "$T/web.leat"
	[ "$status" -eq 0 ]
	[[ "$output" == *"#SCRON --job-name=leat-web"*"#SCRON --mem=2560M"*$'\n''30 2 * * * '* ]]
}

@test "run: tells the service manager that it is ready, how far it is, that it lives, and that it ends" {
	cat >"$T/manager.py" <<-'END'
		import os, socket, subprocess, sys
		s = socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM)
		s.bind(sys.argv[1])
		s.settimeout(30)
		env = dict(os.environ, NOTIFY_SOCKET=sys.argv[1], WATCHDOG_USEC="2000000")
		p = subprocess.Popen(sys.argv[2:], env=env)
		said = ""
		while "STOPPING" not in said:
		    said = s.recv(4096).decode()
		    print(said)
		sys.exit(p.wait())
	END
	sed -i "s|^job.*|& on-finish='echo \$NOTIFY_SOCKET.\$WATCHDOG_USEC >\&2; sleep 2.5; exit 3'|" "$T/web.leat"
	run python3 "$T/manager.py" "$T/notify" "$LEAT" run --allow-exec "$T/web.leat"
	[ "$status" -eq 5 ]
	[[ "$output" == *"READY=1"*"STATUS="*"STATUS=1 of 1 items, 0 failed"*"WATCHDOG=1"*"STOPPING=1"* ]]
	[[ "$output" == *"status 3: ."* ]] # who is started by it is not told where to answer
}
