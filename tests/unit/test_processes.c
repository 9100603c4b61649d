/* SPDX-License-Identifier: MIT */
/* on=processes: whatever a worker does, it costs exactly its item, and nothing is left behind. */
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
#include <errno.h>
#include <fcntl.h>
#include <pthread.h>
#include <signal.h>
#include <sys/mman.h>
#include <sys/socket.h>
#include <sys/wait.h>

#include "base/mem.h"
#include "base/sys.h"
#include "core/op.h"
#include "exec/processes/lockdown.h"
#include "exec/processes/processes.h"
#include "exec/processes/wire.h"
#include "exec/processes/worker.h"

extern const struct leat_executor_type leat_executor_processes, leat_executor_inline;
static const struct leat_executor_type *const type = &leat_executor_processes;

/* --- what the workers of this test do --- */

enum {
	ECHO,
	SUM,
	TOUCH,
	SEGV,
	ABORT,
	BUS,
	DEEP,
	LOOP,
	PATIENT,
	HUGE_ALLOC,
	EXIT0,
	FREEZE,
	FLOOD,
	GARBLE,
	OUTSIDE,
	BAD_ORDER,
	HALF_PACKET,
	CLOSE_SOCKET,
	FORBIDDEN,
	TOO_LONG,
	FAILS,
	LIES,
	LEAK,
	SLEEPY,
	EAT,
	NAP,
	BURN,
	WHO,
	WIDE,
	WIDE_DIES,
	NOSY,
	LOST_ONCE,
	WORDY,
	BESIDE,
	FORBIDDEN_BESIDE
};

enum { WORDY_BYTES = 100000 };

static void *wait_for_ever(void *arg)
{
	for (;;)
		pause();
	return arg;
}

static int bind_program(void **ctx, const uint8_t *program, size_t len, struct leat_err *err)
{
	if (len && memcmp(program, "bad", 3) == 0)
		return leat_fail(err, LEAT_CAUSE_USAGE, "the program is bad");
	if (len && memcmp(program, "die", 3) == 0)
		raise(SIGSEGV);
	if (len > 5 && memcmp(program, "gate ", 5) == 0 && access((const char *)program + 5, F_OK) == 0)
		raise(SIGSEGV);
	if (len && memcmp(program, "two", 3) == 0) {
		pthread_t t;
		pthread_create(&t, NULL, wait_for_ever, NULL);
	}
	if (len > 1000) /* every byte came over */
		for (size_t i = 0; i < len; i++)
			if (program[i] != (uint8_t)(i * 7))
				return leat_fail(err, LEAT_CAUSE_CORRUPT, "byte %zu of the program is wrong", i);
	*ctx = NULL;
	return 0;
}

static int first_work(void *ctx, struct leat_err *err)
{
	(void)ctx;
	void *p = malloc(1 << 20);
	free(p);
	return p ? 0 : leat_fail(err, LEAT_CAUSE_MEMORY, "no memory for the first work");
}

__attribute__((noinline)) static int deep(volatile int n)
{
	volatile char room[4096];
	room[0] = (char)n;
	return n < 0 ? room[0] : deep(n + 1) + room[0];
}

static void say(const void *data, size_t len)
{
	(void)!send(LEAT_WORKER_FD, data, len, MSG_NOSIGNAL);
}

static void bad_reply(int what, uint64_t seq)
{
	struct leat_wire w = {.type = LEAT_W_DONE, .seq = seq, .out_off = LEAT_PROGRESS_BYTES};
	if (what == GARBLE)
		memset(&w, 0x5a, sizeof w);
	if (what == OUTSIDE)
		w.out_len = UINT64_MAX - 100;
	if (what == BAD_ORDER)
		w.seq += 7;
	say(&w, what == HALF_PACKET ? 33 : sizeof w);
}

static int fault(int what, const struct leat_worker *w, uint64_t seq, struct leat_err *err)
{
	volatile uintptr_t nowhere = 8;
	switch (what) {
	case SEGV:
		*(volatile int *)nowhere = 1;
		break;
	case ABORT:
		abort();
	case BUS:
		raise(SIGBUS); /* not in the sandbox: there it is a violation */
		break;
	case DEEP:
		return deep(0);
	case LOOP:
		for (volatile unsigned long i = 0;; i++)
			;
	case PATIENT: /* a good citizen: looks at the flag */
		while (leat_cancel_get(w->cancel) == LEAT_STOP_NO)
			;
		return leat_fail(err, LEAT_CAUSE_CANCELLED, "stopped");
	case HUGE_ALLOC: {
		void *volatile p = malloc((size_t)100 << 30); /* or clang knows better than to ask */
		if (!p)
			return leat_fail(err, LEAT_CAUSE_MEMORY, "cannot allocate 100 GB");
		memset(p, 1, 1 << 20);
		free(p);
		return 0;
	}
	case EXIT0:
		_exit(0);
	case FREEZE:
		raise(SIGSTOP);
		return 0;
	case FLOOD:
		for (int i = 0; i < 100000; i++)
			bad_reply(ECHO, seq + (uint64_t)i);
		return 0;
	case CLOSE_SOCKET:
		close(LEAT_WORKER_FD);
		for (volatile unsigned long i = 0;; i++)
			;
	case FORBIDDEN:
		(void)!socket(AF_INET, SOCK_STREAM, 0);
		return 0;
	case FAILS:
		return leat_fail(err, LEAT_CAUSE_CORRUPT, "this one is broken");
	default:
		bad_reply(what, seq);
		return 0;
	}
	return 0;
}

/* --- with the second thread --- */

static void add_number(void *sum)
{
	uint64_t *s = sum;
	*s = *s * 3 + 1; /* cares for the order, and that none is left out */
}

static void forbidden(void *ctx)
{
	(void)ctx;
	(void)!socket(AF_INET, SOCK_STREAM, 0);
}

/* 30 works, never more than may wait; then until it is told that a core is idle, for ten seconds at most. */
static uint64_t beside(struct leat_aside *a)
{
	uint64_t sum = 0, work[30];
	for (int i = 0; i < 30; i++) {
		if (i >= LEAT_ASIDE_WORKS)
			leat_aside_wait(a, work[i - LEAT_ASIDE_WORKS]);
		work[i] = leat_aside_give(a, add_number, &sum);
	}
	leat_aside_wait(a, work[29]);
	for (int64_t end = leat_now_ns() + 10000000000; !leat_aside_spare(a) && leat_now_ns() < end;)
		;
	return leat_aside_spare(a) ? sum : 0;
}

