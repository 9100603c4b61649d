/* SPDX-License-Identifier: MIT */
/*
 * The same loads and mishaps as bench/peers/executors.py gives to Python's pools, through <leat/executor.h>:
 *
 *	bench_tasks small KIND TASKS NANOSECONDS CHUNK   tasks that take so long (0: none); CHUNK not 1: leat_map or
 *	                                                 leat_map_named by so many, 0: as leat chooses
 *	bench_tasks large KIND ARRAYS BYTES sum|negate copied|lent   arrays of floats, 8 at a time
 *	bench_tasks mishap KIND die|raise|cancel|hang|terminate
 *
 * small and large print the seconds from the first submit to the last result; the workers are there before. mishap
 * prints what became of it.
 */
#include <leat/executor.h>
#include <leat/worker.h>

#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>
#include <unistd.h>

enum { WORKERS = 2, AHEAD = 8, MISHAPS = 8 };

static void die(const char *what, const struct leat_err *err)
{
	fprintf(stderr, "bench_tasks: %s: %s\n", what, err ? err->text : "");
	exit(2);
}

static int64_t now(void)
{
	struct timespec t;
	(void)clock_gettime(CLOCK_MONOTONIC, &t);
	return (int64_t)t.tv_sec * 1000000000 + t.tv_nsec;
}

/* ---- what the tasks do ---- */

static int64_t spin_ns; /* of `small`, in this process; workers get it with their input */

static void spin(int64_t ns)
{
	for (int64_t end = ns ? now() + ns : 0; ns && now() < end;)
		;
}

static int small_here(const struct leat_call *c, void *arg, struct leat_err *err)
{
	(void)c, (void)arg, (void)err;
	spin(spin_ns);
	return 0;
}

static int small_there(const struct leat_call *c, const void *in, size_t n, struct leat_reply *out,
		       struct leat_err *err)
{
	int64_t ns;
	(void)c, (void)n;
	memcpy(&ns, in, sizeof ns);
	spin(ns);
	return leat_reply_add(out, in, n, err);
}

static double sum_of(const float *v, size_t n)
{
	double part[8] = {0};
	for (size_t i = 0; i + 8 <= n; i += 8)
		for (size_t k = 0; k < 8; k++)
			part[k] += (double)v[i + k];
	for (size_t i = n / 8 * 8; i < n; i++)
		part[0] += (double)v[i];
	return part[0] + part[1] + part[2] + part[3] + part[4] + part[5] + part[6] + part[7];
}

static int sum_there(const struct leat_call *c, const void *in, size_t n, struct leat_reply *out, struct leat_err *err)
{
	double sum = sum_of(in, n / sizeof(float));
	(void)c;
	return leat_reply_add(out, &sum, sizeof sum, err);
}

/* By blocks that stay in the cache: the reply is written once. */
static int negate_there(const struct leat_call *c, const void *in, size_t n, struct leat_reply *out,
			struct leat_err *err)
{
	const float *v = in;
	float block[4096];
	int ok = 0;
	(void)c;
	for (size_t i = 0; ok == 0 && i < n / sizeof *v; i += 4096) {
		size_t k = 0, most = n / sizeof *v - i < 4096 ? n / sizeof *v - i : 4096;
		for (; k < most; k++)
			block[k] = -v[i + k];
		ok = leat_reply_add(out, block, most * sizeof *block, err);
	}
	return ok;
}

struct array {
	float *v, *to;
	size_t n;
	bool negate;
	double sum;
};

static int array_here(const struct leat_call *c, void *arg, struct leat_err *err)
{
	struct array *a = arg;
	(void)c, (void)err;
	if (!a->negate)
		a->sum = sum_of(a->v, a->n);
	for (size_t i = 0; a->negate && i < a->n; i++)
		a->to[i] = -a->v[i];
	return 0;
}

/* The first byte says what. */
static int mishap_there(const struct leat_call *c, const void *in, size_t n, struct leat_reply *out,
			struct leat_err *err)
{
	switch (*(const char *)in) {
	case 'd':
		__builtin_trap();
	case 'h':
		for (volatile int i = 0;; i++)
			;
	case 'w':
		usleep(300000);
		break;
	case 'r':
		err->cause = LEAT_CAUSE_CORRUPT;
		strcpy(err->text, "this one is broken");
		return -1;
	default:
		break;
	}
	(void)c;
	return leat_reply_add(out, in, n, err);
}

static int mishap_here(const struct leat_call *c, void *arg, struct leat_err *err)
{
	struct leat_reply *none = NULL;
	if (*(const char *)arg == 'r' || *(const char *)arg == 'd' || *(const char *)arg == 'h')
		return mishap_there(c, arg, 1, none, err);
	for (int i = 0; *(const char *)arg == 'w' && i < 300 && !c->stopping(c); i++)
		usleep(1000);
	return 0;
}

/* ---- the loads ---- */

