/* SPDX-License-Identifier: MIT */
/*
 * Worker processes. Steps on=processes run in processes that are this program, started again; so that it knows what to
 * do then, main asks first of all:
 *
 *	int worker = leat_worker_hook(argc, argv);
 *	if (worker >= 0)
 *		return worker;
 *
 * A program that does not ask has workers too where leat-worker was installed with the library, in libexec/leat of its
 * prefix: that knows the steps of leat, but none of the program's own. Where neither is there, inputs are decoded in
 * this process, and `plan` says so.
 */
#ifndef LEAT_WORKER_H
#define LEAT_WORKER_H

#ifdef __cplusplus
extern "C" {
#endif
#pragma GCC visibility push(default)

/*
 * Serves as a worker and returns its exit status when the program was started as one, else -1. To be called before
 * any thread is made.
 */
int leat_worker_hook(int argc, char **argv);

/*
 * Workers are processes of the program at `path`, which calls leat_worker_hook and is of the same build as the library;
 * NULL: as without this call; "": no worker processes at all. Before the first leat_check; the text must stay. Not
 * thread safe.
 */
void leat_use_worker(const char *path);

#pragma GCC visibility pop
#ifdef __cplusplus
}
#endif
#endif
