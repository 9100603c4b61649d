/* SPDX-License-Identifier: MIT */
/* See status.h. */
#include "report/status.h"

#include "base/json.h"
#include "base/num.h"
#include "base/text.h"

#include <jansson.h>
#include <stdio.h>

double leat_status_left(const struct leat_counts *c)
{
	double left = c->work_total - c->work;
	if (!(c->work > 0) || c->seconds < 0.5 || c->work < 0.01 * c->work_total)
		return -1;
	return left > 0 ? c->seconds * left / c->work : 0;
}

/* ---- as text */

static uint64_t ended(const struct leat_counts *c)
{
	uint64_t n = 0;
	for (int i = LEAT_DONE; i < LEAT_N_STATES; i++)
		n += c->state[i];
	return n;
}

static void add_name(struct leat_buf *b, const char *s)
{
	leat_escape_terminal(b, s, strlen(s));
}

static void head(const struct leat_status *s, struct leat_buf *b)
{
	const struct leat_counts *c = &s->counts;
	char n[32], m[32], t[32], left[32];
	double share = c->work_total > 0 ? c->work / c->work_total : 0;
	add_name(b, s->job);
	leat_buf_addf(b, ": %.0f %% of the work, %s of %s items, after %s", 100 * share, leat_group_digits(ended(c), n),
		      leat_group_digits(c->matched, m), leat_human_time(c->seconds, t));
	if (s->stopping)
		leat_buf_adds(b, "; stopping: what is in hand is finished");
	else if (s->left >= 0)
		leat_buf_addf(b, ", about %s left", leat_human_time(s->left, left));
	leat_buf_addf(b, "\n  process %lld on ", (long long)s->pid);
	add_name(b, s->host);
	leat_buf_addf(b, ", %.3g items/s, %.3g MB/s", s->items_per_second, s->bytes_per_second / 1e6);
	if (s->memory_most)
		leat_buf_addf(b, ", %s of %s memory in use", leat_human_size(s->memory, n),
			      leat_human_size(s->memory_most, m));
	static const char *const words[LEAT_N_STATES] = {[LEAT_DONE] = "done",
							 [LEAT_SKIPPED] = "skipped",
							 [LEAT_FAILED] = "failed",
							 [LEAT_KNOWN_FAILED] = "failed before",
							 [LEAT_NOT_REACHED] = "not reached"};
	leat_buf_addf(b, "\n  %s done", leat_group_digits(c->state[LEAT_DONE], n));
	for (int i = LEAT_SKIPPED; i < LEAT_N_STATES; i++)
		if (c->state[i])
			leat_buf_addf(b, ", %s %s", leat_group_digits(c->state[i], n), words[i]);
	leat_buf_addc(b, '\n');
}

static void groups(const struct leat_status *s, struct leat_buf *b)
{
	int width = 5;
	char n[32], m[32], d[32];
	for (size_t i = 0; i < s->n_groups; i++)
		if ((int)strlen(s->groups[i].name) > width)
			width = (int)strlen(s->groups[i].name);
	if (s->n_groups)
		leat_buf_addf(b, "\n  %-*s  %-9s  workers  waiting  in hand       done\n", width, "group", "");
	for (size_t i = 0; i < s->n_groups; i++) {
		const struct leat_group_now *g = &s->groups[i];
		leat_buf_adds(b, "  ");
		add_name(b, g->name);
		leat_buf_fill(b, ' ', (size_t)width - strlen(g->name));
		leat_buf_addf(b, "  %-9s  %7d  %7s  %7s  %9s\n", g->executor, g->workers,
			      leat_group_digits(g->queued, n), leat_group_digits(g->running, m),
			      leat_group_digits(g->done, d));
	}
}

static void items(const struct leat_status *s, struct leat_buf *b)
{
	enum { SHOWN = 12 };
	char t[32];
	if (s->n_items)
		leat_buf_adds(b, "\nin hand\n");
	for (size_t i = 0; i < s->n_items && i < SHOWN; i++) {
		const struct leat_status_item *v = &s->items[i];
		leat_buf_addf(b, "  %8s  ", leat_human_time(v->seconds, t));
		add_name(b, v->path);
		leat_buf_adds(b, "  ");
		add_name(b, v->step);
		leat_buf_addc(b, '\n');
	}
	if (s->in_hand > SHOWN)
		leat_buf_addf(b, "            ... and %llu more\n", (unsigned long long)(s->in_hand - SHOWN));
}

void leat_status_text(const struct leat_status *s, struct leat_buf *out)
{
	head(s, out);
	groups(s, out);
	items(s, out);
}

/* ---- as JSON: one list of numbers, written and read by it */

#define NUMBERS(X)                                          \
	X(pid, s->pid)                                      \
	X(started_ns, s->started_ns)                        \
	X(now_ns, s->now_ns)                                \
	X(matched, s->counts.matched)                       \
	X(done, s->counts.state[LEAT_DONE])                 \
	X(skipped, s->counts.state[LEAT_SKIPPED])           \
	X(failed, s->counts.state[LEAT_FAILED])             \
	X(known_failed, s->counts.state[LEAT_KNOWN_FAILED]) \
	X(not_reached, s->counts.state[LEAT_NOT_REACHED])   \
	X(bytes_in, s->counts.bytes_in)                     \
	X(bytes_out, s->counts.bytes_out)                   \
	X(bytes_total, s->counts.bytes_total)               \
	X(memory, s->memory)                                \
	X(memory_most, s->memory_most)                      \
	X(in_hand, s->in_hand)

