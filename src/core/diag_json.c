/* SPDX-License-Identifier: MIT */
/* Diagnostics as JSON, a line each. See diag_json.h. */
#include "core/diag_json.h"

#include "base/json.h"
#include "core/places.h"

#include <stdio.h>

struct writer {
	struct leat_buf *out;
	struct leat_places places;
};

static bool has_place(struct leat_span s)
{
	return s.text && s.text->data;
}

/* Lines of a text that was made from JSON are nobody's: its places are pointers. */
static bool has_lines(struct leat_span s)
{
	return has_place(s) && !s.text->places;
}

/* The members of a place. */
static void place(struct writer *w, struct leat_span s)
{
	static const char *const names[] = {"line", "column", "endLine", "endColumn"};
	unsigned at[4];
	leat_json_text(w->out, "file", s.text ? s.text->name : NULL);
	const char *pointer = leat_text_pointer(s);
	if (has_lines(s)) {
		leat_place_of(&w->places, s.text, s.start, &at[0], &at[1]);
		leat_place_of(&w->places, s.text, s.end, &at[2], &at[3]);
	}
	for (size_t i = 0; i < LEAT_LEN(names); i++)
		if (has_lines(s))
			leat_json_uint(w->out, names[i], at[i]);
		else
			leat_json_null(w->out, names[i]);
	if (pointer)
		leat_json_text(w->out, "pointer", pointer);
}

static void note(struct writer *w, struct leat_span s, const char *message)
{
	leat_json_open(w->out, NULL, '{');
	place(w, s);
	leat_json_text(w->out, "message", message ? message : "");
	leat_json_close(w->out, '}');
}

static void notes(struct writer *w, const struct leat_diag *g)
{
	leat_json_open(w->out, "notes", '[');
	if (has_place(g->span2))
		note(w, g->span2, g->label2);
	for (const struct leat_text *t = g->span.text; t && has_place(t->included); t = t->included.text)
		note(w, t->included, "included here");
	leat_json_close(w->out, ']');
}

static void fix(struct writer *w, const struct leat_diag *g)
{
	if (!has_lines(g->fix_at)) {
		leat_json_null(w->out, "fix");
		return;
	}
	leat_json_open(w->out, "fix", '{');
	leat_json_open(w->out, "range", '{');
	place(w, g->fix_at);
	leat_json_close(w->out, '}');
	leat_json_text(w->out, "text", g->fix);
	leat_json_close(w->out, '}');
}

static void one(struct writer *w, const struct leat_diag *g)
{
	struct leat_buf *out = w->out;
	char code[16];
	bool error = g->severity == LEAT_ERROR;
	(void)snprintf(code, sizeof code, "%c%03d", error ? 'E' : 'W', g->code);
	leat_json_open(out, NULL, '{');
	leat_json_text(out, "code", code);
	leat_json_text(out, "severity", error ? "error" : "warning");
	place(w, g->span);
	leat_json_text(out, "message", g->message);
	leat_json_text(out, "label", g->label);
	notes(w, g);
	leat_json_open(out, "help", '[');
	for (int i = 0; i < LEAT_DIAG_HELPS && g->help[i]; i++)
		leat_json_text(out, NULL, g->help[i]);
	leat_json_close(out, ']');
	fix(w, g);
	leat_json_close(out, '}');
	leat_buf_addc(out, '\n');
}

void leat_diags_json(struct leat_diags *d, struct leat_buf *out)
{
	struct writer w = {.out = out};
	leat_diags_sort(d);
	for (size_t i = 0; i < d->n; i++)
		one(&w, &d->v[i]);
	out->failed = out->failed || w.places.failed;
	leat_places_free(&w.places);
}
