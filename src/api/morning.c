/* SPDX-License-Identifier: MIT */
/* leat report, and the report that a run of a job leaves beside its state. */
#include "api/morning.h"

#include "api/gather.h"
#include "api/sheet.h"
#include "base/num.h"
#include "report/night.h"
#include "report/outfile.h"

#include <errno.h>
#include <stdio.h>
#include <sys/stat.h>
#include <unistd.h>

/* ---- of any run, from the state */

static int number_of(const char *run, int64_t *id, struct leat_err *err)
{
	*id = 0;
	if (run && (!leat_parse_int(run, strlen(run), id) || *id < 1))
		return leat_fail(err, LEAT_CAUSE_USAGE, "'%.100s' is no number of a run", run);
	return 0;
}

static int open_state(const char *state, struct leat_state_file **s, struct leat_err *err)
{
	int there = leat_state_open(s, state, false, err);
	if (there > 0)
		leat_fail(err, LEAT_CAUSE_NOT_FOUND, "there is no state '%.200s' yet: run the job first", state);
	return there == 0 ? 0 : -1;
}

static int render(const struct leat_morning *m, enum leat_report_form form, bool color, struct leat_buf *out,
		  struct leat_err *err)
{
	if (form == LEAT_REPORT_HTML)
		return leat_morning_html(m, out, err);
	if (form == LEAT_REPORT_JSON)
		leat_morning_lines(m, out);
	else
		leat_morning_text(m, out, color);
	return leat_buf_check(out, err);
}

char *leat_report(const char *state, const char *run, enum leat_report_form form, bool color, struct leat_err *err)
{
	struct leat_state_file *s = NULL;
	struct leat_gathered g = {.run.id = 0};
	struct leat_buf out = {0};
	int64_t id;
	int ok = number_of(run, &id, err);
	if (ok == 0)
		ok = open_state(state, &s, err);
	if (ok == 0) {
		ok = leat_gather(s, state, id, &g, err);
		if (ok > 0 && id)
			leat_fail(err, LEAT_CAUSE_NOT_FOUND, "there is no run %lld in '%.200s'", (long long)id, state);
		else if (ok > 0)
			leat_fail(err, LEAT_CAUSE_NOT_FOUND, "no run is recorded in '%.200s' yet", state);
	}
	if (ok == 0)
		ok = render(&g.m, form, color, &out, err);
	char *text = ok == 0 ? leat_buf_detach(&out, err) : NULL;
	leat_gathered_free(&g);
	leat_state_close(&s);
	leat_buf_free(&out);
	return text;
}

static int save(const char *path, const struct leat_buf *text, struct leat_err *err)
{
	struct leat_outfile f;
	if (leat_outfile_open(&f, path, false, NULL, false, err) < 0)
		return -1;
	leat_buf_add(&f.buf, text->data, text->len);
	return leat_outfile_close(&f, false, err);
}

int leat_report_save(const char *text, const char *path, struct leat_err *err)
{
	struct leat_buf b = {.data = (char *)text, .len = strlen(text)}, full = {0};
	char cwd[4096];
	if (*path != '/' && !getcwd(cwd, sizeof cwd))
		return leat_fail_sys(err, LEAT_CAUSE_NONE, errno, "cannot tell the current folder");
	leat_buf_addf(&full, "%s%s%s", *path == '/' ? "" : cwd, *path == '/' ? "" : "/", path);
	int ok = leat_buf_check(&full, err);
	if (ok == 0)
		ok = save(full.data, &b, err);
	leat_buf_free(&full);
	return ok;
}

/* ---- of the run that just ended */

/* What the state does not keep: the timeline, notices, why it stopped. */
static void add_live(struct leat_morning *m, const struct leat_recipe *r, const struct leat_trail *t)
{
	const struct leat_summary *s = &r->summary;
	m->job = r->plan->job.name;
	m->version = LEAT_VERSION;
	m->fatal = s->fatal;
	m->expect = s->expect;
	m->peak_budget = s->peak_budget;
	m->notices = (const char *const *)s->notices;
	m->notice_counts = s->notice_counts;
	m->n_notices = s->n_notices;
	m->trail = t;
}

/* Times of steps, as they were seen; compared where the state knows the run before. */
static void add_steps(struct leat_gathered *g, const struct leat_trail *t)
{
	struct leat_morning_step *v = leat_arena_alloc(&g->a, (t->n_steps + 1) * sizeof *v);
	for (size_t i = 0; v && i < t->n_steps; i++) {
		const struct leat_trail_step *s = &t->steps[i];
		v[i] = (struct leat_morning_step){s->text, s->branch, s->items, s->seconds,
						  leat_gathered_before(g, s->text, s->branch)};
	}
	if (v && t->n_steps) {
		g->m.steps = v;
		g->m.n_steps = t->n_steps;
	}
}

