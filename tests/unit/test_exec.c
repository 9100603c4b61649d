/* SPDX-License-Identifier: MIT */
/* Executors: every task gets one run() or cancel() and one done(), in every order of events. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include <cmocka.h>
#include <dirent.h>
#include <dlfcn.h>
#include <errno.h>
#include <pthread.h>
#include <signal.h>

#include "base/mem.h"
#include "base/sys.h"
#include "core/executor.h"

extern const struct leat_executor_type leat_executor_inline, leat_executor_threads, leat_executor_openmp,
	leat_executor_async;
static const struct leat_executor_type *const all[] = {&leat_executor_inline, &leat_executor_threads,
						       &leat_executor_openmp, &leat_executor_async};

/* pthread_create that fails on demand. Stands before the library's and the sanitizers' own. */
static _Atomic int threads_left = -1;
int pthread_create(pthread_t *restrict t, const pthread_attr_t *restrict a, void *(*f)(void *), void *restrict arg)
{
	static int (*real)(pthread_t *, const pthread_attr_t *, void *(*)(void *), void *);
	if (!real) {
		void *p = dlsym(RTLD_NEXT, "pthread_create");
		memcpy(&real, &p, sizeof real);
	}
	if (threads_left == 0)
		return EAGAIN;
	if (threads_left > 0)
		threads_left--;
	return real(t, a, f, arg);
}

/* --- tasks that keep a diary --- */

struct log {
	_Atomic int run, cancelled, done, wrong, order_broken;
	_Atomic uint64_t last; /* seq that ran last */
	_Atomic int open; /* tasks wait in run() until it is set */
	_Atomic int inside, most_inside;
	_Atomic unsigned workers; /* bit of every worker seen */
	_Atomic int team;
};

struct job {
	struct leat_task base;
	struct log *log;
	_Atomic int runs, cancels, dones;
	bool waits;
	int64_t spin_ns;
	unsigned sleep_us;
	const struct leat_executor_type *next; /* done() submits `child` there */
	struct leat_runner *next_ex;
	struct job *child;
	struct leat_runner *abort_ex; /* run() aborts it */
};

static int job_run(struct leat_task *t, const struct leat_worker *w)
{
	struct job *j = (struct job *)t;
	struct log *l = j->log;
	l->workers |= 1u << w->index;
	l->team = w->team;
	int inside = ++l->inside;
	for (int most = l->most_inside; inside > most && !atomic_compare_exchange_weak(&l->most_inside, &most, inside);)
		;
	l->order_broken += t->seq < l->last;
	l->last = t->seq;
	l->wrong += ++j->runs != 1 || j->cancels || j->dones;
	while (j->waits && !l->open)
		usleep(200);
	for (int64_t end = leat_now_ns() + j->spin_ns; j->spin_ns && leat_now_ns() < end;)
		;
	if (j->sleep_us)
		usleep(j->sleep_us);
	if (j->abort_ex)
		leat_executor_threads.abort(j->abort_ex);
	l->inside--;
	l->run++;
	return 0;
}

static void job_cancel(struct leat_task *t, const struct leat_err *err)
{
	struct job *j = (struct job *)t;
	j->log->wrong += ++j->cancels != 1 || j->runs || j->dones || err->cause != LEAT_CAUSE_CANCELLED;
	j->log->cancelled++;
}

static void job_done(struct leat_task *t)
{
	struct job *j = (struct job *)t;
	j->log->wrong += ++j->dones != 1 || j->runs + j->cancels != 1;
	if (j->child && j->next->submit(j->next_ex, &j->child->base) != 0)
		j->log->wrong++;
	j->log->done++;
}

static const struct leat_task_class job_class = {.run = job_run, .cancel = job_cancel, .done = job_done};

static struct job *jobs_new(struct log *l, int n)
{
	struct job *j = calloc((size_t)n, sizeof *j);
	assert_non_null(j);
	for (int i = 0; i < n; i++) {
		j[i].base = (struct leat_task){.cls = &job_class, .seq = (uint64_t)i, .bytes = 10};
		j[i].log = l;
	}
	return j;
}