static struct leat_executor *open_kind(const char *kind, int workers, int64_t timeout_ns)
{
	struct leat_executor_options o = {.workers = workers, .timeout_ns = timeout_ns, .memory = 2ull << 30};
	struct leat_err err = {0};
	struct leat_executor *ex = leat_executor_open(kind, &o, &err);
	if (!ex)
		die("open", &err);
	return ex;
}

static bool other_process(const char *kind)
{
	return strcmp(kind, "processes") == 0;
}

/* As Python's map: all are submitted, and every result is looked at, in order. */
static void submit_small(struct leat_executor *ex, const char *kind, long tasks)
{
	struct leat_err err = {0};
	struct leat_future **f = calloc((size_t)tasks, sizeof *f);
	for (long i = 0; f && i < tasks; i++) {
		f[i] = other_process(kind) ? leat_submit_named(ex, "small", &spin_ns, sizeof spin_ns, 8, &err)
					   : leat_submit(ex, small_here, NULL, &err);
		if (!f[i])
			die("submit", &err);
	}
	for (long i = 0; f && i < tasks; i++) {
		if (leat_future_result(f[i], -1, &err) != 0)
			die("small", &err);
		leat_future_free(&f[i]);
	}
	free(f);
}

static void map_small(struct leat_executor *ex, long tasks, size_t chunk)
{
	struct leat_err err = {0};
	struct leat_map_options o = {.chunk = chunk};
	void **args = calloc((size_t)tasks, sizeof *args);
	size_t at;
	struct leat_mapping *m = args ? leat_map(ex, small_here, args, (size_t)tasks, &o, &err) : NULL;
	if (!m)
		die("map", &err);
	for (long i = 0; i < tasks; i++)
		if (leat_map_next(m, -1, &at, &err) != 0)
			die("map", &err);
	leat_map_free(&m);
	free(args);
}

static void map_named_small(struct leat_executor *ex, long tasks, size_t chunk)
{
	struct leat_err err = {0};
	struct leat_map_options o = {.chunk = chunk};
	struct leat_named_input *in = calloc((size_t)tasks, sizeof *in);
	size_t at, n;
	const void *out;
	for (long i = 0; in && i < tasks; i++)
		in[i] = (struct leat_named_input){.data = &spin_ns, .n = sizeof spin_ns};
	struct leat_named_mapping *m = in ? leat_map_named(ex, "small", in, (size_t)tasks, 8, &o, &err) : NULL;
	if (!m)
		die("map", &err);
	for (long i = 0; i < tasks; i++)
		if (leat_map_named_next(m, -1, &at, &out, &n, &err) != 0 || n != 8)
			die("map", &err);
	leat_map_named_free(&m);
	free(in);
}

static int small(const char *kind, long tasks, size_t chunk)
{
	struct leat_executor *ex = open_kind(kind, WORKERS, 0);
	int64_t t0 = now();
	if (chunk != 1 && other_process(kind))
		map_named_small(ex, tasks, chunk);
	else if (chunk != 1)
		map_small(ex, tasks, chunk);
	else
		submit_small(ex, kind, tasks);
	printf("%.6f\n", (double)(now() - t0) / 1e9);
	leat_executor_close(&ex);
	return 0;
}

static void check_array(struct leat_future *f, const struct array *a, bool there)
{
	size_t n = a->n * sizeof *a->v;
	const float *back = there ? leat_future_bytes(f, &n) : a->to;
	double sum = a->sum;
	if (there && !a->negate)
		memcpy(&sum, back, sizeof sum);
	if (a->negate ? n != a->n * sizeof *a->v || back[a->n - 1] != -a->v[a->n - 1] : sum != (double)a->n)
		die("a wrong result", NULL);
}

static struct leat_future *send_array(struct leat_executor *ex, struct array *a, bool there, bool lent)
{
	struct leat_err err = {0};
	size_t bytes = a->n * sizeof *a->v, back = a->negate ? bytes : sizeof a->sum;
	const char *name = a->negate ? "negate" : "sum";
	struct leat_lent l = {.in = a->v, .n = bytes, .out = a->negate ? (void *)a->to : &a->sum, .most_out = back};
	struct leat_future *f = !there ? leat_submit(ex, array_here, a, &err)
				: lent ? leat_submit_lent(ex, name, &l, &err)
				       : leat_submit_named(ex, name, a->v, bytes, back, &err);
	if (!f)
		die("submit", &err);
	return f;
}

