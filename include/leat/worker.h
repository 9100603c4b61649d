/* SPDX-License-Identifier: MIT */
/*
 * Worker processes. Steps on=processes run in processes that are this program, started again; so that it knows what to
 * do then, main asks first of all:
 *
 *	int worker = leat_worker_hook(argc, argv);
 *	if (worker >= 0)
 *		return worker;
 *
 * Without it (or leat_use_worker), there is no pool: inputs are decoded in this process, and `plan` says so.
 */
#ifndef LEAT_WORKER_H
#define LEAT_WORKER_H

#ifdef __cplusplus
extern "C" {
#endif

/*
 * Serves as a worker and returns its exit status when the program was started as one, else -1. To be called before
 * any thread is made.
 */
int leat_worker_hook(int argc, char **argv);

/*
 * For a host that cannot do that (an interpreter, say): workers are processes of the program at `path` (leat-
 * worker, installed in
 * libexec). It must be of the same build as the library. Before the first leat_check; the text must stay. Not
 * thread safe.
 */
void leat_use_worker(const char *path);

#ifdef __cplusplus
}
#endif
#endif
