/* SPDX-License-Identifier: MIT */
/* Text to nodes: one function for each level of precedence. See expr.h for the grammar. */
#include "base/num.h"
#include "ops/expr/nodes.h"

#include <math.h>

enum { DEPTH = 60 };

struct parser {
	const char *text, *s;
	struct leat_expr *e;
	struct leat_err *err;
	int depth;
};

static int expression(struct parser *p);

static int bad(struct parser *p, const char *what)
{
	return leat_fail(p->err, LEAT_CAUSE_USAGE, "%s at character %td of '%s'", what, p->s - p->text + 1, p->text);
}

static void blanks(struct parser *p)
{
	p->s += strspn(p->s, " \t\r\n");
}

/* The sign, unless it is the beginning of a longer one. */
static bool accept(struct parser *p, const char *sign)
{
	size_t n = strlen(sign);
	blanks(p);
	if (strncmp(p->s, sign, n) != 0)
		return false;
	char next = p->s[n];
	if (n == 1 && ((*sign == '*' && next == '*') || (*sign == '/' && next == '/')))
		return false;
	p->s += n;
	return true;
}

static bool is_letter(char c)
{
	return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || c == '_' || (unsigned char)c >= 0x80;
}

static bool is_digit(char c)
{
	return c >= '0' && c <= '9';
}

static size_t name_length(const char *s)
{
	size_t n = 0;
	while (is_letter(s[n]) || (n > 0 && is_digit(s[n])))
		n++;
	return n;
}

static bool is_word(const char *s, size_t n, const char *word)
{
	return strlen(word) == n && memcmp(s, word, n) == 0;
}

static bool accept_word(struct parser *p, const char *word)
{
	blanks(p);
	if (!is_word(p->s, name_length(p->s), word))
		return false;
	p->s += strlen(word);
	return true;
}

/* ---- what cannot be taken apart */

static int number(struct parser *p)
{
	size_t n = 0;
	double v;
	while (is_digit(p->s[n]) || p->s[n] == '.')
		n++;
	if (p->s[n] == 'e' || p->s[n] == 'E') {
		size_t sign = p->s[n + 1] == '+' || p->s[n + 1] == '-' ? 1 : 0;
		if (is_digit(p->s[n + 1 + sign]))
			for (n += 1 + sign; is_digit(p->s[n]);)
				n++;
	}
	if (!leat_read_real(p->s, n, &v) || is_letter(p->s[n]))
		return bad(p, "no number");
	p->s += n;
	return leat_node_const(p->e, v, p->err);
}

static int function(struct parser *p, const char *name, size_t n)
{
	int arg[LEAT_EXPR_ARGS], args = 0;
	bool more = !accept(p, ")");
	while (more) {
		if (args == LEAT_EXPR_ARGS)
			return bad(p, "one argument too many");
		arg[args] = expression(p);
		if (arg[args++] < 0)
			return -1;
		more = accept(p, ",");
		if (!more && !accept(p, ")"))
			return bad(p, "')' or ',' is missing");
	}
	bool known;
	int made = leat_node_function(p->e, name, n, arg, args, &known, p->err);
	p->s = known ? p->s : name;
	return known ? made : bad(p, "there is no function of this name");
}

static int named(struct parser *p)
{
	static const char *const words[] = {"and", "or", "not"};
	static const struct {
		const char *name;
		double value;
	} constants[] = {
		{"pi", 3.14159265358979323846}, {"e", 2.71828182845904523536}, {"nan", NAN}, {"inf", INFINITY}};
	const char *name = p->s;
	size_t n = name_length(name);
	for (size_t i = 0; i < LEAT_LEN(words); i++)
		if (is_word(name, n, words[i]))
			return bad(p, "a number, a name or '(' is missing");
	p->s += n;
	if (accept(p, "("))
		return function(p, name, n);
	for (size_t i = 0; i < LEAT_LEN(constants); i++)
		if (is_word(name, n, constants[i].name))
			return leat_node_const(p->e, constants[i].value, p->err);
	return leat_node_var(p->e, name, n, p->err);
}

static int primary(struct parser *p)
{
	blanks(p);
	if (accept(p, "(")) {
		int inner = expression(p);
		if (inner >= 0 && !accept(p, ")"))
			return bad(p, "')' is missing");
		return inner;
	}
	if (is_digit(*p->s) || *p->s == '.')
		return number(p);
	if (is_letter(*p->s))
		return named(p);
	return bad(p, "a number, a name or '(' is missing");
}

/* ---- operators, from tight to loose */

static int unary(struct parser *p);

/* To the right: 2**3**2 is 2**9; a sign may stand behind it. */
static int power(struct parser *p)
{
	int a = primary(p);
	if (a < 0 || !accept(p, "**"))
		return a;
	int b = unary(p);
	return b < 0 ? -1 : leat_node_power(p->e, a, b, p->err);
}

static int unary(struct parser *p)
{
	int a;
	if (++p->depth > DEPTH)
		return bad(p, "too many levels");
	if (accept(p, "-")) {
		a = unary(p);
		a = a < 0 ? -1 : leat_node_call(p->e, LEAT_K_NEG, a, -1, p->err);
	} else {
		a = accept(p, "+") ? unary(p) : power(p);
	}
	p->depth--;
	return a;
}