static int large(const char *kind, long arrays, size_t bytes, bool negate, bool lent)
{
	bool there = other_process(kind);
	struct leat_executor *ex = open_kind(kind, WORKERS, 0);
	struct array a[AHEAD];
	struct leat_future *f[AHEAD] = {0};
	struct leat_err err = {0};
	for (int i = 0; i < AHEAD; i++) {
		a[i] = (struct array){.v = malloc(bytes), .to = malloc(bytes), .n = bytes / 4, .negate = negate};
		for (size_t k = 0; k < a[i].n; k++)
			a[i].v[k] = 1, a[i].to[k] = 0;
	}
	int64_t t0 = now();
	for (long i = 0; i < arrays + AHEAD; i++) {
		int k = (int)(i % AHEAD);
		if (f[k]) {
			if (leat_future_result(f[k], -1, &err) != 0)
				die("large", &err);
			check_array(f[k], &a[k], there);
			leat_future_free(&f[k]);
		}
		if (i < arrays)
			f[k] = send_array(ex, &a[k], there, lent);
	}
	printf("%.6f\n", (double)(now() - t0) / 1e9);
	leat_executor_close(&ex);
	for (int i = 0; i < AHEAD; i++)
		free(a[i].v), free(a[i].to);
	return 0;
}

/* ---- mishaps: one worker, and eight tasks, of which number 2 has it ---- */

static void submit_mishap(struct leat_executor *ex, const char *kind, const char *what, struct leat_future **f)
{
	static char in[MISHAPS][2];
	struct leat_err err = {0};
	for (int i = 0; i < MISHAPS; i++) {
		bool slow = *what == 'c' || *what == 't';
		in[i][0] = slow ? 'w' : i == 2 ? *what : 'q';
		f[i] = other_process(kind) ? leat_submit_named(ex, "mishap", in[i], 1, 8, &err)
					   : leat_submit(ex, mishap_here, in[i], &err);
		if (!f[i])
			die("submit", &err);
	}
}

static void tell(struct leat_future **f)
{
	int done = 0, failed = 0, cancelled = 0, open = 0;
	struct leat_failure why = {0}, one;
	for (int i = 0; i < MISHAPS; i++) {
		struct leat_err err = {0};
		int end = leat_future_result(f[i], 3000000000, &err);
		done += end == 0;
		open += end == 1;
		cancelled += end < 0 && leat_future_cancelled(f[i]);
		failed += end < 0 && !leat_future_cancelled(f[i]);
		if (leat_future_error(f[i], &one) && one.cause != LEAT_CAUSE_CANCELLED)
			why = one;
	}
	printf("%d done, %d failed, %d cancelled, %d never end", done, failed, cancelled, open);
	if (why.text)
		printf(" (%s%s)", why.text, why.signal ? ", signal is told" : "");
}

static int mishap(const char *kind, const char *what)
{
	struct leat_executor *ex = open_kind(kind, 1, *what == 'h' ? 300000000 : 0);
	struct leat_future *f[MISHAPS], *after;
	struct leat_err err = {0};
	static char q[1] = {'q'};
	submit_mishap(ex, kind, what, f);
	while (!leat_future_running(f[0]) && !leat_future_done(f[0]))
		usleep(100);
	if (*what == 'c') {
		printf("cancel() says ");
		for (int i = 0; i < MISHAPS; i++)
			putchar(leat_future_cancel(f[i]) ? 'T' : 'F');
		printf("; ");
	}
	if (*what == 't') {
		int64_t t0 = now();
		if (leat_executor_terminate(ex, &err) < 0)
			printf("refused (%s); ", err.text);
		else
			printf("ended in %.0f ms; ", (double)(now() - t0) / 1e6);
	}
	tell(f);
	err = (struct leat_err){0};
	after = other_process(kind) ? leat_submit_named(ex, "mishap", q, 1, 8, &err)
				    : leat_submit(ex, mishap_here, q, &err);
	printf("; the next submit: %s\n",
	       after && leat_future_result(after, 3000000000, &err) == 0 ? "done" : err.text);
	for (int i = 0; i < MISHAPS; i++)
		leat_future_free(&f[i]);
	leat_future_free(&after);
	leat_executor_close(&ex);
	return 0;
}

static int usage(void)
{
	fputs("usage: bench_tasks small KIND TASKS NANOSECONDS CHUNK | large KIND ARRAYS BYTES sum|negate copied|lent "
	      "| "
	      "mishap KIND die|raise|cancel|hang|terminate\n",
	      stderr);
	return 2;
}

int main(int argc, char **argv)
{
	struct leat_err err = {0};
	if (leat_register_function("small", small_there, &err) < 0 ||
	    leat_register_function("sum", sum_there, &err) < 0 ||
	    leat_register_function("negate", negate_there, &err) < 0 ||
	    leat_register_function("mishap", mishap_there, &err) < 0)
		die("register", &err);
	int status = leat_worker_hook(argc, argv);
	if (status >= 0)
		return status;
	const char *what = argc > 1 ? argv[1] : "";
	if (strcmp(what, "small") == 0 && argc == 6) {
		spin_ns = atol(argv[4]);
		return small(argv[2], atol(argv[3]), (size_t)atol(argv[5]));
	}
	if (strcmp(what, "large") == 0 && argc == 7)
		return large(argv[2], atol(argv[3]), (size_t)atol(argv[4]), strcmp(argv[5], "negate") == 0,
			     strcmp(argv[6], "lent") == 0);
	if (strcmp(what, "mishap") == 0 && argc == 4)
		return mishap(argv[2], argv[3]);
	return usage();
}
