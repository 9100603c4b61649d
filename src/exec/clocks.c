/* SPDX-License-Identifier: MIT */
/* Time inside run(): wall, CPU, and now and then the wait for a core. */
#include "exec/clocks.h"

#include "base/sys.h"

/*
 * The first tasks all, so that a short run is told right; then a sample stands for its share of the time. Where tasks
 * take less than SHORT_NS on the average, their CPU time is sampled, too: the clock of it is a system call, and two of
 * them would cost more than the rest of a hand-off.
 */
enum { SAMPLE_ALL = 32, SAMPLE_EVERY = 16, SAMPLE_SHORT = 64, SHORT_NS = 50000 };

/* The only writer is this thread: a plain load and store, no locked instruction. */
static void add(_Atomic int64_t *to, int64_t v)
{
	atomic_store_explicit(to, atomic_load_explicit(to, memory_order_relaxed) + v, memory_order_relaxed);
}

static void count(_Atomic uint64_t *to)
{
	atomic_store_explicit(to, atomic_load_explicit(to, memory_order_relaxed) + 1, memory_order_relaxed);
}

/*
 * The CPU time of a long task that nobody expected among short ones: what the thread took since its clock was last
 * read, without what the short ones had at most.
 */
static int64_t unforeseen(const struct leat_clocks *c, int64_t now, int64_t took)
{
	int64_t cpu = now - c->cpu_seen_ns - c->since_seen_ns;
	return cpu < 0 ? 0 : cpu < took ? cpu : took;
}

void leat_clocks_run(struct leat_clocks *c, struct leat_task *t, const struct leat_worker *w, int64_t *since)
{
	uint64_t n = atomic_load_explicit(&c->tasks, memory_order_relaxed);
	bool brief = c->each_ns < SHORT_NS;
	bool sample = n < SAMPLE_ALL || n % (brief ? SAMPLE_SHORT : SAMPLE_EVERY) == 0;
	bool clocked = sample || !brief;
	int64_t runq = sample ? leat_thread_runq_ns() : 0;
	int64_t cpu = clocked ? leat_thread_cpu_ns() : 0;
	int64_t start = leat_now_ns();
	(void)t->cls->run(t, w); /* the task keeps its own error */
	int64_t end = leat_now_ns(), took = end - start;
	struct leat_clocked *of = &c->clocked[took >= SHORT_NS];
	if (clocked || took >= SHORT_NS) {
		int64_t now = leat_thread_cpu_ns();
		add(&of->cpu_ns, clocked ? now - cpu : unforeseen(c, now, took));
		add(&of->clocked_ns, took);
		c->cpu_seen_ns = now;
		c->since_seen_ns = 0;
	} else {
		c->since_seen_ns += took;
	}
	add(&of->busy_ns, took);
	if (sample) {
		add(&c->runq_ns, leat_thread_runq_ns() - runq);
		add(&c->sampled_ns, took);
	}
	c->each_ns += (took - c->each_ns) / 8;
	add(&c->idle_ns, start - *since);
	add(&c->busy_ns, took);
	count(&c->tasks);
	*since = end;
}

/* What was measured in `part` of the time, for all of it. */
static int64_t stretch(int64_t measured, int64_t part, int64_t all)
{
	return part > 0 && part < all ? (int64_t)((double)measured * (double)all / (double)part) : measured;
}

/* The two reads of the clock lie around those of the time, so it is kept to it. */
static int64_t cpu_of(const struct leat_clocked *c)
{
	int64_t busy = atomic_load_explicit(&c->busy_ns, memory_order_relaxed);
	int64_t cpu = stretch(atomic_load_explicit(&c->cpu_ns, memory_order_relaxed),
			      atomic_load_explicit(&c->clocked_ns, memory_order_relaxed), busy);
	return cpu < busy ? cpu : busy;
}

void leat_clocks_add(const struct leat_clocks *c, struct leat_executor_stats *out)
{
	int64_t busy = atomic_load_explicit(&c->busy_ns, memory_order_relaxed);
	int64_t sampled = atomic_load_explicit(&c->sampled_ns, memory_order_relaxed);
	int64_t cpu = cpu_of(&c->clocked[0]) + cpu_of(&c->clocked[1]);
	int64_t runq = stretch(atomic_load_explicit(&c->runq_ns, memory_order_relaxed), sampled, busy);
	if (cpu > busy) /* written one after the other, while we read */
		cpu = busy;
	if (runq > busy - cpu) /* a sample stands for others, but no wait is longer than the time there was */
		runq = busy > cpu ? busy - cpu : 0;
	out->tasks += atomic_load_explicit(&c->tasks, memory_order_relaxed);
	out->busy_ns += busy;
	out->cpu_ns += cpu;
	out->runq_ns += runq;
	out->idle_ns += atomic_load_explicit(&c->idle_ns, memory_order_relaxed);
}
