/* SPDX-License-Identifier: MIT */
/* What the OpenMP runtime's threads do between two parallel regions. */
#ifndef LEAT_BASE_IDLE_H
#define LEAT_BASE_IDLE_H

/*
 * The idle team of the calling thread sleeps at once from now on, where the runtime can be told so: LLVM's spins for
 * 200 ms otherwise. libgomp cannot, and spins for some milliseconds at most. Of no other thread; no setting of a host.
 */
void leat_idle_team_sleeps(void);

#endif
