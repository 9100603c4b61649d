/* SPDX-License-Identifier: MIT */
/*
 * What a hand-off costs through <leat/executor.h>: no-op items with a full queue, per item, minus the empty loop that
 * calls the same function; beside the round trips that no hand-off to somebody else can do without, measured in the
 * same run: a futex between two threads, and 64 bytes over SOCK_SEQPACKET between two processes.
 *
 *	bench_handoff [ITEMS [ROUNDS]]
 *
 * Medians over rounds that alternate. Exit status 1 where a kind is above its limit and above twice the round trip.
 */
#include <leat/executor.h>
#include <leat/worker.h>

#include <linux/futex.h>
#include <pthread.h>
#include <stdatomic.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

#include "median.h"

enum { TRIPS = 2000, MOST_ROUNDS = 99 };

static double now_us(void)
{
	struct timespec t;
	(void)clock_gettime(CLOCK_MONOTONIC, &t);
	return (double)t.tv_sec * 1e6 + (double)t.tv_nsec / 1e3;
}

/* ---- the work: none ---- */

static int nothing(const struct leat_call *c, void *arg, struct leat_err *err)
{
	(void)c, (void)err;
	__asm__ volatile("" : : "r"(arg) : "memory");
	return 0;
}

static int nothing_named(const struct leat_call *c, const void *in, size_t n, struct leat_reply *out,
			 struct leat_err *err)
{
	(void)c;
	return leat_reply_add(out, in, n, err);
}

static double empty_loop(long items)
{
	leat_function *volatile fn = nothing; /* a call, as there */
	struct leat_call c = {.team = 1};
	struct leat_err err = {0};
	double t0 = now_us();
	for (long i = 0; i < items; i++)
		(void)fn(&c, &c, &err);
	return (now_us() - t0) / (double)items;
}

/* ---- what is measured: one way of handing over per row ---- */

struct row {
	const char *what, *kind;
	int workers; /* 0: one per core */
	int named; /* a function by name */
	size_t chunk; /* leat_map with so many to a task; 0: leat_submit */
	double limit; /* us */
	int futex; /* the raw round trip is that of the futex; else of the socket */
	double v[MOST_ROUNDS];
};

static void die(const char *what, const struct leat_err *err)
{
	fprintf(stderr, "bench_handoff: %s: %s\n", what, err->text);
	exit(2);
}

static void submit_all(struct leat_executor *ex, const struct row *r, long items)
{
	struct leat_err err = {0};
	uint64_t word = 1;
	for (long i = 0; i < items; i++) {
		struct leat_future *f =
			r->named ? leat_submit_named(ex, "nothing", &word, sizeof word, sizeof word, &err)
				 : leat_submit(ex, nothing, &word, &err);
		if (!f)
			die(r->what, &err);
		leat_future_free(&f);
	}
	leat_executor_shutdown(ex, true, false);
}

static void map_all(struct leat_executor *ex, const struct row *r, long items)
{
	struct leat_err err = {0};
	struct leat_map_options o = {.chunk = r->chunk};
	void **args = calloc((size_t)items, sizeof *args);
	size_t at;
	struct leat_mapping *m = args ? leat_map(ex, nothing, args, (size_t)items, &o, &err) : NULL;
	if (!m)
		die(r->what, &err);
	while (leat_map_next(m, -1, &at, &err) == 0)
		;
	leat_map_free(&m);
	free(args);
}

/* The opening of workers is not part of it. */
static double hand_over(const struct row *r, long items)
{
	struct leat_err err = {0};
	struct leat_executor_options o = {.workers = r->workers};
	struct leat_executor *ex = leat_executor_open(r->kind, &o, &err);
	struct leat_executor_numbers seen;
	if (!ex)
		die(r->what, &err);
	double t0 = now_us();
	if (r->chunk)
		map_all(ex, r, items);
	else
		submit_all(ex, r, items);
	double each = (now_us() - t0) / (double)items;
	leat_executor_measured(ex, &seen);
	if (!r->chunk && seen.tasks != (uint64_t)items)
		die(r->what, &(struct leat_err){.text = "some items were not done"});
	leat_executor_close(&ex);
	return each;
}

/* ---- raw round trips ---- */

static atomic_uint turn;

static void wait_while(unsigned value)
{
	while (atomic_load(&turn) == value)
		(void)syscall(SYS_futex, &turn, FUTEX_WAIT_PRIVATE, value, NULL, NULL, 0);
}

static void pass_on(unsigned value)
{
	atomic_store(&turn, value);
	(void)syscall(SYS_futex, &turn, FUTEX_WAKE_PRIVATE, 1, NULL, NULL, 0);
}

