/* SPDX-License-Identifier: MIT */
/* The tree as JSON: one setting and one step a line. See json.h. */
#include "lang/json.h"

#include "base/text.h"
#include "lang/canon.h"
#include "lang/pieces.h"
#include "lang/written.h"

struct json {
	const struct leat_style *style;
	struct leat_buf *out;
	struct leat_buf text; /* scratch: the written text of one value */
	unsigned indent;
};

/* ---- values ---- */

static void add_text(struct json *j, const char *s, size_t n)
{
	leat_escape_json(j->out, s, n);
}

static void add_name(struct json *j, const char *name)
{
	add_text(j, name, strlen(name));
	leat_buf_adds(j->out, ": ");
}

static const struct leat_buf *written(struct json *j, const struct leat_text *t, const struct leat_lex_word *w)
{
	leat_buf_clear(&j->text);
	leat_buf_adds(&j->text, "");
	leat_written_text(t, w, &j->text);
	j->out->failed = j->out->failed || j->text.failed;
	return &j->text;
}

static void add_value(struct json *j, const struct leat_ast *a, const struct leat_lex_word *w)
{
	const char *other =
		leat_written_switch(a->span.text, a->name, strlen(a->name), a->words, a->n_words, w, j->style);
	if (other) {
		add_text(j, other, strlen(other));
		return;
	}
	const struct leat_buf *b = written(j, a->span.text, w);
	if (!j->out->failed)
		add_text(j, b->data, b->len);
}

/* A condition: KEY=VALUE is one, too. */
static void add_condition(struct json *j, const struct leat_ast *a, const struct leat_lex_word *w)
{
	struct leat_buf b = {0};
	leat_buf_adds(&b, "");
	leat_buf_add(&b, a->span.text->data + w->start, leat_word_has_key(w) ? w->key_end + 1 - w->start : 0);
	leat_written_text(a->span.text, w, &b);
	if (!b.failed)
		add_text(j, b.data, b.len);
	j->out->failed = j->out->failed || b.failed;
	leat_buf_free(&b);
}

/* ---- words ---- */

/* ["a", "b"]: the values among the words; the index behind them. */
static size_t add_values(struct json *j, const struct leat_ast *a, const struct leat_canon_word *v)
{
	size_t i = 0;
	leat_buf_addc(j->out, '[');
	for (; i < a->n_words && v[i].class == LEAT_CANON_VALUE; i++) {
		leat_buf_adds(j->out, i ? ", " : "");
		add_condition(j, a, v[i].w);
	}
	leat_buf_addc(j->out, ']');
	return i;
}

static size_t key_size(const struct leat_lex_word *w)
{
	return w->key_end - w->start;
}

static bool same_key(const struct leat_text *t, const struct leat_lex_word *a, const struct leat_lex_word *b)
{
	return key_size(a) == key_size(b) && memcmp(t->data + a->start, t->data + b->start, key_size(a)) == 0;
}

/* "fit": "inside", …: members from word i on, as long as they are of its class; the index behind them. */
static size_t add_members(struct json *j, const struct leat_ast *a, const struct leat_canon_word *v, size_t i,
			  const char *between)
{
	const struct leat_text *t = a->span.text;
	enum leat_canon_class class = i < a->n_words ? v[i].class : LEAT_CANON_VALUE;
	for (size_t end; i < a->n_words && v[i].class == class; i = end) {
		for (end = i + 1; end < a->n_words && v[end].class == class && same_key(t, v[i].w, v[end].w);)
			end++;
		leat_buf_adds(j->out, between);
		between = ", ";
		add_text(j, t->data + v[i].w->start, key_size(v[i].w));
		leat_buf_adds(j->out, end > i + 1 ? ": [" : ": ");
		for (size_t k = i; k < end; k++) {
			leat_buf_adds(j->out, k > i ? ", " : "");
			add_value(j, a, v[k].w);
		}
		leat_buf_adds(j->out, end > i + 1 ? "]" : "");
	}
	return i;
}

