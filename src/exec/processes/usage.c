/* SPDX-License-Identifier: MIT */
/* See usage.h. A process that has ended keeps its account until it is reaped. */
#include "exec/processes/usage.h"

#include "base/sys.h"

void leat_usage_begin(struct leat_usage *u, pid_t pid)
{
	if (leat_process_times(pid, &u->cpu_from, &u->runq_from) < 0)
		u->cpu_from = u->runq_from = -1;
}

/* Of the present worker; nothing where it is not ready or cannot be looked at. */
static void present(const struct leat_usage *u, pid_t pid, int64_t *cpu, int64_t *runq)
{
	int64_t c, r;
	*cpu = *runq = 0;
	if (u->cpu_from < 0 || leat_process_times(pid, &c, &r) < 0)
		return;
	*cpu = c > u->cpu_from ? c - u->cpu_from : 0;
	*runq = r > u->runq_from ? r - u->runq_from : 0;
}

void leat_usage_end(struct leat_usage *u, pid_t pid)
{
	int64_t cpu, runq;
	present(u, pid, &cpu, &runq);
	u->cpu_ns += cpu;
	u->runq_ns += runq;
	u->cpu_from = u->runq_from = -1;
}

void leat_usage_add(const struct leat_usage *u, pid_t pid, struct leat_executor_stats *out)
{
	int64_t cpu, runq;
	present(u, pid, &cpu, &runq);
	cpu += u->cpu_ns;
	runq += u->runq_ns;
	/* Taking and sending packets is work too, and what was killed had no time to say how long it took. */
	int64_t busy = out->busy_ns > cpu ? out->busy_ns : cpu;
	out->busy_ns = busy;
	out->cpu_ns = cpu;
	out->runq_ns = runq < busy - cpu ? runq : busy - cpu;
}
