/* SPDX-License-Identifier: MIT */
/* The schedule for cron, for Kubernetes and for Slurm. */
#include "api/schedule.h"

#include "base/json.h"

#include <stdio.h>
#include <unistd.h>

/* A word for the shell, in single quotes where it needs them. */
static void add_shell(struct leat_buf *b, const char *word)
{
	if (*word &&
	    strspn(word, "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789_-+=:,./@") == strlen(word)) {
		leat_buf_adds(b, word);
		return;
	}
	leat_buf_addc(b, '\'');
	for (; *word; word++)
		if (*word == '\'')
			leat_buf_adds(b, "'\\''");
		else
			leat_buf_addc(b, *word);
	leat_buf_addc(b, '\'');
}

static bool passes_exec(const struct leat_timer *t)
{
	return t->o->allow_exec && t->r->plan->runs_programs;
}

/* What a shell has to run, the wait in front of it included. */
static void add_command(const struct leat_timer *t, struct leat_buf *b)
{
	if (t->s->jitter)
		leat_buf_addf(b, "sleep \"$(shuf -n 1 -i 0-%lld)\"; ", (long long)t->s->jitter);
	add_shell(b, t->o->program);
	leat_buf_adds(b, passes_exec(t) ? " run --quiet --allow-exec " : " run --quiet ");
	add_shell(b, t->r->path);
}

/* The five fields on the local clock, or on that of UTC. */
static int add_fields(const struct leat_timer *t, bool want_utc, struct leat_buf *b, struct leat_err *err)
{
	if (t->s->interval)
		return leat_fail(
			err, LEAT_CAUSE_USAGE,
			"'%s' divides no day: only systemd can do that; write a part of a day, for example every=6h",
			t->s->text);
	int64_t local = leat_zone_local.offset(leat_zone_local.ctx, t->now);
	int64_t offset = t->s->utc == want_utc ? 0 : want_utc ? -local : local;
	if (!leat_schedule_crontab(t->s, offset, b))
		return leat_fail(err, LEAT_CAUSE_USAGE,
				 "'%s' cannot be said in the time that counts there; systemd can do it", t->s->text);
	return 0;
}

int leat_timer_crontab(const struct leat_timer *t, struct leat_buf *b, struct leat_err *err)
{
	struct leat_buf command = {0};
	leat_buf_addf(b, "%s\n", t->mark);
	if (add_fields(t, false, b, err) < 0)
		return -1;
	leat_buf_addc(b, ' ');
	add_command(t, &command);
	for (const char *s = command.data; s && *s; s++) {
		if (*s == '%') /* else it ends the line for cron */
			leat_buf_addc(b, '\\');
		leat_buf_addc(b, *s);
	}
	leat_buf_addc(b, '\n');
	b->failed = b->failed || command.failed;
	leat_buf_free(&command);
	return 0;
}

int leat_timer_slurm(const struct leat_timer *t, struct leat_buf *b, struct leat_err *err)
{
	const struct leat_job *job = t->job;
	leat_buf_addf(b, "%s\n#SCRON --job-name=%s\n#SCRON --cpus-per-task=%d\n", t->mark, t->name, job->cores);
	if (job->memory_given)
		leat_buf_addf(b, "#SCRON --mem=%lluM\n",
			      (unsigned long long)((job->memory + job->memory / 2) / 1048576 + 1024));
	leat_buf_adds(b, "#SCRON --open-mode=append\n#SCRON --output=");
	leat_buf_addf(b, "%s.log\n", t->name);
	if (add_fields(t, false, b, err) < 0)
		return -1;
	leat_buf_addc(b, ' ');
	add_command(t, b);
	leat_buf_addc(b, '\n');
	return 0;
}

bool leat_zone_name(char *buf, size_t size)
{
	const char *tz = secure_getenv("TZ"), *dir = "zoneinfo/";
	char link[512];
	if (tz && *tz) {
		tz += *tz == ':';
		return strchr(tz, '/') && tz[0] != '/' && snprintf(buf, size, "%s", tz) < (int)size;
	}
	ssize_t n = readlink("/etc/localtime", link, sizeof link - 1);
	link[n > 0 ? n : 0] = 0;
	const char *at = n > 0 ? strstr(link, dir) : NULL;
	return at && snprintf(buf, size, "%s", at + strlen(dir)) < (int)size;
}

/* A text of YAML: those of JSON are that, too. */
static void add_yaml(struct leat_buf *b, const char *before, const char *text)
{
	leat_buf_adds(b, before);
	struct leat_buf quoted = {0};
	leat_json_text(&quoted, NULL, text);
	leat_buf_add(b, quoted.data, quoted.len);
	leat_buf_addc(b, '\n');
	b->failed = b->failed || quoted.failed;
	leat_buf_free(&quoted);
}

