/* SPDX-License-Identifier: MIT */
/* What reading the JSON form is made of. See json_kit.h. */
#include "lang/json_kit.h"

#include "lang/names.h"
#include "lang/quote.h"

/* ---- places ---- */

/* Goes down to a member or an entry; give the result to leat_json_up(). */
size_t leat_json_down(struct leat_json *r, const char *member)
{
	size_t at = r->path.len;
	leat_buf_addc(&r->path, '/');
	for (; *member; member++)
		if (*member == '~' || *member == '/')
			leat_buf_adds(&r->path, *member == '~' ? "~0" : "~1");
		else
			leat_buf_addc(&r->path, *member);
	return at;
}

size_t leat_json_down_to(struct leat_json *r, size_t index)
{
	size_t at = r->path.len;
	leat_buf_addf(&r->path, "/%zu", index);
	return at;
}

void leat_json_up(struct leat_json *r, size_t at)
{
	if (r->path.failed)
		return;
	r->path.len = at;
	r->path.data[at] = 0;
}

/* The text from byte `from` on comes from where we are. */
void leat_json_mark(struct leat_json *r, size_t from)
{
	struct leat_pointer *v = leat_grow(r->places, &r->cap_places, r->n_places + 1, sizeof *v, NULL);
	const char *pointer = r->path.failed ? NULL : leat_arena_strndup(r->l->arena, r->path.data, r->path.len);
	if (v)
		r->places = v;
	if (!v || !pointer || r->out.len > UINT32_MAX) {
		r->l->failed = true;
		return;
	}
	v[r->n_places++] = (struct leat_pointer){(uint32_t)from, (uint32_t)r->out.len, pointer};
}

/* ---- faults ---- */

/* A fault of what is being read. The text is only used when there is none. */
struct leat_diag *leat_json_fault(struct leat_json *r, const char *what)
{
	struct leat_text *t = leat_arena_alloc(r->l->arena, sizeof *t);
	struct leat_pointer *here = leat_arena_alloc(r->l->arena, sizeof *here);
	r->faulty = true;
	if (!t || !here || r->path.failed) {
		r->l->failed = true;
		return NULL;
	}
	here->pointer = leat_arena_strndup(r->l->arena, r->path.data, r->path.len);
	*t = (struct leat_text){.name = r->t->name, .dir = r->t->dir, .included = r->t->included};
	if (here->pointer) {
		t->places = here;
		t->n_places = 1;
	}
	return leat_say_error(r->l, LEAT_JSON_SHAPE, (struct leat_span){t, 0, 0}, "%s", what);
}

static const char *kind_of(const json_t *v)
{
	switch (json_typeof(v)) {
	case JSON_OBJECT:
		return "an object";
	case JSON_ARRAY:
		return "an array";
	case JSON_STRING:
		return "a text";
	case JSON_INTEGER:
	case JSON_REAL:
		return "a number";
	case JSON_NULL:
		return "null";
	default:
		return json_is_true(v) ? "true" : "false";
	}
}

/* Something else than should be there. */
void leat_json_wrong(struct leat_json *r, const json_t *v, const char *expected)
{
	struct leat_diag *g =
		leat_json_fault(r, leat_arena_printf(r->l->arena, "%s stands where %s belongs", kind_of(v), expected));
	char *dump = json_is_object(v) || json_is_array(v) ? NULL : json_dumps(v, JSON_ENCODE_ANY);
	if (dump && strcmp(expected, "a text") == 0)
		leat_say_help(r->l, g, "all values are texts: write \"%s\"",
			      json_is_true(v)    ? "yes"
			      : json_is_false(v) ? "no"
			      : json_is_null(v)  ? ""
						 : dump);
	free(dump);
}

const char *leat_json_text_of(struct leat_json *r, const json_t *v, size_t *n)
{
	if (!json_is_string(v)) {
		leat_json_wrong(r, v, "a text");
		return NULL;
	}
	*n = json_string_length(v);
	return json_string_value(v);
}

/* ---- names ---- */

static bool is_word(const char *s)
{
	if (!leat_is_letter(*s))
		return false;
	for (; *s; s++)
		if (!leat_is_letter(*s) && !leat_is_digit(*s) && *s != '-' && *s != '_')
			return false;
	return true;
}

/* Words that begin statements of another kind. */
static bool is_reserved(const char *s)
{
	static const char *const words[] = {"version", "include", "let",    "job", "schedule", "defaults",
					    "expect",  "recipe",  "branch", "use", "end"};
	for (size_t i = 0; i < LEAT_LEN(words); i++)
		if (strcmp(s, words[i]) == 0)
			return true;
	return false;
}