static void *answer(void *arg)
{
	(void)arg;
	for (int i = 0; i < TRIPS; i++) {
		wait_while(0);
		pass_on(0);
	}
	return NULL;
}

static double futex_trip(void)
{
	pthread_t other;
	atomic_store(&turn, 0);
	if (pthread_create(&other, NULL, answer, NULL))
		return -1;
	double t0 = now_us();
	for (int i = 0; i < TRIPS; i++) {
		pass_on(1);
		wait_while(1);
	}
	double each = (now_us() - t0) / TRIPS;
	pthread_join(other, NULL);
	return each;
}

static double socket_trip(int fd)
{
	char packet[64] = {0};
	double t0 = now_us();
	for (int i = 0; i < TRIPS; i++)
		if (send(fd, packet, sizeof packet, 0) != sizeof packet || recv(fd, packet, sizeof packet, 0) < 0)
			return -1;
	return (now_us() - t0) / TRIPS;
}

/* A process that sends back what it gets; *fd: our end. */
static pid_t start_echo(int *fd)
{
	int pair[2];
	if (socketpair(AF_UNIX, SOCK_SEQPACKET | SOCK_CLOEXEC, 0, pair) < 0)
		return -1;
	pid_t pid = fork();
	if (pid == 0) {
		char packet[64];
		close(pair[0]);
		while (recv(pair[1], packet, sizeof packet, 0) > 0)
			(void)!send(pair[1], packet, sizeof packet, 0);
		_exit(0);
	}
	close(pair[1]);
	*fd = pair[0];
	return pid;
}

/* ---- the table ---- */

static int show(struct row *rows, size_t n, int rounds, double empty, double futex, double trip)
{
	int bad = 0;
	printf("%-34s %10s %9s %12s %7s\n", "", "us/item", "limit", "round trip", "ratio");
	for (size_t i = 0; i < n; i++) {
		struct row *r = &rows[i];
		double each = median(r->v, rounds) - empty, raw = r->futex ? futex : trip;
		int above = r->limit > 0 && each > r->limit && each > 2 * raw;
		printf("%-34s %10.3f ", r->what, each);
		if (r->limit > 0)
			printf("%9.1f ", r->limit);
		else
			printf("%9s ", "");
		printf("%12.2f %7.2f%s\n", raw, each / raw, above ? "  ABOVE" : "");
		bad |= above;
	}
	printf("empty loop %.4f us/item; futex round trip %.2f us; SOCK_SEQPACKET round trip %.2f us\n", empty, futex,
	       trip);
	printf("%s\n", bad ? "the gate is missed: above the limit, and above twice the round trip"
			   : "the gate holds: each within its limit, or within twice the round trip");
	return bad;
}

int main(int argc, char **argv)
{
	static struct row rows[] = {
		{"inline", "inline", .workers = 1, .limit = 1, .futex = 1},
		{"threads, 1 worker", "threads", .workers = 1, .limit = 5, .futex = 1},
		{"threads, one per core", "threads", .limit = 5, .futex = 1},
		{"threads, leat_map by 64", "threads", .chunk = 64, .futex = 1},
		{"processes, 1 worker, batches", "processes", .workers = 1, .named = 1, .limit = 3},
		{"processes, one per core, batches", "processes", .named = 1, .limit = 3},
	};
	static double empty[MOST_ROUNDS], futex[MOST_ROUNDS], trip[MOST_ROUNDS];
	size_t n = sizeof rows / sizeof *rows;
	struct leat_err err = {0};
	int fd;
	if (leat_register_function("nothing", nothing_named, &err) < 0)
		die("nothing", &err);
	int status = leat_worker_hook(argc, argv);
	if (status >= 0)
		return status;
	long items = argc > 1 ? atol(argv[1]) : 50000;
	int rounds = argc > 2 ? atoi(argv[2]) : 9;
	rounds = rounds < 1 ? 1 : rounds > MOST_ROUNDS ? MOST_ROUNDS : rounds;
	pid_t echo = start_echo(&fd); /* before the first thread */
	if (echo < 0 || items < 1)
		return 2;
	for (int k = 0; k < rounds; k++) {
		empty[k] = empty_loop(items);
		futex[k] = futex_trip();
		trip[k] = socket_trip(fd);
		for (size_t i = 0; i < n; i++)
			rows[i].v[k] = hand_over(&rows[i], items);
	}
	close(fd);
	waitpid(echo, NULL, 0);
	return show(rows, n, rounds, median(empty, rounds), median(futex, rounds), median(trip, rounds));
}