static struct leat_runner *open_one(const struct leat_executor_type *type, int workers, uint64_t items, uint64_t bytes)
{
	struct leat_executor_opts o = {
		.name = "a-long-name-for-test", .workers = workers, .queue_items = items, .queue_bytes = bytes};
	struct leat_err err = {0};
	struct leat_runner *ex = NULL;
	assert_int_equal(type->open(&ex, &o, &err), 0);
	assert_non_null(ex);
	return ex;
}

/* Everybody submits from a thread of its own. */
struct sender {
	pthread_t thread;
	const struct leat_executor_type *type;
	struct leat_runner *ex;
	struct job *jobs;
	int n, refused;
	_Atomic int taken, back;
};

static void *send_all(void *arg)
{
	struct sender *s = arg;
	for (int i = 0; i < s->n; i++) {
		bool refused = s->type->submit(s->ex, &s->jobs[i].base) != 0;
		s->refused += refused;
		s->taken += !refused;
	}
	s->back = 1;
	return NULL;
}

static void send_from(struct sender *s, const struct leat_executor_type *type, struct leat_runner *ex, struct job *jobs,
		      int n)
{
	*s = (struct sender){.type = type, .ex = ex, .jobs = jobs, .n = n};
	assert_int_equal(pthread_create(&s->thread, NULL, send_all, s), 0);
}

static void eventually(_Atomic int *v, int want)
{
	for (int i = 0; i < 5000 && *v != want; i++)
		usleep(1000);
	assert_int_equal(*v, want);
}

/* --- what all promise --- */

static void test_all_done(void **state)
{
	(void)state;
	for (size_t k = 0; k < LEAT_LEN(all); k++)
		for (int workers = 1; workers <= 4; workers++)
			for (uint64_t items = 1; items <= 64; items *= 8) {
				enum { N = 500 };
				struct log l = {0};
				struct leat_executor_stats s;
				struct job *j = jobs_new(&l, N);
				struct leat_runner *ex = open_one(all[k], workers, items, 25);
				for (int i = 0; i < N; i++)
					assert_int_equal(all[k]->submit(ex, &j[i].base), 0);
				struct leat_runner *gone = ex;
				while (l.done < N)
					usleep(100);
				all[k]->stats(ex, &s);
				all[k]->close(&gone);
				assert_null(gone);
				all[k]->close(&gone);
				assert_int_equal(l.run, N);
				assert_int_equal(l.wrong, 0);
				assert_int_equal(l.team, all[k] == &leat_executor_openmp ? workers : 1);
				assert_true(s.tasks == N || s.tasks == N - 1 || all[k] == &leat_executor_threads);
				assert_true(s.queue_peak <= items && s.queue_peak <= 2); /* 25 bytes hold two tasks */
				free(j);
			}
}

static void test_order(void **state)
{
	(void)state;
	for (size_t k = 0; k < LEAT_LEN(all); k++) {
		struct log l = {0};
		struct job *j = jobs_new(&l, 300);
		struct leat_runner *ex = open_one(all[k], 1, 10, 0);
		for (int i = 0; i < 300; i++)
			assert_int_equal(all[k]->submit(ex, &j[i].base), 0);
		all[k]->close(&ex);
		assert_int_equal(l.done, 300);
		assert_int_equal(l.order_broken, 0);
		free(j);
	}
}

/* close() waits for what is queued and for what runs. */
static void test_wait(void **state)
{
	(void)state;
	struct log l = {0};
	struct job *j = jobs_new(&l, 20);
	struct leat_runner *ex = open_one(&leat_executor_threads, 3, 20, 0);
	for (int i = 0; i < 20; i++) {
		j[i].waits = i < 3;
		assert_int_equal(leat_executor_threads.submit(ex, &j[i].base), 0);
	}
	eventually(&l.inside, 3);
	l.open = 1;
	leat_executor_threads.close(&ex);
	assert_int_equal(l.done, 20);
	assert_int_equal(l.most_inside, 3);
	assert_int_equal(l.workers, 7);
	free(j);
}

