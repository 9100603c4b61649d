/* SPDX-License-Identifier: MIT */
/*
 * Worker processes. Steps on=processes run in processes that are this program, started again; so that it knows what to
 * do then, main asks first of all:
 *
 *	int worker = leat_worker_hook(argc, argv);
 *	if (worker >= 0)
 *		return worker;
 *
 * Without it, steps on=processes are an error of the recipe.
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

#ifdef __cplusplus
}
#endif
#endif
