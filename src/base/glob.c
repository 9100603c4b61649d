/* SPDX-License-Identifier: MIT */
/*
 * Patterns of file names: see glob.h.
 *
 * A pattern becomes a little program, one instruction a state; matching keeps the set of states that are alive,
 * as bits, and moves all of them over one character at a time (Thompson's construction). Every jump goes
 * forward, so that one pass over the set in rising order also follows all the jumps that consume nothing.
 */
#include "base/glob.h"

#include "base/mem.h"
#include "base/text.h"

enum { MAX_STATES = 4096, MAX_DEPTH = 16, WORDS = MAX_STATES / 64 };

enum opcode {
	OP_CHAR, /* this character */
	OP_LETTER, /* this ASCII letter in either case; c is lower */
	OP_ANY, /* one character of a name */
	OP_CLASS, /* one of a set: ranges[a] … ranges[b - 1] */
	OP_STAR, /* any characters of a name: stays, or goes on to the next state for nothing */
	OP_DEEP, /* at the beginning of a name inside "**": goes on for nothing, or enters the name: next state */
	OP_INNER, /* inside a name of "**": stays; its '/' leads back to the OP_DEEP before it */
	OP_SPLIT, /* also at state a, for nothing, besides the next */
	OP_JUMP, /* at state a, for nothing */
	OP_MATCH,
};

struct inst {
	uint8_t op;
	bool negated; /* OP_CLASS */
	bool nocase; /* OP_CLASS */
	uint32_t a, b;
	int32_t c;
};

struct range {
	int32_t lo, hi;
};

/* Tables for sets of one word, over its bits. */
struct leat_glob_small {
	uint64_t moves[0x80]; /* these go one on by the character */
	uint64_t stars, deep, inner; /* states of these kinds */
	uint64_t jumps; /* from these something is reached for nothing: */
	uint64_t closure[64];
};

struct leat_glob {
	struct inst *v;
	struct leat_glob_small *small; /* NULL: it has more than 64 states */
	size_t n, cap;
	struct range *ranges;
	size_t n_ranges, cap_ranges;
	unsigned flags;
	size_t words; /* of a state set */
};

/* While it is compiled. */
struct compiler {
	struct leat_glob *g;
	const char *s;
	size_t n, at;
	int depth;
	struct leat_err *err;
};

/* The character at s: its code point, or a number of its own for a byte that is no UTF-8. */
static size_t next_char(const char *s, size_t n, int32_t *c)
{
	size_t len = leat_utf8_next(s, n, c);
	if (*c < 0)
		*c = 0x110000 + (unsigned char)*s;
	return len;
}

static int add(struct compiler *c, struct inst i, size_t *index)
{
	struct leat_glob *g = c->g;
	if (g->n >= MAX_STATES)
		return leat_fail(c->err, LEAT_CAUSE_LIMIT, "the pattern is too long: over %d characters", MAX_STATES);
	struct inst *v = leat_grow(g->v, &g->cap, g->n + 1, sizeof *v, c->err);
	if (!v)
		return -1;
	g->v = v;
	if (index)
		*index = g->n;
	v[g->n++] = i;
	return 0;
}

static int add_range(struct compiler *c, int32_t lo, int32_t hi)
{
	struct leat_glob *g = c->g;
	struct range *v = leat_grow(g->ranges, &g->cap_ranges, g->n_ranges + 1, sizeof *v, c->err);
	if (!v)
		return -1;
	g->ranges = v;
	v[g->n_ranges++] = (struct range){lo, hi};
	return 0;
}

/* [abc], [a-z], [!a-z], []abc]: c->at stands on the '['. */
static int compile_class(struct compiler *c)
{
	struct inst i = {.op = OP_CLASS, .a = (uint32_t)c->g->n_ranges};
	size_t at = c->at + 1;
	if (at < c->n && (c->s[at] == '!' || c->s[at] == '^')) {
		i.negated = true;
		at++;
	}
	for (bool first = true; at < c->n && (first || c->s[at] != ']'); first = false) {
		int32_t lo, hi;
		at += next_char(c->s + at, c->n - at, &lo);
		hi = lo;
		if (at + 1 < c->n && c->s[at] == '-' && c->s[at + 1] != ']')
			at += 1 + next_char(c->s + at + 1, c->n - at - 1, &hi);
		if (add_range(c, lo, hi) < 0)
			return -1;
	}
	if (at >= c->n)
		return leat_fail(c->err, LEAT_CAUSE_USAGE, "a '[' is never closed; a literal '[' is written '[[]'");
	c->at = at + 1;
	i.b = (uint32_t)c->g->n_ranges;
	return add(c, i, NULL);
}

