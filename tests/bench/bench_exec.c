/* SPDX-License-Identifier: MIT */
/*
 * What a hand-off to a worker process costs, beside what it cannot be cheaper than, measured in the same run:
 *
 *	single no-op task, submit to done()           against a raw round trip of 64 bytes over SOCK_SEQPACKET,
 *	                                              in turn, both on one core, on two, or anywhere
 *	no-op tasks with a full queue, per task       against the same tasks inline
 *	12 MiB there and back                         against two memcpys of that size
 *
 * Medians over rounds that alternate. Prints one line each; says nothing about pass or fail but the ratio.
 */
#include <dirent.h>
#include <pthread.h>
#include <sched.h>
#include <semaphore.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/wait.h>
#include <unistd.h>

#include "base/mem.h"
#include "base/sys.h"
#include "core/executor.h"
#include "exec/processes/worker.h"
#include "median.h"

extern const struct leat_executor_type leat_executor_processes, leat_executor_inline;

enum { BIG = 12 << 20, ROUNDS = 15, SINGLES = 400, BATCH = 20000 };

static int bind_nothing(void **ctx, const uint8_t *text, size_t len, struct leat_err *err)
{
	(void)text;
	(void)len;
	(void)err;
	*ctx = NULL;
	return 0;
}

/* Small: nothing. Large: a copy. */
static int run_copy(void *ctx, const struct leat_worker *w, const uint8_t *in, size_t len, uint8_t *out, size_t cap,
		    size_t *out_len, struct leat_err *err)
{
	(void)ctx;
	(void)w;
	if (len > cap)
		return leat_fail(err, LEAT_CAUSE_LIMIT, "no room");
	memcpy(out, in, len);
	*out_len = len;
	return 0;
}

static const struct leat_worker_program program = {.bind = bind_nothing, .run = run_copy};

struct job {
	struct leat_task base;
	const uint8_t *from;
	size_t len;
	sem_t *sem;
	int64_t ended;
	uint64_t seen;
};

static int job_pack(struct leat_task *t, uint8_t *slab, size_t cap, size_t *len, struct leat_err *err)
{
	struct job *j = (struct job *)t;
	if (j->len > cap)
		return leat_fail(err, LEAT_CAUSE_LIMIT, "no room");
	memcpy(slab, j->from, j->len);
	*len = j->len;
	return 0;
}

static int job_unpack(struct leat_task *t, const uint8_t *slab, size_t len, struct leat_err *err)
{
	struct job *j = (struct job *)t;
	(void)err;
	j->seen = slab[len - 1];
	return 0;
}

static int job_run(struct leat_task *t, const struct leat_worker *w)
{
	struct job *j = (struct job *)t;
	(void)w;
	j->seen = j->from[j->len - 1];
	return 0;
}

static void job_cancel(struct leat_task *t, const struct leat_err *err)
{
	(void)t;
	fprintf(stderr, "cancelled: %s\n", err->text);
}

static void job_done(struct leat_task *t)
{
	struct job *j = (struct job *)t;
	j->ended = leat_now_ns();
	if (j->sem)
		sem_post(j->sem);
}

static const struct leat_task_class job_class = {
	.run = job_run, .pack = job_pack, .unpack = job_unpack, .cancel = job_cancel, .done = job_done};

/* One packet to the other process and back, ns. */
static double raw_round_trip(int fd)
{
	char packet[64] = {0};
	int64_t t0 = leat_now_ns();
	if (send(fd, packet, sizeof packet, 0) != sizeof packet || recv(fd, packet, sizeof packet, 0) != sizeof packet)
		return -1;
	return (double)(leat_now_ns() - t0);
}

static void job_set(struct job *j, const uint8_t *from, size_t len, sem_t *sem)
{
	*j = (struct job){.from = from, .len = len, .sem = sem};
	j->base = (struct leat_task){
		.cls = &job_class, .bytes = len, .pack_bytes = len, .reply_bytes = len, .timeout_ns = 60000000000};
}

/* --- where everybody runs --- */

/*
 * Left alone, the kernel puts each of the two pairs on one core or on two, as it happens, and a round trip costs 5 us
 * or 25 accordingly. So both are put where we want them.
 */
enum place { ONE_CORE, TWO_CORES, ANYWHERE, N_PLACES };
static const char *const place_names[] = {"one core", "two cores", "anywhere"};
static int cores[2];
static cpu_set_t everywhere;

static void find_cores(void)
{
	int n = 0;
	(void)sched_getaffinity(0, sizeof everywhere, &everywhere);
	for (int i = 0; i < CPU_SETSIZE && n < 2; i++)
		if (CPU_ISSET(i, &everywhere))
			cores[n++] = i;
	if (n < 2)
		cores[1] = cores[0];
}

static void put(int id, enum place at, int core)
{
	cpu_set_t set;
	CPU_ZERO(&set);
	CPU_SET(core, &set);
	if (sched_setaffinity(id, sizeof set, at == ANYWHERE ? &everywhere : &set) < 0)
		perror("sched_setaffinity");
}

/* Our threads on one core, the other processes there or on the other one. */
static void put_all(enum place at)
{
	DIR *d = opendir("/proc/self/task");
	for (const struct dirent *e; d && (e = readdir(d));) {
		char path[64];
		int child;
		if (e->d_name[0] == '.')
			continue;
		put(atoi(e->d_name), at, cores[0]);
		snprintf(path, sizeof path, "/proc/self/task/%.20s/children", e->d_name);
		FILE *f = fopen(path, "re");
		while (f && fscanf(f, "%d", &child) == 1)
			put(child, at, cores[at == TWO_CORES]);
		if (f)
			fclose(f);
	}
	if (d)
		closedir(d);
}

