/* SPDX-License-Identifier: MIT */
/*
 * The JSON form as text of the language, statement by statement. See json.h.
 *
 * What goes into the text as it is (names of steps, options, variables) is checked to be one plain word, values are
 * quoted where they must be: nothing in a JSON text can become another statement than it says.
 */
#include "lang/json.h"

#include "lang/json_kit.h"

/* ---- settings ---- */

/* A statement of one word and what `add` makes of the value. */
struct line {
	const char *word;
	void (*add)(struct leat_json *r, const json_t *v);
};

static void one_line(struct leat_json *r, const json_t *v, void *ctx)
{
	const struct line *line = ctx;
	size_t from = r->out.len;
	leat_buf_adds(&r->out, line->word);
	line->add(r, v);
	leat_json_mark(r, from);
	leat_buf_addc(&r->out, '\n');
}

static void add_file(struct leat_json *r, const json_t *v)
{
	leat_json_add_value(r, NULL, v, LEAT_PLACE_VALUE);
}

static void include(struct leat_json *r, const json_t *v)
{
	leat_json_each(r, v, one_line, &(struct line){"include", add_file});
}

static void job(struct leat_json *r, const json_t *v)
{
	leat_json_each(r, v, one_line, &(struct line){"job", leat_json_add_options});
}

static void defaults(struct leat_json *r, const json_t *v)
{
	leat_json_each(r, v, one_line, &(struct line){"defaults", leat_json_add_options});
}

/* {"args": ["daily"], "options": {"at": "02:30"}} */
static void add_schedule(struct leat_json *r, const json_t *v)
{
	static const char *const known[] = {"args", "options", NULL};
	const json_t *args = json_object_get(v, "args"), *options = json_object_get(v, "options");
	if (!json_is_object(v)) {
		leat_json_wrong(r, v, "an object");
		return;
	}
	size_t at = leat_json_down(r, "args");
	if (args)
		leat_json_add_args(r, args, LEAT_PLACE_VALUE);
	leat_json_up(r, at);
	at = leat_json_down(r, "options");
	if (options)
		leat_json_add_options(r, options);
	leat_json_up(r, at);
	leat_json_check(r, v, known);
}

static void schedule(struct leat_json *r, const json_t *v)
{
	leat_json_each(r, v, one_line, &(struct line){"schedule", add_schedule});
}

static void add_conditions(struct leat_json *r, const json_t *v)
{
	leat_json_add_args(r, v, LEAT_PLACE_CONDITION);
}

/* ["matched>=1", "failed<=1%"], or an array of such lines. */
static void expect(struct leat_json *r, const json_t *v)
{
	struct line line = {"expect", add_conditions};
	if (json_is_array(json_array_get(v, 0)))
		leat_json_each(r, v, one_line, &line);
	else
		one_line(r, v, &line);
}

/* {"env": "OUT_DIR", "or": "site/img"}, with "secret": true. */
static void add_environment(struct leat_json *r, const json_t *v)
{
	static const char *const known[] = {"env", "or", "secret", NULL};
	const json_t *env = json_object_get(v, "env"), *dflt = json_object_get(v, "or");
	const json_t *secret = json_object_get(v, "secret");
	leat_json_check(r, v, known);
	size_t at = leat_json_down(r, "secret");
	if (secret && !json_is_boolean(secret))
		leat_json_wrong(r, secret, "true or false");
	leat_json_up(r, at);
	leat_buf_adds(&r->out, json_is_true(secret) ? " secret env " : " env ");
	at = leat_json_down(r, "env");
	if (!env)
		leat_json_fault(r, "the name of a variable of the environment is missing");
	else
		leat_json_add_name(r, env, "environment variable");
	leat_json_up(r, at);
	if (!dflt)
		return;
	leat_buf_adds(&r->out, " or");
	at = leat_json_down(r, "or");
	leat_json_add_value(r, NULL, dflt, LEAT_PLACE_LET);
	leat_json_up(r, at);
}

