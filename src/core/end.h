/* SPDX-License-Identifier: MIT */
/*
 * Ends of a recipe: sources list and fetch inputs, sinks take results. One file exports one const struct
 * leat_source or leat_sink. They are the only steps that touch the disk.
 */
#ifndef LEAT_CORE_END_H
#define LEAT_CORE_END_H

#include "base/hash.h"
#include "core/cancel.h"
#include "base/mem.h"
#include "core/op.h"

/* What one pattern, folder or name of a source found. */
struct leat_matched {
	const char *pattern; /* absolute, as it was looked for */
	uint64_t n; /* files; one that two patterns find counts for both */
};

/* What a source found. Entries are in their final order with seq 0, 1, 2 ... Memory is in the arena. */
struct leat_listing {
	struct leat_arena arena;
	struct leat_entry *v; /* in the arena */
	size_t n, cap;
	size_t left; /* entries behind the n: inputs that this run leaves out (--only, --limit) */
	uint64_t ignored; /* files in read folders whose extension no codec knows */
	uint64_t refused; /* entries with a problem, counted */
	uint64_t unread; /* of them folders: what is in them is not known */
	struct leat_matched *matched; /* in the arena; in the order written */
	size_t n_matched;
	struct leat_strs warnings; /* "this pattern matches nothing: ..." whole sentences, for plan and summary */
};
void leat_listing_free(struct leat_listing *l);

struct leat_source_opts {
	const char *const *extensions; /* readable formats, lower case, NULL-terminated: for folders */
	const char *const *input; /* --input: replaces the patterns; NULL-terminated, or NULL */
	const struct leat_cancel *cancel;
};

struct leat_nameset; /* base/nameset.h */
struct leat_reading; /* the source's own */

struct leat_source {
	const char *name, *group, *summary, *example;
	int version;
	const struct leat_param *params;
	size_t params_size;
	unsigned out, modes;
	int (*check)(const void *params, const struct leat_param **which, struct leat_err *err);
	/*
	 * Lists the inputs. -1 with *err: NOT_FOUND when nothing matched and empty=error (E070: "no file
	 * matches PATTERN"; l->warnings then begins with the help line, "looked in ..."), USAGE.
	 * *which is the index of the pattern at fault, or -1. An unreadable folder is an entry with a problem,
	 * not an end of the run.
	 */
	int (*list)(const void *params, const struct leat_source_opts *o, struct leat_listing *l, int *which,
		    struct leat_err *err);
	/* Reads one entry whole. Checks that it is a regular file and the one listed, before and after. Any thread. */
	int (*fetch)(const void *params, const struct leat_entry *e, struct leat_bytes **out, struct leat_err *err);
	/* Reads its first bytes (at most n) for a header probe: *got, and whether that is all. Any thread. */
	int (*peek)(const void *params, const struct leat_entry *e, uint8_t *buf, size_t n, size_t *got, bool *whole,
		    struct leat_err *err);
	/* As peek, and the system is asked to read all of it ahead. With into() below; both may be NULL. */
	int (*begin)(const void *params, const struct leat_entry *e, uint8_t *buf, size_t n, size_t *got, bool *whole,
		     struct leat_err *err);
	/* Reads it whole, e->size bytes, to where the caller wants them; checks as fetch does. Any thread. */
	int (*into)(const void *params, const struct leat_entry *e, uint8_t *to, struct leat_err *err);
	/*
	 * Reads an entry piece by piece: open, next (fewer than n bytes: it ended), unchanged (-1 with *err: it is not
	 * what was listed, or changed meanwhile), close. One thread at a time. NULL, all four: only as a whole.
	 */
	int (*open)(const void *params, const struct leat_entry *e, struct leat_reading **r, struct leat_err *err);
	int (*next)(struct leat_reading *r, uint8_t *buf, size_t n, size_t *got, struct leat_err *err);
	int (*unchanged)(struct leat_reading *r, struct leat_err *err);
	void (*close)(struct leat_reading **r);
};

/* What all sinks of a run share. */
struct leat_sink_open {
	const void *params;
	const struct leat_runinfo *run;
	const char *branch; /* of the step, "" or NULL on the main line: {branch} in names of reports */
	const struct leat_listing *inputs; /* so that no input is overwritten unless allowed */
	int durability; /* 0 none, 1 batch, 2 full */
	const char *temp; /* job temp= folder, or NULL */
	struct leat_nameset *names; /* output names of the run, shared by its write steps; NULL: each keeps its own */
	/*
	 * Called before a file of the user is replaced: its path, and what will stand there. From then on the ledger
	 * knows the new one. -1 with *err: it may not be replaced. NULL: nobody wants to know.
	 */
	int (*intend)(void *ctx, const char *path, uint64_t size, const uint8_t hash[static LEAT_HASH],
		      struct leat_err *err);
	void *intend_ctx;
	const char *const *fields; /* report: all fields measured above it, in order of appearance, NULL-terminated */
};

/* What became of one put(). */
struct leat_put_result {
	enum { LEAT_PUT_NEW, LEAT_PUT_OVERWRITTEN, LEAT_PUT_SKIPPED } what;
	uint64_t bytes;
	char *path; /* final name, owned by the caller; NULL for sinks without files */
	bool there; /* a file stands under it, which is: */
	uint64_t size, dev;
	int64_t mtime_ns;
	bool replaced; /* it took the place of the item's own input, and has this hash: */
	uint8_t hash[LEAT_HASH];
};

struct leat_sink {
	const char *name, *group, *summary, *example;
	int version;
	const struct leat_param *params;
	size_t params_size;
	unsigned in, modes;
	bool rows; /* wants row() for every matched item, in input order, after it ended (report) */
	int (*check)(const void *params, const struct leat_param **which, struct leat_err *err);
	int (*open)(const struct leat_sink_open *o, void **state, struct leat_err *err);
	/* Is what was encoded for it verified first? 0 no, 1 where that can be done, 2 it must be. NULL: no. */
	int (*verifies)(const void *params);
	/* One item's payload. Any thread, several at once. TARGET failures stop the run. NULL for report. */
	int (*put)(void *state, const struct leat_view *v, const struct leat_payload *in, struct leat_put_result *res,
		   struct leat_err *err);
	/*
	 * Before an item is worked on: is it certain that put() would leave the file that stands there (existing=skip)?
	 * Then *res is filled as by put(). as_it_is: it is left whatever the options say. NULL: that is never known.
	 */
	bool (*leaves)(void *state, const struct leat_view *v, bool as_it_is, struct leat_put_result *res);
	/* One ended item, in input order, one thread at a time. */
	int (*row)(void *state, const struct leat_view *v, enum leat_state st, const struct leat_err *e,
		   const char *step, struct leat_err *err);
	/* Ends; `aborted`: leave no half file behind. Releases state also when it fails. */
	int (*close)(void *state, bool aborted, struct leat_err *err);
};

#endif
