/* SPDX-License-Identifier: MIT */
/* An item: one input, known by name before it is read. And the view of it that templates and conditions get. */
#ifndef LEAT_CORE_ITEM_H
#define LEAT_CORE_ITEM_H

#include "core/value.h"

/* One input as the source listed it. Immutable after listing; owned by the listing's arena. */
struct leat_entry {
	uint64_t seq; /* position among the items of this run, from 0 */
	uint64_t index; /* {index}: position among all that the source listed, from 0 */
	const char *path; /* for the user: the pattern's literal beginning as written, bytes of names untouched */
	const char *root; /* folder below which `rel` is opened ("" = current folder) */
	const char *rel; /* path below root */
	const char *reldir; /* {reldir}: folder relative to the pattern's base, "" at the base itself */
	uint64_t size; /* bytes, at listing */
	int64_t mtime_ns;
	uint64_t dev, ino; /* identity, to see that the file read is the file listed */
	const char *problem; /* NULL, or why this entry can only fail (a directory named a.png, a FIFO ...) */
	enum leat_cause problem_cause;
	bool named; /* meant letter for letter (a literal path, a list), not found by a walk: links are followed */
};

/* The absolute path of an input: the name under which a ledger knows it. Clears b first. */
void leat_entry_path(const struct leat_entry *e, struct leat_buf *b);

/* The same for every item of a run. Owned by the run. */
struct leat_runinfo {
	int64_t started_ns; /* wall clock; {date} and {time} are of this moment, local time */
	char host[65];
	char job[256]; /* {job}: job name or file stem */
};

/* What a template, a condition or a sink may know of an item at a point of the recipe. All borrowed. */
struct leat_view {
	const struct leat_entry *entry; /* NULL after a reduction */
	const struct leat_fields *fields; /* measured so far on this line */
	const struct leat_runinfo *run;
	const char *branch; /* name of the branch, "" on the main line */
	uint64_t index; /* {index}, from 0: the entry's; behind a reduction the result's number */
	const char *format; /* codec name of the current data ("png"), NULL unknown */
};

/*
 * The value of field `name`: measured fields first, then the always-there ones (path dir reldir name stem ext
 * format suffix index branch bytes_in mtime age date time host job). False when there is none; after a
 * reduction those of the input are none. Text lives in `tmp` (cleared first) or in the view. dir is "." where
 * the path has no folder. age: seconds from mtime to the start of the run, a real. date is "2026-01-31" and
 * time "02-30-05", so that both can stand in a file name.
 */
bool leat_view_value(const struct leat_view *v, const char *name, struct leat_value *out, struct leat_buf *tmp);

/*
 * Names of the always-there fields, NULL-terminated, with one-line docs and types at the same index; for
 * checks, help and suggestions. `hash` is among them, but it is the run that measures and sets it, where
 * something reads it.
 */
extern const char *const leat_item_fields[];
extern const char *const leat_item_field_docs[];
extern const enum leat_vtype leat_item_field_types[];

#endif
