/* SPDX-License-Identifier: MIT */
/*
 * Runs a program of this machine to its end: argv without a shell, input from memory, output into memory, a time limit.
 * It gets a process group of its own, and whatever of that group is left when it ends is killed, so nothing of it
 * stays.
 *
 * Any thread, several at once. Started by posix_spawn, never by fork; no descriptor of this process but 0, 1, 2 reaches
 * it, all signals are as they are at the start of a program.
 */
#ifndef LEAT_BASE_CHILD_H
#define LEAT_BASE_CHILD_H

#include "base/buf.h"

#include <stdint.h>

enum { LEAT_CHILD_WORDS = 400 }; /* kept of what it says on its standard error */

struct leat_child {
	const char *const *argv; /* NULL-terminated; argv[0] is looked for in PATH */
	const char *const
		*env; /* "NAME=value" besides (and instead of) those of this process, NULL-terminated; or NULL */
	const char *folder; /* to start in; NULL: the current one */
	const void *input; /* its standard input ... */
	size_t input_len; /* ... 0: none */
	bool output; /* keep its standard output, else it goes where standard error goes */
	size_t output_most; /* more is a failure (LIMIT) */
	int64_t deadline_ns; /* of leat_now_ns(): then TERM, two seconds later KILL; 0: none */
	bool (*stop)(const void *ctx); /* asked ten times a second: end it now? NULL: never */
	const void *ctx;
};

struct leat_child_end {
	int status; /* its exit status; -1: a signal ended it */
	int signal; /* that one, or 0 */
	struct leat_buf output;
	char words[LEAT_CHILD_WORDS]; /* the last whole line it said on standard error (or output, if not kept); "" */
};

/*
 * 0 when it ran and ended by itself, however; then *end is filled, and the caller frees end->output. -1 with *err:
 * NOT_FOUND, PERMISSION (it cannot be started), TIMEOUT, CANCELLED, LIMIT, IO.
 */
int leat_child_run(const struct leat_child *c, struct leat_child_end *end, struct leat_err *err);

#endif
