/* SPDX-License-Identifier: MIT */
/* A function for executors that stays in its worker until the test opens the gate. */
#ifndef LEAT_TESTS_GATE_KIT_H
#define LEAT_TESTS_GATE_KIT_H

#include <leat/executor.h>

#include <stdatomic.h>
#include <unistd.h>

struct gate {
	atomic_bool open, entered;
};

/* Until the gate opens, or it is asked to stop. */
static int pass(const struct leat_call *c, void *arg, struct leat_err *err)
{
	struct gate *g = arg;
	(void)err;
	atomic_store(&g->entered, true);
	while (!atomic_load(&g->open) && !c->stopping(c))
		usleep(200);
	return 0;
}

/* Waits until somebody is in it. */
static void entered(struct gate *g)
{
	while (!atomic_load(&g->entered))
		usleep(200);
}

#endif
