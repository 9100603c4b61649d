/* SPDX-License-Identifier: MIT */
/* What every step made of one item, collected while it runs and printed in the order of the recipe. */
#include "cli.h"

#include <stdlib.h>
#include <string.h>

struct trace_row {
	char *step, *what, *branch;
	int index;
	double seconds;
	uint64_t bytes;
};

static void free_row(struct trace_row *r)
{
	free(r->step);
	free(r->what);
	free(r->branch);
}

static void step_event(struct traced *t, const struct leat_event *e)
{
	struct trace_row *v = realloc(t->v, (t->n + 1) * sizeof *v);
	if (!v) {
		t->lost = true;
		return;
	}
	t->v = v;
	v[t->n] = (struct trace_row){
		strdup(e->step), leat_printable(e->text, NULL), strdup(e->branch), e->index, e->seconds, e->bytes};
	if (v[t->n].step && v[t->n].what && v[t->n].branch) {
		t->n++;
		return;
	}
	free_row(&v[t->n]);
	t->lost = true;
}

void traced_event(void *ctx, const struct leat_event *e)
{
	struct traced *t = ctx;
	if (e->type == LEAT_EV_STEP)
		step_event(t, e);
	if (e->type != LEAT_EV_ITEM || !e->err || t->failure)
		return;
	char *text = leat_printable(e->err->text, NULL);
	size_t n = strlen(e->step ? e->step : "") + strlen(text ? text : "") + 3;
	t->failure = malloc(n);
	if (t->failure)
		snprintf(t->failure, n, "%s: %s", e->step ? e->step : "", text ? text : "");
	free(text);
}

static int by_index(const void *a, const void *b)
{
	const struct trace_row *x = a, *y = b;
	return (x->index > y->index) - (x->index < y->index);
}

static void print_row(FILE *f, const struct trace_row *r, int width, const char *before)
{
	char size[32], time[32] = "";
	char *step = leat_printable(r->step, NULL);
	int indent = *r->branch ? 2 : 0, room = width - indent;
	bool cut = step && (int)strlen(step) > room;
	for (int at = room - 1; cut; cut = false) { /* not within a character */
		while (at > 0 && ((unsigned char)step[at] & 0xc0) == 0x80)
			at--;
		memcpy(step + at, "~", 2);
	}
	if (*r->branch && strcmp(r->branch, before) != 0)
		fprintf(f, "branch %s\n", r->branch);
	if (r->seconds > 0)
		leat_format_time(r->seconds, time);
	fprintf(f, "%*s%-*s  %8s  %10s  %s\n", indent, "", width - indent, step ? step : "", time,
		r->bytes ? leat_format_size(r->bytes, size) : "", r->what);
	free(step);
}

void traced_print(FILE *f, struct traced *t)
{
	int width = 20;
	if (t->n)
		qsort(t->v, t->n, sizeof *t->v, by_index);
	for (size_t i = 0; i < t->n; i++) {
		int w = (int)strlen(t->v[i].step) + 2;
		width = w > width && w <= 60 ? w : width;
	}
	fprintf(f, "%-*s  %8s  %10s  %s\n", width, "step", "time", "size", "what it gave");
	for (size_t i = 0; i < t->n; i++)
		print_row(f, &t->v[i], width, i ? t->v[i - 1].branch : "");
	if (t->failure)
		fprintf(f, "failed at %s\n", t->failure);
	if (t->lost)
		fprintf(f, "(memory ran out: lines are missing)\n");
}

void traced_free(struct traced *t)
{
	for (size_t i = 0; i < t->n; i++)
		free_row(&t->v[i]);
	free(t->v);
	free(t->failure);
}
