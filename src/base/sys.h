/* SPDX-License-Identifier: MIT */
/* What this machine is and what time it is. Thread safe, no state. */
#ifndef LEAT_BASE_SYS_H
#define LEAT_BASE_SYS_H

#include "base/err.h"

#include <stdint.h>

/* Cores this process may use: min(affinity mask, cgroup v1/v2 CPU quota rounded up), at least 1. */
int leat_sys_cores(void);

/* Bytes this process may use: min(MemAvailable, cgroup limit minus its use). 0 when it cannot be found out. */
uint64_t leat_sys_memory(void);

/*
 * How often the kernel killed for lack of memory: in this process's cgroup where it counts that, else on this
 * machine. 0 when unknown.
 */
uint64_t leat_sys_oom_kills(void);

/*
 * This user's home folder by the password database, not by $HOME: what '~' means. To be freed; NULL with *err when
 * there is none.
 */
char *leat_home_folder(struct leat_err *err);

/* CLOCK_MONOTONIC, CLOCK_THREAD_CPUTIME_ID and CLOCK_REALTIME in nanoseconds. */
int64_t leat_now_ns(void);
int64_t leat_thread_cpu_ns(void);
int64_t leat_wall_ns(void);

/*
 * Nanoseconds this thread waited for a core (/proc/thread-self/schedstat, field 2); 0 when the kernel does not
 * say. Costs about 4 us.
 */
int64_t leat_thread_runq_ns(void);

/*
 * Nanoseconds of CPU time of another process, and those its threads waited for a core (0 when the kernel does not
 * say). Also of one that has ended and is not reaped. -1: there is no such process.
 */
int leat_process_times(int64_t pid, int64_t *cpu_ns, int64_t *runq_ns);

#endif
