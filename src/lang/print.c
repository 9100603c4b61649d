/* SPDX-License-Identifier: MIT */
/* The expanded program as canonical text. */
#include "lang/names.h"
#include "lang/quote.h"

/* A bare word as it was, its dollar signs doubled again. */
static void print_bare(struct leat_buf *b, const char *value)
{
	for (const char *s = value; *s; s++) {
		leat_buf_addc(b, *s);
		if (*s == '$')
			leat_buf_addc(b, '$');
	}
}

static void print_words(struct leat_buf *b, const struct leat_word *words, size_t n)
{
	for (size_t i = 0; i < n; i++) {
		leat_buf_addc(b, ' ');
		if (words[i].key)
			leat_buf_addf(b, "%s=", words[i].key);
		if (words[i].quoted)
			leat_word_quote_always(b, words[i].value);
		else
			print_bare(b, words[i].value);
	}
	leat_buf_addc(b, '\n');
}

static void print_directives(struct leat_buf *b, const char *keyword, const struct leat_directive *d, size_t n)
{
	for (size_t i = 0; i < n; i++) {
		leat_buf_adds(b, keyword);
		print_words(b, d[i].words, d[i].n_words);
	}
}

static void print_branch_name(struct leat_buf *b, const char *name)
{
	leat_buf_adds(b, "branch ");
	if (leat_is_name(name, strlen(name)))
		leat_buf_adds(b, name);
	else
		leat_word_quote_always(b, name);
	leat_buf_addc(b, '\n');
}

/* Recursion is as deep as branches may be. */
static void print_steps(struct leat_buf *b, const struct leat_stmt *v, size_t n, size_t indent)
{
	for (size_t i = 0; i < n; i++) {
		leat_buf_fill(b, ' ', indent);
		if (v[i].kind == LEAT_STAGE) {
			leat_buf_adds(b, v[i].name);
			print_words(b, v[i].words, v[i].n_words);
			continue;
		}
		print_branch_name(b, v[i].name);
		print_steps(b, v[i].body, v[i].n_body, indent + 2);
		leat_buf_fill(b, ' ', indent);
		leat_buf_adds(b, "end\n");
	}
}

void leat_program_print(const struct leat_program *p, struct leat_buf *out)
{
	leat_buf_adds(out, "version 1\n");
	print_directives(out, "job", p->jobs, p->n_jobs);
	print_directives(out, "schedule", p->schedules, p->n_schedules);
	print_directives(out, "defaults", p->defaults, p->n_defaults);
	print_directives(out, "expect", p->expects, p->n_expects);
	print_steps(out, p->steps, p->n_steps, 0);
}
