/* SPDX-License-Identifier: MIT */
/*
 * Where a write template leads. Its literal beginning, up to the last '/' before the first field, is the root:
 * a folder that is made and opened once and that no output name can leave, whatever fields, links and other
 * processes do. A template that begins with {path} or {dir} has the root of each input instead.
 *
 * Immutable once open: any thread may look up names.
 */
#ifndef LEAT_IO_TARGET_H
#define LEAT_IO_TARGET_H

#include "core/template.h"
#include "core/param.h"

struct leat_target {
	char *root; /* absolute; NULL: that of each input */
	int rootfd; /* O_PATH; -1: none */
	bool whole; /* NULL root: begins with {path}, not {dir} */
	bool flat; /* every output stands in the root itself */
	bool sync; /* new folders are made durable */
	struct leat_template *below; /* of the name below root; behind {path} or {dir} there */
};

/* One output name. Give to leat_spot_free. */
struct leat_spot {
	char *path; /* absolute */
	const char *rel; /* in it: below the root */
	const char *name; /* in it: the last part */
	int rootfd; /* the target's, or own */
	bool own_root;
	int dirfd; /* O_PATH, of the folder of `name`; -1: not opened yet */
};

/* Makes the root where it is missing. -1 with *err: TARGET, PERMISSION, NOT_FOUND ..., and *t closed. */
int leat_target_open(struct leat_target *t, const struct leat_tmpl *tmpl, bool sync, struct leat_err *err);
void leat_target_close(struct leat_target *t);

/*
 * The name for one item. Nothing is made yet. USAGE when a field would lead out of the root, MISMATCH when a
 * name is too long.
 */
int leat_target_spot(const struct leat_target *t, const struct leat_view *v, struct leat_spot *s, struct leat_err *err);

/* Opens the folder of the name, making it where it is missing. CONFLICT when a file or link is in its way. */
int leat_spot_open(const struct leat_target *t, struct leat_spot *s, struct leat_err *err);
/* The same without making anything: 1 when the folder is not there. */
int leat_spot_find(const struct leat_target *t, struct leat_spot *s, struct leat_err *err);
void leat_spot_free(struct leat_spot *s);

#endif
