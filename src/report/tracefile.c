/* SPDX-License-Identifier: MIT */
/*
 * See tracefile.h. Source: "Trace Event Format", the description of chrome://tracing: an array of objects; "X" is a
 * slice with a beginning and a length in microseconds, "C" a counter, "i" a moment, "M" the name of a row.
 */
#include "report/tracefile.h"

#include "base/json.h"
#include "base/mem.h"
#include "report/outfile.h"

#include <stdio.h>

enum { PID = 1, GROUPS = 64, PER_GROUP = 2048 };

struct row_names { /* of a group */
	char name[64];
	int seats; /* that have their name */
};

struct leat_tracefile {
	struct leat_outfile file;
	bool open;
	struct row_names groups[GROUPS];
	size_t n_groups;
	struct leat_buf steps; /* "args" of the next slice: what its steps took */
};

int leat_tracefile_open(struct leat_tracefile **out, const char *path, const char *job, struct leat_err *err)
{
	struct leat_tracefile *t = *out = leat_zalloc(1, sizeof *t, err);
	if (!t || leat_outfile_open(&t->file, path, false, NULL, false, err) < 0) {
		free(t);
		*out = NULL;
		return -1;
	}
	t->open = true;
	struct leat_buf *b = &t->file.buf;
	leat_buf_adds(b, "[\n{\"ph\":\"M\",\"pid\":1,\"name\":\"process_name\",\"args\":{");
	leat_json_text(b, "name", job);
	leat_buf_adds(b, "}}");
	return 0;
}

static struct leat_buf *begin(struct leat_tracefile *t, const char *kind, const char *name, int row)
{
	struct leat_buf *b = &t->file.buf;
	leat_buf_adds(b, ",\n");
	leat_json_open(b, NULL, '{');
	leat_json_text(b, "ph", kind);
	leat_json_int(b, "pid", PID);
	leat_json_int(b, "tid", row);
	leat_json_text(b, "name", name);
	return b;
}

static int end(struct leat_tracefile *t, struct leat_err *err)
{
	leat_json_close(&t->file.buf, '}');
	return leat_outfile_line(&t->file, err);
}

static size_t group_of(struct leat_tracefile *t, const char *name)
{
	for (size_t i = 0; i < t->n_groups; i++)
		if (strcmp(t->groups[i].name, name) == 0)
			return i;
	if (t->n_groups == GROUPS)
		return GROUPS - 1;
	struct row_names *g = &t->groups[t->n_groups];
	(void)snprintf(g->name, sizeof g->name, "%s", name); /* names of groups are short */
	return t->n_groups++;
}

static void name_row(struct leat_tracefile *t, int row, const char *group, int seat)
{
	char name[96];
	(void)snprintf(name, sizeof name, "%.64s %d", group, seat + 1); /* it fits */
	struct leat_buf *b = begin(t, "M", "thread_name", row);
	leat_json_open(b, "args", '{');
	leat_json_text(b, "name", name);
	leat_json_close(b, '}');
	leat_json_close(b, '}');
	b = begin(t, "M", "thread_sort_index", row);
	leat_json_open(b, "args", '{');
	leat_json_int(b, "sort_index", row);
	leat_json_close(b, '}');
	leat_json_close(b, '}');
}

static int row_of(struct leat_tracefile *t, const char *group, int seat)
{
	size_t g = group_of(t, group);
	int first = (int)(g + 1) * PER_GROUP;
	for (; t->groups[g].seats <= seat; t->groups[g].seats++)
		name_row(t, first + t->groups[g].seats, group, t->groups[g].seats);
	return first + seat;
}

static int slice(struct leat_tracefile *t, const struct leat_event *e, struct leat_err *err)
{
	int row = row_of(t, e->group, e->worker < PER_GROUP ? e->worker : PER_GROUP - 1);
	struct leat_buf *b = begin(t, "X", e->step, row);
	leat_json_text(b, "cat", e->group);
	leat_json_real(b, "ts", e->since * 1e6, 3);
	leat_json_real(b, "dur", e->seconds * 1e6, 3);
	leat_json_open(b, "args", '{');
	leat_json_text(b, "path", e->path);
	leat_json_uint(b, "index", e->seq);
	leat_json_real(b, "waited_ms", e->waited * 1e3, 3);
	if (*e->branch)
		leat_json_text(b, "branch", e->branch);
	if (t->steps.len) {
		leat_json_open(b, "steps_ms", '{');
		leat_buf_add(b, t->steps.data, t->steps.len);
		leat_json_close(b, '}');
	}
	leat_json_close(b, '}');
	b->failed = b->failed || t->steps.failed;
	leat_buf_clear(&t->steps);
	return end(t, err);
}

static int counters(struct leat_tracefile *t, const struct leat_event *e, struct leat_err *err)
{
	int ok = 0;
	for (size_t i = 0; i < e->n_groups && ok == 0; i++) {
		char name[96];
		(void)snprintf(name, sizeof name, "%.64s: waiting", e->groups[i].name); /* it fits */
		struct leat_buf *b = begin(t, "C", name, 0);
		leat_json_real(b, "ts", e->counts->seconds * 1e6, 3);
		leat_json_open(b, "args", '{');
		leat_json_uint(b, "items", e->groups[i].queued);
		leat_json_close(b, '}');
		ok = end(t, err);
	}
	return ok;
}

static int failure(struct leat_tracefile *t, const struct leat_event *e, struct leat_err *err)
{
	struct leat_buf *b = begin(t, "i", "failed", 0);
	leat_json_real(b, "ts", e->counts->seconds * 1e6, 3);
	leat_json_text(b, "s", "p");
	leat_json_open(b, "args", '{');
	leat_json_text(b, "path", e->path);
	leat_json_text(b, "message", e->err->text);
	leat_json_close(b, '}');
	return end(t, err);
}

int leat_tracefile_event(struct leat_tracefile *t, const struct leat_event *e, struct leat_err *err)
{
	switch (e->type) {
	case LEAT_EV_STEP:
		leat_json_real(&t->steps, e->step, e->seconds * 1e3, 3);
		return 0;
	case LEAT_EV_TASK:
		return slice(t, e, err);
	case LEAT_EV_TICK:
		return counters(t, e, err);
	case LEAT_EV_ITEM:
		return e->err ? failure(t, e, err) : 0;
	default:
		return 0;
	}
}

int leat_tracefile_end(struct leat_tracefile *t, struct leat_err *err)
{
	leat_buf_adds(&t->file.buf, "\n]\n");
	t->open = false;
	return leat_outfile_close(&t->file, false, err);
}

void leat_tracefile_free(struct leat_tracefile **tp)
{
	struct leat_tracefile *t = *tp;
	struct leat_err ignored = {0};
	*tp = NULL;
	if (!t)
		return;
	if (t->open)
		(void)leat_outfile_close(&t->file, true, &ignored); /* nothing of it stays */
	leat_buf_free(&t->steps);
	free(t);
}
