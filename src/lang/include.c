/* SPDX-License-Identifier: MIT */
/* `include`: the settings and recipes of another file, in the place of the statement (language 6.8). */
#include "base/text.h"
#include "lang/limits.h"
#include "lang/parser.h"
#include "lang/pieces.h"
#include "lang/texts.h"

void leat_parser_out_of_place(struct leat_parser *p)
{
	const char *what = leat_at_shown(p, leat_at_word(p, 0));
	struct leat_span at = leat_word_span(p->t, leat_at_word(p, 0));
	if (p->kind == LEAT_TEXT_VARS) {
		struct leat_diag *g = LEAT_FIRST(p, 39, at, "a file of --vars holds only 'let' lines, not '%s'", what);
		leat_say_help(p->l, g, "write: let NAME = VALUE");
		return;
	}
	bool directive = leat_parser_directive(p) != NULL;
	struct leat_diag *g = LEAT_FIRST(p, 22, at,
					 directive ? "'%s' cannot stand in an included file"
						   : "an included file holds no steps, and '%s' is one",
					 what);
	leat_say_help(p->l, g, "only let, defaults, recipe and include can stand in it%s",
		      directive ? "; move this line into the main file" : "; put steps into a recipe");
}

/* The name that the file is written by; NULL when it is none, which is reported. */
static const char *written(struct leat_parser *p, const struct leat_lex_word *w)
{
	struct leat_buf b = {0};
	const char *s = p->t->data + w->value;
	size_t n = w->value_end - w->value;
	for (size_t at = 0; at < n;) {
		struct leat_piece piece = {.kind = LEAT_PIECE_TEXT, .start = at, .end = n};
		if (w->pieces)
			piece = leat_piece_at(s, n, at, w->quote == '"');
		at = piece.end;
		if (piece.kind == LEAT_PIECE_VARIABLE) {
			struct leat_diag *g = LEAT_FIRST(p, 22, leat_value_span(p->t, w),
							 "'include' takes the name of a file as it is");
			leat_say_label(p->l, g, "no variable can stand here");
			leat_buf_free(&b);
			return NULL;
		}
		if (piece.kind == LEAT_PIECE_CHAR)
			leat_utf8_add(&b, piece.cp);
		else
			leat_buf_add(&b, s + piece.start, piece.end - piece.start);
	}
	const char *name = leat_arena_strndup(p->l->arena, b.data ? b.data : "", b.len);
	leat_buf_free(&b);
	return name;
}

/* The file that the statement names; NULL when it names none, which is reported. */
static const char *file_name(struct leat_parser *p)
{
	const struct leat_lex_word *w = leat_at_word(p, 1);
	if (!w) {
		leat_parser_incomplete(p, "'include' needs a file", "include FILE");
	} else if (leat_word_has_key(w)) {
		leat_parser_unexpected(p, w, "'include' has no options; a name with '=' needs quotes");
	} else if (leat_at_word(p, 2)) {
		leat_parser_unexpected(p, leat_at_word(p, 2), "'include' takes one file");
	} else if (!w->bad) {
		const char *name = written(p, w);
		if (name && *name)
			return name;
		if (name)
			leat_parser_incomplete(p, "'include' needs a file", "include FILE");
	}
	return NULL;
}

/* "web.leat includes a.leat, a.leat includes web.leat": from the text that is open already down to here, and back. */
static void circle(struct leat_parser *p, struct leat_span at, const struct leat_text *open)
{
	struct leat_diag *g = LEAT_FIRST(p, 22, at, "'%s' includes itself", open->name);
	struct leat_buf b = {0};
	const struct leat_text *chain[LEAT_MAX_INCLUDE_DEPTH + 2];
	size_t n = 0;
	for (const struct leat_parser *up = p; up; up = up->up) {
		chain[n++] = up->t;
		if (up->t == open)
			break;
	}
	for (size_t i = n; i-- > 0;)
		leat_buf_addf(&b, "%s%s includes %s", i + 1 == n ? "" : ", ", chain[i]->name,
			      i ? chain[i - 1]->name : open->name);
	leat_say_label(p->l, g, "this closes the circle");
	leat_say_help(p->l, g, "%s", b.data ? b.data : "");
	leat_buf_free(&b);
}

