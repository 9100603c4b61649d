/* SPDX-License-Identifier: MIT */
/*
 * Tests of recipes: for every NAME.leat of a folder, tests/NAME/in is what it reads and tests/NAME/out what it must
 * write.
 *
 *	jobs/web.leat
 *	jobs/tests/web/in/cat.jpg
 *	jobs/tests/web/out/site/img/cat-320.jpg      written as site/img/cat-320.jpg by the recipe
 *	jobs/tests/web/options                       optional
 *
 * A recipe is run on in/ as if by --input, and writes into a new folder: a relative name lands there as below the
 * recipe's folder ("../x" as "up/x"), an absolute one as below the root. Nothing under tests/ is ever written.
 * options holds one KEY=VALUE a line ('#' begins a comment line):
 *
 *	max-diff=N        images may differ by so much in a sample, on the scale of 8 bit (0: all files byte by byte)
 *	ignore=PATTERN    files below out/ that are not compared; may be repeated
 *	set=NAME=VALUE    as --set; may be repeated
 *	status=N          the exit status that the run must have (0)
 */
#ifndef LEAT_TEST_H
#define LEAT_TEST_H

#include <leat/types.h>

#ifdef __cplusplus
extern "C" {
#endif
#pragma GCC visibility push(default)

enum leat_test_outcome {
	LEAT_TEST_PASSED,
	LEAT_TEST_FAILED,
	LEAT_TEST_NONE /* the recipe has no tests/NAME/in */
};

struct leat_test_result {
	const char *name; /* "web" */
	enum leat_test_outcome outcome;
	double seconds;
	uint64_t files; /* compared */
	const char *text; /* what is wrong, a line each; "" */
	const char *results; /* folder where the results of a failed test were left to be looked at, or NULL */
};

/* Told of every recipe when it is done, in the order of names. Texts are good until it returns. */
typedef void leat_test_fn(void *ctx, const struct leat_test_result *r);

/*
 * Runs the tests of a folder. names: only these (without ".leat"), NULL-terminated; NULL: all. temp: an existing
 * folder for the results, each test in one of its own. allow_exec: recipes may run programs. Returns 0 all passed, 1
 * some failed, 2 a wrong name, 3 no test was found, 5 cannot be done; 2, 3 and 5 with *err.
 */
int leat_test(const char *folder, const char *const *names, const char *temp, bool allow_exec, leat_test_fn *fn,
	      void *ctx, struct leat_err *err);

#pragma GCC visibility pop
#ifdef __cplusplus
}
#endif
#endif