/* A full queue holds the submitter back, by items, by bytes, and one oversized task is let in. */
static void test_back_pressure(void **state)
{
	(void)state;
	for (int bytes = 0; bytes <= 1; bytes++) {
		struct log l = {0};
		struct job *j = jobs_new(&l, 6);
		struct leat_runner *ex = open_one(&leat_executor_threads, 1, bytes ? 100 : 2, bytes ? 20 : 0);
		struct sender s;
		j[0].waits = true;
		j[5].base.bytes = 1000;
		send_from(&s, &leat_executor_threads, ex, j, 6);
		eventually(&l.inside, 1);
		usleep(20000);
		assert_int_equal(s.back, 0);
		l.open = 1;
		pthread_join(s.thread, NULL);
		leat_executor_threads.close(&ex);
		assert_int_equal(l.run, 6);
		assert_int_equal(l.wrong, 0);
		free(j);
	}
}

/* --- ending early --- */

static void test_abort_with_full_queue(void **state)
{
	(void)state;
	for (size_t k = 1; k < LEAT_LEN(all); k++) {
		enum { EACH = 10 }; /* more than queue and workers hold */
		struct log l = {0};
		struct job *j = jobs_new(&l, 2 * EACH), *late = jobs_new(&l, 1);
		struct leat_runner *ex = open_one(all[k], k == 1 ? 2 : 1, 4, 0);
		struct sender s[2];
		int running = k == 1 ? 2 : 1;
		for (int i = 0; i < 2 * EACH; i++)
			j[i].waits = true;
		send_from(&s[0], all[k], ex, j, EACH);
		send_from(&s[1], all[k], ex, j + EACH, EACH);
		eventually(&l.inside, running);
		for (int i = 0; i < 5000 && s[0].taken + s[1].taken < 4 + running; i++)
			usleep(1000);
		usleep(10000); /* both senders stand before a full queue */
		assert_int_equal(s[0].back + s[1].back, 0);
		all[k]->abort(ex);
		for (int i = 0; i < 2; i++)
			pthread_join(s[i].thread, NULL);
		assert_int_equal(l.cancelled, 4);
		assert_int_equal(l.done, 4);
		assert_int_equal(s[0].refused + s[1].refused, 2 * EACH - 4 - running);
		assert_int_equal(all[k]->submit(ex, &late->base), -1);
		l.open = 1;
		all[k]->close(&ex);
		assert_int_equal(l.done, 4 + running);
		assert_int_equal(l.wrong, 0);
		free(j);
		free(late);
	}
}

/* A task may stop the show from inside. */
static void test_abort_from_a_task(void **state)
{
	(void)state;
	for (int round = 0; round < 20; round++) {
		struct log l = {0};
		struct job *j = jobs_new(&l, 200);
		struct leat_runner *ex = open_one(&leat_executor_threads, 3, 16, 0);
		struct sender s;
		j[round * 5].abort_ex = ex;
		send_from(&s, &leat_executor_threads, ex, j, 200);
		pthread_join(s.thread, NULL);
		leat_executor_threads.close(&ex);
		assert_int_equal(l.run + l.cancelled, l.done);
		assert_int_equal(l.done + s.refused, 200);
		assert_int_equal(l.wrong, 0);
		free(j);
	}
}

static void *abort_it(void *arg)
{
	leat_executor_threads.abort(arg);
	return NULL;
}

