/* SPDX-License-Identifier: MIT */
/*
 * What the files of this room share while one text is read, and how they report. The same problem
 * at the same place is said once, however often a loop or recipe comes past it. Every function
 * accepts the NULL of a report that was not made.
 */
#ifndef LEAT_LANG_SAY_H
#define LEAT_LANG_SAY_H

#include "lang/program.h"

struct leat_lang {
	struct leat_program *program;
	struct leat_arena *arena; /* the program's */
	struct leat_diags *diags;
	const struct leat_program_opts *opts; /* never NULL */
	bool failed; /* memory is out */
	bool as_written; /* only the text itself counts: what it includes is not read */
	size_t reports, max_reports;
	size_t bytes; /* of all texts */
	size_t suggestions;
	struct leat_said *said; /* by place, at most half full; freed by whoever made this */
	size_t said_slots; /* of them, a power of two; 0 before the first report */
};

struct leat_said {
	const struct leat_text *text;
	uint32_t start, end;
	int code; /* 0: free slot; warnings negative */
};

/*
 * A new error (or warning) at this place; NULL when it was said before or too many were. Valid
 * until the next report.
 */
struct leat_diag *leat_say_error(struct leat_lang *l, int code, struct leat_span at, const char *fmt, ...)
	LEAT_PRINTF(4, 5);
struct leat_diag *leat_say_warning(struct leat_lang *l, int code, struct leat_span at, const char *fmt, ...)
	LEAT_PRINTF(4, 5);

/* Text behind the carets; one more help line; the second place. */
void leat_say_label(struct leat_lang *l, struct leat_diag *g, const char *fmt, ...) LEAT_PRINTF(3, 4);
/* What a tool may put in the place of `at`, where the label does not say it; NULL: nothing. */
void leat_say_fix(struct leat_diag *g, struct leat_span at, const char *text);
void leat_say_help(struct leat_lang *l, struct leat_diag *g, const char *fmt, ...) LEAT_PRINTF(3, 4);
void leat_say_second(struct leat_diag *g, struct leat_span at, const char *label);

/*
 * A copy of s[0 … n) for a message: at most 80 bytes, cut between characters, with "…" behind a
 * cut. Never NULL.
 */
const char *leat_say_brief(struct leat_lang *l, const char *s, size_t n);

/* "a, b, c" of the first names, "…" when there are more; "" for none. Never NULL. */
const char *leat_say_list(struct leat_lang *l, const char *const *names, size_t n);

/* The nearest of the names (language 8.3), or NULL; also NULL once enough searches were made. */
const char *leat_say_nearest(struct leat_lang *l, const char *word, const char *const *names, size_t n);

#endif