struct single { /* medians, ns */
	double raw, done, waiter; /* to done(), and to the submitter that waits for it */
};

/* One by one in turn: each finds the cores as the other left them. */
static struct single singles(struct leat_runner *ex, int fd, const uint8_t *from)
{
	static double raw[SINGLES], done[SINGLES], waiter[SINGLES];
	sem_t sem;
	sem_init(&sem, 0, 0);
	for (int i = 0; i < SINGLES; i++) {
		struct job j;
		job_set(&j, from, 64, &sem);
		raw[i] = raw_round_trip(fd);
		int64_t t0 = leat_now_ns();
		(void)leat_executor_processes.submit(ex, &j.base);
		sem_wait(&sem);
		waiter[i] = (double)(leat_now_ns() - t0);
		done[i] = (double)(j.ended - t0);
	}
	return (struct single){median(raw, SINGLES), median(done, SINGLES), median(waiter, SINGLES)};
}

static double batch(const struct leat_executor_type *type, const struct leat_executor_opts *o, const uint8_t *from)
{
	struct job *j = calloc(BATCH, sizeof *j);
	struct leat_runner *ex;
	struct leat_err err = {0};
	if (!j || type->open(&ex, o, &err) < 0)
		return -1;
	for (int i = 0; i < BATCH; i++)
		job_set(&j[i], from, 64, NULL);
	int64_t t0 = leat_now_ns();
	for (int i = 0; i < BATCH; i++)
		(void)type->submit(ex, &j[i].base);
	type->close(&ex);
	double each = (double)(leat_now_ns() - t0) / BATCH;
	free(j);
	return each;
}

static double big(struct leat_runner *ex, const uint8_t *from)
{
	struct job j;
	sem_t sem;
	sem_init(&sem, 0, 0);
	job_set(&j, from, BIG, &sem);
	int64_t t0 = leat_now_ns();
	(void)leat_executor_processes.submit(ex, &j.base);
	sem_wait(&sem);
	return (double)(leat_now_ns() - t0);
}

static double two_copies(const uint8_t *from, uint8_t *a, uint8_t *b)
{
	int64_t t0 = leat_now_ns();
	memcpy(a, from, BIG);
	__asm__ volatile("" : : "r"(a) : "memory");
	memcpy(b, a, BIG);
	__asm__ volatile("" : : "r"(b) : "memory");
	return (double)(leat_now_ns() - t0);
}

static void say(const char *what, double got, double than, const char *unit, double scale)
{
	printf("%-44s %9.2f %s  against %9.2f  ratio %.2f\n", what, got / scale, unit, than / scale, got / than);
}

int main(int argc, char **argv)
{
	int fd, pair[2];
	if (leat_worker_wanted(argc, argv, &fd))
		return leat_worker_main(fd, &program);
	find_cores();
	uint8_t *from = malloc(BIG), *a = malloc(BIG), *b = malloc(BIG);
	memset(from, 1, BIG), memset(a, 2, BIG), memset(b, 3, BIG);
	if (socketpair(AF_UNIX, SOCK_SEQPACKET | SOCK_CLOEXEC, 0, pair) < 0)
		return 1;
	pid_t echo = fork();
	if (echo == 0) {
		char packet[64];
		close(pair[0]);
		while (recv(pair[1], packet, sizeof packet, 0) > 0)
			(void)!send(pair[1], packet, sizeof packet, 0);
		_exit(0);
	}
	close(pair[1]);
	int workers = argc > 1 && argv[1][0] == '1' ? 1 : 2;
	struct leat_executor_opts one = {.name = "bench", .workers = 1, .queue_items = 256};
	struct leat_executor_opts all = {.name = "bench", .workers = workers, .queue_items = 1024};
	struct leat_runner *ex;
	struct leat_err err = {0};
	if (leat_executor_processes.open(&ex, &one, &err) < 0) {
		fprintf(stderr, "%s\n", err.text);
		return 1;
	}
	double raw[N_PLACES][ROUNDS], done[N_PLACES][ROUNDS], waited[N_PLACES][ROUNDS];
	double many[ROUNDS], in[ROUNDS], large[ROUNDS], copies[ROUNDS];
	big(ex, from);
	for (int r = 0; r < ROUNDS; r++) {
		for (int at = 0; at < N_PLACES; at++) {
			put_all((enum place)at); /* last: anywhere, for what follows */
			struct single s = singles(ex, pair[0], from);
			raw[at][r] = s.raw;
			done[at][r] = s.done;
			waited[at][r] = s.waiter;
		}
		in[r] = batch(&leat_executor_inline, &all, from);
		many[r] = batch(&leat_executor_processes, &all, from);
		copies[r] = two_copies(from, a, b);
		large[r] = big(ex, from);
	}
	for (int at = 0; at < N_PLACES; at++) {
		char what[64];
		double base = median(raw[at], ROUNDS);
		snprintf(what, sizeof what, "single no-op, %s, to done(), us", place_names[at]);
		say(what, median(done[at], ROUNDS), base, "", 1e3);
		snprintf(what, sizeof what, "single no-op, %s, to its waiter, us", place_names[at]);
		say(what, median(waited[at], ROUNDS), base, "", 1e3);
	}
	say("no-op of many, us", median(many, ROUNDS), median(in, ROUNDS), "", 1e3);
	say("12 MiB there and back, ms", median(large, ROUNDS), median(copies, ROUNDS), "", 1e6);
	leat_executor_processes.close(&ex);
	close(pair[0]);
	waitpid(echo, NULL, 0);
	return 0;
}