/* in[0] what to do, in[1…8] a number; the rest is data. */
static int run(void *ctx, const struct leat_worker *w, const uint8_t *in, size_t len, uint8_t *out, size_t cap,
	       size_t *out_len, struct leat_err *err)
{
	(void)ctx;
	static uint64_t runs;
	uint64_t sum = 0;
	const struct leat_progress *p = (const struct leat_progress *)(out - LEAT_PROGRESS_BYTES);
	runs++;
	switch (in[0]) {
	case ECHO:
	case LIES:
	case LOST_ONCE:
		if (len > cap)
			return leat_fail(err, LEAT_CAUSE_LIMIT, "no room");
		memcpy(out, in, len);
		*out_len = len;
		return 0;
	case SUM:
		for (size_t i = 9; i < len; i++)
			sum += in[i];
		memcpy(out, in, 9);
		memcpy(out + 9, &sum, sizeof sum);
		*out_len = 9 + sizeof sum;
		return 0;
	case TOO_LONG:
		*out_len = cap + 1;
		return 0;
	case LEAK: {
		volatile char *leak = malloc(2 << 20);
		for (size_t i = 0; leak && i < 2 << 20; i += 4096)
			leak[i] = 1;
		memcpy(out, in, 9);
		memcpy(out + 9, &runs, sizeof runs);
		*out_len = 9 + sizeof runs;
		return 0;
	}
	case EAT: { /* as many bytes as the number says */
		uint64_t bytes;
		memcpy(&bytes, in + 1, sizeof bytes);
		volatile char *at = malloc(bytes);
		for (size_t i = 0; at && i < bytes; i += 4096)
			at[i] = 1;
		free((void *)(uintptr_t)at);
		memcpy(out, in, 9);
		*out_len = 9;
		return at ? 0 : leat_fail(err, LEAT_CAUSE_MEMORY, "no memory for it");
	}
	case WIDE: /* asks for room, and fills it */
	case WIDE_DIES: {
		size_t room = cap;
		if (w->ask(w, in + 1, 8, &room) < 0)
			return leat_fail(err, LEAT_CAUSE_INTERNAL, "nobody reads this");
		if (in[0] == WIDE_DIES)
			abort();
		memset(out, in[1], room);
		memcpy(out, in, 9);
		*out_len = room;
		return 0;
	}
	case NOSY: { /* asks what it may not */
		struct leat_wire q = {.type = LEAT_W_ASK, .seq = atomic_load(&p->seq), .out_off = LEAT_PROGRESS_BYTES};
		say(&q, sizeof q);
		memcpy(out, in, 9);
		*out_len = 9;
		return 0;
	}
	case WHO: /* useless and harmless: refused, unless unforeseen calls are trapped */
		(void)!getuid();
		memcpy(out, in, 9);
		*out_len = 9;
		return 0;
	case BURN: /* 2 ms of CPU time, however long that takes */
		for (int64_t end = leat_thread_cpu_ns() + 2000000; leat_thread_cpu_ns() < end;)
			;
		memcpy(out, in, 9);
		*out_len = 9;
		return 0;
	case WORDY: /* takes more room than most have; says how much, and writes what it can */
		memcpy(out, in, 9);
		*out_len = WORDY_BYTES;
		return cap >= WORDY_BYTES ? 0 : leat_fail(err, LEAT_CAUSE_MEMORY, "too little room");
	case FORBIDDEN_BESIDE:
	case BESIDE: {
		sum = w->aside ? beside(w->aside) : 1;
		if (in[0] == FORBIDDEN_BESIDE && w->aside)
			leat_aside_wait(w->aside, leat_aside_give(w->aside, forbidden, NULL));
		memcpy(out, in, 9);
		memcpy(out + 9, &sum, sizeof sum);
		*out_len = 9 + sizeof sum;
		return 0;
	}
	case NAP:
		usleep(20000);
		memcpy(out, in, 9);
		*out_len = 9;
		return 0;
	case SLEEPY:
		for (int64_t end = leat_now_ns() + 2000000; leat_now_ns() < end;)
			;
		memcpy(out, in, len);
		*out_len = len;
		return 0;
	default:
		break;
	}
	uint64_t seq = in[0] >= FLOOD && in[0] <= HALF_PACKET ? atomic_load(&p->seq) : 0;
	*out_len = 0;
	return fault(in[0], w, seq, err);
}

static const struct leat_worker_program program = {.bind = bind_program, .first = first_work, .run = run};
static const struct leat_worker_program strict = {
	.bind = bind_program, .first = first_work, .run = run, .strict = true};

/* --- tasks --- */

struct tally {
	pthread_mutex_t lock;
	pthread_cond_t moved;
	int done, good, cancelled, wrong;
	_Atomic int packed;
};

struct gate {
	_Atomic bool reached, open;
};

struct job {
	struct leat_task base;
	struct tally *tally;
	int what;
	uint64_t number;
	const uint8_t *data;
	size_t len;
	int packs, unpacks, cancels, dones, asks;
	struct gate *gate; /* its question waits there */
	int packed_as; /* it was packed as the so-manieth of its tally */
	size_t got;
	uint64_t answer;
	struct leat_err err;
	bool refuse_once;
};

static bool sanitized(void)
{
	return leat_lockdown_off() != NULL;
}

static int job_pack(struct leat_task *t, uint8_t *slab, size_t cap, size_t *len, struct leat_err *err)
{
	struct job *j = (struct job *)t;
	j->packs++;
	j->packed_as = ++j->tally->packed;
	if (j->len + 9 > cap)
		return leat_fail(err, LEAT_CAUSE_INTERNAL, "no room to pack");
	slab[0] = (uint8_t)j->what;
	memcpy(slab + 1, &j->number, 8);
	if (j->len)
		memcpy(slab + 9, j->data, j->len);
	*len = j->len + 9;
	return 0;
}

static int job_unpack(struct leat_task *t, const uint8_t *slab, size_t len, struct leat_err *err)
{
	struct job *j = (struct job *)t;
	uint64_t number = 0;
	if (len < 9)
		return leat_fail(err, LEAT_CAUSE_CORRUPT, "too short");
	memcpy(&number, slab + 1, 8);
	if (number != j->number || j->what == LIES)
		return leat_fail(err, LEAT_CAUSE_CORRUPT, "not mine");
	if (j->what == LOST_ONCE && !j->refuse_once) {
		j->refuse_once = true;
		return leat_fail(err, LEAT_CAUSE_CORRUPT, "not now");
	}
	if (len >= 17)
		memcpy(&j->answer, slab + 9, 8);
	j->got = len;
	if (j->what == ECHO && j->len && (len != j->len + 9 || memcmp(slab + 9, j->data, j->len) != 0))
		j->tally->wrong++;
	j->unpacks++;
	return 0;
}

