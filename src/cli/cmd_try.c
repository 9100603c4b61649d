/* SPDX-License-Identifier: MIT */
/* leat try: one file through a whole recipe, with time and size behind every step. The results land in a new folder. */
#include "cli.h"

#include <leat/event.h>

#include <stdlib.h>
#include <string.h>

struct row {
	char *step, *what, *branch;
	int index;
	double seconds;
	uint64_t bytes;
};

struct rows {
	struct row *v;
	size_t n;
	uint64_t files; /* written */
	char *failure; /* "decode: the file ends ..." */
	bool lost; /* memory ran out: a line is missing */
};

static void free_row(struct row *r)
{
	free(r->step);
	free(r->what);
	free(r->branch);
}

static void step_event(struct rows *t, const struct leat_event *e)
{
	struct row *v = realloc(t->v, (t->n + 1) * sizeof *v);
	if (!v) {
		t->lost = true;
		return;
	}
	t->v = v;
	v[t->n] = (struct row){strdup(e->step), leat_printable(e->text, NULL), strdup(e->branch), e->index, e->seconds,
			       e->bytes};
	if (v[t->n].step && v[t->n].what && v[t->n].branch) {
		t->n++;
		return;
	}
	free_row(&v[t->n]);
	t->lost = true;
}

static void event(void *ctx, const struct leat_event *e)
{
	struct rows *t = ctx;
	if (e->type == LEAT_EV_STEP)
		step_event(t, e);
	if (e->type == LEAT_EV_END)
		t->files = e->counts->outputs_new + e->counts->outputs_overwritten;
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
	const struct row *x = a, *y = b;
	return (x->index > y->index) - (x->index < y->index);
}

static void print_row(FILE *f, const struct row *r, int width, const char *before)
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

static void print_rows(FILE *f, struct rows *t)
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

static void free_rows(struct rows *t)
{
	for (size_t i = 0; i < t->n; i++)
		free_row(&t->v[i]);
	free(t->v);
	free(t->failure);
}

static int run_traced(struct leat_recipe *r, const char *folder)
{
	struct leat_err err = {0};
	struct progress quiet = {.on = false};
	struct rows rows = {.n = 0};
	struct leat_run_options o = {.event = event, .event_ctx = &rows, .trace = true};
	if (signals_begin(r, &quiet) < 0)
		return 5;
	int status = leat_run(r, &o, &err);
	signals_end();
	print_rows(stdout, &rows);
	uint64_t files = rows.files;
	free_rows(&rows);
	if (err.cause != LEAT_CAUSE_NONE)
		complain(&err, status);
	if (files)
		printf("\nthe results are in %s; nothing else was changed\n", folder);
	else
		printf("\nnothing was written\n");
	return fflush(stdout) == 0 ? status : 5;
}

int cmd_try(const struct leat_invocation *in)
{
	char folder[4096];
	const char *input[] = {in->args[in->n_args - 1], NULL};
	struct leat_invocation one = *in;
	one.input = input;
	one.limit = 1;
	if (make_folder("leat-try", folder, sizeof folder) < 0)
		return 5;
	one.redirect = folder;
	int status;
	struct leat_recipe *r = plan_recipe(&one, true, &status);
	if (!r) {
		drop_folder(folder);
		return status;
	}
	status = run_traced(r, folder);
	leat_free(&r);
	return status;
}