/* "**" alone between slashes, c->at on its first star: matches whole folders, its own slash included. */
static bool is_deep(const struct compiler *c)
{
	bool begins = c->at == 0 || c->s[c->at - 1] == '/' ||
		      (c->depth > 0 && (c->s[c->at - 1] == '{' || c->s[c->at - 1] == ','));
	size_t end = c->at + 2;
	if ((c->g->flags & LEAT_GLOB_FLAT) || !begins || end > c->n || c->s[c->at + 1] != '*')
		return false;
	return end == c->n || c->s[end] == '/' || (c->depth > 0 && (c->s[end] == '}' || c->s[end] == ','));
}

static int compile_star(struct compiler *c)
{
	if (is_deep(c)) {
		bool slash = c->at + 2 < c->n && c->s[c->at + 2] == '/';
		c->at += slash ? 3 : 2;
		if (add(c, (struct inst){.op = OP_DEEP}, NULL) < 0 || add(c, (struct inst){.op = OP_INNER}, NULL) < 0)
			return -1;
		/* At the end "**" is everything below: any folders, then any name. */
		return slash ? 0 : add(c, (struct inst){.op = OP_STAR}, NULL);
	}
	while (c->at < c->n && c->s[c->at] == '*' && !is_deep(c))
		c->at++;
	return add(c, (struct inst){.op = OP_STAR}, NULL);
}

static int compile_list(struct compiler *c);

/* The '}' that closes the brace at `at`, and whether a ',' stands in it; n when there is none. Brackets hide both. */
static size_t brace_end(const char *s, size_t n, size_t at, bool *comma)
{
	int depth = 0;
	for (size_t i = at; i < n; i++) {
		if (s[i] == '[') {
			size_t j = i + 1;
			j += j < n && (s[j] == '!' || s[j] == '^');
			for (j++; j < n && s[j] != ']'; j++)
				;
			i = j < n ? j : i;
		} else if (s[i] == '{') {
			depth++;
		} else if (s[i] == '}' && --depth == 0) {
			return i;
		} else if (s[i] == ',' && depth == 1) {
			*comma = true;
		}
	}
	return n;
}

/*
 * One alternative behind '{' or ','. *chain: the jumps to the end so far, each holding the one before it; grows
 * by this one's.
 */
static int compile_alternative(struct compiler *c, size_t end, uint32_t *chain)
{
	size_t split = 0, jump = 0;
	if (add(c, (struct inst){.op = OP_SPLIT}, &split) < 0 || compile_list(c) < 0)
		return -1;
	if (c->at > end)
		return leat_fail(c->err, LEAT_CAUSE_USAGE,
				 "a '[' within {} is never closed; a literal '[' is written '[[]'");
	if (add(c, (struct inst){.op = OP_JUMP, .a = *chain}, &jump) < 0)
		return -1;
	*chain = (uint32_t)jump;
	struct inst *first = &c->g->v[split];
	first->a = (uint32_t)c->g->n; /* the next alternative */
	if (c->at == end)
		*first = (struct inst){.op = OP_JUMP, .a = (uint32_t)split + 1}; /* there is none */
	return 0;
}

/* {a,b}: split to B · a · jump END · B: b · jump END · END: */
static int compile_brace(struct compiler *c)
{
	bool comma = false;
	size_t end = brace_end(c->s, c->n, c->at, &comma);
	if (end == c->n)
		return leat_fail(c->err, LEAT_CAUSE_USAGE, "a '{' is never closed; a literal '{' is written '[{]'");
	if (!comma)
		return leat_fail(c->err, LEAT_CAUSE_USAGE,
				 "'%.*s' has no ',': alternatives are written {a,b}, a literal '{' is written '[{]'",
				 (int)(end + 1 - c->at), c->s + c->at);
	if (++c->depth > MAX_DEPTH)
		return leat_fail(c->err, LEAT_CAUSE_LIMIT, "braces are nested more than %d deep", MAX_DEPTH);
	uint32_t chain = UINT32_MAX;
	while (c->at < end) {
		c->at++; /* '{' or ',' */
		if (compile_alternative(c, end, &chain) < 0)
			return -1;
	}
	for (uint32_t next; chain != UINT32_MAX; chain = next) {
		next = c->g->v[chain].a;
		c->g->v[chain].a = (uint32_t)c->g->n;
	}
	c->at++;
	c->depth--;
	return 0;
}