/* Odd numbers get no go; the others room according to their number. */
static int job_ask(struct leat_task *t, const uint8_t *what, size_t n, struct leat_err *err)
{
	struct job *j = (struct job *)t;
	uint64_t number = 0;
	j->asks++;
	if (j->gate)
		atomic_store(&j->gate->reached, true);
	while (j->gate && !atomic_load(&j->gate->open))
		usleep(200);
	memcpy(&number, what, n < 8 ? n : 8);
	if (number != j->number || number % 2)
		return leat_fail(err, LEAT_CAUSE_LIMIT, "number %d may not go on", (int)number);
	t->reply_bytes = (size_t)number << 10;
	t->peak_bytes = 8 << 20;
	return 0;
}

static void job_cancel(struct leat_task *t, const struct leat_err *err)
{
	struct job *j = (struct job *)t;
	j->cancels++;
	j->err = *err;
}

static void job_done(struct leat_task *t)
{
	struct job *j = (struct job *)t;
	pthread_mutex_lock(&j->tally->lock);
	j->tally->wrong += ++j->dones != 1 || j->unpacks + j->cancels != 1;
	j->tally->good += j->unpacks;
	j->tally->cancelled += j->cancels;
	j->tally->done++;
	pthread_cond_broadcast(&j->tally->moved);
	pthread_mutex_unlock(&j->tally->lock);
}

static const struct leat_task_class job_class = {
	.pack = job_pack, .unpack = job_unpack, .ask = job_ask, .cancel = job_cancel, .done = job_done};

#define TALLY                                                                      \
	{                                                                          \
		PTHREAD_MUTEX_INITIALIZER, PTHREAD_COND_INITIALIZER, 0, 0, 0, 0, 0 \
	}

static void job_set(struct job *j, struct tally *y, int what, uint64_t number)
{
	*j = (struct job){.tally = y, .what = what, .number = number};
	j->base =
		(struct leat_task){.cls = &job_class, .seq = number, .bytes = 100, .pack_bytes = 64, .reply_bytes = 64};
}

static void job_data(struct job *j, const uint8_t *data, size_t len)
{
	j->data = data;
	j->len = len;
	j->base.pack_bytes = j->base.reply_bytes = len + 9;
}

static struct leat_runner *open_with(struct leat_executor_opts o)
{
	struct leat_err err = {0};
	struct leat_runner *ex = NULL;
	o.name = "test";
	o.queue_items = o.queue_items ? o.queue_items : 64;
	if (type->open(&ex, &o, &err) != 0)
		fail_msg("open: %s", err.text);
	return ex;
}

static struct leat_runner *open_n(int workers)
{
	return open_with((struct leat_executor_opts){.workers = workers});
}

static void wait_done(struct tally *y, int n)
{
	pthread_mutex_lock(&y->lock);
	while (y->done < n)
		pthread_cond_wait(&y->moved, &y->lock);
	pthread_mutex_unlock(&y->lock);
}

static int done_now(struct tally *y)
{
	pthread_mutex_lock(&y->lock);
	int n = y->done;
	pthread_mutex_unlock(&y->lock);
	return n;
}

static int count_fds(void)
{
	int n = 0;
	DIR *d = opendir("/proc/self/fd");
	for (const struct dirent *e; (e = readdir(d));)
		n += e->d_name[0] != '.';
	closedir(d);
	return n;
}

static int count_slabs(void)
{
	char line[512];
	int n = 0;
	FILE *f = fopen("/proc/self/maps", "r");
	while (fgets(line, sizeof line, f))
		n += strstr(line, "memfd:leat-") != NULL;
	fclose(f);
	return n;
}

static int count_children(void)
{
	char path[64];
	int n = 0;
	DIR *d = opendir("/proc/self/task");
	for (const struct dirent *e; (e = readdir(d));) {
		snprintf(path, sizeof path, "/proc/self/task/%.20s/children", e->d_name);
		FILE *f = e->d_name[0] != '.' ? fopen(path, "r") : NULL;
		for (int pid; f && fscanf(f, "%d", &pid) == 1;)
			n++;
		if (f)
			fclose(f);
	}
	closedir(d);
	return n;
}

static int children(int *pid, int max)
{
	char path[64];
	int n = 0;
	DIR *d = opendir("/proc/self/task");
	for (const struct dirent *e; (e = readdir(d));) {
		snprintf(path, sizeof path, "/proc/self/task/%.20s/children", e->d_name);
		FILE *f = e->d_name[0] != '.' ? fopen(path, "r") : NULL;
		while (f && n < max && fscanf(f, "%d", &pid[n]) == 1)
			n++;
		if (f)
			fclose(f);
	}
	closedir(d);
	return n;
}

static int fds_before;

static int note(void **state)
{
	(void)state;
	fds_before = count_fds();
	return 0;
}

/* Nothing is left: no descriptor, no mapping, no child, dead or alive. */
static int nothing_left(void **state)
{
	(void)state;
	assert_int_equal(count_fds(), fds_before);
	assert_int_equal(count_slabs(), 0);
	assert_int_equal(count_children(), 0);
	assert_int_equal(waitpid(-1, NULL, WNOHANG), -1);
	assert_int_equal(errno, ECHILD);
	return 0;
}

/* --- tests --- */

static void test_echo(void **state)
{
	(void)state;
	for (int workers = 1; workers <= 3; workers++) {
		struct tally y = TALLY;
		enum { N = 3000 };
		struct job *j = calloc(N, sizeof *j);
		struct leat_runner *ex = open_n(workers);
		for (int i = 0; i < N; i++) {
			job_set(&j[i], &y, ECHO, (uint64_t)i);
			assert_int_equal(type->submit(ex, &j[i].base), 0);
		}
		wait_done(&y, N);
		struct leat_executor_stats s;
		type->stats(ex, &s);
		assert_int_equal(s.tasks, N);
		assert_true(s.queue_peak >= 1 && s.queue_peak <= 64);
		type->close(&ex);
		assert_int_equal(y.good, N);
		assert_int_equal(y.wrong, 0);
		free(j);
	}
}

/* A reply that is larger than was likely is made again, once; one for which there is no more room fails. */
static void test_larger_than_likely(void **state)
{
	(void)state;
	enum { N = 300 };
	struct tally y = TALLY;
	struct job *j = calloc(N, sizeof *j);
	struct leat_runner *ex = open_n(2);
	for (int i = 0; i < N; i++) {
		job_set(&j[i], &y, i % 3 ? ECHO : WORDY, (uint64_t)i);
		j[i].base.reply_most = i % 2 ? WORDY_BYTES : 64;
		assert_int_equal(type->submit(ex, &j[i].base), 0);
	}
	wait_done(&y, N);
	type->close(&ex);
	int again = 0;
	for (int i = 0; i < N; i++) {
		bool fails = i % 3 == 0 && i % 2 == 0;
		assert_int_equal(j[i].cancels, fails);
		assert_int_equal(j[i].err.cause, fails ? LEAT_CAUSE_MEMORY : LEAT_CAUSE_NONE);
		assert_int_equal(j[i].got, fails ? 0 : i % 3 ? 9 : WORDY_BYTES);
		assert_in_range(j[i].packs, 1, i % 3 == 0 && i % 2 ? 2 : 1);
		again += j[i].packs == 2;
	}
	assert_in_range(again, 1, N / 6); /* all later ones have the room at once */
	assert_int_equal(y.wrong, 0);
	free(j);
}