static void add_volumes(const struct leat_touched *at, struct leat_buf *b)
{
	const struct leat_strs *lists[] = {&at->reads, &at->writes};
	for (int what = 0; what < 2; what++) {
		leat_buf_adds(b, what ? "          volumes:\n" : "              volumeMounts:\n");
		for (size_t k = 0; k < LEAT_LEN(lists); k++)
			for (size_t i = 0; i < lists[k]->n; i++) {
				leat_buf_addf(
					b, what ? "            - name: %s-%zu\n" : "                - name: %s-%zu\n",
					k ? "out" : "in", i + 1);
				if (what) {
					leat_buf_adds(b, "              hostPath:\n                type: Directory\n");
					add_yaml(b, "                path: ", lists[k]->v[i]);
				} else {
					add_yaml(b, "                  mountPath: ", lists[k]->v[i]);
					leat_buf_addf(b, "                  readOnly: %s\n", k ? "false" : "true");
				}
			}
	}
}

static void add_container(const struct leat_timer *t, struct leat_buf *b)
{
	leat_buf_adds(b, "            - name: leat\n"
			 "              # An image with leat in it; the folders below are those of one node.\n"
			 "              image: leat:" LEAT_VERSION "\n"
			 "              command:\n");
	if (t->s->jitter) {
		struct leat_buf command = {0};
		add_command(t, &command);
		leat_buf_adds(b, "                - \"/bin/sh\"\n                - \"-c\"\n");
		add_yaml(b, "                - ", command.data ? command.data : "");
		b->failed = b->failed || command.failed;
		leat_buf_free(&command);
	} else {
		add_yaml(b, "                - ", t->o->program);
		leat_buf_adds(b, "                - \"run\"\n                - \"--quiet\"\n");
		if (passes_exec(t))
			leat_buf_adds(b, "                - \"--allow-exec\"\n");
		add_yaml(b, "                - ", t->r->path);
	}
	add_yaml(b, "              workingDir: ", t->r->dir);
	leat_buf_adds(b, "              securityContext:\n"
			 "                allowPrivilegeEscalation: false\n"
			 "                readOnlyRootFilesystem: true\n"
			 "                capabilities:\n"
			 "                  drop: [\"ALL\"]\n");
	leat_buf_addf(b, "              resources:\n                limits:\n                  cpu: \"%d\"\n",
		      t->job->cores);
	if (t->job->memory_given)
		leat_buf_addf(b, "                  memory: \"%lluMi\"\n",
			      (unsigned long long)((t->job->memory + t->job->memory / 2) / 1048576 + 1024));
}

/* Names there are lower case letters, digits and '-'. */
static void add_dns_name(struct leat_buf *b, const char *name)
{
	for (; *name; name++) {
		char c = *name >= 'A' && *name <= 'Z' ? (char)(*name - 'A' + 'a') : *name;
		bool plain = (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9');
		if (plain || name[1])
			leat_buf_addc(b, plain ? c : '-');
	}
	leat_buf_adds(b, "\n");
}

static int add_when(const struct leat_timer *t, struct leat_buf *b, struct leat_err *err)
{
	char zone[128] = "Etc/UTC";
	struct leat_buf fields = {0};
	bool named = t->s->utc || leat_zone_name(zone, sizeof zone);
	if (add_fields(t, t->s->utc || !named, &fields, err) < 0) {
		leat_buf_free(&fields);
		return -1;
	}
	if (!named)
		leat_buf_adds(
			b, "  # The name of the local time zone is not known: the time is that of UTC, as of today.\n");
	add_yaml(b, "  schedule: ", fields.data);
	leat_buf_free(&fields);
	add_yaml(b, "  timeZone: ", named ? zone : "Etc/UTC");
	return 0;
}

int leat_timer_kubernetes(const struct leat_timer *t, struct leat_buf *b, struct leat_err *err)
{
	struct leat_touched at;
	leat_buf_addf(b, "%s\napiVersion: batch/v1\nkind: CronJob\nmetadata:\n  name: ", t->mark);
	add_dns_name(b, t->name);
	leat_buf_adds(b, "spec:\n");
	if (add_when(t, b, err) < 0 || leat_touched_find(t->r, &at, err) < 0)
		return -1;
	leat_buf_adds(b, "  concurrencyPolicy: Forbid\n"
			 "  startingDeadlineSeconds: 43200\n"
			 "  jobTemplate:\n"
			 "    spec:\n"
			 "      backoffLimit: 0\n"
			 "      template:\n"
			 "        spec:\n"
			 "          restartPolicy: Never\n"
			 "          automountServiceAccountToken: false\n"
			 "          terminationGracePeriodSeconds: 900\n"
			 "          securityContext:\n"
			 "            runAsNonRoot: true\n"
			 "            seccompProfile:\n"
			 "              type: RuntimeDefault\n"
			 "          containers:\n");
	add_container(t, b);
	add_volumes(&at, b);
	leat_arena_free(&at.arena);
	return 0;
}
