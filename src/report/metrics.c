/* SPDX-License-Identifier: MIT */
/* See metrics.h. */
#include "report/metrics.h"

#include "base/num.h"
#include "report/outfile.h"
#include "report/share.h"
#include "report/tables.h"

#include <fcntl.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

static const char success[] = "leat_last_success_timestamp_seconds";

/* A label's value: backslash, quote and line break are escaped, what is no UTF-8 is written \xE4. */
static void add_value(struct leat_buf *b, const char *s)
{
	struct leat_buf plain = {0};
	leat_report_escape(&plain, s);
	for (const char *c = plain.data ? plain.data : ""; *c; c++)
		if (*c == '\n')
			leat_buf_adds(b, "\\n");
		else if (*c == '"' || *c == '\\')
			leat_buf_addf(b, "\\%c", *c);
		else
			leat_buf_addc(b, *c);
	b->failed = b->failed || plain.failed;
	leat_buf_free(&plain);
}

static void family(struct leat_buf *b, const char *name, const char *help)
{
	leat_buf_addf(b, "# HELP %s %s\n# TYPE %s gauge\n", name, help, name);
}

/* One sample; a NULL label is left out. */
static void sample(struct leat_buf *b, const char *name, const char *job, const char *const labels[static 4], double v)
{
	char number[352];
	leat_buf_addf(b, "%s{job=\"", name);
	add_value(b, job);
	for (int i = 0; i < 4 && labels[i]; i += 2) {
		leat_buf_addf(b, "\",%s=\"", labels[i]);
		add_value(b, labels[i + 1]);
	}
	leat_buf_addf(b, "\"} %s\n", leat_print_fixed(v, v == (double)(int64_t)v ? 0 : 6, number));
}

static void one(struct leat_buf *b, const char *name, const char *help, const char *job, double v)
{
	static const char *const none[4] = {NULL};
	family(b, name, help);
	sample(b, name, job, none, v);
}

static void items(struct leat_buf *b, const char *job, const struct leat_counts *c)
{
	one(b, "leat_items_matched", "Inputs that the recipe matched.", job, (double)c->matched);
	family(b, "leat_items", "Inputs by how they ended.");
	for (int i = LEAT_DONE; i < LEAT_N_STATES; i++) {
		const char *const labels[4] = {"state", leat_state_key(i), NULL};
		sample(b, "leat_items", job, labels, (double)c->state[i]);
	}
	one(b, "leat_read_bytes", "Bytes read from inputs.", job, (double)c->bytes_in);
	one(b, "leat_written_bytes", "Bytes written to outputs.", job, (double)c->bytes_out);
}

/* The sum over all steps: who wants to know more reads the report. */
static void failures(struct leat_buf *b, const char *job, const struct leat_summary *s)
{
	if (s->n_failures == 0)
		return;
	family(b, "leat_failures", "Failed inputs by cause.");
	for (int cause = LEAT_CAUSE_NONE; cause < LEAT_N_CAUSES; cause++) {
		const char *const labels[4] = {"cause", leat_cause_name(cause), NULL};
		uint64_t n = 0;
		for (size_t i = 0; i < s->n_failures; i++)
			n += s->failures[i].cause == (enum leat_cause)cause ? s->failures[i].n : 0;
		if (n)
			sample(b, "leat_failures", job, labels, (double)n);
	}
}

static void groups(struct leat_buf *b, const char *job, const struct leat_summary *s)
{
	if (s->n_groups == 0)
		return;
	family(b, "leat_group_seconds", "Where the time of a group's workers went.");
	for (size_t i = 0; i < s->n_groups; i++) {
		const struct leat_group_time *g = &s->groups[i];
		struct leat_share share = leat_share_of(g);
		double all = g->busy + g->idle;
		const struct {
			const char *name;
			double v;
		} v[] = {{"computing", share.computing},
			 {"no_core", share.core},
			 {"blocked", share.blocked},
			 {"no_work", share.idle}};
		for (size_t k = 0; k < sizeof v / sizeof *v; k++) {
			const char *const labels[4] = {"group", g->name, "in", v[k].name};
			sample(b, "leat_group_seconds", job, labels, v[k].v * all);
		}
	}
}

void leat_metrics_text(const struct leat_metrics *m, const struct leat_summary *s, struct leat_buf *b)
{
	const struct leat_counts *c = &s->counts;
	one(b, "leat_running", "1 while the job runs.", m->job, m->ended_ns ? 0 : 1);
	one(b, "leat_start_timestamp_seconds", "When the run began.", m->job, (double)m->started_ns * 1e-9);
	if (m->ended_ns) {
		one(b, "leat_end_timestamp_seconds", "When the run ended.", m->job, (double)m->ended_ns * 1e-9);
		one(b, "leat_exit_status", "Exit status of the run; 0: all is well.", m->job, s->exit_status);
	}
	if (m->succeeded_ns)
		one(b, success, "When a run last ended with status 0.", m->job, (double)m->succeeded_ns * 1e-9);
	one(b, "leat_run_seconds", "How long the run took, or takes so far.", m->job, c->seconds);
	items(b, m->job, c);
	failures(b, m->job, s);
	one(b, "leat_reserved_bytes_peak", "Most memory that the items in hand had reserved.", m->job,
	    (double)s->peak_budget);
	groups(b, m->job, s);
}

/* The number behind the line's last blank. */
static int64_t number_at_end(const char *line, size_t n)
{
	double v = 0;
	size_t at = n;
	while (at > 0 && line[at - 1] != ' ')
		at--;
	return leat_parse_real(line + at, n - at, &v) && v > 0 && v < 1e10 ? (int64_t)(v * 1e9) : 0;
}

int64_t leat_metrics_last_success(const char *path, const char *job)
{
	enum { MOST = 64 * 1024 };
	struct leat_buf text = {0}, want = {0};
	int64_t found = 0;
	leat_buf_addf(&want, "\n%s{job=\"", success);
	add_value(&want, job);
	leat_buf_adds(&want, "\"} ");
	int fd = open(path, O_RDONLY | O_CLOEXEC | O_NONBLOCK | O_NOCTTY);
	ssize_t n = fd >= 0 && leat_buf_reserve(&text, MOST) == 0 ? read(fd, text.data, MOST) : -1;
	if (fd >= 0)
		(void)close(fd); /* only read */
	if (n > 0 && !want.failed) {
		text.data[n] = 0;
		const char *line = strstr(text.data, want.data);
		found = line ? number_at_end(line, want.len + strcspn(line + want.len, "\n")) : 0;
	}
	leat_buf_free(&text);
	leat_buf_free(&want);
	return found;
}

int leat_metrics_write(const char *path, const struct leat_metrics *m, const struct leat_summary *s, bool sync,
		       struct leat_err *err)
{
	struct leat_outfile f;
	if (leat_outfile_open(&f, path, false, NULL, sync, err) < 0)
		return -1;
	leat_metrics_text(m, s, &f.buf);
	return leat_outfile_close(&f, false, err);
}