bool leat_json_check_name(struct leat_json *r, const char *s, const char *what)
{
	bool step = strcmp(what, "step") == 0, reserved = step && is_reserved(s);
	bool env = strcmp(what, "environment variable") == 0 && leat_is_envname(s, strlen(s));
	if ((is_word(s) || env || (step && leat_word_bare(s, false))) && !reserved)
		return true;
	struct leat_diag *g = leat_json_fault(r, leat_arena_printf(r->l->arena, "'%s' cannot be the name of %s %s",
								   leat_say_brief(r->l, s, strlen(s)),
								   strchr("aeiou", *what) ? "an" : "a", what));
	if (reserved)
		leat_say_help(r->l, g, "branches, recipes and settings have members of their own: leat help json");
	return false;
}

/* A name as a member's value, appended as it is. False when it is none. */
bool leat_json_add_name(struct leat_json *r, const json_t *v, const char *what)
{
	size_t n;
	const char *s = leat_json_text_of(r, v, &n);
	if (!s || !leat_json_check_name(r, s, what))
		return false;
	size_t from = r->out.len;
	leat_buf_add(&r->out, s, n);
	leat_json_mark(r, from);
	return true;
}

/* ---- values ---- */

void leat_json_add_value(struct leat_json *r, const char *key, const json_t *v, enum leat_written_place place)
{
	size_t n;
	const char *s = leat_json_text_of(r, v, &n);
	if (!s)
		return;
	leat_buf_addc(&r->out, ' ');
	size_t from = r->out.len;
	if (key)
		leat_buf_addf(&r->out, "%s=", key);
	leat_written_word(&r->out, s, n, place, false);
	leat_json_mark(r, from);
}

/* One option, or several of the same name. */
void leat_json_add_option(struct leat_json *r, const char *key, const json_t *v)
{
	size_t at = leat_json_down(r, key), i;
	json_t *entry;
	if (!leat_json_check_name(r, key, "option")) {
		leat_json_up(r, at);
		return;
	}
	if (!json_is_array(v))
		leat_json_add_value(r, key, v, LEAT_PLACE_OPTION);
	else
		for (i = 0; (entry = json_array_get(v, i)); i++) {
			size_t inner = leat_json_down_to(r, i);
			leat_json_add_value(r, key, entry, LEAT_PLACE_OPTION);
			leat_json_up(r, inner);
		}
	leat_json_up(r, at);
}

void leat_json_add_options(struct leat_json *r, const json_t *v)
{
	if (!json_is_object(v)) {
		leat_json_wrong(r, v, "an object");
		return;
	}
	for (void *m = leat_json_first(v); m; m = leat_json_next(v, m)) {
		const char *key = json_object_iter_key(m);
		const json_t *value = json_object_iter_value(m);
		leat_json_add_option(r, key, value);
	}
}

/* [1, 2, …]: each of them. What stands alone where an array may stand is its only entry. */
void leat_json_each(struct leat_json *r, const json_t *v, void (*take)(struct leat_json *r, const json_t *v, void *ctx),
		    void *ctx)
{
	size_t i;
	json_t *entry;
	if (!json_is_array(v)) {
		take(r, v, ctx);
		return;
	}
	for (i = 0; (entry = json_array_get(v, i)); i++) {
		size_t at = leat_json_down_to(r, i);
		take(r, entry, ctx);
		leat_json_up(r, at);
	}
}

static void add_arg(struct leat_json *r, const json_t *v, void *place)
{
	leat_json_add_value(r, NULL, v, *(const enum leat_written_place *)place);
}

void leat_json_add_args(struct leat_json *r, const json_t *v, enum leat_written_place place)
{
	if (json_is_array(v))
		leat_json_each(r, v, add_arg, &place);
	else
		leat_json_wrong(r, v, "an array of texts");
}

/* ---- members ---- */

void leat_json_unknown(struct leat_json *r, const char *key, const char *const *known, const char *help)
{
	size_t at = leat_json_down(r, key), n = 0;
	struct leat_diag *g = leat_json_fault(r, leat_arena_printf(r->l->arena, "there is no member '%s' here",
								   leat_say_brief(r->l, key, strlen(key))));
	while (known[n])
		n++;
	const char *near = leat_say_nearest(r->l, key, known, n);
	if (near)
		leat_say_label(r->l, g, "did you mean '%s'?", near);
	leat_say_help(r->l, g, "members are: %s", leat_say_list(r->l, known, n));
	if (help)
		leat_say_help(r->l, g, "%s", help);
	leat_json_up(r, at);
}

static bool is_one_of(const char *key, const char *const *known)
{
	for (; *known; known++)
		if (strcmp(key, *known) == 0)
			return true;
	return false;
}

void leat_json_check(struct leat_json *r, const json_t *v, const char *const *known)
{
	for (void *m = leat_json_first(v); m; m = leat_json_next(v, m)) {
		const char *key = json_object_iter_key(m);
		if (!is_one_of(key, known))
			leat_json_unknown(r, key, known, NULL);
	}
}
