/* SPDX-License-Identifier: MIT */
/* Steps, branches and recipes of the JSON form. See json.h. */
#include "core/execopts.h"
#include "lang/canon.h"
#include "lang/json_kit.h"
#include "lang/limits.h"
#include "lang/pieces.h"

static void begin(struct leat_json *r)
{
	leat_buf_fill(&r->out, ' ', 2 * (size_t)r->depth);
}

/* One member of a step besides its name. */
static void stage_member(struct leat_json *r, const char *key, const json_t *v, bool condition)
{
	static const char *const known[] = {"step",    "args",       "options", "on",       "workers", "queue", "order",
					    "retries", "retry-wait", "timeout", "on-error", "id",      NULL};
	size_t at = r->path.len;
	if (strcmp(key, "args") == 0) {
		leat_json_down(r, key);
		leat_json_add_args(r, v, condition ? LEAT_PLACE_STEP_CONDITION : LEAT_PLACE_VALUE);
	} else if (strcmp(key, "options") == 0) {
		leat_json_down(r, key);
		leat_json_add_options(r, v);
	} else if (leat_canon_exec(key, strlen(key)) < LEAT_EXEC_ROWS) {
		leat_json_add_option(r, key, v);
	} else {
		leat_json_unknown(r, key, known, "what belongs to the step itself stands in \"options\": {…}");
	}
	leat_json_up(r, at);
}

/* {"step": "resize", "args": ["800x"], "options": {"fit": "inside"}, "on": "threads"} */
static void stage(struct leat_json *r, const json_t *v)
{
	size_t from = r->out.len, at = leat_json_down(r, "step");
	const json_t *name = json_object_get(v, "step");
	bool good = leat_json_add_name(r, name, "step");
	bool condition = good && leat_canon_is_condition(json_string_value(name));
	leat_json_up(r, at);
	for (void *m = leat_json_first(v); m; m = leat_json_next(v, m)) {
		const char *key = json_object_iter_key(m);
		const json_t *value = json_object_iter_value(m);
		if (strcmp(key, "step") != 0)
			stage_member(r, key, value, condition);
	}
	leat_json_mark(r, from);
	leat_buf_addc(&r->out, '\n');
}

/* {"use": "web-ready", "with": {"size": "800x"}} */
static void use(struct leat_json *r, const json_t *v)
{
	static const char *const known[] = {"use", "with", NULL};
	const json_t *with = json_object_get(v, "with");
	size_t from = r->out.len, at = leat_json_down(r, "use");
	leat_buf_adds(&r->out, "use ");
	leat_json_add_name(r, json_object_get(v, "use"), "recipe");
	leat_json_up(r, at);
	at = leat_json_down(r, "with");
	if (with)
		leat_json_add_options(r, with);
	leat_json_up(r, at);
	leat_json_mark(r, from);
	leat_buf_addc(&r->out, '\n');
	leat_json_check(r, v, known);
}

/* The list of a `for`: a text, or an array of its entries. */
static void add_list(struct leat_json *r, const json_t *v)
{
	struct leat_buf list = {0};
	size_t i, entries = 0, n;
	json_t *entry;
	if (!json_is_array(v)) {
		leat_json_add_value(r, NULL, v, LEAT_PLACE_VALUE);
		return;
	}
	for (i = 0; (entry = json_array_get(v, i)); i++) {
		size_t at = leat_json_down_to(r, i);
		const char *s = leat_json_text_of(r, entry, &n);
		leat_buf_adds(&list, i ? "," : "");
		if (s)
			leat_buf_add(&list, s, n);
		leat_json_up(r, at);
	}
	leat_buf_adds(&list, "");
	for (size_t from = 0; from <= list.len && !list.failed; entries++)
		from = leat_list_entry_end(list.data, list.len, from) + 1;
	if (i && entries != i) {
		leat_json_fault(r, "an entry of a list cannot contain a comma");
	} else if (!list.failed) {
		leat_buf_addc(&r->out, ' ');
		size_t from = r->out.len;
		leat_written_word(&r->out, list.data, list.len, LEAT_PLACE_VALUE, false);
		leat_json_mark(r, from);
	}
	r->out.failed = r->out.failed || list.failed;
	leat_buf_free(&list);
}

/* "for": ["size", ["320", "800"]] */
static void add_loop(struct leat_json *r, const json_t *v)
{
	if (!json_is_array(v)) {
		leat_json_wrong(r, v, "an array of a variable and a list");
		return;
	}
	if (json_array_size(v) != 2) {
		leat_json_fault(r, "'for' has two entries: a variable and a list");
		return;
	}
	leat_buf_adds(&r->out, " for ");
	size_t at = leat_json_down_to(r, 0);
	leat_json_add_name(r, json_array_get(v, 0), "variable");
	leat_json_up(r, at);
	leat_buf_adds(&r->out, " in");
	at = leat_json_down_to(r, 1);
	add_list(r, json_array_get(v, 1));
	leat_json_up(r, at);
}

/* A branch or a recipe: the member that names it, what it may have, its steps. */
void leat_json_block(struct leat_json *r, const json_t *v, const char *kind, const char *extra,
		     void (*add_extra)(struct leat_json *r, const json_t *v))
{
	const char *const known[] = {kind, extra, "steps", NULL};
	size_t from = r->out.len, at = leat_json_down(r, kind);
	leat_buf_addf(&r->out, "%s ", kind);
	leat_json_add_name(r, json_object_get(v, kind), kind);
	leat_json_up(r, at);
	const json_t *more = json_object_get(v, extra), *body = json_object_get(v, "steps");
	if (more) {
		at = leat_json_down(r, extra);
		add_extra(r, more);
		leat_json_up(r, at);
	}
	leat_json_mark(r, from);
	leat_buf_addc(&r->out, '\n');
	leat_json_check(r, v, known);
	if (body) {
		at = leat_json_down(r, "steps");
		r->depth++;
		leat_json_steps(r, body);
		r->depth--;
		leat_json_up(r, at);
	}
	begin(r);
	from = r->out.len;
	leat_buf_adds(&r->out, "end");
	leat_json_mark(r, from);
	leat_buf_addc(&r->out, '\n');
}

static void one_step(struct leat_json *r, const json_t *v, void *ctx)
{
	(void)ctx;
	if (!json_is_object(v)) {
		leat_json_wrong(r, v, "an object");
		return;
	}
	begin(r);
	if (json_object_get(v, "step"))
		stage(r, v);
	else if (json_object_get(v, "use"))
		use(r, v);
	else if (json_object_get(v, "branch"))
		leat_json_block(r, v, "branch", "for", add_loop);
	else
		leat_say_help(r->l, leat_json_fault(r, "this is no step"),
			      "an entry of \"steps\" has a member \"step\", \"use\" or \"branch\"");
}

/* Recursion is bounded: branches in branches end at a depth that the language does not allow. */
void leat_json_steps(struct leat_json *r, const json_t *v)
{
	if (!json_is_array(v)) {
		leat_json_wrong(r, v, "an array of steps");
		return;
	}
	if (r->depth > LEAT_MAX_BRANCH_DEPTH + 1) { /* one for a recipe; the exact bound is the parser's question */
		leat_say_help(r->l, leat_json_fault(r, "branches are nested too deep"), "at most %d in each other",
			      LEAT_MAX_BRANCH_DEPTH);
		return;
	}
	leat_json_each(r, v, one_step, NULL);
}
