/* SPDX-License-Identifier: MIT */
/* The room's door: text in, program out. */
#include "lang/program.h"

#include "lang/expand.h"
#include "lang/limits.h"
#include "lang/override.h"
#include "lang/syntax.h"
#include "lang/texts.h"

static void read_program(struct leat_lang *l, const struct leat_text *t)
{
	struct leat_syntax *syntax = leat_arena_alloc(l->arena, sizeof *syntax);
	if (!syntax)
		return;
	leat_parse(l, t, syntax);
	l->program->syntax = syntax;
	l->max_reports = l->reports + LEAT_MAX_REPORTS;
	if (!l->failed && !l->as_written)
		leat_expand(l, syntax);
	if (!l->failed && !l->as_written)
		leat_override(l);
}

static struct leat_program *make(const char *name, const char *dir, const char *data, size_t len,
				 const struct leat_program_opts *o, bool expand, struct leat_diags *d)
{
	static const struct leat_program_opts none = {0};
	struct leat_program *p = leat_zalloc(1, sizeof *p, NULL);
	struct leat_lang *l = leat_zalloc(1, sizeof *l, NULL);
	if (p && l) {
		*l = (struct leat_lang){.program = p, .arena = &p->arena, .diags = d, .opts = o ? o : &none};
		l->max_reports = LEAT_MAX_REPORTS;
		l->as_written = !expand;
		const struct leat_text *t = leat_texts_add(l, name, dir, data, len, (struct leat_span){0});
		if (t)
			read_program(l, t);
	}
	bool failed = !p || !l || l->failed || !leat_arena_ok(&p->arena);
	free(l ? l->said : NULL);
	free(l);
	if (failed)
		leat_program_free(&p);
	return p;
}

struct leat_program *leat_program_parse(const char *name, const char *dir, const char *data, size_t len,
					const struct leat_program_opts *o, struct leat_diags *d)
{
	return make(name, dir, data, len, o, true, d);
}

struct leat_program *leat_program_read(const char *name, const char *dir, const char *data, size_t len,
				       struct leat_diags *d)
{
	return make(name, dir, data, len, NULL, false, d);
}

void leat_program_free(struct leat_program **p)
{
	if (!*p)
		return;
	leat_arena_free(&(*p)->arena);
	free(*p);
	*p = NULL;
}

void leat_span_place(struct leat_span s, unsigned *line, unsigned *column)
{
	*line = *column = 0;
	if (s.text)
		leat_text_place(s.text, s.start, line, column);
}