static void test_close_waits(void **state)
{
	(void)state;
	struct tally y = TALLY;
	enum { N = 200 };
	struct job *j = calloc(N, sizeof *j);
	struct leat_runner *ex = open_with((struct leat_executor_opts){.workers = 2, .queue_items = N});
	for (int i = 0; i < N; i++) {
		job_set(&j[i], &y, i % 3 ? ECHO : SLEEPY, (uint64_t)i);
		assert_int_equal(type->submit(ex, &j[i].base), 0);
	}
	type->close(&ex);
	assert_int_equal(y.good, N);
	free(j);
}

static void test_big_payload(void **state)
{
	(void)state;
	enum { LEN = 12 << 20 };
	uint8_t *data = malloc(LEN);
	uint64_t sum = 0;
	for (size_t i = 0; i < LEN; i++)
		sum += data[i] = (uint8_t)(i * 2654435761u >> 13);
	struct tally y = TALLY;
	struct job j[12];
	struct leat_runner *ex = open_with((struct leat_executor_opts){.workers = 2, .slab_bytes = 64 << 20});
	for (int i = 0; i < 12; i++) {
		job_set(&j[i], &y, i % 2 ? ECHO : SUM, (uint64_t)i);
		job_data(&j[i], data, LEN);
		if (i % 2 == 0)
			j[i].base.reply_bytes = 64;
		assert_int_equal(type->submit(ex, &j[i].base), 0);
	}
	struct job huge;
	job_set(&huge, &y, ECHO, 99);
	huge.base.pack_bytes = (size_t)65 << 20;
	type->submit(ex, &huge.base);
	wait_done(&y, 13);
	type->close(&ex);
	assert_int_equal(y.good, 12);
	assert_int_equal(y.wrong, 0);
	assert_int_equal(huge.err.cause, LEAT_CAUSE_MEMORY);
	for (int i = 0; i < 12; i += 2)
		assert_true(j[i].answer == sum);
	free(data);
}

/* One kind of fault among good items: it costs exactly its item, with this cause and these words. */
static void one_fault(enum leat_isolate isolate, int what, enum leat_cause cause, const char *words, int packs)
{
	struct tally y = TALLY;
	enum { N = 40 };
	struct job j[N];
	struct leat_runner *ex =
		open_with((struct leat_executor_opts){.workers = 2, .isolate = isolate, .worker_memory = 64 << 20});
	for (int i = 0; i < N; i++) {
		job_set(&j[i], &y, i == 17 ? what : ECHO, (uint64_t)i);
		/* Generous where the limit is not what is tested: this machine may be busy. */
		bool timed = what == LOOP || what == PATIENT || what == FREEZE || what == CLOSE_SOCKET;
		j[i].base.timeout_ns = i == 17 && timed ? 500000000 : 60000000000;
		assert_int_equal(type->submit(ex, &j[i].base), 0);
	}
	wait_done(&y, N);
	type->close(&ex);
	assert_int_equal(y.wrong, 0);
	for (int i = 0; i < N; i++)
		if (i != 17 && !j[i].unpacks)
			fail_msg("item %d went with the broken one: %s", i, j[i].err.text);
	if (cause == LEAT_CAUSE_NONE) {
		assert_int_equal(y.good, N);
		return;
	}
	assert_int_equal(y.good, N - 1);
	assert_int_equal(j[17].cancels, 1);
	if (j[17].err.cause != cause || !strstr(j[17].err.text, words))
		fail_msg("fault %d: cause %d '%s', wanted %d '%s'", what, j[17].err.cause, j[17].err.text, cause,
			 words);
	if (j[17].packs != packs && !sanitized()) /* a slow worker may miss its grace */
		fail_msg("fault %d was tried %d times, not %d", what, j[17].packs, packs);
}

static void crash_table(enum leat_isolate isolate)
{
	bool locked = isolate != LEAT_ISOLATE_NO && !sanitized();
	one_fault(isolate, FAILS, LEAT_CAUSE_CORRUPT, "this one is broken", 1);
	one_fault(isolate, TOO_LONG, LEAT_CAUSE_INTERNAL, "larger than", 1);
	one_fault(isolate, LIES, LEAT_CAUSE_CRASH, "contradicts itself, twice", 2);
	one_fault(isolate, LOST_ONCE, LEAT_CAUSE_NONE, "", 2);
	/* a sanitizer makes exit codes of signals, and has its own mind about allocations */
	if (!sanitized()) {
		one_fault(isolate, SEGV, LEAT_CAUSE_CRASH, "SIGSEGV (Segmentation fault), twice", 2);
		one_fault(isolate, ABORT, LEAT_CAUSE_CRASH, "SIGABRT (Aborted), twice", 2);
		one_fault(isolate, DEEP, LEAT_CAUSE_CRASH, "SIGSEGV", 2);
		one_fault(isolate, HUGE_ALLOC, LEAT_CAUSE_MEMORY, "cannot allocate", 1);
		one_fault(isolate, BUS, locked ? LEAT_CAUSE_SANDBOX : LEAT_CAUSE_CRASH, locked ? "'tgkill'" : "SIGBUS",
			  2);
	} else {
		one_fault(isolate, SEGV, LEAT_CAUSE_CRASH, "worker", 2);
	}
	one_fault(isolate, FREEZE, locked ? LEAT_CAUSE_SANDBOX : LEAT_CAUSE_TIMEOUT, locked ? "'tgkill'" : "frozen", 2);
	one_fault(isolate, LOOP, LEAT_CAUSE_TIMEOUT, "over its time limit of 500 ms, twice", 2);
	one_fault(isolate, PATIENT, LEAT_CAUSE_TIMEOUT, "over its time limit of 500 ms", 1);
	one_fault(isolate, EXIT0, LEAT_CAUSE_CRASH, "exit code 0", 2);
	one_fault(isolate, FLOOD, LEAT_CAUSE_CRASH, "", 2);
	one_fault(isolate, GARBLE, LEAT_CAUSE_CRASH, "the worker sent a reply", 2);
	one_fault(isolate, OUTSIDE, LEAT_CAUSE_CRASH, "a reply outside the room for it, twice", 2);
	one_fault(isolate, BAD_ORDER, LEAT_CAUSE_CRASH, "out of order", 2);
	one_fault(isolate, HALF_PACKET, LEAT_CAUSE_CRASH, "wrong size", 2);
	one_fault(isolate, CLOSE_SOCKET, locked ? LEAT_CAUSE_TIMEOUT : LEAT_CAUSE_CRASH,
		  locked ? "time limit" : "closed its socket", 2);
	if (locked)
		one_fault(isolate, FORBIDDEN, LEAT_CAUSE_SANDBOX, "'socket'", 2);
}

