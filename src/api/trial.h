/* SPDX-License-Identifier: MIT */
/*
 * What the parts of `leat test` share: trials.c runs, trial_options.c reads, trial_trees.c and trial_images.c
 * compare.
 */
#ifndef LEAT_API_TRIAL_H
#define LEAT_API_TRIAL_H

#include "base/buf.h"
#include "base/glob.h"
#include "base/mem.h"

#include <stdint.h>

/* tests/NAME/options. */
struct leat_trial_options {
	double max_diff; /* 0: byte by byte */
	int status;
	const char **set; /* NULL-terminated */
	struct leat_glob **ignore; /* NULL-terminated */
	struct leat_arena arena;
};

/* Reads them; none when the file is not there. -1 with *err naming file and line. Release it in any case. */
int leat_trial_options_read(const char *path, struct leat_trial_options *o, struct leat_err *err);
void leat_trial_options_free(struct leat_trial_options *o);

/* Files below a folder: paths relative to it, sorted by bytes. */
struct leat_tree {
	char **v;
	size_t n, cap;
};
/* Empty when the folder is not there. -1 with *err when a folder cannot be read. Release it in any case. */
int leat_tree_list(const char *folder, struct leat_tree *t, struct leat_err *err);
void leat_tree_free(struct leat_tree *t);
/* Removes a folder with all in it. What cannot be removed stays. */
void leat_tree_remove(const char *folder);

/*
 * Compares the files below two folders. Every difference is a line in *out; *files is how many were compared. -1 with
 * *err when they cannot be read.
 */
int leat_trees_compare(const char *want, const char *got, const struct leat_trial_options *o, uint64_t *files,
		       struct leat_buf *out, struct leat_err *err);

/*
 * Two images as bytes of files. True when both can be decoded, have the same shape, and no sample differs by more
 * than max_diff (of 255); else *out gets the reason, without line break.
 */
bool leat_images_alike(const struct leat_buf *want, const struct leat_buf *got, double max_diff, struct leat_buf *out);

#endif
