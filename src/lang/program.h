/* SPDX-License-Identifier: MIT */
/*
 * A pipeline text as a tree: lexed, parsed, variables replaced, loops and recipes expanded. lang
 * knows grammar, not steps: whether `resise` exists is plan's question, so every word keeps its
 * span.
 */
#ifndef LEAT_LANG_PROGRAM_H
#define LEAT_LANG_PROGRAM_H

#include "core/diag.h"

/* One word of a statement, after variables were replaced. */
struct leat_word {
	const char *key; /* option name, NULL for a positional value */
	const char *value; /* its text, NUL-terminated; valid UTF-8 or the file's bytes */
	struct leat_span span; /* the whole word as written */
	struct leat_span key_at, value_at;
	struct leat_span from; /* where the last replaced variable's value was written; text NULL: nowhere */
	const char *variable; /* that variable's name, or NULL */
	const char *dir; /* folder that a relative path in it belongs to: where its beginning was written */
	bool quoted; /* any quotes, or it would need some: never an option, range, ... by look alone */
	bool unknown; /* its value could not be found out, which was reported: "", ask nothing of it */
};

enum leat_stmt_kind { LEAT_STAGE, LEAT_BRANCH };

struct leat_stmt {
	enum leat_stmt_kind kind;
	const char *name; /* step name, or the branch's (expanded: thumb-320) */
	struct leat_span span; /* the whole statement without comment */
	struct leat_span name_at;
	struct leat_word *words;
	size_t n_words;
	struct leat_stmt *body; /* branches */
	size_t n_body;
	const char *loop_var; /* branch from a `for`: its variable and value, else NULL */
	const char *loop_value;
	bool damaged; /* an error in it was reported, words are missing: ask for nothing that is not there */
};

/* A directive that sets options: job, defaults, expect, schedule. */
struct leat_directive {
	struct leat_span span, name_at;
	struct leat_word *words;
	size_t n_words;
	bool damaged; /* as in leat_stmt */
};

struct leat_program {
	struct leat_arena arena;
	struct leat_text *texts; /* main first, then includes; freed with the program */
	size_t n_texts;
	struct leat_stmt *steps;
	size_t n_steps;
	struct leat_directive *jobs, *defaults, *expects, *schedules;
	size_t n_jobs, n_defaults, n_expects, n_schedules;
	bool damaged; /* statements are missing or broken (reported): ask for nothing that is not there */
};

struct leat_program_opts {
	const char *const *set; /* "name=value", NULL-terminated, or NULL */
	const char *const *opt; /* "step.key=value", NULL-terminated, or NULL: options of steps, replaced */
	const char *cwd; /* absolute: for values from the command line and the environment; NULL: as `dir` */
	/*
	 * The text comes from leat_program_print: no limits of size, bytes that are no UTF-8 may stand in
	 * quotes, names of branches may be quoted.
	 */
	bool canonical;
};

/*
 * Parses a text (data is copied). Always yields a program (empty where nothing could be read)
 * unless memory is out (NULL); what is wrong is in d. name: as shown in messages; dir: absolute
 * folder of the file. o may be NULL. The diagnostics point into the program's texts: render them
 * before it is freed. Reads the environment where the text says `env`; otherwise thread safe.
 */
struct leat_program *leat_program_parse(const char *name, const char *dir, const char *data, size_t len,
					const struct leat_program_opts *o, struct leat_diags *d);
void leat_program_free(struct leat_program **p);

/* Line and column (from 1, in characters) of a span's start; 0 and 0 where it has no place. */
void leat_span_place(struct leat_span s, unsigned *line, unsigned *column);

/*
 * Appends `value` as a word that reads back as exactly this text (quoted where needed): for
 * canonical text and hints. Good as a positional value and behind "key=". Bytes that are no UTF-8
 * are copied: such a word is read in canonical text only.
 */
void leat_word_quote(struct leat_buf *b, const char *value);

/*
 * Appends the expanded program as canonical text: version, job, defaults, expect, then the steps,
 * one statement a line, with variables, loops and recipes replaced. Parsed again (opts.canonical)
 * it gives the same tree, but for spans, `from`, `variable`, `dir` and the loop's names. Texts that
 * differ in layout, comments and kinds of quotes, in variables, loops and recipes only print alike,
 * so it serves as identity of the work. Only for programs without errors.
 */
void leat_program_print(const struct leat_program *p, struct leat_buf *out);

#endif
