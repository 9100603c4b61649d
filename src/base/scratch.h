/* SPDX-License-Identifier: MIT */
/*
 * A private folder among the temporary files, for what another program reads and writes; it goes with all that is in
 * it.
 */
#ifndef LEAT_BASE_SCRATCH_H
#define LEAT_BASE_SCRATCH_H

#include "base/err.h"

enum { LEAT_SCRATCH = 256 };

/*
 * Makes it below TMPDIR, or /tmp; only this user may enter. Its absolute path in `path`. 0, or -1 with *err (TARGET).
 */
int leat_scratch_make(char path[LEAT_SCRATCH], struct leat_err *err);
/* Removes it with everything in it, however deep; links are removed, never followed. "" is no folder. */
void leat_scratch_remove(const char *path);

#endif