static void test_crash_table(void **state)
{
	(void)state;
	crash_table(LEAT_ISOLATE_AUTO);
}

static void test_crash_table_open(void **state)
{
	(void)state;
	crash_table(LEAT_ISOLATE_NO);
}

static void test_poison(void **state)
{
	(void)state;
	static const int kinds[] = {SEGV, ABORT, EXIT0, FAILS, GARBLE, HUGE_ALLOC, DEEP, LIES};
	enum { N = 2000 };
	struct tally y = TALLY;
	struct job *j = calloc(N, sizeof *j);
	struct leat_runner *ex = open_with((struct leat_executor_opts){.workers = 2, .worker_memory = 64 << 20});
	for (int i = 0; i < N; i++) {
		job_set(&j[i], &y, i % 10 == 3 ? kinds[i / 10 % 8] : ECHO, (uint64_t)i);
		if (sanitized() && j[i].what == HUGE_ALLOC)
			j[i].what = FAILS;
		assert_int_equal(type->submit(ex, &j[i].base), 0);
	}
	type->close(&ex);
	assert_int_equal(y.done, N);
	assert_int_equal(y.good, 1800);
	assert_int_equal(y.cancelled, 200);
	assert_int_equal(y.wrong, 0);
	for (int i = 0; i < N; i++)
		assert_int_equal(j[i].cancels, i % 10 == 3);
	free(j);
}

/* Somebody kills workers all the time: nothing is lost, nothing is blamed. */
static void test_kills_from_outside(void **state)
{
	(void)state;
	enum { N = 1500, KILLS = 300 };
	struct tally y = TALLY;
	struct job *j = calloc(N, sizeof *j);
	struct leat_runner *ex = open_with((struct leat_executor_opts){.workers = 3, .queue_items = N});
	for (int i = 0; i < N; i++) {
		job_set(&j[i], &y, i % 4 ? SLEEPY : ECHO, (uint64_t)i);
		assert_int_equal(type->submit(ex, &j[i].base), 0);
	}
	unsigned seed = 7;
	int killed = 0;
	while (killed < KILLS && done_now(&y) < N) {
		int pid[16], n = children(pid, 16);
		if (n && kill(pid[rand_r(&seed) % n], SIGKILL) == 0)
			killed++;
		usleep(1000 + (useconds_t)(rand_r(&seed) % 8000));
		/* Where workers are born slowly (sanitizers, a busy machine) somebody must live to answer. */
		int before = done_now(&y);
		for (int i = 0; i < 200 && done_now(&y) == before; i++)
			usleep(1000);
	}
	type->close(&ex);
	printf("%d workers killed from outside\n", killed);
	assert_true(killed > 100);
	for (int i = 0; i < N; i++)
		if (j[i].cancels)
			fail_msg("item %d: %s", i, j[i].err.text);
	assert_int_equal(y.good, N);
	assert_int_equal(y.wrong, 0);
	free(j);
}

static void test_idle_worker_dies(void **state)
{
	(void)state;
	struct tally y = TALLY;
	struct job j[2];
	struct leat_runner *ex = open_n(1);
	int pid[4], again[4], n;
	assert_int_equal(children(pid, 4), 1);
	kill(pid[0], SIGKILL);
	for (int i = 0; i < 2000 && ((n = children(again, 4)) != 1 || again[0] == pid[0]); i++)
		usleep(1000);
	assert_int_equal(n, 1); /* replaced without anybody asking */
	assert_int_not_equal(again[0], pid[0]);
	job_set(&j[0], &y, ECHO, 1);
	type->submit(ex, &j[0].base);
	wait_done(&y, 1);
	assert_int_equal(y.good, 1);
	type->close(&ex);
}

static void test_frozen_without_limit(void **state)
{
	(void)state;
	struct tally y = TALLY;
	struct job j;
	struct leat_runner *ex = open_with((struct leat_executor_opts){.workers = 1, .isolate = LEAT_ISOLATE_NO});
	job_set(&j, &y, FREEZE, 1);
	type->submit(ex, &j.base);
	wait_done(&y, 1);
	type->close(&ex);
	assert_int_equal(j.err.cause, LEAT_CAUSE_TIMEOUT);
	assert_non_null(strstr(j.err.text, "frozen"));
}

struct aborter {
	struct leat_runner *ex;
	int after_us;
};

static void *abort_later(void *arg)
{
	struct aborter *a = arg;
	usleep((useconds_t)a->after_us);
	type->abort(a->ex);
	return NULL;
}

static void test_abort(void **state)
{
	(void)state;
	for (int round = 0; round < 8; round++) {
		enum { N = 500 };
		struct tally y = TALLY;
		struct job *j = calloc(N, sizeof *j);
		struct leat_runner *ex = open_with((struct leat_executor_opts){.workers = 2, .queue_items = 16});
		struct aborter a = {ex, round * 3000};
		pthread_t thread;
		pthread_create(&thread, NULL, abort_later, &a);
		int taken = 0;
		int64_t begin = leat_now_ns();
		for (int i = 0; i < N; i++) {
			job_set(&j[i], &y, i % 50 == 49 ? LOOP : SLEEPY, (uint64_t)i);
			if (type->submit(ex, &j[i].base) != 0)
				break;
			taken++;
		}
		pthread_join(thread, NULL);
		type->close(&ex);
		assert_true(leat_now_ns() - begin < 5000000000);
		assert_int_equal(y.done, taken);
		assert_int_equal(y.good + y.cancelled, taken);
		assert_int_equal(y.wrong, 0);
		for (int i = 0; i < taken; i++)
			if (j[i].cancels)
				assert_int_equal(j[i].err.cause, LEAT_CAUSE_CANCELLED);
		free(j);
	}
}

static void fails_to_open(struct leat_executor_opts o, enum leat_cause cause, const char *words)
{
	struct leat_err err = {0};
	struct leat_runner *ex = NULL;
	o.queue_items = 1;
	assert_int_equal(type->open(&ex, &o, &err), -1);
	assert_null(ex);
	if (err.cause != cause || !strstr(err.text, words))
		fail_msg("cause %d '%s', wanted %d '%s'", err.cause, err.text, cause, words);
}

