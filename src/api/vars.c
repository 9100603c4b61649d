/* SPDX-License-Identifier: MIT */
/* The variables of a recipe: value, where it comes from, and the comment beside it. */
#include "api/recipe.h"

#include "base/json.h"
#include "base/text.h"

/* "web.leat:4", "environment OUT_DIR", "--set". */
static void origin(const struct leat_variable *v, struct leat_buf *out)
{
	unsigned line, column;
	const struct leat_span at = v->from.text ? v->from : v->let;
	const struct leat_text *t = at.text;
	leat_span_place(at, &line, &column);
	if (v->origin == LEAT_FROM_SET)
		leat_buf_adds(out, "--set");
	else if (v->origin == LEAT_FROM_ENV)
		leat_buf_addf(out, "environment %s", v->env);
	else if (leat_text_pointer(at))
		leat_buf_addf(out, "%s:%s", t->name, leat_text_pointer(at));
	else
		leat_buf_addf(out, "%s:%u", t->name, line);
}

/* The comment's text, its '#' and the blanks around it left out. */
static void comment(const struct leat_variable *v, struct leat_buf *out)
{
	if (!v->comment.text)
		return;
	const char *s = v->comment.text->data + v->comment.start, *end = v->comment.text->data + v->comment.end;
	while (s < end && (*s == '#' || *s == ' ' || *s == '\t'))
		s++;
	while (end > s && (end[-1] == ' ' || end[-1] == '\t' || end[-1] == '\r'))
		end--;
	leat_buf_add(out, s, (size_t)(end - s));
}

/* The cells of one row, made harmless. */
struct cells {
	struct leat_buf name, value, origin, comment;
};

static void escape(struct leat_buf *to, const char *s)
{
	leat_escape_terminal(to, s, strlen(s));
}

static struct cells cells_of(const struct leat_variable *v)
{
	struct cells c = {.name = {0}};
	struct leat_buf raw = {0};
	leat_buf_adds(&c.name, v->name);
	escape(&c.value, !v->value ? "(not known)" : *v->value ? v->value : "\"\"");
	origin(v, &raw);
	escape(&c.origin, raw.data ? raw.data : "");
	leat_buf_clear(&raw);
	comment(v, &raw);
	escape(&c.comment, raw.data ? raw.data : "");
	leat_buf_free(&raw);
	return c;
}

static void cells_free(struct cells *c)
{
	leat_buf_free(&c->name);
	leat_buf_free(&c->value);
	leat_buf_free(&c->origin);
	leat_buf_free(&c->comment);
}

static size_t columns(const struct leat_buf *b)
{
	size_t w = 0;
	for (size_t at = 0; at < b->len;) {
		int32_t cp;
		at += leat_utf8_next(b->data + at, b->len - at, &cp);
		w += cp < 0 ? 1 : (size_t)leat_utf8_width(cp);
	}
	return w;
}

static void cell(struct leat_buf *out, const struct leat_buf *text, size_t width)
{
	size_t w = columns(text);
	leat_buf_adds(out, text->data ? text->data : "");
	leat_buf_fill(out, ' ', (w < width ? width - w : 0) + 2);
}

static void table(const struct leat_program *p, struct leat_buf *out)
{
	enum { WIDEST = 48 }; /* one long value does not push all comments away */
	size_t width[3] = {0, 0, 0};
	for (size_t i = 0; i < p->n_variables; i++) {
		struct cells c = cells_of(&p->variables[i]);
		const struct leat_buf *b[] = {&c.name, &c.value, &c.origin};
		for (size_t k = 0; k < LEAT_LEN(b); k++) {
			size_t w = columns(b[k]);
			width[k] = w > width[k] && w <= WIDEST ? w : width[k];
		}
		cells_free(&c);
	}
	for (size_t i = 0; i < p->n_variables; i++) {
		struct cells c = cells_of(&p->variables[i]);
		cell(out, &c.name, width[0]);
		cell(out, &c.value, width[1]);
		if (c.comment.len)
			cell(out, &c.origin, width[2]);
		leat_buf_adds(out, c.comment.len ? c.comment.data : c.origin.data ? c.origin.data : "");
		leat_buf_addc(out, '\n');
		cells_free(&c);
	}
}

static void one_json(const struct leat_variable *v, struct leat_buf *out)
{
	static const char *const origins[] = {
		[LEAT_FROM_TEXT] = "text", [LEAT_FROM_ENV] = "env", [LEAT_FROM_VARS] = "vars", [LEAT_FROM_SET] = "set"};
	struct leat_buf text = {0};
	unsigned line, column;
	const struct leat_span at = v->from.text ? v->from : v->let;
	leat_span_place(at, &line, &column);
	comment(v, &text);
	leat_json_open(out, NULL, '{');
	leat_json_text(out, "name", v->name);
	leat_json_text(out, "value", v->value);
	leat_json_text(out, "origin", origins[v->origin]);
	leat_json_text(out, "env", v->origin == LEAT_FROM_ENV ? v->env : NULL);
	leat_json_text(out, "file", at.text ? at.text->name : NULL);
	if (leat_text_pointer(at))
		leat_json_text(out, "pointer", leat_text_pointer(at));
	else
		leat_json_uint(out, "line", line);
	leat_json_text(out, "comment", text.len ? text.data : NULL);
	leat_json_close(out, '}');
	leat_buf_free(&text);
}

char *leat_variables(const struct leat_recipe *r, bool json, struct leat_err *err)
{
	struct leat_buf out = {0};
	if (!r->program) {
		leat_fail(err, LEAT_CAUSE_USAGE, "leat_variables needs a leat_check before it");
		return NULL;
	}
	leat_buf_adds(&out, "");
	if (json) {
		leat_json_open(&out, NULL, '[');
		for (size_t i = 0; i < r->program->n_variables; i++)
			one_json(&r->program->variables[i], &out);
		leat_json_close(&out, ']');
		leat_buf_addc(&out, '\n');
	} else {
		table(r->program, &out);
	}
	char *text = leat_buf_detach(&out, err);
	leat_buf_free(&out);
	return text;
}