/* , "args": […], "options": {…} and the execution options, as far as there are any. */
static void add_words(struct json *j, const struct leat_ast *a, const char *options)
{
	struct leat_canon_word *v = leat_canon_words(a);
	size_t i = 0;
	if (!v) {
		j->out->failed = true;
		return;
	}
	if (a->n_words && v[0].class == LEAT_CANON_VALUE) {
		leat_buf_adds(j->out, ", \"args\": ");
		i = add_values(j, a, v);
	}
	if (i < a->n_words && v[i].class == LEAT_CANON_OPTION) {
		leat_buf_addf(j->out, ", \"%s\": {", options);
		i = add_members(j, a, v, i, "");
		leat_buf_addc(j->out, '}');
	}
	add_members(j, a, v, i, ", ");
	free(v);
}

/* ---- steps ---- */

static void line(struct json *j)
{
	leat_buf_addc(j->out, '\n');
	leat_buf_fill(j->out, ' ', 2 * (size_t)j->indent);
}

/* "for": ["size", ["320", "800"]], or with the list as one text where a variable may hold it. */
static void add_loop(struct json *j, const struct leat_ast *a)
{
	leat_buf_adds(j->out, ", \"for\": [");
	add_text(j, a->loop_var, strlen(a->loop_var));
	leat_buf_adds(j->out, ", ");
	const struct leat_buf *b = written(j, a->span.text, &a->words[0]);
	if (j->out->failed)
		return;
	bool whole = memchr(b->data, '$', b->len) && leat_list_entry_end(b->data, b->len, 0) == b->len;
	leat_buf_adds(j->out, whole ? "" : "[");
	for (size_t from = 0, to; from <= b->len; from = to + 1) {
		to = leat_list_entry_end(b->data, b->len, from);
		leat_buf_adds(j->out, from ? ", " : "");
		add_text(j, b->data + from, to - from);
	}
	leat_buf_adds(j->out, whole ? "]" : "]]");
}

/* "parameters": {"size": null, "quality": "82"} */
static void add_parameters(struct json *j, const struct leat_ast *a)
{
	if (!a->n_words)
		return;
	leat_buf_adds(j->out, ", \"parameters\": {");
	for (size_t i = 0; i < a->n_words; i++) {
		const struct leat_lex_word *w = &a->words[i];
		uint32_t end = leat_word_has_key(w) ? w->key_end : w->end;
		leat_buf_adds(j->out, i ? ", " : "");
		add_text(j, a->span.text->data + w->start, end - w->start);
		leat_buf_adds(j->out, ": ");
		if (leat_word_has_key(w))
			add_value(j, a, w);
		else
			leat_buf_adds(j->out, "null");
	}
	leat_buf_addc(j->out, '}');
}

static void add_steps(struct json *j, const struct leat_ast *list);

/* Recursion is as deep as branches may be. */
static void add_step(struct json *j, const struct leat_ast *a)
{
	static const char *const words[] = {[LEAT_AST_STAGE] = "step",
					    [LEAT_AST_USE] = "use",
					    [LEAT_AST_BRANCH] = "branch",
					    [LEAT_AST_RECIPE] = "recipe"};
	leat_buf_addc(j->out, '{');
	add_name(j, words[a->kind]);
	add_text(j, a->name, strlen(a->name));
	if (a->kind == LEAT_AST_STAGE || a->kind == LEAT_AST_USE) {
		add_words(j, a, a->kind == LEAT_AST_USE ? "with" : "options");
	} else {
		if (a->kind == LEAT_AST_RECIPE)
			add_parameters(j, a);
		else if (a->loop_var)
			add_loop(j, a);
		leat_buf_adds(j->out, ", \"steps\": ");
		add_steps(j, a->body);
	}
	leat_buf_addc(j->out, '}');
}

static void add_steps(struct json *j, const struct leat_ast *list)
{
	leat_buf_addc(j->out, '[');
	j->indent++;
	for (const struct leat_ast *a = list; a; a = a->next) {
		line(j);
		add_step(j, a);
		leat_buf_adds(j->out, a->next ? "," : "");
	}
	j->indent--;
	if (list)
		line(j);
	leat_buf_addc(j->out, ']');
}