/* A thread that is there before the lock-down would be outside of it. */
static void test_require(void **state)
{
	(void)state;
	struct leat_executor_opts o = {
		.workers = 1, .isolate = LEAT_ISOLATE_REQUIRE, .program = "two", .program_len = 3};
	struct leat_protection p;
	struct leat_err err = {0};
	if (sanitized()) {
		fails_to_open(o, LEAT_CAUSE_SANDBOX,
			      "isolate=require, but the sandbox lacks one thread here: built with");
		return;
	}
	fails_to_open(o, LEAT_CAUSE_SANDBOX,
		      "isolate=require, but the sandbox lacks one thread here: it has 2 threads");
	o.isolate = LEAT_ISOLATE_AUTO;
	struct leat_runner *ex = open_with(o);
	assert_true(type->protection(ex, &p));
	assert_int_equal(leat_protection_gap(&p), LEAT_GUARD_THREAD);
	type->close(&ex);
	assert_int_equal(leat_processes_probe(NULL, LEAT_ISOLATE_AUTO, &p, &err), 0);
	o = (struct leat_executor_opts){.workers = 1, .isolate = LEAT_ISOLATE_REQUIRE};
	if (leat_protection_gap(&p) == LEAT_N_GUARDS) {
		ex = open_with(o);
		type->close(&ex);
	} else {
		fails_to_open(o, LEAT_CAUSE_SANDBOX, "isolate=require");
	}
}

static void test_workers_cannot_live(void **state)
{
	(void)state;
	fails_to_open((struct leat_executor_opts){.workers = 2, .program = "bad", .program_len = 3}, LEAT_CAUSE_USAGE,
		      "a worker cannot begin: the program is bad");
	fails_to_open((struct leat_executor_opts){.workers = 2, .program = "die", .program_len = 3}, LEAT_CAUSE_CRASH,
		      "workers cannot live here: 7 in a row");
	fails_to_open((struct leat_executor_opts){.workers = 1, .worker_path = "/bin/true"}, LEAT_CAUSE_CRASH,
		      "exit code 0");
	fails_to_open((struct leat_executor_opts){.workers = 1, .worker_path = "/nowhere"}, LEAT_CAUSE_NOT_FOUND,
		      "'/nowhere'");
	fails_to_open((struct leat_executor_opts){.workers = 0}, LEAT_CAUSE_USAGE, "workers");
}

struct end {
	_Atomic int times;
	struct leat_err err;
};

static void on_fatal(void *ctx, const struct leat_err *err)
{
	struct end *e = ctx;
	e->err = *err;
	e->times++;
}

/* Workers that lived once cannot be replaced any more: every task comes back, and the run is told once. */
static void test_no_more_workers(void **state)
{
	(void)state;
	char path[] = "gate /tmp/leat-test-gate-XXXXXX";
	int fd = mkstemp(path + 5);
	assert_true(fd >= 0);
	close(fd);
	unlink(path + 5);
	enum { N = 300 };
	struct tally y = TALLY;
	struct end end = {0};
	struct job *j = calloc(N, sizeof *j);
	struct leat_runner *ex = open_with((struct leat_executor_opts){
		.workers = 2, .program = path, .program_len = sizeof path, .fatal = on_fatal, .fatal_ctx = &end});
	for (int i = 0; i < N; i++) {
		if (i == 20) {
			wait_done(&y, 20);
			close(creat(path + 5, 0600));
		}
		job_set(&j[i], &y, i >= 20 && i % 5 == 0 ? EXIT0 : ECHO, (uint64_t)i);
		assert_int_equal(type->submit(ex, &j[i].base), 0);
	}
	wait_done(&y, N);
	type->close(&ex);
	unlink(path + 5);
	assert_int_equal(end.times, 1);
	assert_non_null(strstr(end.err.text, "workers cannot live here: 7 in a row"));
	assert_int_equal(y.good + y.cancelled, N);
	assert_true(y.good >= 20 && y.cancelled >= N / 2);
	assert_int_equal(y.wrong, 0);
	free(j);
}

static void test_long_program(void **state)
{
	(void)state;
	enum { LEN = 3 << 20 };
	uint8_t *text = malloc(LEN);
	for (size_t i = 0; i < LEN; i++)
		text[i] = (uint8_t)(i * 7);
	struct leat_runner *ex =
		open_with((struct leat_executor_opts){.workers = 1, .program = text, .program_len = LEN});
	type->close(&ex);
	free(text);
}

static void test_recycled(void **state)
{
	(void)state;
	enum { N = 100 };
	struct tally y = TALLY;
	struct job *j = calloc(N, sizeof *j);
	int pid[4], again[4];
	struct leat_runner *ex = open_with((struct leat_executor_opts){.workers = 1, .worker_tasks = 30});
	assert_int_equal(children(pid, 4), 1);
	for (int i = 0; i < N; i++) {
		job_set(&j[i], &y, ECHO, (uint64_t)i);
		type->submit(ex, &j[i].base);
	}
	wait_done(&y, N);
	assert_int_equal(y.good, N);
	int n = 0;
	for (int i = 0; i < 2000 && ((n = children(again, 4)) != 1 || again[0] == pid[0]); i++)
		usleep(1000);
	assert_int_not_equal(again[0], pid[0]);
	type->close(&ex);
	free(j);
	if (sanitized())
		return;
	/* A leak of 2 MiB an item: the worker goes before its limit makes items fail. */
	struct tally z = TALLY;
	j = calloc(N * 4, sizeof *j);
	ex = open_with((struct leat_executor_opts){.workers = 1, .worker_memory = 512ull << 20});
	for (int i = 0; i < N * 4; i++) {
		job_set(&j[i], &z, LEAK, (uint64_t)i);
		type->submit(ex, &j[i].base);
	}
	wait_done(&z, N * 4);
	assert_int_equal(z.good, N * 4);
	uint64_t most = 0;
	for (int i = 0; i < N * 4; i++)
		most = j[i].answer > most ? j[i].answer : most;
	assert_true(most < N * 4 - 50);
	type->close(&ex);
	free(j);
}

/* What one worker did, by its own account and by the executor's. */
static void burn(struct leat_runner *ex, int n, int what, int64_t *busy, int64_t *cpu)
{
	struct tally y = TALLY;
	struct job *j = calloc((size_t)n, sizeof *j);
	struct leat_executor_stats before, after;
	type->stats(ex, &before);
	for (int i = 0; i < n; i++) {
		job_set(&j[i], &y, what, (uint64_t)i);
		type->submit(ex, &j[i].base);
	}
	wait_done(&y, n);
	assert_int_equal(y.good, n);
	type->stats(ex, &after);
	*busy = after.busy_ns - before.busy_ns;
	*cpu = after.cpu_ns - before.cpu_ns;
	assert_true(after.runq_ns >= 0 && after.cpu_ns + after.runq_ns <= after.busy_ns);
	free(j);
}