/* Up to the end of the text; within braces up to their next ',' or '}'. */
static int compile_list(struct compiler *c)
{
	while (c->at < c->n) {
		char ch = c->s[c->at];
		struct inst i = {.op = OP_CHAR};
		int r = 0;
		if (c->depth && (ch == ',' || ch == '}'))
			return 0;
		if (ch == '[') {
			r = compile_class(c);
		} else if (ch == '{') {
			r = compile_brace(c);
		} else if (ch == '*') {
			r = compile_star(c);
		} else if (ch == '?') {
			c->at++;
			r = add(c, (struct inst){.op = OP_ANY}, NULL);
		} else {
			c->at += next_char(c->s + c->at, c->n - c->at, &i.c);
			r = add(c, i, NULL);
		}
		if (r < 0)
			return -1;
	}
	return 0;
}

static bool is_char(const struct inst *i, int32_t c)
{
	return i->op == OP_CHAR && i->c == c;
}

static bool is_letter(int32_t c)
{
	return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z');
}

enum { BEHIND_DOT = 1, BEFORE_DOT = 2 };

/* mark[i] |= BEHIND_DOT where some way to state i passed a '.' in the same name. */
static void mark_behind(const struct leat_glob *g, uint8_t *mark)
{
	for (size_t i = 0; i < g->n; i++) {
		const struct inst *in = &g->v[i];
		uint8_t m = is_char(in, '/') || in->op == OP_DEEP ? 0 : is_char(in, '.') ? BEHIND_DOT : mark[i];
		if (in->op == OP_SPLIT || in->op == OP_JUMP)
			mark[in->a] |= m;
		if (in->op != OP_JUMP && i + 1 < g->n)
			mark[i + 1] |= m;
	}
}

/* mark[i] |= BEFORE_DOT where a '.' or '/' may still come, from state i on. */
static void mark_before(const struct leat_glob *g, uint8_t *mark)
{
	for (size_t i = g->n; i-- > 0;) {
		const struct inst *in = &g->v[i];
		if (is_char(in, '.') || is_char(in, '/') || in->op == OP_DEEP)
			mark[i] |= BEFORE_DOT;
		if (in->op == OP_SPLIT || in->op == OP_JUMP)
			mark[i] |= mark[in->a] & BEFORE_DOT;
		if (in->op != OP_JUMP && i + 1 < g->n)
			mark[i] |= mark[i + 1] & BEFORE_DOT;
	}
}

/* Letters in the extension match in either case. */
static int fold_extension(struct compiler *c)
{
	struct leat_glob *g = c->g;
	uint8_t *mark = leat_zalloc(g->n, 1, c->err);
	if (!mark)
		return -1;
	mark_behind(g, mark);
	mark_before(g, mark);
	for (size_t i = 0; i < g->n; i++) {
		struct inst *in = &g->v[i];
		if (mark[i] != BEHIND_DOT)
			continue;
		in->nocase = true;
		if (in->op == OP_CHAR && is_letter(in->c)) {
			in->op = OP_LETTER;
			in->c |= 0x20;
		}
	}
	free(mark);
	return 0;
}

static void put(uint64_t *set, size_t i)
{
	set[i / 64] |= UINT64_C(1) << (i % 64);
}

static bool in_ranges(const struct leat_glob *g, const struct inst *i, int32_t c)
{
	for (uint32_t r = i->a; r < i->b; r++) {
		if (c >= g->ranges[r].lo && c <= g->ranges[r].hi)
			return true;
	}
	return false;
}

static bool in_class(const struct leat_glob *g, const struct inst *i, int32_t c)
{
	bool in = in_ranges(g, i, c) || (i->nocase && is_letter(c) && in_ranges(g, i, c ^ 0x20));
	return in != i->negated;
}

/*
 * One character for one state: what it reaches for nothing goes into `now` (always behind itself), what it
 * reaches by the character into `next`. wild: the character may be met by a wildcard. c < 0: there is no
 * character, only what is for nothing counts.
 */
