/* SPDX-License-Identifier: MIT */
/*
 * Inside of the walk: walk.c moves through the folders, walk_names.c judges the names in them. Private to those
 * two.
 */
#ifndef LEAT_IO_WALK_H
#define LEAT_IO_WALK_H

#include "io/read.h"

#include <dirent.h>

struct leat_tree_frame {
	DIR *dir; /* NULL: closed for the time being */
	dev_t dev;
	ino_t ino;
	size_t path_len; /* of walk.path up to this folder, with its '/' */
	struct leat_buf subs; /* names of the folders to enter, each with its NUL */
	size_t next; /* the next of them */
	const char *reldir; /* NULL: not needed yet */
};

struct leat_tree {
	struct leat_finds *f;
	const char *root;
	const struct leat_glob *glob;
	bool names_extension, follow;
	struct leat_seen *seen;
	int rootfd;
	struct leat_buf path; /* absolute, of what is looked at */
	size_t base; /* path.data + base is below root */
	struct leat_tree_frame *v;
	size_t depth, cap, open;
};

/* The lowest folder: the one whose names are looked at. */
static inline struct leat_tree_frame *leat_tree_top(struct leat_tree *w)
{
	return &w->v[w->depth - 1];
}

/* w->path becomes its first `at` bytes and the name, with a '/' behind a folder. */
int leat_tree_path(struct leat_tree *w, size_t at, const char *name, bool folder, struct leat_err *err);

/*
 * One name of the lowest folder: an entry, a folder to enter later, or nothing. 0, or -1 with *err: out of
 * memory.
 */
int leat_tree_see(struct leat_tree *w, const struct dirent *d, struct leat_err *err);

/*
 * The folder whose path with its '/' is w->path cannot be read. sys: errno behind it, which then gives the
 * cause; or 0.
 */
int leat_tree_folder_problem(struct leat_tree *w, enum leat_cause cause, int sys, const char *why,
			     struct leat_err *err);

#endif