/* 300 tasks that burn 2 ms each, with a change of worker in the middle; then some that only wait. */
static void test_cpu_time(void **state)
{
	(void)state;
	int64_t busy, cpu, first;
	int pid[4], again[4];
	struct leat_runner *ex = open_with((struct leat_executor_opts){.workers = 1, .isolate = LEAT_ISOLATE_NO});
	burn(ex, 150, BURN, &busy, &first);
	assert_int_equal(children(pid, 4), 1);
	kill(pid[0], SIGKILL);
	for (int i = 0; i < 2000 && (children(again, 4) != 1 || again[0] == pid[0]); i++)
		usleep(1000);
	burn(ex, 150, BURN, &busy, &cpu);
	printf("two times 150 tasks of 2 ms: %.1f and %.1f ms of CPU time\n", (double)first / 1e6, (double)cpu / 1e6);
	assert_true(first >= 300000000 && cpu >= 300000000 && busy >= 300000000);
	assert_true(first < 400000000 && cpu < 400000000);
	burn(ex, 10, NAP, &busy, &cpu);
	if (busy < 190000000 || cpu > 100000000)
		fail_msg("10 naps of 20 ms: %.1f ms at work, %.1f ms of CPU time", (double)busy / 1e6,
			 (double)cpu / 1e6);
	type->close(&ex);
}

/* An item has the memory that was predicted for it, though its worker may have more. */
static void test_memory_of_an_item(void **state)
{
	(void)state;
	if (sanitized())
		skip(); /* memory is not limited then */
	enum { N = 6 };
	struct tally y = TALLY;
	struct job j[N];
	struct leat_runner *ex = open_with((struct leat_executor_opts){.workers = 1, .worker_memory = 512 << 20});
	for (int i = 0; i < N; i++) {
		job_set(&j[i], &y, EAT, 300 << 20);
		j[i].base.peak_bytes = i % 2 ? 400 << 20 : 32 << 20;
		type->submit(ex, &j[i].base);
		wait_done(&y, i + 1); /* behind a larger one it may have as much: both are paid for */
	}
	type->close(&ex);
	for (int i = 0; i < N; i++)
		assert_int_equal(j[i].cancels ? j[i].err.cause : LEAT_CAUSE_NONE,
				 i % 2 ? LEAT_CAUSE_NONE : LEAT_CAUSE_MEMORY);
}

/* A task that asks gets its room when it is known what it needs, or is told no; the others are not held up. */
static void test_questions(void **state)
{
	(void)state;
	enum { N = 400 };
	struct tally y = TALLY;
	struct job *j = calloc(N, sizeof *j);
	struct leat_runner *ex = open_with((struct leat_executor_opts){.workers = 2, .slab_bytes = 1 << 20});
	for (int i = 0; i < N; i++) {
		job_set(&j[i], &y,
			i % 3 == 0     ? ECHO
			: i % 50 == 25 ? NOSY
			: i % 100 == 4 ? WIDE_DIES
				       : WIDE,
			i == 398 ? 2000 : (uint64_t)i); /* 2 MB: more than there are */
		j[i].base.asks = j[i].what == WIDE || j[i].what == WIDE_DIES;
		if (i == 7)
			j[i].base.asks = false; /* it asks nevertheless */
		assert_int_equal(type->submit(ex, &j[i].base), 0);
	}
	wait_done(&y, N);
	type->close(&ex);
	assert_int_equal(y.wrong, 0);
	for (int i = 0; i < N; i++) {
		const char *want = j[i].what == NOSY        ? "a question that nobody expected, twice"
				   : j[i].what == ECHO      ? NULL
				   : i == 7                 ? "nobody reads this"
				   : i % 2                  ? "may not go on"
				   : j[i].what == WIDE_DIES ? "SIGABRT"
				   : i == 398               ? "shared with a worker"
							    : NULL;
		if (sanitized() && j[i].what == WIDE_DIES)
			want = want ? "worker" : NULL;
		if (want ? !j[i].cancels || !strstr(j[i].err.text, want) : !j[i].unpacks)
			fail_msg("item %d, kind %d: '%s', wanted '%s'", i, j[i].what, j[i].err.text, want ? want : "");
		if (j[i].what == WIDE && !want)
			assert_int_equal(j[i].got, i < 1 ? 1024 : (size_t)i << 10);
	}
	free(j);
}

/*
 * One worker is held by a question while `n` tasks of these sizes are queued; then it takes them. order[k]: the index
 * of the one it took as number k.
 */
static void taken_in_order(const size_t *bytes, int n, struct leat_executor_opts o, int *order)
{
	struct tally y = TALLY;
	struct gate gate = {0};
	struct job *j = calloc((size_t)n + 1, sizeof *j);
	o.workers = 1;
	o.queue_items = (uint64_t)n;
	struct leat_runner *ex = open_with(o);
	job_set(&j[n], &y, WIDE, 2);
	j[n].base.asks = true;
	j[n].gate = &gate;
	assert_int_equal(type->submit(ex, &j[n].base), 0);
	while (!atomic_load(&gate.reached))
		usleep(200);
	for (int i = 0; i < n; i++) {
		job_set(&j[i], &y, ECHO, (uint64_t)i);
		j[i].base.bytes = bytes[i];
		assert_int_equal(type->submit(ex, &j[i].base), 0);
	}
	atomic_store(&gate.open, true);
	wait_done(&y, n + 1);
	type->close(&ex);
	assert_int_equal(y.good, n + 1);
	assert_int_equal(j[n].packed_as, 1);
	for (int i = 0; i < n; i++)
		order[j[i].packed_as - 2] = i;
	free(j);
}