static void advance(const struct leat_glob *g, size_t at, int32_t c, bool wild, uint64_t *now, uint64_t *next)
{
	const struct inst *i = &g->v[at];
	switch ((enum opcode)i->op) {
	case OP_CHAR:
		if (c == i->c)
			put(next, at + 1);
		break;
	case OP_LETTER:
		if (c >= 0 && c < 0x80 && (c | 0x20) == i->c)
			put(next, at + 1);
		break;
	case OP_ANY:
		if (wild)
			put(next, at + 1);
		break;
	case OP_CLASS:
		if (wild && in_class(g, i, c))
			put(next, at + 1);
		break;
	case OP_STAR:
		if (wild || c != '.') /* a hidden name's dot is not met behind a star either */
			put(now, at + 1);
		if (wild)
			put(next, at);
		break;
	case OP_DEEP:
		put(now, at + 2);
		if (wild)
			put(next, at + 1);
		break;
	case OP_INNER:
		if (c >= 0)
			put(next, c == '/' ? at - 1 : at);
		break;
	case OP_SPLIT:
		put(now, at + 1);
		put(now, i->a);
		break;
	case OP_JUMP:
		put(now, i->a);
		break;
	case OP_MATCH:
		break;
	}
}

/* All living states over one character; false when none is left. */
static bool step(const struct leat_glob *g, int32_t c, bool wild, uint64_t *now, uint64_t *next)
{
	bool alive = false;
	memset(next, 0, g->words * sizeof *next);
	for (size_t w = 0; w < g->words; w++) {
		uint64_t done = 0, left;
		while ((left = now[w] & ~done) != 0) {
			done |= left & -left;
			advance(g, w * 64 + (size_t)__builtin_ctzll(left), c, wild, now, next);
		}
	}
	for (size_t w = 0; w < g->words && !alive; w++)
		alive = next[w] != 0;
	return alive;
}

/*
 * ---- sets of one word: nearly all patterns
 *
 * What an ASCII character that is no hidden name's dot does to a set follows from tables: which states it moves one
 * on (moves), which stay (stars, and inside of "**"), and what is reached for nothing (closure). All other characters
 * take the long way.
 */

/* May this character be met by a wildcard? */
static bool is_wild(const struct leat_glob *g, int32_t c, bool begins)
{
	if (g->flags & LEAT_GLOB_FLAT)
		return true;
	return c != '/' && !(c == '.' && begins && !(g->flags & LEAT_GLOB_HIDDEN));
}

/* From each state for nothing: jumps go forward, so what is behind is complete already. */
static void fill_closure(struct leat_glob *g, struct leat_glob_small *t)
{
	for (size_t i = g->n; i-- > 0;) {
		uint64_t first = 0, nowhere = 0, bit = UINT64_C(1) << i;
		advance(g, i, 'a', false, &first, &nowhere);
		t->closure[i] = bit;
		for (; first; first &= first - 1)
			t->closure[i] |= t->closure[__builtin_ctzll(first)];
		if (t->closure[i] != bit)
			t->jumps |= bit;
	}
}

static struct leat_glob_small *small_new(struct leat_glob *g, struct leat_err *err)
{
	struct leat_glob_small *t = leat_zalloc(1, sizeof *t, err);
	for (size_t i = 0; t && i < g->n; i++) {
		enum opcode op = (enum opcode)g->v[i].op;
		uint64_t bit = UINT64_C(1) << i;
		t->stars |= op == OP_STAR ? bit : 0;
		t->inner |= op == OP_INNER ? bit : 0;
		t->deep |= op == OP_DEEP ? bit : 0;
		for (int c = 0; c < 0x80 && (op == OP_CHAR || op == OP_LETTER || op == OP_ANY || op == OP_CLASS); c++) {
			uint64_t now = 0, next = 0;
			advance(g, i, c, is_wild(g, c, false), &now, &next);
			t->moves[c] |= next ? bit : 0;
		}
	}
	if (t)
		fill_closure(g, t);
	return t;
}

static uint64_t close_set(const struct leat_glob_small *t, uint64_t set)
{
	uint64_t all = set;
	for (uint64_t left = set & t->jumps; left; left &= left - 1)
		all |= t->closure[__builtin_ctzll(left)];
	return all;
}

/* As step(), state by state. */
static uint64_t step_slowly(const struct leat_glob *g, int32_t c, bool wild, uint64_t now)
{
	uint64_t next = 0, done = 0, left;
	while ((left = now & ~done) != 0) {
		done |= left & -left;
		advance(g, (size_t)__builtin_ctzll(left), c, wild, &now, &next);
	}
	return next;
}

static uint64_t step_small(const struct leat_glob *g, int32_t c, bool wild, uint64_t now)
{
	const struct leat_glob_small *t = g->small;
	if (c >= 0x80 || (c == '.' && !wild))
		return step_slowly(g, c, wild, now);
	now = close_set(t, now);
	uint64_t next = (now & t->moves[c]) << 1;
	if (wild)
		next |= (now & t->stars) | (now & t->deep) << 1;
	return next | (c == '/' ? (now & t->inner) >> 1 : now & t->inner);
}

