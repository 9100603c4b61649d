/* SPDX-License-Identifier: MIT */
/*
 * A storm over <leat/executor.h> and runs of recipes: several actors open executors of every kind, submit functions
 * that do everything functions may do, cancel, wait with timeouts, shrink, grow, kill and freeze workers, close in
 * every way; others run recipes and stop them. Every future is counted, and a watchdog tells a hang with all stacks.
 */
#ifndef LEAT_TEST_STRESS_KIT_H
#define LEAT_TEST_STRESS_KIT_H

#include <stdbool.h>
#include <stdio.h>

struct stress {
	double seconds;
	unsigned seed;
	int actors, runners; /* threads that use executors, and that run recipes */
	int hang_s; /* nobody may be at one thing for so long */
	bool talk; /* tells on stdout how far it is */
};

/* The functions by name: before leat_worker_hook. */
void stress_register(void);
/* 0: all adds up; else what does not was told on stderr. Does not return from a hang: exit status 3. */
int stress_run(const struct stress *s);

#endif