#define REALS(X)                                 \
	X(seconds, s->counts.seconds)            \
	X(work, s->counts.work)                  \
	X(work_total, s->counts.work_total)      \
	X(items_per_second, s->items_per_second) \
	X(bytes_per_second, s->bytes_per_second)

static void write_lists(const struct leat_status *s, struct leat_buf *b)
{
	leat_json_open(b, "groups", '[');
	for (size_t i = 0; i < s->n_groups; i++) {
		const struct leat_group_now *g = &s->groups[i];
		leat_json_open(b, NULL, '{');
		leat_json_text(b, "name", g->name);
		leat_json_text(b, "executor", g->executor);
		leat_json_int(b, "workers", g->workers);
		leat_json_uint(b, "queued", g->queued);
		leat_json_uint(b, "running", g->running);
		leat_json_uint(b, "done", g->done);
		leat_json_close(b, '}');
	}
	leat_json_close(b, ']');
	leat_json_open(b, "items", '[');
	for (size_t i = 0; i < s->n_items; i++) {
		const struct leat_status_item *v = &s->items[i];
		leat_json_open(b, NULL, '{');
		leat_json_text(b, "path", v->path);
		leat_json_text(b, "step", v->step);
		leat_json_text(b, "group", v->group);
		leat_json_real(b, "seconds", v->seconds, 3);
		leat_json_close(b, '}');
	}
	leat_json_close(b, ']');
}

void leat_status_json(const struct leat_status *s, struct leat_buf *b)
{
	leat_json_open(b, NULL, '{');
	leat_json_text(b, "job", s->job);
	leat_json_text(b, "host", s->host);
	leat_json_bool(b, "stopping", s->stopping);
#define X(name, from) leat_json_int(b, #name, (int64_t)(from));
	NUMBERS(X)
#undef X
#define X(name, from) leat_json_real(b, #name, from, 3);
	REALS(X)
#undef X
	if (s->left >= 0)
		leat_json_real(b, "seconds_left", s->left, 1);
	else
		leat_json_null(b, "seconds_left");
	write_lists(s, b);
	leat_json_close(b, '}');
	leat_buf_addc(b, '\n');
}

static const char *text_of(const json_t *o, const char *name, struct leat_arena *a)
{
	const char *s = json_string_value(json_object_get(o, name));
	s = leat_arena_strndup(a, s ? s : "", s ? strlen(s) : 0);
	return s ? s : "";
}

static int64_t number_of(const json_t *o, const char *name)
{
	int64_t v = json_integer_value(json_object_get(o, name));
	return v < 0 ? 0 : v;
}

static double real_of(const json_t *o, const char *name)
{
	return json_number_value(json_object_get(o, name));
}

static void read_groups(const json_t *list, struct leat_status *s, struct leat_arena *a)
{
	struct leat_group_now *v = leat_arena_alloc(a, json_array_size(list) * sizeof *v);
	for (size_t i = 0; v && i < json_array_size(list); i++) {
		const json_t *o = json_array_get(list, i);
		int64_t workers = number_of(o, "workers");
		v[s->n_groups++] = (struct leat_group_now){.name = text_of(o, "name", a),
							   .executor = text_of(o, "executor", a),
							   .workers = workers < INT32_MAX ? (int)workers : 0,
							   .queued = (uint64_t)number_of(o, "queued"),
							   .running = (uint64_t)number_of(o, "running"),
							   .done = (uint64_t)number_of(o, "done")};
	}
	s->groups = v;
}

static void read_items(const json_t *list, struct leat_status *s, struct leat_arena *a)
{
	struct leat_status_item *v = leat_arena_alloc(a, json_array_size(list) * sizeof *v);
	for (size_t i = 0; v && i < json_array_size(list); i++) {
		const json_t *o = json_array_get(list, i);
		v[s->n_items++] = (struct leat_status_item){.path = text_of(o, "path", a),
							    .step = text_of(o, "step", a),
							    .group = text_of(o, "group", a),
							    .seconds = real_of(o, "seconds")};
	}
	s->items = v;
}

int leat_status_read(const char *text, size_t n, struct leat_status *s, struct leat_arena *a, struct leat_err *err)
{
	json_error_t why;
	json_t *o = json_loadb(text, n, 0, &why);
	*s = (struct leat_status){0};
	if (!json_is_object(o)) {
		json_decref(o);
		return leat_fail(err, LEAT_CAUSE_CORRUPT, "this is no live file of a run");
	}
	s->job = text_of(o, "job", a);
	s->host = text_of(o, "host", a);
	s->stopping = json_is_true(json_object_get(o, "stopping"));
#define X(name, to) to = (__typeof__(to))number_of(o, #name);
	NUMBERS(X)
#undef X
#define X(name, to) to = real_of(o, #name);
	REALS(X)
#undef X
	s->left = json_is_number(json_object_get(o, "seconds_left")) ? real_of(o, "seconds_left") : -1;
	read_groups(json_object_get(o, "groups"), s, a);
	read_items(json_object_get(o, "items"), s, a);
	json_decref(o);
	return leat_arena_ok(a) ? 0 : leat_fail(err, LEAT_CAUSE_MEMORY, "out of memory");
}