static int product(struct parser *p)
{
	int a = unary(p);
	while (a >= 0) {
		bool times = accept(p, "*"), over = !times && accept(p, "/");
		bool floor = !times && !over && accept(p, "//");
		if (!times && !over && !floor && !accept(p, "%"))
			return a;
		int b = unary(p);
		if (b < 0)
			return -1;
		a = times || over ? leat_node_call(p->e, times ? LEAT_K_MUL : LEAT_K_DIV, a, b, p->err)
				  : leat_node_two(p->e, floor ? leat_floor_divide : leat_floor_mod, a, b, p->err);
	}
	return a;
}

static int sum(struct parser *p)
{
	int a = product(p);
	while (a >= 0) {
		bool plus = accept(p, "+");
		if (!plus && !accept(p, "-"))
			return a;
		int b = product(p);
		if (b < 0)
			return -1;
		a = leat_node_call(p->e, plus ? LEAT_K_ADD : LEAT_K_SUB, a, b, p->err);
	}
	return a;
}

/* False: there is none. */
static bool comparison_sign(struct parser *p, enum leat_kernel *k)
{
	static const struct {
		const char *sign;
		enum leat_kernel kernel;
	} signs[] = {{"<=", LEAT_K_LE}, {">=", LEAT_K_GE}, {"==", LEAT_K_EQ},
		     {"!=", LEAT_K_NE}, {"<", LEAT_K_LT},  {">", LEAT_K_GT}};
	for (size_t i = 0; i < LEAT_LEN(signs); i++)
		if (accept(p, signs[i].sign)) {
			*k = signs[i].kernel;
			return true;
		}
	return false;
}

static int comparison(struct parser *p)
{
	enum leat_kernel k, again;
	int a = sum(p);
	if (a < 0 || !comparison_sign(p, &k))
		return a;
	int b = sum(p);
	if (b < 0)
		return -1;
	const char *at = p->s;
	if (comparison_sign(p, &again)) {
		p->s = at;
		return bad(p, "two comparisons in a row (write 'and' between them)");
	}
	return leat_node_call(p->e, k, a, b, p->err);
}

static int negation(struct parser *p)
{
	if (!accept_word(p, "not"))
		return comparison(p);
	if (++p->depth > DEPTH)
		return bad(p, "too many levels");
	int a = negation(p);
	p->depth--;
	return a < 0 ? -1 : leat_node_call(p->e, LEAT_K_NOT, a, -1, p->err);
}

static int conjunction(struct parser *p)
{
	int a = negation(p);
	while (a >= 0 && accept_word(p, "and")) {
		int b = negation(p);
		a = b < 0 ? -1 : leat_node_call(p->e, LEAT_K_AND, a, b, p->err);
	}
	return a;
}

static int expression(struct parser *p)
{
	if (++p->depth > DEPTH)
		return bad(p, "too many levels");
	int a = conjunction(p);
	while (a >= 0 && accept_word(p, "or")) {
		int b = conjunction(p);
		a = b < 0 ? -1 : leat_node_call(p->e, LEAT_K_OR, a, b, p->err);
	}
	p->depth--;
	return a;
}

/* ---- the whole */

static int target(struct parser *p)
{
	blanks(p);
	size_t n = name_length(p->s);
	const char *name = p->s;
	p->s += n;
	blanks(p);
	if (n == 0 || *p->s != '=' || p->s[1] == '=') {
		p->s = name;
		return bad(p, "\"name = expression\" is wanted: a name and '=' are missing");
	}
	p->s++;
	p->e->target = leat_arena_strndup(&p->e->arena, name, n);
	return p->e->target ? 0 : leat_fail(p->err, LEAT_CAUSE_MEMORY, "out of memory");
}

struct leat_expr *leat_expr_parse(const char *text, bool assigned, struct leat_err *err)
{
	if (strlen(text) > LEAT_EXPR_TEXT) {
		leat_fail(err, LEAT_CAUSE_USAGE, "an expression of %zu bytes; %d are the limit", strlen(text),
			  LEAT_EXPR_TEXT);
		return NULL;
	}
	struct leat_expr *e = leat_zalloc(1, sizeof *e, err);
	struct parser p = {.text = text, .s = text, .e = e, .err = err};
	if (!e)
		return NULL;
	int ok = assigned ? target(&p) : 0;
	if (ok == 0)
		ok = e->result = expression(&p);
	blanks(&p);
	if (ok >= 0 && *p.s)
		ok = bad(&p, *p.s == '=' ? "'=' where '==' compares" : "an operator is missing");
	if (ok < 0)
		leat_expr_free(&e);
	return e;
}

void leat_expr_free(struct leat_expr **e)
{
	if (*e)
		leat_arena_free(&(*e)->arena);
	free(*e);
	*e = NULL;
}

const char *leat_expr_target(const struct leat_expr *e)
{
	return e->target;
}

size_t leat_expr_vars(const struct leat_expr *e)
{
	return e->vars;
}

const char *leat_expr_var(const struct leat_expr *e, size_t i)
{
	return e->var[i];
}