/* ---- settings ---- */

/* "site/img", or where it comes from: {"env": "OUT", "or": "site/img"}. */
static void add_let(struct json *j, const struct leat_ast *a)
{
	if (a->env) {
		leat_buf_adds(j->out, a->secret ? "{\"secret\": true, \"env\": " : "{\"env\": ");
		add_text(j, a->env, strlen(a->env));
		leat_buf_adds(j->out, a->n_words ? ", \"or\": " : "");
	}
	if (a->n_words)
		add_value(j, a, &a->words[0]);
	leat_buf_adds(j->out, a->env ? "}" : "");
}

static int by_name(const void *a, const void *b)
{
	const struct leat_canon_setting *x = a, *y = b;
	int order = strcmp(x->a->name, y->a->name);
	return order ? order : x->index < y->index ? -1 : 1;
}

/* A name that is set twice is wrong, but must not be lost: it gets an array. */
static bool set_twice(const struct leat_canon_setting *v, size_t n)
{
	struct leat_canon_setting *sorted = leat_zalloc(n, sizeof *sorted, NULL);
	bool twice = false;
	if (sorted) {
		memcpy(sorted, v, n * sizeof *v);
		qsort(sorted, n, sizeof *sorted, by_name);
	}
	for (size_t i = 1; sorted && i < n; i++)
		twice = twice || strcmp(sorted[i].a->name, sorted[i - 1].a->name) == 0;
	free(sorted);
	return twice;
}

static bool same_name(const struct leat_canon_setting *a, const struct leat_canon_setting *b)
{
	return strcmp(a->a->name, b->a->name) == 0;
}

/* The values of the name that v[i] sets, from i on. */
static void add_variable(struct json *j, const struct leat_canon_setting *v, size_t n, size_t i, bool twice)
{
	size_t values = 0, end = twice ? n : i + 1;
	for (size_t k = i; k < end; k++)
		values += same_name(&v[k], &v[i]);
	line(j);
	add_name(j, v[i].a->name);
	leat_buf_adds(j->out, values > 1 ? "[" : "");
	for (size_t k = i; k < end; k++) {
		if (!same_name(&v[k], &v[i]))
			continue;
		leat_buf_adds(j->out, k > i ? ", " : "");
		add_let(j, v[k].a);
	}
	leat_buf_adds(j->out, values > 1 ? "]" : "");
}

static bool came_before(const struct leat_canon_setting *v, size_t i)
{
	for (size_t k = 0; k < i; k++)
		if (same_name(&v[k], &v[i]))
			return true;
	return false;
}

static void add_variables(struct json *j, const struct leat_canon_setting *v, size_t n)
{
	bool twice = set_twice(v, n);
	leat_buf_addc(j->out, '{');
	j->indent++;
	for (size_t i = 0; i < n; i++) {
		if (twice && came_before(v, i))
			continue;
		leat_buf_adds(j->out, i ? "," : "");
		add_variable(j, v, n, i, twice);
	}
	j->indent--;
	line(j);
	leat_buf_addc(j->out, '}');
}

/* The options of one `job` or `defaults` line, the conditions of one `expect`, the words of a `schedule`. */
static void add_options(struct json *j, const struct leat_ast *a, enum leat_canon_kind kind)
{
	struct leat_canon_word *v = leat_canon_words(a);
	if (!v) {
		j->out->failed = true;
	} else if (kind == LEAT_CANON_EXPECT) {
		add_values(j, a, v);
	} else if (kind == LEAT_CANON_SCHEDULE) {
		bool values = a->n_words && v[0].class == LEAT_CANON_VALUE;
		leat_buf_adds(j->out, values ? "{\"args\": " : "{");
		size_t i = values ? add_values(j, a, v) : 0;
		leat_buf_adds(j->out, i < a->n_words ? values ? ", \"options\": {" : "\"options\": {" : "");
		add_members(j, a, v, i, "");
		leat_buf_adds(j->out, i < a->n_words ? "}}" : "}");
	} else {
		leat_buf_addc(j->out, '{');
		add_members(j, a, v, 0, "");
		leat_buf_addc(j->out, '}');
	}
	free(v);
}