/* Aborts and submits from everywhere, close at once behind: nothing lost, nothing twice. */
static void test_abrupt_end(void **state)
{
	(void)state;
	for (int round = 0; round < 50; round++) {
		enum { SENDERS = 3, EACH = 60 };
		struct log l = {0};
		struct job *j = jobs_new(&l, SENDERS * EACH);
		struct leat_runner *ex = open_one(&leat_executor_threads, 2, 8, 0);
		struct sender s[SENDERS];
		pthread_t a[2];
		int refused = 0;
		for (int i = 0; i < SENDERS; i++)
			send_from(&s[i], &leat_executor_threads, ex, j + i * EACH, EACH);
		usleep((unsigned)round * 10);
		for (int i = 0; i < 2; i++)
			assert_int_equal(pthread_create(&a[i], NULL, abort_it, ex), 0);
		for (int i = 0; i < SENDERS; i++) {
			pthread_join(s[i].thread, NULL);
			refused += s[i].refused;
		}
		for (int i = 0; i < 2; i++)
			pthread_join(a[i], NULL);
		leat_executor_threads.close(&ex);
		assert_int_equal(l.done + refused, SENDERS * EACH);
		assert_int_equal(l.wrong, 0);
		free(j);
	}
}

/* Submitters that wait for a worker number of `inline` are sent away too. */
static void test_cancel_inline_wait(void **state)
{
	(void)state;
	struct log l = {0};
	struct job *j = jobs_new(&l, 2);
	struct leat_runner *ex = open_one(&leat_executor_inline, 1, 1, 0);
	struct sender s[2];
	j[0].waits = true;
	send_from(&s[0], &leat_executor_inline, ex, j, 1);
	eventually(&l.inside, 1);
	send_from(&s[1], &leat_executor_inline, ex, j + 1, 1);
	usleep(20000);
	assert_int_equal(s[1].back, 0);
	leat_executor_inline.abort(ex);
	pthread_join(s[1].thread, NULL);
	assert_int_equal(s[1].refused, 1);
	l.open = 1;
	leat_executor_inline.close(&ex); /* waits for the one that runs */
	assert_int_equal(l.done, 1);
	pthread_join(s[0].thread, NULL);
	assert_int_equal(l.wrong, 0);
	free(j);
}

/* As many callers as workers: all at once, and no two with one number. */
static void test_inline_workers(void **state)
{
	(void)state;
	struct log l = {0};
	struct job *j = jobs_new(&l, 3);
	struct leat_runner *ex = open_one(&leat_executor_inline, 3, 1, 0);
	struct sender s[3];
	for (int i = 0; i < 3; i++) {
		j[i].waits = true;
		send_from(&s[i], &leat_executor_inline, ex, j + i, 1);
	}
	eventually(&l.inside, 3);
	assert_int_equal(l.workers, 7);
	l.open = 1;
	for (int i = 0; i < 3; i++)
		pthread_join(s[i].thread, NULL);
	leat_executor_inline.close(&ex);
	free(j);
}

/* done() hands on to another executor; a full one behind holds the first back, and all arrive. */
static void test_hand_on(void **state)
{
	(void)state;
	for (size_t k = 0; k < LEAT_LEN(all); k++)
		for (size_t m = 0; m < LEAT_LEN(all); m++) {
			enum { N = 100 };
			struct log l = {0};
			struct job *j = jobs_new(&l, N), *next = jobs_new(&l, N);
			struct leat_runner *first = open_one(all[k], 2, 4, 0), *second = open_one(all[m], 2, 2, 0);
			for (int i = 0; i < N; i++) {
				j[i].next = all[m];
				j[i].next_ex = second;
				j[i].child = &next[i];
				assert_int_equal(all[k]->submit(first, &j[i].base), 0);
			}
			all[k]->close(&first);
			all[m]->close(&second);
			assert_int_equal(l.done, 2 * N);
			assert_int_equal(l.wrong, 0);
			free(j);
			free(next);
		}
}

/* --- opening --- */

static void test_no_thread(void **state)
{
	(void)state;
	for (int have = 0; have < 4; have++) {
		struct leat_executor_opts o = {.name = "cpu", .workers = 4, .queue_items = 1};
		struct leat_runner *ex = (void *)&o;
		struct leat_err err = {0};
		threads_left = have;
		int ok = leat_executor_threads.open(&ex, &o, &err);
		threads_left = -1;
		assert_int_equal(ok, -1);
		assert_null(ex);
		char text[64];
		snprintf(text, sizeof text, "cannot start thread %d of 4 of 'cpu': ", have + 1);
		assert_memory_equal(err.text, text, strlen(text));
		assert_int_equal(err.sys, EAGAIN);
	}
}

