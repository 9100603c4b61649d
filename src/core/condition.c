/* SPDX-License-Identifier: MIT */
/* Conditions: compiled once, asked for every item. See condition.h. */
#include "core/condition.h"

#include "base/glob.h"
#include "base/mem.h"
#include "base/num.h"
#include "core/paramvalue.h"

enum op { EQ, NE, LT, LE, GT, GE, MATCH };

/* What a literal is besides its text. */
enum unit { TEXT_ONLY, NUMBER, PERCENT, SIZE, DURATION, MOMENT };

/* One entry of the right side. */
struct literal {
	const char *text;
	enum unit unit;
	bool whole; /* NUMBER: i is exact */
	int64_t i; /* MOMENT: its begin in ns */
	int64_t len; /* MOMENT: how long it lasts */
	double r; /* NUMBER, PERCENT (50 for 50%), SIZE in bytes, DURATION in seconds */
	struct leat_glob *glob;
};

struct leat_condition {
	struct leat_arena arena;
	const char *text; /* as written */
	const char *field;
	const char *right;
	enum op op;
	bool right_is_field;
	struct literal *v;
	size_t n;
};

static bool is_one_of(const char *word, const char *const *list)
{
	for (; *list; list++) {
		if (strcmp(word, *list) == 0)
			return true;
	}
	return false;
}

/* Counts that expect knows; their percentages are of `matched`. */
static bool is_count(const char *field)
{
	static const char *const counts[] = {"done",        "skipped",     "failed", "known_failed",
					     "quarantined", "not_reached", NULL};
	return is_one_of(field, counts);
}

static bool is_path(const char *field)
{
	static const char *const paths[] = {"path", "dir", "reldir", NULL};
	return is_one_of(field, paths);
}

/* The operator at s: its length, 0 when there is none or it is another language's (then *instead). */
static size_t operator_at(const char *s, enum op *op, const char **instead)
{
	static const struct {
		const char *text;
		enum op op;
		const char *instead;
	} table[] = {
		/* longer ones first */
		{"==", EQ, "="},  {"!==", NE, "!="}, {"=~", EQ, "~"},  {"~=", EQ, "~"},    {"=<", EQ, "<="},
		{"=>", EQ, ">="}, {"<>", EQ, "!="},  {"<=", LE, NULL}, {">=", GE, NULL},   {"!=", NE, NULL},
		{"=", EQ, NULL},  {"<", LT, NULL},   {">", GT, NULL},  {"~", MATCH, NULL},
	};
	for (size_t i = 0; i < LEAT_LEN(table); i++) {
		size_t n = strlen(table[i].text);
		if (strncmp(s, table[i].text, n) != 0)
			continue;
		*op = table[i].op;
		*instead = table[i].instead;
		return table[i].instead ? 0 : n;
	}
	return 0;
}

static int parse_sides(struct leat_condition *c, const char *text, struct leat_err *err)
{
	const char *instead = NULL;
	size_t field = strcspn(text, "=!<>~"), n;
	for (n = field; n > 0 && text[n - 1] == ' '; n--)
		;
	size_t op = text[field] ? operator_at(text + field, &c->op, &instead) : 0;
	if (instead)
		return leat_fail(err, LEAT_CAUSE_USAGE, "'%s': write '%s' here", text, instead);
	if (!op)
		return leat_fail(err, LEAT_CAUSE_USAGE, "'%s' has no operator: a condition is written like width>=800",
				 text);
	if (n == 0)
		return leat_fail(err, LEAT_CAUSE_USAGE, "'%s' has no field in front of its operator", text);
	if (text[0] == '{')
		return leat_fail(err, LEAT_CAUSE_USAGE, "'%s': a field in a condition has no braces", text);
	const char *right = text + field + op;
	right += strspn(right, " ");
	if (!*right && c->op != EQ && c->op != NE)
		return leat_fail(err, LEAT_CAUSE_USAGE, "'%s' has no value behind its operator", text);
	c->field = leat_arena_strndup(&c->arena, text, n);
	c->right = leat_arena_strndup(&c->arena, right, strlen(right));
	return c->field && c->right ? 0 : leat_fail(err, LEAT_CAUSE_MEMORY, "out of memory for a condition");
}

static void read_literal(struct literal *l, size_t n)
{
	uint64_t bytes;
	int64_t ns;
	if (leat_parse_int(l->text, n, &l->i)) {
		l->unit = NUMBER;
		l->whole = true;
		l->r = (double)l->i;
	} else if (leat_parse_real(l->text, n, &l->r)) {
		l->unit = NUMBER;
	} else if (n > 1 && l->text[n - 1] == '%' && leat_parse_real(l->text, n - 1, &l->r)) {
		l->unit = PERCENT;
	} else if (leat_parse_size(l->text, n, &bytes)) {
		l->unit = SIZE;
		l->r = (double)bytes;
	} else if (leat_parse_duration(l->text, n, &ns)) {
		l->unit = DURATION;
		l->r = (double)ns / 1e9;
	} else if (leat_parse_moment(l->text, n, &l->i, &l->len)) {
		l->unit = MOMENT;
	}
}