static void let(struct leat_json *r, const json_t *v, void *name)
{
	size_t from = r->out.len;
	leat_buf_addf(&r->out, "let %s =", (const char *)name);
	if (json_is_object(v))
		add_environment(r, v);
	else
		leat_json_add_value(r, NULL, v, LEAT_PLACE_LET);
	leat_json_mark(r, from);
	leat_buf_addc(&r->out, '\n');
}

static void vars(struct leat_json *r, const json_t *v)
{
	if (!json_is_object(v)) {
		leat_json_wrong(r, v, "an object");
		return;
	}
	for (void *m = leat_json_first(v); m; m = leat_json_next(v, m)) {
		const char *key = json_object_iter_key(m);
		const json_t *value = json_object_iter_value(m);
		size_t at = leat_json_down(r, key);
		if (leat_json_check_name(r, key, "variable"))
			leat_json_each(r, value, let, (void *)(uintptr_t)key);
		leat_json_up(r, at);
	}
}

/* "parameters": {"size": null, "quality": "82"} */
static void add_parameters(struct leat_json *r, const json_t *v)
{
	if (!json_is_object(v)) {
		leat_json_wrong(r, v, "an object");
		return;
	}
	for (void *m = leat_json_first(v); m; m = leat_json_next(v, m)) {
		const char *key = json_object_iter_key(m);
		const json_t *value = json_object_iter_value(m);
		size_t at = leat_json_down(r, key), from = r->out.len + 1;
		if (!leat_json_check_name(r, key, "parameter")) {
			leat_json_up(r, at);
			continue;
		}
		if (json_is_null(value)) {
			leat_buf_addf(&r->out, " %s", key);
			leat_json_mark(r, from);
		} else {
			leat_json_add_value(r, key, value, LEAT_PLACE_OPTION);
		}
		leat_json_up(r, at);
	}
}

static void one_recipe(struct leat_json *r, const json_t *v, void *ctx)
{
	(void)ctx;
	if (json_object_get(v, "recipe"))
		leat_json_block(r, v, "recipe", "parameters", add_parameters);
	else
		leat_say_help(r->l, leat_json_fault(r, "this is no recipe"),
			      "an entry of \"recipes\" has a member \"recipe\": its name");
}

static void recipes(struct leat_json *r, const json_t *v)
{
	if (json_is_array(v))
		leat_json_each(r, v, one_recipe, NULL);
	else
		leat_json_wrong(r, v, "an array of recipes");
}

/* ---- the program ---- */

/* In the order in which they are read. */
static const struct {
	const char *name;
	void (*read)(struct leat_json *r, const json_t *v);
} members[] = {
	{"include", include},   {"vars", vars},     {"job", job},         {"schedule", schedule},
	{"defaults", defaults}, {"expect", expect}, {"recipes", recipes},
};

static void settings(struct leat_json *r, const json_t *v)
{
	for (size_t i = 0; i < LEAT_LEN(members); i++) {
		const json_t *value = json_object_get(v, members[i].name);
		size_t at = leat_json_down(r, members[i].name);
		if (value)
			members[i].read(r, value);
		leat_json_up(r, at);
	}
}

static void one_group(struct leat_json *r, const json_t *v, void *ctx)
{
	static const char *const known[] = {"include",  "vars",   "job",     "schedule",
					    "defaults", "expect", "recipes", NULL};
	(void)ctx;
	if (!json_is_object(v)) {
		leat_json_wrong(r, v, "an object");
		return;
	}
	leat_json_check(r, v, known);
	settings(r, v);
}

/* Every version but this one is for the parser to refuse. */
static void version(struct leat_json *r, const json_t *v)
{
	size_t from = r->out.len;
	if (!v || (json_is_integer(v) && json_integer_value(v) == 1))
		return;
	if (!json_is_integer(v)) {
		leat_json_wrong(r, v, "the number 1");
		return;
	}
	leat_buf_addf(&r->out, "version %" JSON_INTEGER_FORMAT, json_integer_value(v));
	leat_json_mark(r, from);
	leat_buf_addc(&r->out, '\n');
}

