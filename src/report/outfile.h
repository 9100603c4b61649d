/* SPDX-License-Identifier: MIT */
/*
 * A text file that a report writes: a new one appears whole at the end of the run (base/publish.h); an existing
 * one that is appended to gets whole lines only, and none of them when the run was aborted. Owned by one thread
 * at a time.
 */
#ifndef LEAT_REPORT_OUTFILE_H
#define LEAT_REPORT_OUTFILE_H

#include "base/buf.h"
#include "base/publish.h"

struct leat_outfile {
	char *path; /* absolute */
	int dirfd; /* O_PATH, of its folder */
	struct leat_publish pub; /* overwrite */
	int fd; /* append; -1: overwrite */
	int64_t start, written; /* append: its size before, and what was added */
	struct leat_buf buf; /* whole lines, not written yet */
	mode_t mode;
	bool sync;
};

/*
 * path is copied; its folder is made when missing. first: the line, with its end, that a new file begins with;
 * a file to append to must begin with it (USAGE otherwise). NULL: none.
 */
int leat_outfile_open(struct leat_outfile *f, const char *path, bool append, const char *first, bool sync,
		      struct leat_err *err);

/* Adds f->buf to the file once enough has come together. Call it behind each whole line. */
int leat_outfile_line(struct leat_outfile *f, struct leat_err *err);

/*
 * Ends it. aborted: as if it had never been opened. Releases all, also on failure. A closed or zeroed one is
 * left alone.
 */
int leat_outfile_close(struct leat_outfile *f, bool aborted, struct leat_err *err);

/* Opens the folder of an absolute path, making it: O_PATH; *name is in path. -1 with *err. */
int leat_report_folder(const char *path, const char **name, bool sync, struct leat_err *err);

#endif