static void test_refused_options(void **state)
{
	(void)state;
	for (size_t k = 0; k < LEAT_LEN(all); k++)
		for (int workers = 0; workers < 100000; workers += 99999) {
			struct leat_executor_opts o = {.name = "x", .workers = workers, .queue_items = 1};
			struct leat_runner *ex = NULL;
			struct leat_err err = {0};
			assert_int_equal(all[k]->open(&ex, &o, &err), -1);
			assert_int_equal(err.cause, LEAT_CAUSE_USAGE);
		}
}

/* Names are seen in top and gdb; signals stay the host's. */
struct look {
	struct leat_task base;
	char name[32];
	sigset_t mask;
};
static int look_run(struct leat_task *t, const struct leat_worker *w)
{
	struct look *l = (struct look *)t;
	(void)w;
	pthread_sigmask(SIG_SETMASK, NULL, &l->mask);
	return pthread_getname_np(pthread_self(), l->name, sizeof l->name);
}
static void look_done(struct leat_task *t)
{
	(void)t;
}
static void test_thread_manners(void **state)
{
	(void)state;
	static const struct leat_task_class cls = {.run = look_run, .done = look_done};
	struct look l = {.base = {.cls = &cls}};
	struct leat_runner *ex = open_one(&leat_executor_threads, 12, 1, 0);
	assert_int_equal(leat_executor_threads.submit(ex, &l.base), 0);
	leat_executor_threads.close(&ex);
	assert_int_equal(strlen(l.name), l.name[14] == 0 ? 14 : 15);
	assert_memory_equal(l.name, "a-long-name-", 12);
	assert_non_null(strchr(l.name, '/'));
	assert_int_equal(sigismember(&l.mask, SIGINT), 1);
	assert_int_equal(sigismember(&l.mask, SIGTERM), 1);
	assert_int_equal(sigismember(&l.mask, SIGSEGV), 0);
}

/* --- measuring --- */

static void test_stats(void **state)
{
	(void)state;
	struct log l = {0};
	struct leat_executor_stats s;
	struct job *j = jobs_new(&l, 40);
	struct leat_runner *ex = open_one(&leat_executor_threads, 1, 40, 0);
	for (int i = 0; i < 40; i++) {
		if (i == 1) {
			eventually(&l.done, 1);
			usleep(20000);
		}
		j[i].spin_ns = i < 20 ? 1000000 : 0;
		j[i].waits = i == 39;
		assert_int_equal(leat_executor_threads.submit(ex, &j[i].base), 0);
	}
	usleep(60000);
	l.open = 1;
	while (l.done < 40)
		usleep(100);
	leat_executor_threads.stats(ex, &s);
	assert_int_equal(s.tasks, 40);
	assert_true(s.busy_ns >= 20000000);
	assert_true(s.idle_ns >= 10000000);
	assert_true(s.cpu_ns > 0 && s.cpu_ns <= s.busy_ns);
	assert_true(s.runq_ns >= 0 && s.cpu_ns + s.runq_ns <= s.busy_ns);
	assert_true(s.queue_peak >= 1 && s.queue_peak <= 40);
	leat_executor_threads.close(&ex);
	free(j);
}