static void program(struct leat_json *r, const json_t *root)
{
	static const char *const known[] = {"version",  "settings", "include", "vars",  "job", "schedule",
					    "defaults", "expect",   "recipes", "steps", NULL};
	size_t at = leat_json_down(r, "version");
	version(r, json_object_get(root, "version"));
	leat_json_up(r, at);
	leat_json_check(r, root, known);
	const json_t *groups = json_object_get(root, "settings"), *list = json_object_get(root, "steps");
	at = leat_json_down(r, "settings");
	if (groups)
		leat_json_each(r, groups, one_group, NULL);
	leat_json_up(r, at);
	settings(r, root);
	at = leat_json_down(r, "steps");
	if (list)
		leat_json_steps(r, list);
	leat_json_up(r, at);
}

static const char *reason(struct leat_lang *l, const json_error_t *e)
{
	switch (json_error_code(e)) {
	case json_error_end_of_input_expected:
		return "nothing may stand behind the last '}'";
	case json_error_premature_end_of_input:
		return "the text ends too early: a bracket or a quote is still open";
	case json_error_duplicate_key:
		return "this name is there twice in one object";
	case json_error_stack_overflow:
		return "too many brackets are open";
	case json_error_invalid_utf8:
		return "these bytes are no UTF-8";
	default:
		return leat_say_brief(l, e->text, strlen(e->text));
	}
}

/* E080 at its place in the JSON text itself. */
static void not_json(struct leat_lang *l, struct leat_text *t, const char *s, size_t n, const json_error_t *e)
{
	t->data = leat_arena_strndup(l->arena, s, n);
	t->len = t->data ? n : 0;
	uint32_t at = e->position > 0 && (size_t)e->position <= n ? (uint32_t)e->position - 1 : 0;
	struct leat_diag *g =
		leat_say_error(l, LEAT_JSON_SYNTAX, (struct leat_span){t, at, at + (at < n)}, "this is not JSON");
	leat_say_label(l, g, "%s", reason(l, e));
	leat_say_help(l, g, "a text that begins with '{' is read as the JSON form of a pipeline: leat help json");
	l->program->damaged = true;
}

bool leat_is_json(const char *s, size_t n)
{
	size_t i = 0;
	while (i < n && strchr(" \t\r\n", s[i]) && s[i])
		i++;
	return i < n && s[i] == '{';
}

/* What was written becomes the text. */
static bool finish(struct leat_json *r, struct leat_text *t)
{
	struct leat_pointer *places = leat_arena_alloc(r->l->arena, leat_size_mul(r->n_places + 1, sizeof *places));
	char *data = r->out.failed ? NULL : leat_arena_strndup(r->l->arena, r->out.data, r->out.len);
	if (!places || !data) {
		r->l->failed = true;
		return false;
	}
	if (r->n_places)
		memcpy(places, r->places, r->n_places * sizeof *places);
	t->places = places;
	t->n_places = r->n_places;
	t->data = data;
	t->len = r->out.len;
	return true;
}

bool leat_json_to_text(struct leat_lang *l, struct leat_text *t, const char *s, size_t n)
{
	json_error_t e;
	json_t *root = json_loadb(s, n, JSON_REJECT_DUPLICATES, &e);
	struct leat_json r = {.l = l, .t = t};
	if (!root) {
		not_json(l, t, s, n, &e);
		return false;
	}
	leat_buf_adds(&r.out, "");
	leat_buf_adds(&r.path, "");
	program(&r, root);
	json_decref(root);
	bool good = !r.faulty && finish(&r, t);
	l->program->damaged = l->program->damaged || r.faulty;
	l->failed = l->failed || r.out.failed || r.path.failed;
	leat_buf_free(&r.out);
	leat_buf_free(&r.path);
	free(r.places);
	return good;
}