static void test_largest_first(void **state)
{
	(void)state;
	enum { N = 40 };
	static const struct leat_lane kept = {.items = N, .in_order = true};
	const struct leat_executor_opts largest = {.largest_first = true}, plain = {.largest_first = false};
	const struct leat_executor_opts in_order = {.largest_first = true, .lanes = &kept, .n_lanes = 1};
	size_t mixed[N], rising[N];
	int order[N];
	for (int i = 0; i < N; i++)
		mixed[i] = 100, rising[i] = i ? 1000 + (size_t)i : 100;
	mixed[5] = 199, mixed[9] = 5000, mixed[12] = 9000; /* 5 is less than twice the others */
	mixed[30] = 7000; /* not among the first ones before some are taken */
	taken_in_order(mixed, N, largest, order);
	assert_int_equal(order[0], 12);
	assert_int_equal(order[1], 9);
	for (int k = 2; k < 11; k++)
		assert_int_equal(order[k], k - 2);
	taken_in_order(rising, N, largest, order);
	for (int k = 0, first = -1; k < N; k++) {
		first = order[k] == 0 ? k : first;
		if (k < 16)
			assert_int_equal(order[k], 15 + k); /* the largest one it can see */
		if (k == N - 1)
			assert_int_equal(first, 16); /* and then the first one is not passed over any more */
	}
	taken_in_order(mixed, N, plain, order);
	for (int k = 0; k < N; k++)
		assert_int_equal(order[k], k);
	taken_in_order(mixed, N, in_order, order);
	for (int k = 0; k < N; k++)
		assert_int_equal(order[k], k);
}

static void test_strict(void **state)
{
	(void)state;
	if (sanitized())
		skip(); /* no filter then */
	for (int i = 0; i < 2; i++) {
		struct tally y = TALLY;
		struct job j;
		if (i)
			setenv("LEAT_TEST_STRICT", "1", 1);
		struct leat_runner *ex = open_n(1);
		unsetenv("LEAT_TEST_STRICT");
		job_set(&j, &y, WHO, 1);
		type->submit(ex, &j.base);
		wait_done(&y, 1);
		type->close(&ex);
		assert_int_equal(y.good, !i);
		if (i && j.err.cause != LEAT_CAUSE_SANDBOX)
			fail_msg("%s", j.err.text);
	}
}

/*
 * A worker with a second thread: it works where no unforeseen call is let through, it is told of idle cores, and what
 * is forbidden is forbidden to it, too.
 */
static void test_beside(void **state)
{
	(void)state;
	uint64_t want = 0;
	for (int i = 0; i < 30; i++)
		want = want * 3 + 1;
	for (int asides = 0; asides < 2; asides++) {
		struct tally y = TALLY;
		struct job j[3];
		setenv("LEAT_TEST_STRICT", "1", 1);
		struct leat_runner *ex = open_with(
			(struct leat_executor_opts){.workers = 2, .asides = asides, .isolate = LEAT_ISOLATE_AUTO});
		unsetenv("LEAT_TEST_STRICT");
		for (int i = 0; i < 2; i++) { /* one after the other: the other worker is idle */
			job_set(&j[i], &y, BESIDE, (uint64_t)i);
			type->submit(ex, &j[i].base);
			wait_done(&y, i + 1);
			assert_int_equal(j[i].answer, asides ? want : 1);
		}
		if (asides && !sanitized()) {
			job_set(&j[2], &y, FORBIDDEN_BESIDE, 2);
			type->submit(ex, &j[2].base);
			wait_done(&y, 3);
			assert_int_equal(j[2].err.cause, LEAT_CAUSE_SANDBOX);
		}
		type->close(&ex);
		assert_int_equal(y.good, 2);
	}
}

/* The parent goes without a word: its workers go at once. */
static void test_parent_dies(void **state)
{
	(void)state;
	int pipe_fd[2], pid[4] = {0};
	assert_int_equal(pipe(pipe_fd), 0);
	pid_t parent = fork(); /* single-threaded here */
	assert_true(parent >= 0);
	if (parent == 0) {
		static struct tally y = TALLY;
		static struct job j[2];
		struct leat_runner *ex = open_n(2);
		for (int i = 0; i < 2; i++) {
			job_set(&j[i], &y, i ? LOOP : ECHO, (uint64_t)i);
			type->submit(ex, &j[i].base);
		}
		usleep(100000);
		int n = children(pid, 4);
		(void)!write(pipe_fd[1], pid, sizeof pid);
		kill(getpid(), n == 2 ? SIGKILL : SIGTERM);
	}
	close(pipe_fd[1]);
	assert_int_equal(read(pipe_fd[0], pid, sizeof pid), sizeof pid);
	close(pipe_fd[0]);
	waitpid(parent, NULL, 0);
	for (int i = 0; i < 2; i++) {
		assert_true(pid[i] > 0);
		int tries = 0;
		while (kill(pid[i], 0) == 0 && tries++ < 2000) {
			char path[64], text[256] = "";
			snprintf(path, sizeof path, "/proc/%d/stat", pid[i]);
			FILE *f = fopen(path, "r");
			if (f && fgets(text, sizeof text, f) && strstr(text, ") Z")) {
				fclose(f);
				break; /* dead; whoever adopted it may reap it when he likes */
			}
			if (f)
				fclose(f);
			usleep(1000);
		}
		assert_true(tries < 2000);
	}
}

static void test_probe(void **state)
{
	(void)state;
	struct leat_protection p = {0};
	struct leat_err err = {0};
	assert_int_equal(leat_processes_probe(NULL, LEAT_ISOLATE_AUTO, &p, &err), 0);
	for (int g = 0; g < LEAT_N_GUARDS; g++)
		printf("%-10s %-3s %s\n", leat_guard_name((enum leat_guard)g), p.part[g].on ? "yes" : "no",
		       p.part[g].how);
	if (sanitized())
		assert_int_equal(leat_protection_gap(&p), LEAT_GUARD_THREAD);
	struct leat_runner *ex = open_with((struct leat_executor_opts){.workers = 1, .isolate = LEAT_ISOLATE_NO});
	assert_true(type->protection(ex, &p));
	assert_int_equal(leat_protection_gap(&p), 0);
	type->close(&ex);
}

#define T(f) cmocka_unit_test_setup_teardown(f, note, nothing_left)

int main(int argc, char **argv)
{
	int fd;
	if (leat_worker_wanted(argc, argv, &fd))
		return leat_worker_main(fd, getenv("LEAT_TEST_STRICT") ? &strict : &program);
	const struct CMUnitTest tests[] = {
		T(test_probe),
		T(test_echo),
		T(test_larger_than_likely),
		T(test_close_waits),
		T(test_big_payload),
		T(test_crash_table),
		T(test_crash_table_open),
		T(test_poison),
		T(test_kills_from_outside),
		T(test_idle_worker_dies),
		T(test_frozen_without_limit),
		T(test_abort),
		T(test_require),
		T(test_workers_cannot_live),
		T(test_no_more_workers),
		T(test_long_program),
		T(test_recycled),
		T(test_questions),
		T(test_largest_first),
		T(test_strict),
		T(test_beside),
		T(test_cpu_time),
		T(test_memory_of_an_item),
		T(test_parent_dies),
	};
	if (argc > 1)
		cmocka_set_test_filter(argv[1]);
	return cmocka_run_group_tests(tests, NULL, NULL);
}