/* True when the file is to be read: it was not yet. */
static bool is_new(struct leat_parser *p, struct leat_span at, const char *path)
{
	const struct leat_files *f = p->files;
	for (size_t i = 0; i < f->n; i++) {
		if (strcmp(f->paths[i], path) != 0)
			continue;
		for (const struct leat_parser *up = p; up; up = up->up)
			if (up->t == f->texts[i])
				circle(p, at, up->t);
		return false;
	}
	return true;
}

bool leat_parser_note_file(struct leat_parser *p, const char *path, const struct leat_text *t)
{
	struct leat_files *f = p->files;
	const char **paths = leat_grow(f->paths, &f->cap_paths, f->n + 1, sizeof *paths, NULL);
	if (paths)
		f->paths = paths;
	const struct leat_text **texts = leat_grow(f->texts, &f->cap_texts, f->n + 1, sizeof *texts, NULL);
	if (texts)
		f->texts = texts;
	const char *copy = leat_arena_strndup(p->l->arena, path, strlen(path));
	if (!paths || !texts || !copy) {
		p->l->failed = true;
		return false;
	}
	paths[f->n] = copy;
	texts[f->n++] = t;
	return true;
}

/* The text in the place of the statement: its directives join ours. */
static void read_text(struct leat_parser *p, const struct leat_text *t)
{
	struct leat_parser inner = {.up = p,
				    .includes = p->includes + 1,
				    .kind = LEAT_TEXT_INCLUDED,
				    .files = p->files,
				    .l = p->l,
				    .t = t,
				    .out = p->out,
				    .directives = p->directives};
	struct leat_ast *none = NULL;
	struct leat_ast_list steps = {&none};
	leat_parser_text(&inner, &steps);
	p->directives = inner.directives;
}

/* True when what it includes is there, now or earlier. */
static bool read_file(struct leat_parser *p, const char *file, struct leat_span at)
{
	const struct leat_program_opts *o = p->l->opts;
	struct leat_include in = {0};
	struct leat_err err = {0};
	if (!o->include || o->canonical) {
		LEAT_FIRST(p, 22, at, "nothing can be included here");
		return false;
	}
	if (o->include(o->include_ctx, p->t->dir, file, &in, &err) < 0) {
		LEAT_FIRST(p, 22, at, "%s", err.text);
		return false;
	}
	if (is_new(p, at, in.path)) {
		const char *slash = strrchr(in.path, '/');
		size_t n = slash && slash > in.path ? (size_t)(slash - in.path) : 1;
		const char *dir = leat_arena_strndup(p->l->arena, slash ? in.path : ".", n);
		const struct leat_text *t = dir ? leat_texts_add(p->l, leat_texts_shown(p->l, p->t, file), dir, in.data,
								 in.len, leat_at_span(p))
						: NULL;
		if (t && leat_parser_note_file(p, in.path, t))
			read_text(p, t);
		p->out->outside = p->out->outside || !t;
	}
	free(in.path);
	free(in.data);
	return true;
}

static bool too_many(struct leat_parser *p)
{
	struct leat_diag *g = NULL;
	bool deep = p->includes == LEAT_MAX_INCLUDE_DEPTH;
	if (deep) {
		g = LEAT_FIRST(p, 65, leat_at_span(p), "includes are nested too deep");
		leat_say_label(p->l, g, "at most %d in each other", LEAT_MAX_INCLUDE_DEPTH);
	} else if (++p->files->includes == LEAT_MAX_INCLUDES + 1) {
		g = LEAT_FIRST(p, 65, leat_at_span(p), "too many includes");
		leat_say_label(p->l, g, "at most %d in all", LEAT_MAX_INCLUDES);
	}
	return deep || p->files->includes > LEAT_MAX_INCLUDES;
}

void leat_parser_include(struct leat_parser *p)
{
	const char *file = file_name(p);
	if (file && too_many(p))
		file = NULL;
	if (file && p->l->as_written) {
		struct leat_ast *a = leat_parser_new(p, LEAT_AST_INCLUDE);
		if (!a)
			return;
		leat_parser_words(p, a, 1);
		leat_ast_append(&p->directives, a);
		return;
	}
	if (!file || !read_file(p, file, leat_value_span(p->t, leat_at_word(p, 1))))
		p->out->outside = true;
}
