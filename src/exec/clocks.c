/* SPDX-License-Identifier: MIT */
/* Time inside run(): wall, CPU, and now and then the wait for a core. */
#include "exec/clocks.h"

#include "base/sys.h"

/* The first tasks all, so that a short run is told right; then a sample stands for its share of the time. */
enum { SAMPLE_ALL = 32, SAMPLE_EVERY = 16 };

/* The only writer is this thread: a plain load and store, no locked instruction. */
static void add(_Atomic int64_t *to, int64_t v)
{
	atomic_store_explicit(to, atomic_load_explicit(to, memory_order_relaxed) + v, memory_order_relaxed);
}

static void count(_Atomic uint64_t *to)
{
	atomic_store_explicit(to, atomic_load_explicit(to, memory_order_relaxed) + 1, memory_order_relaxed);
}

void leat_clocks_run(struct leat_clocks *c, struct leat_task *t, const struct leat_worker *w, int64_t *since)
{
	uint64_t n = atomic_load_explicit(&c->tasks, memory_order_relaxed);
	bool sample = n < SAMPLE_ALL || n % SAMPLE_EVERY == 0;
	int64_t start = leat_now_ns();
	int64_t runq = sample ? leat_thread_runq_ns() : 0;
	int64_t cpu = leat_thread_cpu_ns();
	(void)t->cls->run(t, w); /* the task keeps its own error */
	cpu = leat_thread_cpu_ns() - cpu;
	int64_t end = leat_now_ns();
	if (sample) {
		add(&c->runq_ns, leat_thread_runq_ns() - runq);
		add(&c->sampled_ns, end - start);
	}
	add(&c->idle_ns, start - *since);
	add(&c->busy_ns, end - start);
	add(&c->cpu_ns, cpu);
	count(&c->tasks);
	*since = end;
}

void leat_clocks_add(const struct leat_clocks *c, struct leat_executor_stats *out)
{
	uint64_t tasks = atomic_load_explicit(&c->tasks, memory_order_relaxed);
	int64_t sampled = atomic_load_explicit(&c->sampled_ns, memory_order_relaxed);
	int64_t busy = atomic_load_explicit(&c->busy_ns, memory_order_relaxed);
	int64_t cpu = atomic_load_explicit(&c->cpu_ns, memory_order_relaxed);
	double runq = (double)atomic_load_explicit(&c->runq_ns, memory_order_relaxed);
	if (sampled > 0 && sampled < busy)
		runq *= (double)busy / (double)sampled;
	if (runq > (double)(busy - cpu)) /* a sample stands for others, but no wait is longer than the time there was */
		runq = busy > cpu ? (double)(busy - cpu) : 0;
	out->tasks += tasks;
	out->busy_ns += busy;
	out->cpu_ns += cpu;
	out->runq_ns += (int64_t)runq;
	out->idle_ns += atomic_load_explicit(&c->idle_ns, memory_order_relaxed);
}