static int parse_literals(struct leat_condition *c, struct leat_err *err)
{
	size_t pos = 0, start, n, count = 0;
	while (leat_list_next(c->right, &pos, &start, &n))
		count++;
	if (count > 1 && c->op != EQ && c->op != NE && c->op != MATCH)
		return leat_fail(err, LEAT_CAUSE_USAGE, "'%s' is a list: that goes with =, != and ~ only", c->right);
	c->v = leat_arena_alloc(&c->arena, leat_size_mul(count, sizeof *c->v));
	pos = 0;
	while (c->v && leat_list_next(c->right, &pos, &start, &n)) {
		struct literal *l = &c->v[c->n++];
		l->text = leat_arena_strndup(&c->arena, c->right + start, n);
		if (!l->text)
			break;
		read_literal(l, n);
		if (c->op != MATCH)
			continue;
		l->glob = leat_glob_new(l->text, n, LEAT_GLOB_HIDDEN | (is_path(c->field) ? 0 : LEAT_GLOB_FLAT), err);
		if (!l->glob)
			return -1;
	}
	return leat_arena_ok(&c->arena) ? 0 : leat_fail(err, LEAT_CAUSE_MEMORY, "out of memory for a condition");
}

static int check_always_there(const struct leat_condition *c, struct leat_err *err)
{
	for (size_t i = 0; leat_item_fields[i]; i++) {
		bool may_be_field = leat_condition_field(c, 1) != NULL;
		if (strcmp(leat_item_fields[i], c->field) == 0 && !may_be_field)
			return leat_condition_check(c, leat_item_field_types[i], err);
	}
	return 0;
}

struct leat_condition *leat_condition_new(const char *text, struct leat_err *err)
{
	struct leat_condition *c = leat_zalloc(1, sizeof *c, err);
	if (!c)
		return NULL;
	c->text = leat_arena_strndup(&c->arena, text, strlen(text));
	if (!c->text)
		leat_fail(err, LEAT_CAUSE_MEMORY, "out of memory");
	if (!c->text || parse_sides(c, text, err) < 0 || parse_literals(c, err) < 0 || check_always_there(c, err) < 0)
		leat_condition_free(&c);
	return c;
}

void leat_condition_free(struct leat_condition **c)
{
	if (!*c)
		return;
	for (size_t i = 0; i < (*c)->n; i++)
		leat_glob_free(&(*c)->v[i].glob);
	leat_arena_free(&(*c)->arena);
	free(*c);
	*c = NULL;
}

const char *leat_condition_field(const struct leat_condition *c, size_t i)
{
	if (i == 0)
		return c->field;
	static const char word[] = "abcdefghijklmnopqrstuvwxyz0123456789_";
	bool is_word =
		c->right[0] && !(c->right[0] >= '0' && c->right[0] <= '9') && c->right[strspn(c->right, word)] == 0;
	return i == 1 && c->op != MATCH && is_word ? c->right : NULL;
}

const char *leat_condition_text(const struct leat_condition *c)
{
	return c->text;
}

void leat_condition_right_is_field(struct leat_condition *c)
{
	c->right_is_field = true;
}

static int check_number(const struct leat_condition *c, const struct literal *l, struct leat_err *err)
{
	bool time = strcmp(c->field, "age") == 0 || strcmp(c->field, "seconds") == 0;
	switch (l->unit) {
	case NUMBER:
		if (strcmp(c->field, "age") != 0)
			return 0;
		return leat_fail(err, LEAT_CAUSE_USAGE, "the time '%s' has no unit: write %sd, %sh, %sm or %ss",
				 l->text, l->text, l->text, l->text, l->text);
	case PERCENT:
		if (strcmp(c->field, "saved") == 0 || is_count(c->field))
			return 0;
		return leat_fail(err, LEAT_CAUSE_USAGE,
				 "'%s' is not a percentage: write a plain number instead of '%s'", c->field, l->text);
	case SIZE:
		if (strncmp(c->field, "bytes", 5) == 0)
			return 0;
		return leat_fail(err, LEAT_CAUSE_USAGE, "'%s' is not in bytes: write a plain number instead of '%s'",
				 c->field, l->text);
	case DURATION:
		if (time)
			return 0;
		return leat_fail(err, LEAT_CAUSE_USAGE, "'%s' is not a time: write a plain number instead of '%s'",
				 c->field, l->text);
	case TEXT_ONLY:
	case MOMENT:
		break;
	}
	return leat_fail(err, LEAT_CAUSE_USAGE, "'%s' is a number, and '%s' is none", c->field, l->text);
}

