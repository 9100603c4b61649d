/* SPDX-License-Identifier: MIT */
/*
 * A service and a timer of systemd. The service may do what a run needs and no more: of the options of
 * systemd.exec(5) those stand here under which leat with its sandboxed workers, io_uring and memory files was found
 * to run.
 */
#include "api/schedule.h"

#include "base/num.h"

/* A word of ExecStart=: quoted, '%' and '$' doubled. */
static void add_word(struct leat_buf *b, const char *word)
{
	leat_buf_adds(b, " \"");
	for (const char *s = word; *s; s++) {
		if (*s == '"' || *s == '\\')
			leat_buf_addc(b, '\\');
		if (*s == '%' || *s == '$')
			leat_buf_addc(b, *s);
		leat_buf_addc(b, *s);
	}
	leat_buf_addc(b, '"');
}

/* A path as the rest of a line: it is taken as it is, but for '%'. */
static void add_path(struct leat_buf *b, const char *option, const char *path)
{
	leat_buf_adds(b, option);
	for (const char *s = path; *s; s++) {
		if (*s == '%')
			leat_buf_addc(b, '%');
		leat_buf_addc(b, *s);
	}
	leat_buf_addc(b, '\n');
}

/* A path in a list of them, in quotes; one that is not there any more is passed over. */
static void add_writable(struct leat_buf *b, const char *path)
{
	leat_buf_adds(b, "ReadWritePaths=\"-");
	for (const char *s = path; *s; s++) {
		if (*s == '"' || *s == '\\')
			leat_buf_addc(b, '\\');
		if (*s == '%')
			leat_buf_addc(b, '%');
		leat_buf_addc(b, *s);
	}
	leat_buf_adds(b, "\"\n");
}

static bool any_within(const struct leat_strs *v, const char *const *folders)
{
	for (size_t i = 0; i < v->n; i++)
		for (size_t k = 0; folders[k]; k++)
			if (strncmp(v->v[i], folders[k], strlen(folders[k])) == 0)
				return true;
	return false;
}

/* Memory for the pictures in hand, and for what programs and libraries take besides. */
static void add_limits(const struct leat_timer *t, struct leat_buf *b)
{
	const uint64_t besides = UINT64_C(1) << 30;
	const struct leat_job *job = t->job;
	if (job->memory_given && job->memory)
		leat_buf_addf(b, "MemoryMax=%llu\n", (unsigned long long)(job->memory + job->memory / 2 + besides));
	if (job->cores > 0 && job->cores < t->r->facts.cores)
		leat_buf_addf(b, "CPUQuota=%d%%\n", job->cores * 100);
	leat_buf_adds(b, "TasksMax=4096\n"
			 "LimitCORE=0\n"
			 "# A worker that takes too much memory costs one file, never the run.\n"
			 "OOMPolicy=continue\n");
}

/* What holds for every recipe. */
static const char walls[] =
	"NoNewPrivileges=yes\n"
	"CapabilityBoundingSet=\n"
	"AmbientCapabilities=\n"
	"PrivateDevices=yes\n"
	"DevicePolicy=closed\n"
	"ProtectSystem=strict\n"
	"ProtectKernelTunables=yes\n"
	"ProtectKernelModules=yes\n"
	"ProtectKernelLogs=yes\n"
	"ProtectControlGroups=yes\n"
	"ProtectClock=yes\n"
	"ProtectHostname=yes\n"
	"ProtectProc=invisible\n"
	"RestrictNamespaces=yes\n"
	"RestrictRealtime=yes\n"
	"RestrictSUIDSGID=yes\n"
	"LockPersonality=yes\n"
	"KeyringMode=private\n"
	"RemoveIPC=yes\n"
	"SystemCallArchitectures=native\n"
	"SystemCallErrorNumber=EPERM\n"
	"PrivateMounts=yes\n"
	"SystemCallFilter=@system-service\n"
	"SystemCallFilter=io_uring_setup io_uring_enter io_uring_register\n"
	"SystemCallFilter=seccomp landlock_create_ruleset landlock_add_rule landlock_restrict_self\n";