static void add_recipes(struct json *j, const struct leat_canon_setting *v, size_t n)
{
	leat_buf_addc(j->out, '[');
	j->indent++;
	for (size_t i = 0; i < n; i++) {
		leat_buf_adds(j->out, i ? "," : "");
		line(j);
		add_step(j, v[i].a);
	}
	j->indent--;
	line(j);
	leat_buf_addc(j->out, ']');
}

/* One member: all settings of one kind in one group. */
static void add_settings(struct json *j, const struct leat_canon_setting *v, size_t n)
{
	static const char *const names[] = {
		[LEAT_CANON_INCLUDE] = "include",   [LEAT_CANON_LET] = "vars",          [LEAT_CANON_JOB] = "job",
		[LEAT_CANON_SCHEDULE] = "schedule", [LEAT_CANON_DEFAULTS] = "defaults", [LEAT_CANON_EXPECT] = "expect",
		[LEAT_CANON_RECIPE] = "recipes",
	};
	line(j);
	add_name(j, names[v->kind]);
	if (v->kind == LEAT_CANON_LET) {
		add_variables(j, v, n);
	} else if (v->kind == LEAT_CANON_RECIPE) {
		add_recipes(j, v, n);
	} else {
		bool list = n > 1 || v->kind == LEAT_CANON_INCLUDE;
		leat_buf_adds(j->out, list ? "[" : "");
		for (size_t i = 0; i < n; i++) {
			leat_buf_adds(j->out, i ? ", " : "");
			if (v->kind == LEAT_CANON_INCLUDE)
				add_value(j, v[i].a, &v[i].a->words[0]);
			else
				add_options(j, v[i].a, v->kind);
		}
		leat_buf_adds(j->out, list ? "]" : "");
	}
}

/* The members of one group; n of all, from v on. Returns how many settings they hold. */
static size_t add_group(struct json *j, const struct leat_canon_setting *v, size_t n)
{
	size_t i = 0;
	for (size_t end; i < n && v[i].group == v->group; i = end) {
		for (end = i + 1; end < n && v[end].group == v->group && v[end].kind == v[i].kind;)
			end++;
		leat_buf_adds(j->out, i ? "," : "");
		add_settings(j, v + i, end - i);
	}
	return i;
}

static void add_groups(struct json *j, const struct leat_canon_setting *v, size_t n)
{
	line(j);
	leat_buf_adds(j->out, "\"settings\": [");
	j->indent++;
	for (size_t i = 0; i < n;) {
		leat_buf_adds(j->out, i ? "," : "");
		line(j);
		leat_buf_addc(j->out, '{');
		j->indent++;
		i += add_group(j, v + i, n - i);
		j->indent--;
		line(j);
		leat_buf_addc(j->out, '}');
	}
	j->indent--;
	line(j);
	leat_buf_adds(j->out, "],");
}

void leat_program_json(const struct leat_program *p, const struct leat_style *style, struct leat_buf *out)
{
	struct json j = {.style = style, .out = out, .indent = 1};
	size_t n = 0;
	struct leat_canon_setting *v = leat_canon_settings(p->syntax, &n);
	if (!v)
		out->failed = true;
	leat_buf_adds(out, "{\n  \"version\": 1,");
	if (v && n && v[n - 1].group > 0) {
		add_groups(&j, v, n);
	} else if (v && n) {
		add_group(&j, v, n);
		leat_buf_addc(out, ',');
	}
	line(&j);
	leat_buf_adds(out, "\"steps\": ");
	add_steps(&j, p->syntax->steps);
	leat_buf_adds(out, "\n}\n");
	out->failed = out->failed || j.text.failed;
	leat_buf_free(&j.text);
	free(v);
}
