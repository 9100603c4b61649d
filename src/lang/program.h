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
	const char
		*secret; /* the value, which then reads "***" and is unknown: only where the language allows; or NULL */
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

/* A variable of the pipeline and where its value comes from. */
struct leat_variable {
	const char *name;
	const char *value; /* for people: "***" for a secret; NULL: not known, which was reported */
	enum leat_origin { LEAT_FROM_TEXT, LEAT_FROM_ENV, LEAT_FROM_VARS, LEAT_FROM_SET } origin;
	struct leat_span let; /* its statement */
	struct leat_span from; /* the value that counts, as written; text NULL: --set */
	struct leat_span comment; /* beside the statement, with its '#'; or none */
	const char *env; /* FROM_ENV: the name in the environment */
};

struct leat_program {
	struct leat_arena arena;
	const struct leat_text **texts; /* main first, then the included ones and vars files; freed with the program */
	size_t n_texts;
	struct leat_variable *variables; /* in the order of their definition */
	size_t n_variables;
	struct leat_stmt *steps;
	size_t n_steps;
	struct leat_directive *jobs, *defaults, *expects, *schedules;
	size_t n_jobs, n_defaults, n_expects, n_schedules;
	bool damaged; /* statements are missing or broken (reported): ask for nothing that is not there */
	const struct leat_syntax *syntax; /* the tree as written, for this room */
};

/* A file that a text includes; path and data are malloc'd. */
struct leat_include {
	char *path; /* absolute, without links: which file it is, and in which folder */
	char *data;
	size_t len;
};

/*
 * Reads file `name`, written in a text of folder `dir` (absolute); "~/" begins the home folder. 0, and the caller
 * frees; or -1 with *err.
 */
typedef int leat_include_fn(void *ctx, const char *dir, const char *name, struct leat_include *out,
			    struct leat_err *err);

/* A text with nothing but `let` lines, for values of the pipeline's variables (--vars). */
struct leat_vars_text {
	const char *name, *dir; /* as those of leat_program_parse */
	const char *data;
	size_t len;
};

struct leat_program_opts {
	const char *const *set; /* "name=value", NULL-terminated, or NULL */
	const char *const *opt; /* "step.key=value", NULL-terminated, or NULL: options of steps, replaced */
	const char *cwd; /* absolute: for values from the command line and the environment; NULL: as `dir` */
	const struct leat_vars_text *vars; /* the first that has a name counts; all of them yield to `set` */
	size_t n_vars;
	const char *path; /* the main text's file, absolute without links, so that it is known again; or NULL */
	leat_include_fn *include; /* NULL: nothing can be included */
	void *include_ctx;
	/*
	 * The text comes from leat_program_print: no limits of size, bytes that are no UTF-8 may stand in
	 * quotes, names of branches may be quoted, nothing is included.
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

/*
 * As leat_program_parse, but only reads: nothing is replaced, expanded or looked up, and so only faults of words and
 * structure are found. Such a program can be formatted and shown (fmt.h, show.h), not run.
 */
struct leat_program *leat_program_read(const char *name, const char *dir, const char *data, size_t len,
				       struct leat_diags *d);

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