/* leat itself needs no network and makes no code: where it starts no programs, there is none of it. */
static const char no_network[] =
	"MemoryDenyWriteExecute=yes\n"
	"PrivateNetwork=yes\n"
	"IPAddressDeny=any\n"
	"RestrictAddressFamilies=AF_UNIX\n"
	"SystemCallFilter=~@resources:EPERM @privileged:EPERM\n"
	"SystemCallFilter=setpriority ioprio_set prlimit64 setrlimit sched_setaffinity capset fchown\n";

static int add_walls(const struct leat_timer *t, struct leat_buf *b, struct leat_err *err)
{
	static const char *const homes[] = {"/home", "/root", "/run/user", NULL}, *const temps[] = {"/tmp", "/var/tmp",
												    NULL};
	struct leat_touched at;
	if (leat_touched_find(t->r, &at, err) < 0)
		return -1;
	leat_buf_adds(b, walls);
	if (!t->r->plan->runs_programs)
		leat_buf_adds(b, no_network);
	if (!t->o->user) /* what a manager of a user needs to build walls at all */
		leat_buf_adds(b, "PrivateUsers=yes\n");
	leat_buf_addf(b, "ProtectHome=%s\n",
		      any_within(&at.reads, homes) || any_within(&at.writes, homes) ? "read-only" : "yes");
	if (!any_within(&at.reads, temps) && !any_within(&at.writes, temps))
		leat_buf_adds(b, "PrivateTmp=yes\n");
	else if (t->r->plan->runs_programs) /* where exec keeps what its programs read and write */
		add_writable(b, "/tmp");
	for (size_t i = 0; i < at.writes.n; i++)
		add_writable(b, at.writes.v[i]);
	leat_arena_free(&at.arena);
	return 0;
}

int leat_timer_service(const struct leat_timer *t, struct leat_buf *b, struct leat_err *err)
{
	leat_buf_addf(b, "%s\n[Unit]\nDescription=leat: %s\nDocumentation=man:leat(1)\n", t->mark, t->job->name);
	leat_buf_adds(b, "\n[Service]\nType=notify\nNotifyAccess=main\nWatchdogSec=10min\n");
	if (t->o->user)
		leat_buf_addf(b, "User=%s\n", t->o->user);
	leat_buf_adds(b, "ExecStart=");
	size_t from = b->len;
	add_word(b, t->o->program);
	if (!b->failed)
		memmove(b->data + from, b->data + from + 1, b->len-- - from); /* no blank in front */
	leat_buf_adds(b, " run --quiet");
	if (t->o->allow_exec && t->r->plan->runs_programs)
		leat_buf_adds(b, " --allow-exec");
	add_word(b, t->r->path);
	leat_buf_adds(b, "\n");
	add_path(b, "WorkingDirectory=", t->r->dir);
	leat_buf_adds(b, "# Another run of the job is active: no failure.\nSuccessExitStatus=75\n"
			 "# A stop finishes what is in hand first.\nKillMode=mixed\nTimeoutStopSec=15min\n\n");
	add_limits(t, b);
	leat_buf_adds(b, "\n");
	return add_walls(t, b, err);
}

int leat_timer_timer(const struct leat_timer *t, struct leat_buf *b, struct leat_err *err)
{
	enum { YEARS = 4 };
	const struct leat_schedule *s = t->s;
	(void)err;
	leat_buf_addf(b, "%s\n[Unit]\nDescription=leat: %s, %s\nDocumentation=man:leat(1)\n\n[Timer]\n", t->mark,
		      t->job->name, s->text);
	if (s->interval)
		leat_buf_addf(b, "OnActiveSec=1min\nOnUnitActiveSec=%llds\n", (long long)s->interval);
	else if (!leat_schedule_systemd(s, &leat_zone_local, t->now, YEARS, b))
		leat_buf_adds(b, "# Local time, for days of the month cannot be told in UTC here.\n");
	if (!s->interval)
		leat_buf_adds(b,
			      "# A start that was missed while the machine was off is made up for.\nPersistent=true\n");
	if (s->jitter)
		leat_buf_addf(b, "RandomizedDelaySec=%llds\nFixedRandomDelay=true\n", (long long)s->jitter);
	leat_buf_adds(b, "AccuracySec=1s\n\n[Install]\nWantedBy=timers.target\n");
	return 0;
}
