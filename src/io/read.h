/* SPDX-License-Identifier: MIT */
/*
 * Inside of the source `read`: how names become entries. The way of a name: walk.c or names.c finds it, finds.c
 * filters and keeps it, order.c sorts the kept ones into the listing, told.c says what was not found. Private
 * to this room.
 */
#ifndef LEAT_IO_READ_H
#define LEAT_IO_READ_H

#include "base/glob.h"
#include "core/end.h"

#include <sys/stat.h>

enum leat_links { LEAT_LINKS_FILES, LEAT_LINKS_FOLLOW, LEAT_LINKS_NO };
enum leat_sort { LEAT_SORT_PATH, LEAT_SORT_NATURAL, LEAT_SORT_MTIME, LEAT_SORT_SIZE, LEAT_SORT_NONE };
enum leat_or_error { LEAT_OR_ERROR, LEAT_OR_PASS }; /* empty=error|ok, missing=error|skip */

struct leat_read { /* the parameters */
	struct leat_strs patterns;
	const char *list, *root;
	struct leat_strs exclude;
	bool match_case, hidden, reverse;
	int64_t symlinks, sort, empty, missing;
	int64_t min_age, max_age;
	uint64_t min_size, max_size;
};

/* Why files that match were passed over without becoming items; each is told once, with its count. */
enum leat_passed_why {
	LEAT_PASSED_YOUNG,
	LEAT_PASSED_OLD,
	LEAT_PASSED_SMALL,
	LEAT_PASSED_LARGE,
	LEAT_PASSED_LINK,
	LEAT_PASSED_LINKED_FOLDER,
	LEAT_PASSED_MISSING,
	LEAT_N_PASSED
};
struct leat_passed {
	uint64_t n;
	const char *first; /* path of the first one, as shown */
};

enum { LEAT_SEEN_EXTENSIONS = 48, LEAT_SEEN_TEXT = 12 };

/* What one pattern or folder met on its way: only for the sentence when it found nothing. */
struct leat_seen {
	bool no_root; /* the folder it begins in does not exist */
	uint64_t files; /* names looked at */
	uint64_t kept; /* of them now entries */
	uint64_t passed;
	size_t n;
	struct {
		char text[LEAT_SEEN_TEXT]; /* lower case, without the dot */
		char written[LEAT_SEEN_TEXT]; /* the first of them as it stands in its name */
		uint64_t n;
	} ext[LEAT_SEEN_EXTENSIONS];
};

/* One entry before sorting. */
struct leat_find {
	struct leat_entry e;
	const char *abs; /* absolute path: the sorting key */
	uint64_t order; /* in which it was found */
};

struct leat_finds {
	const struct leat_read *p;
	const struct leat_source_opts *o;
	struct leat_listing *l;
	char *cwd; /* absolute, or NULL where there is none any more */
	int64_t now_ns;
	struct leat_glob **exclude;
	bool *exclude_flat; /* written without '/': compared with the name alone */
	size_t n_exclude;
	struct leat_find *v;
	size_t n, cap;
	struct leat_passed passed[LEAT_N_PASSED];
};

/* Where a name belongs. */
struct leat_place {
	const char *abs; /* NUL-terminated, copied when kept */
	const char *root; /* absolute, lives in the arena */
	size_t rel_at; /* abs + rel_at is the path below root */
	const char *reldir; /* in the arena */
	bool named; /* by the user, letter for letter */
};

/*
 * finds.c: opens the exclude patterns and looks at the clock and the current folder. Give to leat_finds_close,
 * also after a failure.
 */
int leat_finds_open(struct leat_finds *f, const struct leat_read *p, const struct leat_source_opts *o,
		    struct leat_listing *l, struct leat_err *err);
void leat_finds_close(struct leat_finds *f);
/* Keeps a regular file unless its size or age passes it over. 0, or -1 with *err: out of memory. */
int leat_finds_file(struct leat_finds *f, const struct leat_place *at, const struct stat *st, struct leat_seen *seen,
		    struct leat_err *err);
/* Keeps a name that can only fail. why: static text, or from the arena. */
int leat_finds_problem(struct leat_finds *f, const struct leat_place *at, enum leat_cause cause, const char *why,
		       struct leat_seen *seen, struct leat_err *err);
