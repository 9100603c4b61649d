/* SPDX-License-Identifier: MIT */
/* Diagnostics: errors and warnings with their places in the text, and their rendering (language 8). */
#ifndef LEAT_CORE_DIAG_H
#define LEAT_CORE_DIAG_H

#include "base/mem.h"
#include "base/buf.h"

/* Bytes [start, end) of a text; text NULL: no place. */
struct leat_span {
	const struct leat_text *text;
	uint32_t start, end;
};

/* Bytes [start, end) of a text that was made from JSON stand for what this JSON pointer names. */
struct leat_pointer {
	uint32_t start, end;
	const char *pointer;
};

/*
 * One text: a file, <command line>, a vars file. Owned by whoever made it; outlives the diagnostics. data NULL:
 * only the name is shown.
 */
struct leat_text {
	const char *name; /* as shown before the colon */
	const char *dir; /* relative paths in it belong here (absolute) */
	const char *data;
	size_t len;
	struct leat_span included; /* the statement that named it, in another text; or none */
	const struct leat_pointer *places; /* it was made from the JSON form, which was made of these; or NULL */
	size_t n_places;
};

enum leat_severity { LEAT_ERROR, LEAT_WARNING };
enum { LEAT_DIAG_HELPS = 4 };

struct leat_diag {
	int code; /* 24 = E024; warnings 1 = W001 */
	enum leat_severity severity;
	struct leat_span span;
	const char *message; /* what is wrong */
	const char *label; /* behind the carets, or NULL */
	struct leat_span span2; /* second place, or none */
	const char *label2;
	const char *help[LEAT_DIAG_HELPS]; /* NULL-terminated unless full */
	struct leat_span fix_at; /* a tool may put `fix` in its place; text NULL: there is nothing to put */
	const char *fix;
};

/* All diagnostics of a program, in order of report. Texts live in its arena. */
struct leat_diags {
	struct leat_arena arena;
	struct leat_diag *v;
	size_t n, cap, errors, warnings;
	bool failed; /* out of memory: the list is incomplete */
	struct leat_diag scratch; /* given out when nothing was added */
};

/*
 * Adds one and returns it, so that the caller can fill label, span2, help before it adds the next. Never NULL:
 * a scratch one when memory is out (then failed is set), and when the same code and message stand at the same
 * place already (a loop expands to the same line again). Texts of labels are made with leat_diag_text.
 */
struct leat_diag *leat_diag_error(struct leat_diags *d, int code, struct leat_span at, const char *fmt, ...)
	LEAT_PRINTF(4, 5);
struct leat_diag *leat_diag_warning(struct leat_diags *d, int code, struct leat_span at, const char *fmt, ...)
	LEAT_PRINTF(4, 5);
/*
 * The text behind the carets. "write X" and "did you mean 'X'?" also mean: X can take the place of what is marked.
 * leat_diag_fix says otherwise, after it. text stays alive as long as the diagnostics.
 */
void leat_diag_label(struct leat_diags *d, struct leat_diag *g, const char *text);
/* What a tool may put in the place of `at`; text NULL: nothing. */
void leat_diag_fix(struct leat_diag *g, struct leat_span at, const char *text);
const char *leat_diag_text(struct leat_diags *d, const char *fmt, ...) LEAT_PRINTF(2, 3);
/* next free help line */
void leat_diag_help(struct leat_diags *d, struct leat_diag *g, const char *fmt, ...) LEAT_PRINTF(3, 4);
void leat_diags_free(struct leat_diags *d);

/* The JSON pointer of the smallest place that holds a span; "" when it is in none, NULL when its text is no JSON. */
const char *leat_text_pointer(struct leat_span s);
/* Appends ":LINE:COLUMN" of a span's start, or ":POINTER" where its text is JSON: what stands behind the name. */
void leat_text_where(struct leat_span s, struct leat_buf *out);

/* Line and column (from 1, in characters) of byte `at` of a text; past the end it is the end. */
void leat_text_place(const struct leat_text *t, size_t at, unsigned *line, unsigned *column);

/* Sorts by text, then place (stable). */
void leat_diags_sort(struct leat_diags *d);

/*
 * Sorts by text, then place (stable), and appends all in the shape of language 8.1, a blank line between two;
 * at most 20 errors, then how many more there are. A line wider than 200 columns is shown as a window of it. A
 * second place in another text gets a line "::: name:line:column" above it, and so do the places that include the
 * text of the error, the innermost with its line. color: ANSI. The closing "N
 * error(s)" line is the caller's.
 */
void leat_diags_render(struct leat_diags *d, struct leat_buf *out, bool color);

#endif
