/* SPDX-License-Identifier: MIT */
/* Golden files: FOLDER/NAME.leat gives FOLDER/NAME.err, character for character. UPDATE=1 rewrites the .err files. */
#ifndef TESTS_GOLDEN_H
#define TESTS_GOLDEN_H

#include "base/buf.h"
#include "lang/program.h"

/* What a case prints now; `stem` is its NAME. The caller releases it. */
typedef struct leat_buf golden_fn(const char *stem);

/* FOLDER/STEM+SUFFIX, or an empty text when there is no such file. The caller releases it. */
struct leat_buf golden_read(const char *folder, const char *stem, const char *suffix);

#define GOLDEN_DIR "/srv/site" /* the folder that cases are read as if they stood in */

/* leat_program_opts.include: GOLDEN_DIR/X is FOLDER/files/X. ctx: the folder. */
leat_include_fn golden_include;

/* Runs every case of the folder and fails the test when one differs, or when there are fewer than `least`. */
void golden_run(const char *folder, int least, golden_fn *now);

/* The same for files that end in `suffix` (".out") instead of .err. */
void golden_run_to(const char *folder, const char *suffix, int least, golden_fn *now);

#endif