int leat_condition_check(const struct leat_condition *c, enum leat_vtype type, struct leat_err *err)
{
	if (c->op == MATCH && type != LEAT_V_TEXT && type != LEAT_V_NONE)
		return leat_fail(err, LEAT_CAUSE_USAGE, "'~' compares texts, and '%s' is %s", c->field,
				 type == LEAT_V_TIME ? "a time" : "a number");
	if (c->right_is_field)
		return 0;
	for (size_t i = 0; i < c->n; i++) {
		const struct literal *l = &c->v[i];
		if ((type == LEAT_V_INT || type == LEAT_V_REAL) && check_number(c, l, err) < 0)
			return -1;
		if (type == LEAT_V_TIME && l->unit != MOMENT)
			return leat_fail(err, LEAT_CAUSE_USAGE,
					 "'%s' is not a date: write for example 2026-01-31 or 2026-01-31T02:30",
					 l->text);
	}
	return 0;
}

/* How two values stand: below, equal, above; UNLIKE when they cannot be compared. */
enum order { BELOW, EQUAL, ABOVE, UNLIKE };

static enum order order_of(double a, double b)
{
	return a < b ? BELOW : a > b ? ABOVE : a == b ? EQUAL : UNLIKE;
}

static enum order order_ints(int64_t a, int64_t b)
{
	return a < b ? BELOW : a > b ? ABOVE : EQUAL;
}

static enum order order_texts(const char *a, const char *b)
{
	return order_ints(strcmp(a, b), 0);
}

static bool is_number(const struct leat_value *v)
{
	return v->type == LEAT_V_INT || v->type == LEAT_V_REAL;
}

static double as_real(const struct leat_value *v)
{
	return v->type == LEAT_V_INT ? (double)v->i : v->r;
}

static enum order with_number(const struct leat_condition *c, const struct leat_value *v, const struct literal *l,
			      const struct leat_view *view)
{
	if (l->unit == TEXT_ONLY || l->unit == MOMENT)
		return UNLIKE;
	if (l->whole && v->type == LEAT_V_INT)
		return order_ints(v->i, l->i);
	double x = as_real(v);
	if (l->unit == PERCENT && is_count(c->field)) {
		const struct leat_value *matched = leat_fields_get(view->fields, "matched");
		double of = matched && is_number(matched) ? as_real(matched) : 0;
		x = of > 0 ? x * 100 / of : 0;
	}
	return order_of(x, l->r);
}

static enum order with_literal(const struct leat_condition *c, const struct leat_value *v, const struct literal *l,
			       const struct leat_view *view)
{
	switch (v->type) {
	case LEAT_V_INT:
	case LEAT_V_REAL:
		return with_number(c, v, l, view);
	case LEAT_V_TEXT:
		return order_texts(v->s, l->text);
	case LEAT_V_TIME:
		if (l->unit != MOMENT)
			return UNLIKE;
		return v->i < l->i ? BELOW : v->i - l->i >= l->len ? ABOVE : EQUAL;
	case LEAT_V_NONE:
		break;
	}
	return UNLIKE;
}

static enum order with_value(const struct leat_value *a, const struct leat_value *b)
{
	if (a->type == LEAT_V_INT && b->type == LEAT_V_INT)
		return order_ints(a->i, b->i);
	if (is_number(a) && is_number(b))
		return order_of(as_real(a), as_real(b));
	if (a->type != b->type || a->type == LEAT_V_NONE)
		return UNLIKE;
	return a->type == LEAT_V_TEXT ? order_texts(a->s, b->s) : order_ints(a->i, b->i);
}

static bool satisfies(enum op op, enum order o)
{
	switch (op) {
	case EQ:
		return o == EQUAL;
	case NE:
		return o == BELOW || o == ABOVE;
	case LT:
		return o == BELOW;
	case LE:
		return o == BELOW || o == EQUAL;
	case GT:
		return o == ABOVE;
	case GE:
		return o == ABOVE || o == EQUAL;
	case MATCH:
		break;
	}
	return false;
}

static bool matches(const struct literal *l, const struct leat_value *v)
{
	return v->type == LEAT_V_TEXT && leat_glob_match(l->glob, v->s, strlen(v->s));
}

bool leat_condition_holds(const struct leat_condition *c, const struct leat_view *v, struct leat_buf *tmp)
{
	struct leat_value left, right;
	if (!leat_view_value(v, c->field, &left, tmp))
		return false;
	if (c->right_is_field) {
		struct leat_buf second = {0}; /* the left side may live in tmp */
		bool holds =
			leat_view_value(v, c->right, &right, &second) && satisfies(c->op, with_value(&left, &right));
		leat_buf_free(&second);
		return holds;
	}
	for (size_t i = 0; i < c->n; i++) {
		bool one = c->op == MATCH ? matches(&c->v[i], &left)
					  : satisfies(c->op, with_literal(c, &left, &c->v[i], v));
		/* any entry will do, but for != all must hold */
		if (one != (c->op == NE))
			return one;
	}
	return c->op == NE;
}
