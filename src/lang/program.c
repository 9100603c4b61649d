/* SPDX-License-Identifier: MIT */
/* The room's door: text in, program out. */
#include "lang/program.h"

#include "lang/expand.h"
#include "lang/limits.h"
#include "lang/override.h"
#include "lang/syntax.h"

/* Copies the text into the program. A byte order mark is no part of it. */
static const struct leat_text *keep_text(struct leat_program *p, const char *name, const char *dir, const char *data,
					 size_t len)
{
	if (len >= 3 && memcmp(data, "\xef\xbb\xbf", 3) == 0) {
		data += 3;
		len -= 3;
	}
	struct leat_text *t = leat_arena_alloc(&p->arena, sizeof *t);
	if (!t)
		return NULL;
	t->name = leat_arena_strndup(&p->arena, name, strlen(name));
	t->dir = leat_arena_strndup(&p->arena, dir, strlen(dir));
	t->data = leat_arena_strndup(&p->arena, data, len);
	t->len = len;
	p->texts = t;
	p->n_texts = 1;
	return t->name && t->dir && t->data ? t : NULL;
}

static bool too_large(struct leat_lang *l, const struct leat_text *t, size_t len)
{
	if (len <= (l->opts->canonical ? (size_t)INT32_MAX : LEAT_MAX_FILE))
		return false;
	struct leat_diag *g = leat_say_error(l, 65, (struct leat_span){t, 0, 0}, "this file is larger than 1 MiB");
	leat_say_help(l, g, "a pipeline is a short text; a list of files is read with: read list=FILE");
	l->program->damaged = true;
	return true;
}

static void read_program(struct leat_lang *l, const struct leat_text *t)
{
	struct leat_syntax syntax = {0};
	leat_parse(l, t, &syntax);
	l->max_reports = l->reports + LEAT_MAX_REPORTS;
	if (!l->failed)
		leat_expand(l, t, &syntax);
	if (!l->failed)
		leat_override(l);
}

struct leat_program *leat_program_parse(const char *name, const char *dir, const char *data, size_t len,
					const struct leat_program_opts *o, struct leat_diags *d)
{
	static const struct leat_program_opts none = {0};
	struct leat_program *p = leat_zalloc(1, sizeof *p, NULL);
	struct leat_lang *l = leat_zalloc(1, sizeof *l, NULL);
	if (p && l) {
		*l = (struct leat_lang){.program = p, .arena = &p->arena, .diags = d, .opts = o ? o : &none};
		l->max_reports = LEAT_MAX_REPORTS;
		size_t most = l->opts->canonical ? len : len < LEAT_MAX_FILE + 3 ? len : LEAT_MAX_FILE + 3;
		const struct leat_text *t = keep_text(p, name, dir, data, most);
		if (!t)
			l->failed = true;
		else if (!too_large(l, t, len))
			read_program(l, t);
	}
	bool failed = !p || !l || l->failed || !leat_arena_ok(&p->arena);
	free(l ? l->said : NULL);
	free(l);
	if (failed)
		leat_program_free(&p);
	return p;
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
