/* SPDX-License-Identifier: MIT */
/* Landlock without any rule: no path, no TCP port, no abstract socket, no signal to others. */
#ifndef LEAT_EXEC_LANDLOCK_H
#define LEAT_EXEC_LANDLOCK_H

#include "core/protection.h"

/*
 * For this thread and all it starts, for ever. Says in *p what the kernel's version of it covers, or why
 * nothing is in force.
 */
void leat_landlock(struct leat_protection *p);

#endif