void leat_finds_pass(struct leat_finds *f, enum leat_passed_why why, const char *abs, struct leat_seen *seen);
bool leat_finds_excluded(const struct leat_finds *f, const char *abs, size_t n);
bool leat_finds_excludes_all(const struct leat_finds *f, const char *abs_folder, size_t n); /* with '/' at its end */
/* abs as the user will recognise it: below the current folder relative to it, else whole. A pointer into abs. */
const char *leat_finds_shown(const struct leat_finds *f, const char *abs);
/* {reldir} of a name in `folder` (absolute, n bytes) when its base is `base`. In the arena; NULL with *err. */
const char *leat_finds_reldir(struct leat_finds *f, const char *base, const char *folder, size_t n,
			      struct leat_err *err);
/* "is a FIFO" ...: why this sort of file is no input; NULL for a regular file. */
const char *leat_special_problem(mode_t mode);
/* Is ext (n bytes, without dot) one of the readable ones? */
bool leat_readable(const char *const *extensions, const char *ext, size_t n, bool match_case);
/* The extension of a name, without dot and NUL-terminated; "" when there is none (".profile" has none). */
const char *leat_extension(const char *name);

/* walk.c: the tree below root. glob NULL: all readable files of it. -1 with *err: out of memory, cancelled. */
int leat_walk(struct leat_finds *f, const char *root, const struct leat_glob *glob, bool names_extension,
	      struct leat_seen *seen, struct leat_err *err);

enum leat_want_sort { LEAT_WANT_FOLDER, LEAT_WANT_NAME, LEAT_WANT_PATTERN };
struct leat_want {
	enum leat_want_sort sort;
	const char *path; /* FOLDER, NAME: it; PATTERN: the folder before its wildcards. Absolute, literal */
	const char *rest; /* PATTERN: what is below path */
	const char *shown; /* for messages */
};

/* pattern.c: what a pattern (absolute) means. What exists under its very name, it is, "[" or not. */
int leat_want(struct leat_finds *f, const char *abs, struct leat_want *w, struct leat_err *err);
/*
 * Appends n bytes of a pattern with "[*]" as "*" and the like: its literal text. False when it has wildcards
 * that are none of these.
 */
bool leat_unquote(const char *s, size_t n, struct leat_buf *out);
/* A literal folder and a pattern below it, as one pattern. In the arena; NULL with *err. */
const char *leat_quote_folder(struct leat_finds *f, const char *folder, const char *rel, struct leat_err *err);
/*
 * abs with "//", "/." and, as far as it exists (in a pattern: before its wildcards), "/.." taken out. In the
 * arena; NULL with *err.
 */
const char *leat_clean_path(struct leat_finds *f, const char *abs, bool pattern, struct leat_err *err);
/* folder + "/" + name, cleaned; name alone when it is absolute. Both literal. */
const char *leat_join_path(struct leat_finds *f, const char *folder, const char *name, struct leat_err *err);

/* names.c: */
/*
 * Entries of names that are meant letter for letter (cleaned, absolute). seen[i] for each; missing ones count
 * as told by missing=.
 */
int leat_listed_names_add(struct leat_finds *f, const char *const *abs, size_t n, struct leat_seen *seen,
			  struct leat_err *err);
/* Reads list=: its names, cleaned, in the arena. */
int leat_names_list(struct leat_finds *f, const char *path, struct leat_strs *out, struct leat_err *err);

/* order.c: sorts, drops what was found twice, numbers, and moves all into the listing. */
int leat_finds_order(struct leat_finds *f, struct leat_err *err);

/* told.c: */
int leat_told_add(struct leat_listing *l, const char *text,
		  struct leat_err *err); /* a warning; text in the arena, NULL: out of memory */
/* "looked in ...": why nothing of it was found. In the arena. */
const char *leat_told_nothing(struct leat_finds *f, const struct leat_want *w, const struct leat_seen *seen);
/* One warning for each reason by which files were passed over. */
int leat_told_passed(struct leat_finds *f, struct leat_err *err);

/* nfd.c: are the names equal but for their Unicode form (composed or decomposed letters)? False for equal bytes. */
bool leat_same_but_form(const char *a, const char *b);

#endif