/* Pixels are known of what was seen. */
static void add_pixels(struct leat_morning *m, const struct leat_trail *t)
{
	for (size_t i = 0; i < m->slowest.n; i++)
		for (size_t k = 0; k < t->n_slow; k++)
			if (t->slow[k].pixels && strcmp(t->slow[k].path, m->slowest.v[i].path) == 0)
				m->slowest.v[i].pixels = t->slow[k].pixels;
}

static const char *input_path(const struct leat_recipe *r, uint64_t seq, struct leat_arena *a)
{
	const struct leat_listing *l = r->facts.inputs;
	struct leat_buf b = {0};
	if (seq >= l->n)
		return NULL;
	const struct leat_entry *e = &l->v[seq];
	const char *root = *e->root ? e->root : r->cwd;
	leat_buf_addf(&b, "%s%s%s", root, strcmp(root, "/") == 0 ? "" : "/", e->rel);
	const char *text = b.failed ? NULL : leat_arena_strndup(a, b.data, b.len);
	leat_buf_free(&b);
	return text;
}

static void add_sheet(struct leat_morning *m, const struct leat_recipe *r, const struct leat_trail *t,
		      struct leat_arena *a)
{
	struct leat_sheet_pair pairs[LEAT_TRAIL_SAMPLES];
	const struct leat_trail_item *of[LEAT_TRAIL_SAMPLES] = {NULL};
	size_t which[LEAT_SHEET_MOST], n = 0;
	struct leat_morning_sample *v = leat_arena_alloc(a, LEAT_SHEET_MOST * sizeof *v);
	size_t all = t->n_samples, most = all < LEAT_SHEET_MOST ? all : LEAT_SHEET_MOST;
	for (size_t k = 0; k < most; k++) {
		size_t i = k * all / most; /* spread over all */
		const char *before = input_path(r, t->samples[i].seq, a);
		if (!before || strcmp(before, t->samples[i].output) == 0) /* it took its input's place */
			continue;
		of[n] = &t->samples[i];
		pairs[n++] = (struct leat_sheet_pair){before, t->samples[i].output};
	}
	m->n_samples = v && n ? leat_sheet(pairs, n, v, which, a) : 0;
	for (size_t i = 0; i < m->n_samples; i++) {
		struct stat st;
		v[i].path = of[which[i]]->path;
		v[i].output = of[which[i]]->output;
		v[i].bytes_in = of[which[i]]->bytes;
		v[i].bytes_out = stat(v[i].output, &st) == 0 ? (uint64_t)st.st_size : 0;
	}
	m->samples = v;
}

static int leave_one(const struct leat_morning *m, const char *state, const char *name, enum leat_report_form form,
		     struct leat_err *err)
{
	struct leat_buf path = {0}, text = {0};
	leat_state_folder(state, &path);
	leat_buf_addf(&path, "/%s", name);
	int ok = leat_buf_check(&path, err);
	if (ok == 0)
		ok = render(m, form, false, &text, err);
	if (ok == 0)
		ok = save(path.data, &text, err);
	leat_buf_free(&path);
	leat_buf_free(&text);
	return ok;
}

static int note(struct leat_recipe *r, const struct leat_morning *m, struct leat_err *err)
{
	struct leat_buf b = {0}, page = {0};
	const char *state = r->plan->job.state;
	size_t base = strlen(r->cwd);
	leat_morning_since(m, &b);
	leat_state_folder(strncmp(state, r->cwd, base) == 0 && state[base] == '/' ? state + base + 1 : state, &page);
	leat_buf_adds(&page, "/report.html");
	r->summary.report = leat_buf_detach(&page, err);
	leat_buf_free(&page);
	int ok = leat_buf_check(&b, err);
	if (ok == 0 && b.len)
		r->summary.since = leat_buf_detach(&b, err);
	leat_buf_free(&b);
	return ok;
}

int leat_morning_leave(struct leat_recipe *r, const struct leat_trail *t, struct leat_err *err)
{
	struct leat_state_file *s = NULL;
	struct leat_gathered g = {.run.id = 0};
	const char *state = r->plan->job.state;
	int ok = leat_state_open(&s, state, false, err);
	if (ok == 0)
		ok = leat_gather(s, state, 0, &g, err);
	leat_state_close(&s);
	if (ok == 0 && t) {
		add_live(&g.m, r, t);
		add_pixels(&g.m, t);
		add_steps(&g, t);
		if (r->summary.exit_status < 128) /* who stops a run does not want to wait for pictures */
			add_sheet(&g.m, r, t, &g.a);
	}
	if (ok == 0)
		ok = leave_one(&g.m, state, "report.json", LEAT_REPORT_JSON, err);
	if (ok == 0)
		ok = leave_one(&g.m, state, "report.html", LEAT_REPORT_HTML, err);
	if (ok == 0)
		ok = note(r, &g.m, err);
	leat_gathered_free(&g);
	return ok < 0 ? -1 : 0;
}
