/* SPDX-License-Identifier: MIT */
/*
 * A pipeline text as a tree: lexed, parsed, variables replaced, loops and recipes expanded. lang knows grammar, not steps:
 * whether `resise` exists is plan's question, so every word keeps its span.
 */
#ifndef LEAT_LANG_PROGRAM_H
#define LEAT_LANG_PROGRAM_H

#include "core/diag.h"

/* One word of a statement, after variables were replaced. */
struct leat_word {
	const char *key;        /* option name, NULL for a positional value */
	const char *value;      /* its text, NUL-terminated; valid UTF-8 or the file's bytes */
	struct leat_span span;  /* the whole word as written */
	struct leat_span key_at, value_at;
	struct leat_span from;  /* where the value of the last replaced variable was written; text NULL: no variable in it */
	const char *variable;   /* that variable's name, or NULL */
	const char *dir;        /* folder that a relative path in this value belongs to: where its beginning was written */
	bool quoted;            /* any quotes: then it is never an option, range, ... by look alone */
};

enum leat_stmt_kind { LEAT_STAGE, LEAT_BRANCH };

struct leat_stmt {
	enum leat_stmt_kind kind;
	const char *name;      /* step name, or the branch's (expanded: thumb-320) */
	struct leat_span span; /* the whole statement without comment */
	struct leat_span name_at;
	struct leat_word *words;
	size_t n_words;
	struct leat_stmt *body; /* branches */
	size_t n_body;
	const char *loop_var;   /* branch from a `for`: its variable and value, else NULL */
	const char *loop_value;
};

/* A directive that sets options: job, defaults, expect, schedule. */
struct leat_directive {
	struct leat_span span, name_at;
	struct leat_word *words;
	size_t n_words;
};

struct leat_program {
	struct leat_arena arena;
	struct leat_text *texts; /* main first, then includes; freed with the program */
	size_t n_texts;
	struct leat_stmt *steps;
	size_t n_steps;
	struct leat_directive *jobs, *defaults, *expects, *schedules;
	size_t n_jobs, n_defaults, n_expects, n_schedules;
};

struct leat_program_opts {
	const char *const *set; /* "name=value", NULL-terminated, or NULL */
	const char *cwd;        /* absolute: for values from the command line */
};

/*
 * Parses `text` (data is copied). Always yields a program (empty where nothing could be read) unless memory is out (NULL);
 * what is wrong is in d. name: as shown in messages; dir: absolute folder of the file.
 */
struct leat_program *leat_program_parse(const char *name, const char *dir, const char *data, size_t len,
                                        const struct leat_program_opts *o, struct leat_diags *d);
void leat_program_free(struct leat_program **p);

/* Line and column (from 1, in characters) of a span's start. */
void leat_span_place(struct leat_span s, unsigned *line, unsigned *column);

/* Appends `value` as a word that reads back as exactly this text (quoted where needed): for canonical text and hints. */
void leat_word_quote(struct leat_buf *b, const char *value);

#endif