/* run() for a set of one word. 0: none is alive. */
static uint64_t run_small(const struct leat_glob *g, const char *text, size_t n)
{
	uint64_t now = 1;
	bool begins = true;
	for (size_t i = 0; i < n && now;) {
		int32_t c = (unsigned char)text[i];
		i += c < 0x80 ? 1 : next_char(text + i, n - i, &c);
		now = step_small(g, c, is_wild(g, c, begins), now);
		begins = c == '/';
	}
	return close_set(g->small, now);
}

/* The states alive behind the text, with all that is reached for nothing; false when there are none. */
static bool run(const struct leat_glob *g, const char *text, size_t n, uint64_t set[static WORDS])
{
	uint64_t a[WORDS], b[WORDS], *now = a, *next = b;
	bool begins = true;
	if (g->small)
		return (set[0] = run_small(g, text, n)) != 0;
	memset(now, 0, g->words * sizeof *now);
	put(now, 0);
	for (size_t i = 0; i < n;) {
		int32_t c;
		i += next_char(text + i, n - i, &c);
		if (!step(g, c, is_wild(g, c, begins), now, next))
			return false;
		begins = c == '/';
		uint64_t *swap = now;
		now = next;
		next = swap;
	}
	(void)step(g, -1, false, now, next); /* follows what is for nothing; nothing can be next */
	memcpy(set, now, g->words * sizeof *now);
	return true;
}

static bool has(const uint64_t *set, size_t i)
{
	return set[i / 64] >> (i % 64) & 1;
}

struct leat_glob *leat_glob_new(const char *pattern, size_t n, unsigned flags, struct leat_err *err)
{
	struct leat_glob *g = leat_zalloc(1, sizeof *g, err);
	if (!g)
		return NULL;
	g->flags = flags;
	struct compiler c = {.g = g, .s = pattern, .n = n, .err = err};
	if (compile_list(&c) < 0 || add(&c, (struct inst){.op = OP_MATCH}, NULL) < 0 ||
	    ((flags & LEAT_GLOB_NOCASE_EXT) && fold_extension(&c) < 0)) {
		leat_glob_free(&g);
		return NULL;
	}
	g->words = (g->n + 63) / 64;
	if (g->words == 1 && !(g->small = small_new(g, err)))
		leat_glob_free(&g);
	return g;
}

void leat_glob_free(struct leat_glob **g)
{
	if (!*g)
		return;
	free((*g)->v);
	free((*g)->ranges);
	free((*g)->small);
	free(*g);
	*g = NULL;
}

bool leat_glob_match(const struct leat_glob *g, const char *text, size_t n)
{
	uint64_t set[WORDS];
	return run(g, text, n, set) && has(set, g->n - 1);
}

bool leat_glob_enters(const struct leat_glob *g, const char *dir, size_t n)
{
	uint64_t set[WORDS];
	if (!run(g, dir, n, set))
		return false;
	for (size_t i = 0; i < g->n; i++) {
		if (has(set, i) && g->v[i].op <= OP_INNER)
			return true;
	}
	return false;
}

/* Is the end reached from state i for nothing? */
static bool ends(const struct leat_glob *g, size_t i)
{
	while (g->v[i].op == OP_JUMP)
		i = g->v[i].a;
	return g->v[i].op == OP_MATCH;
}

bool leat_glob_covers(const struct leat_glob *g, const char *dir, size_t n)
{
	uint64_t set[WORDS];
	if (!(g->flags & LEAT_GLOB_HIDDEN) || !run(g, dir, n, set))
		return false;
	for (size_t i = 0; i < g->n; i++) {
		if (has(set, i) && g->v[i].op == OP_DEEP && g->v[i + 2].op == OP_STAR && ends(g, i + 3))
			return true;
	}
	return false;
}

static size_t first_wildcard(const char *pattern, size_t n)
{
	size_t i = 0;
	while (i < n && !strchr("*?[{", pattern[i] ? pattern[i] : 'x'))
		i++;
	return i;
}

bool leat_glob_magic(const char *pattern, size_t n)
{
	return first_wildcard(pattern, n) < n;
}

size_t leat_glob_base(const char *pattern, size_t n)
{
	size_t i = first_wildcard(pattern, n);
	if (i == n)
		return n;
	while (i > 0 && pattern[i - 1] != '/')
		i--;
	return i;
}