/* Short tasks have their CPU time sampled; a long one among them, which waits, is not told as theirs. */
static void test_stats_of_many(void **state)
{
	(void)state;
	enum { N = 3000, EVERY = 100 };
	for (int sleeps = 0; sleeps < 2; sleeps++) {
		struct log l = {0};
		struct leat_executor_stats s;
		struct job *j = jobs_new(&l, N);
		struct leat_runner *ex = open_one(&leat_executor_threads, 1, N, 0);
		for (int i = 0; i < N; i++) {
			j[i].sleep_us = sleeps && i % EVERY == EVERY / 2 ? 10000 : 0;
			j[i].spin_ns = j[i].sleep_us ? 0 : 5000;
			assert_int_equal(leat_executor_threads.submit(ex, &j[i].base), 0);
		}
		while (l.done < N)
			usleep(1000);
		leat_executor_threads.stats(ex, &s);
		assert_int_equal(s.tasks, N);
		assert_true(s.busy_ns >= (sleeps ? 300000000 : 0) + N * 5000 * 9 / 10);
		assert_true(s.cpu_ns + s.runq_ns <= s.busy_ns);
		if (sleeps)
			assert_true(s.busy_ns - s.cpu_ns >= 150000000);
		else
			assert_true(s.cpu_ns >= N * 5000 / 4);
		leat_executor_threads.close(&ex);
		free(j);
	}
}

/* --- OpenMP inside a task --- */

#ifdef _OPENMP
#include <omp.h>

static int team_run(struct leat_task *t, const struct leat_worker *w)
{
	struct job *j = (struct job *)t;
	int n = 0;
#pragma omp parallel num_threads(w->team) reduction(+ : n)
	n += 1;
	j->runs = n;
	return 0;
}
static void team_done(struct leat_task *t)
{
	((struct job *)t)->log->done++;
}

static int count_threads(void)
{
	int n = 0;
	DIR *d = opendir("/proc/self/task");
	assert_non_null(d);
	for (struct dirent *e; (e = readdir(d));)
		n += e->d_name[0] != '.';
	closedir(d);
	return n;
}

static int64_t process_cpu_ns(void)
{
	struct timespec ts;
	clock_gettime(CLOCK_PROCESS_CPUTIME_ID, &ts);
	return (int64_t)ts.tv_sec * 1000000000 + ts.tv_nsec;
}

/*
 * The team has the size asked for, settings are untouched, it does not spin for ever when idle, and it
 * ends with the executor.
 */
static void test_team(void **state)
{
	(void)state;
	static const struct leat_task_class cls = {.run = team_run, .done = team_done};
	int max = omp_get_max_threads(), dynamic = omp_get_dynamic(), before = count_threads();
	struct log l = {0};
	struct job *j = jobs_new(&l, 10);
	struct leat_runner *ex = open_one(&leat_executor_openmp, 3, 4, 0);
	for (int i = 0; i < 10; i++) {
		j[i].base.cls = &cls;
		assert_int_equal(leat_executor_openmp.submit(ex, &j[i].base), 0);
	}
	eventually(&l.done, 10);
	for (int i = 0; i < 10; i++)
		assert_int_equal(j[i].runs, 3);
	usleep(100000);
	int64_t cpu = process_cpu_ns();
	usleep(200000);
	assert_true(process_cpu_ns() - cpu < 50000000);
	leat_executor_openmp.close(&ex);
#ifdef __clang__ /* LLVM's runtime keeps its threads, asleep, for the next team */
	(void)before;
#else
	for (int i = 0; i < 1000 && count_threads() > before; i++)
		usleep(1000);
	assert_int_equal(count_threads(), before);
#endif
	assert_int_equal(omp_get_max_threads(), max);
	assert_int_equal(omp_get_dynamic(), dynamic);
	free(j);
}
#else
static void test_team(void **state)
{
	(void)state;
	skip();
}
#endif

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_all_done),
		cmocka_unit_test(test_order),
		cmocka_unit_test(test_wait),
		cmocka_unit_test(test_back_pressure),
		cmocka_unit_test(test_abort_with_full_queue),
		cmocka_unit_test(test_abort_from_a_task),
		cmocka_unit_test(test_abrupt_end),
		cmocka_unit_test(test_cancel_inline_wait),
		cmocka_unit_test(test_inline_workers),
		cmocka_unit_test(test_hand_on),
		cmocka_unit_test(test_no_thread),
		cmocka_unit_test(test_refused_options),
		cmocka_unit_test(test_thread_manners),
		cmocka_unit_test(test_stats),
		cmocka_unit_test(test_stats_of_many),
		cmocka_unit_test(test_team),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
