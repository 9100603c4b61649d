/* SPDX-License-Identifier: MIT */
/* Diagnostics as a SARIF 2.1.0 log, as code hosts and CI take it. See diag_json.h. */
#include "core/diag_json.h"

#include "base/json.h"
#include "core/diagcode.h"
#include "core/places.h"

#include <leat/types.h>

#include <stdio.h>

struct writer {
	struct leat_buf *out;
	struct leat_places places;
};

static bool has_place(struct leat_span s)
{
	return s.text && s.text->data;
}

static const char *code_name(enum leat_severity severity, int code, char buf[static 16])
{
	(void)snprintf(buf, 16, "%c%03d", severity == LEAT_ERROR ? 'E' : 'W', code);
	return buf;
}

static void message(struct leat_buf *out, const char *name, const char *text)
{
	leat_json_open(out, name, '{');
	leat_json_text(out, "text", text);
	leat_json_close(out, '}');
}

/* A path as a URI reference. */
static void uri(struct leat_buf *out, const char *path)
{
	static const char plain[] = "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789-._~/";
	struct leat_buf b = {0};
	if (*path == '/')
		leat_buf_adds(&b, "file://");
	for (const char *s = path; *s; s++)
		if (strchr(plain, *s))
			leat_buf_addc(&b, *s);
		else
			leat_buf_addf(&b, "%%%02X", (unsigned char)*s);
	leat_json_open(out, "artifactLocation", '{');
	leat_json_text(out, "uri", b.data ? b.data : "");
	leat_json_close(out, '}');
	out->failed = out->failed || b.failed;
	leat_buf_free(&b);
}

static void region(struct writer *w, const char *name, struct leat_span s)
{
	unsigned line, column;
	leat_json_open(w->out, name, '{');
	leat_place_of(&w->places, s.text, s.start, &line, &column);
	leat_json_uint(w->out, "startLine", line);
	leat_json_uint(w->out, "startColumn", column);
	leat_place_of(&w->places, s.text, s.end, &line, &column);
	leat_json_uint(w->out, "endLine", line);
	leat_json_uint(w->out, "endColumn", column);
	leat_json_close(w->out, '}');
}

/* The open object of a location; the caller may add to it and closes it. */
static void location(struct writer *w, struct leat_span s)
{
	const char *pointer = leat_text_pointer(s); /* in JSON there are no lines */
	leat_json_open(w->out, NULL, '{');
	leat_json_open(w->out, "physicalLocation", '{');
	uri(w->out, s.text->name);
	if (has_place(s) && !pointer)
		region(w, "region", s);
	leat_json_close(w->out, '}');
	if (!pointer)
		return;
	leat_json_open(w->out, "logicalLocations", '[');
	leat_json_open(w->out, NULL, '{');
	leat_json_text(w->out, "fullyQualifiedName", pointer);
	leat_json_close(w->out, '}');
	leat_json_close(w->out, ']');
}

static void related(struct writer *w, struct leat_span s, const char *text)
{
	location(w, s);
	message(w->out, "message", text ? text : "");
	leat_json_close(w->out, '}');
}

static void fix(struct writer *w, const struct leat_diag *g)
{
	struct leat_buf *out = w->out;
	leat_json_open(out, "fixes", '[');
	leat_json_open(out, NULL, '{');
	if (g->label)
		message(out, "description", g->label);
	leat_json_open(out, "artifactChanges", '[');
	leat_json_open(out, NULL, '{');
	uri(out, g->fix_at.text->name);
	leat_json_open(out, "replacements", '[');
	leat_json_open(out, NULL, '{');
	region(w, "deletedRegion", g->fix_at);
	message(out, "insertedContent", g->fix);
	leat_json_close(out, '}');
	leat_json_close(out, ']');
	leat_json_close(out, '}');
	leat_json_close(out, ']');
	leat_json_close(out, '}');
	leat_json_close(out, ']');
}

/* SARIF shows one text: what is wrong, what to write, and the helps. */
static void whole_message(struct leat_buf *out, const struct leat_diag *g)
{
	struct leat_buf b = {0};
	leat_buf_adds(&b, g->message);
	if (g->label && *g->label)
		leat_buf_addf(&b, ": %s", g->label);
	for (int i = 0; i < LEAT_DIAG_HELPS && g->help[i]; i++)
		leat_buf_addf(&b, "\nhelp: %s", g->help[i]);
	message(out, "message", b.data ? b.data : "");
	out->failed = out->failed || b.failed;
	leat_buf_free(&b);
}

static void result(struct writer *w, const struct leat_diag *g)
{
	struct leat_buf *out = w->out;
	char code[16];
	leat_json_open(out, NULL, '{');
	leat_json_text(out, "ruleId", code_name(g->severity, g->code, code));
	leat_json_text(out, "level", g->severity == LEAT_ERROR ? "error" : "warning");
	whole_message(out, g);
	leat_json_open(out, "locations", '[');
	if (g->span.text) {
		location(w, g->span);
		leat_json_close(out, '}');
	}
	leat_json_close(out, ']');
	leat_json_open(out, "relatedLocations", '[');
	if (has_place(g->span2))
		related(w, g->span2, g->label2);
	for (const struct leat_text *t = g->span.text; t && has_place(t->included); t = t->included.text)
		related(w, t->included, "included here");
	leat_json_close(out, ']');
	if (has_place(g->fix_at) && !g->fix_at.text->places)
		fix(w, g);
	leat_json_close(out, '}');
}

void leat_sarif_begin(struct leat_buf *out)
{
	char code[16];
	leat_json_open(out, NULL, '{');
	leat_json_text(out, "$schema", "https://json.schemastore.org/sarif-2.1.0.json");
	leat_json_text(out, "version", "2.1.0");
	leat_json_open(out, "runs", '[');
	leat_json_open(out, NULL, '{');
	leat_json_open(out, "tool", '{');
	leat_json_open(out, "driver", '{');
	leat_json_text(out, "name", "leat");
	leat_json_text(out, "version", LEAT_VERSION);
	leat_json_open(out, "rules", '[');
	for (size_t i = 0; i < leat_n_diag_codes; i++) {
		leat_json_open(out, NULL, '{');
		leat_json_text(out, "id", code_name(leat_diag_codes[i].severity, leat_diag_codes[i].code, code));
		message(out, "shortDescription", leat_diag_codes[i].meaning);
		leat_json_close(out, '}');
	}
	leat_json_close(out, ']');
	leat_json_close(out, '}');
	leat_json_close(out, '}');
	leat_json_text(out, "columnKind", "unicodeCodePoints");
	leat_json_open(out, "results", '[');
}

void leat_sarif_add(struct leat_diags *d, struct leat_buf *out)
{
	struct writer w = {.out = out};
	leat_diags_sort(d);
	for (size_t i = 0; i < d->n; i++)
		result(&w, &d->v[i]);
	out->failed = out->failed || w.places.failed;
	leat_places_free(&w.places);
}

void leat_sarif_end(struct leat_buf *out)
{
	leat_json_close(out, ']');
	leat_json_close(out, '}');
	leat_json_close(out, ']');
	leat_json_close(out, '}');
	leat_buf_addc(out, '\n');
}
