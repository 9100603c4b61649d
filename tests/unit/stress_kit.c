/* SPDX-License-Identifier: MIT */
/* See stress_kit.h. */
#include "stress_kit.h"

#include "scratch.h"

#include <leat/executor.h>
#include <leat/leat.h>

#include <execinfo.h>
#include <pthread.h>
#include <signal.h>
#include <stdatomic.h>
#include <sys/syscall.h>
#include <time.h>

enum { MOST_ACTORS = 64, MOST_TASKS = 160, MOST_OUT = 32 };
static const int64_t ms = 1000000;

/* ---- one storm at a time: what everybody needs ---- */

struct actor {
	pthread_t thread;
	unsigned rnd;
	_Atomic(const char *) doing;
	_Atomic int64_t since; /* by storm.clock */
};

static struct {
	struct stress o;
	struct actor actor[MOST_ACTORS];
	int n;
	atomic_bool over;
	_Atomic int64_t clock; /* stands still while all of us are stopped */
	_Atomic uint64_t rounds, submitted, done, failed, cancelled, callbacks, kills, runs, stopped, items, maps;
	_Atomic int wrong;
	struct leat_executor *common[2]; /* used by all at once */
	struct scratch dir;
} storm;

static int64_t now(void)
{
	struct timespec t;
	(void)clock_gettime(CLOCK_MONOTONIC, &t);
	return (int64_t)t.tv_sec * 1000000000 + t.tv_nsec;
}

static void at(struct actor *a, const char *doing)
{
	atomic_store(&a->doing, doing);
	atomic_store(&a->since, atomic_load(&storm.clock));
}

static int chance(struct actor *a, int n) /* 0 ... n - 1 */
{
	a->rnd = a->rnd * 1664525u + 1013904223u;
	return (int)((a->rnd >> 8) % (unsigned)n);
}

static void wrong(const char *what, const char *more)
{
	if (atomic_fetch_add(&storm.wrong, 1) < 20)
		fprintf(stderr, "stress: %s%s%s\n", what, more[0] ? ": " : "", more);
}

/* ---- what the functions do ---- */

enum what { QUICK, SPIN, NAP, UNTIL_STOPPED, FAIL, /* only in workers: */ TRAP, EXIT, HANG, HUNGRY, N_WHAT };

struct deed { /* one submitted function, and what we saw of it */
	enum what what;
	atomic_int began, ended, told, in_order;
	int callbacks;
	struct leat_future *future;
	bool named;
};

static void pass_time(enum what what, const struct leat_call *c, int64_t most)
{
	int64_t t0 = now();
	if (what == NAP)
		usleep(1000);
	while ((what == SPIN && now() - t0 < ms / 5) || (what == UNTIL_STOPPED && !c->stopping(c) && now() - t0 < most))
		if (what == UNTIL_STOPPED)
			usleep(500);
}

static int here(const struct leat_call *c, void *arg, struct leat_err *err)
{
	struct deed *d = arg;
	atomic_fetch_add(&d->began, 1);
	pass_time(d->what, c, 30 * ms);
	if (d->what == FAIL) {
		err->cause = LEAT_CAUSE_CORRUPT;
		snprintf(err->text, sizeof err->text, "as it should");
	}
	atomic_fetch_add(&d->ended, 1);
	return d->what == FAIL ? -1 : 0;
}

static int there(const struct leat_call *c, const void *in, size_t n, struct leat_reply *out, struct leat_err *err)
{
	enum what what = (enum what) * (const uint8_t *)in;
	switch (what) {
	case TRAP:
		__builtin_trap();
	case EXIT:
		_exit(7);
	case HANG:
		for (volatile unsigned i = 0;; i++)
			;
	case HUNGRY: {
		void *volatile p = malloc((size_t)64 << 30);
		free(p);
		break;
	}
	case FAIL:
		err->cause = LEAT_CAUSE_CORRUPT;
		snprintf(err->text, sizeof err->text, "as it should");
		return -1;
	default:
		pass_time(what, c, 2000 * ms);
		break;
	}
	return leat_reply_add(out, in, n, err);
}

void stress_register(void)
{
	struct leat_err err = {0};
	if (leat_register_function("stress", there, &err) < 0)
		wrong("register", err.text);
}

/* ---- submitting, and looking at the end ---- */

static void told(struct leat_future *f, void *ctx)
{
	struct deed *d = ctx;
	if (!leat_future_done(f))
		wrong("a callback before the end", "");
	atomic_fetch_add(&d->told, 1);
}

static void add_callbacks(struct deed *d, int n)
{
	struct leat_err err = {0};
	for (; n > 0; n--, d->callbacks++)
		if (leat_future_add_callback(d->future, told, d, &err) < 0)
			wrong("callback", err.text);
}

/* false: the executor takes nothing more. */
static bool submit(struct actor *a, struct leat_executor *ex, bool processes, struct deed *d)
{
	struct leat_err err = {0};
	uint8_t in[64] = {0};
	*d = (struct deed){.named = processes};
	int dice = chance(a, 100);
	d->what = dice < 60 ? QUICK : dice < 70 ? SPIN : dice < 80 ? NAP : dice < 85 ? UNTIL_STOPPED : FAIL;
	if (processes && dice >= 93)
		d->what = (enum what)(TRAP + (dice - 93) % 4);
	in[0] = (uint8_t)d->what;
	at(a, "submit");
	d->future = processes ? leat_submit_named(ex, "stress", in, sizeof in, sizeof in, &err)
			      : leat_submit(ex, here, d, &err);
	if (!d->future) {
		if (err.cause != LEAT_CAUSE_CANCELLED)
			wrong("submit", err.text);
		return false;
	}
	atomic_fetch_add(&storm.submitted, 1);
	add_callbacks(d, chance(a, 3));
	return true;
}

/* The end may only be one that what it did can have. `rough`: workers may be frozen, killed, or ended by us. */
static bool plausible(const struct deed *d, int end, const struct leat_err *err)
{
	if (end == 0)
		return d->what != FAIL && d->what < TRAP && (d->named || (d->began == 1 && d->ended == 1));
	if (err->cause == LEAT_CAUSE_CANCELLED)
		return d->named || d->began == 0;
	if (!d->named)
		return d->what == FAIL && d->began == 1 && strcmp(err->text, "as it should") == 0;
	switch (d->what) {
	case FAIL:
		return err->cause == LEAT_CAUSE_CORRUPT || err->cause == LEAT_CAUSE_TIMEOUT;
	case TRAP:
	case EXIT:
		return err->cause == LEAT_CAUSE_CRASH || err->cause == LEAT_CAUSE_TIMEOUT ||
		       err->cause == LEAT_CAUSE_SANDBOX;
	case HUNGRY:
#if defined(__SANITIZE_ADDRESS__) || defined(__SANITIZE_THREAD__) /* their malloc ends the process instead */
		if (err->cause == LEAT_CAUSE_CRASH)
			return true;
#endif
		return err->cause == LEAT_CAUSE_MEMORY || err->cause == LEAT_CAUSE_TIMEOUT;
	default: /* on a loaded machine any of them can be late */
		return err->cause == LEAT_CAUSE_TIMEOUT;
	}
}

static void settle(struct deed *d)
{
	struct leat_err err = {0};
	struct leat_failure why;
	int end = leat_future_result(d->future, 0, &err);
	if (end == 1)
		wrong("a future that has not ended", "");
	atomic_fetch_add(end == 0                           ? &storm.done
			 : leat_future_cancelled(d->future) ? &storm.cancelled
							    : &storm.failed,
			 1);
	if (end < 0 && (!leat_future_error(d->future, &why) || !why.text[0]))
		wrong("an error without a word", "");
	bool hungry_fed = end == 0 && d->what == HUNGRY; /* where memory is not limited */
	if (!hungry_fed && !plausible(d, end, &err)) {
		char more[700];
		snprintf(more, sizeof more, "function %d ended %d, cause %d, began %d: %s", (int)d->what, end,
			 (int)err.cause, d->began, err.text);
		wrong("an end it cannot have had", more);
	}
	if (d->told != d->callbacks)
		wrong("callbacks were not called once each", "");
	atomic_fetch_add(&storm.callbacks, (uint64_t)d->told);
	leat_future_free(&d->future);
}

/* ---- what happens meanwhile ---- */

/* A worker of anybody in this program dies, or stands still. */
static void hurt_somebody(struct actor *a)
{
	int pid[64], n = 0;
	DIR *d = opendir("/proc/self/task");
	for (const struct dirent *e; d && (e = readdir(d));) {
		char path[64];
		snprintf(path, sizeof path, "/proc/self/task/%.20s/children", e->d_name);
		FILE *f = e->d_name[0] != '.' ? fopen(path, "re") : NULL;
		while (f && n < 64 && fscanf(f, "%d", &pid[n]) == 1)
			n++;
		if (f)
			fclose(f);
	}
	if (d)
		closedir(d);
	if (n && kill(pid[chance(a, n)], chance(a, 10) ? SIGKILL : SIGSTOP) == 0)
		atomic_fetch_add(&storm.kills, 1);
}

static void meddle(struct actor *a, struct leat_executor *ex, bool processes, struct deed *d, int n)
{
	struct leat_err err = {0};
	switch (chance(a, 12)) {
	case 0:
	case 1:
		(void)leat_future_cancel(d[chance(a, n)].future); /* too late is right, too */
		break;
	case 2:
		at(a, "result with a timeout");
		(void)leat_future_result(d[chance(a, n)].future, chance(a, 3) * ms, &err);
		break;
	case 3:
		at(a, "set_workers");
		(void)leat_executor_set_workers(ex, 1 + chance(a, 4), &err); /* refused where the number is fixed */
		break;
	case 4:
		if (processes && chance(a, 4) == 0)
			hurt_somebody(a);
		break;
	case 5:
		add_callbacks(&d[chance(a, n)], 1);
		break;
	default:
		break;
	}
}

static void wait_some_way(struct actor *a, struct deed *d, int n)
{
	struct leat_future *v[MOST_TASKS];
	struct leat_err err = {0};
	for (int i = 0; i < n; i++)
		v[i] = d[i].future;
	if (chance(a, 2)) {
		at(a, "leat_wait");
		if (leat_wait(v, (size_t)n, (enum leat_wait_for)chance(a, 3), chance(a, 50) * ms, &err) < 0 &&
		    err.cause != LEAT_CAUSE_TIMEOUT)
			wrong("leat_wait", err.text);
		return;
	}
	at(a, "as_completed");
	size_t left;
	struct leat_completion *c = leat_as_completed(v, (size_t)n, &err);
	for (int i = chance(a, n + 1); c && i > 0; i--)
		if (!leat_completion_next(c, 20 * ms, &left))
			break;
	leat_completion_free(&c);
}

static void finish(struct actor *a, struct leat_executor **ex)
{
	struct leat_err err = {0};
	switch (chance(a, 5)) {
	case 0:
		at(a, "shutdown, cancelling");
		leat_executor_shutdown(*ex, chance(a, 2), true);
		break;
	case 1:
		at(a, "terminate");
		if (leat_executor_terminate(*ex, &err) < 0 && !err.text[0])
			wrong("terminate was refused without a reason", "");
		break;
	case 2:
		at(a, "shutdown");
		leat_executor_shutdown(*ex, true, false);
		break;
	default:
		break;
	}
	at(a, "close");
	leat_executor_close(ex);
}

/* ---- rounds ---- */

static void map_round(struct actor *a, struct leat_executor *ex)
{
	static _Thread_local struct deed d[MOST_TASKS];
	void *args[MOST_TASKS];
	int n = 1 + chance(a, MOST_TASKS), seen[MOST_TASKS] = {0}, given = 0, got;
	struct leat_map_options o = {
		.unordered = chance(a, 2), .chunk = (size_t)chance(a, 9), .window = (size_t)chance(a, 40)};
	struct leat_err err = {0};
	size_t index;
	for (int i = 0; i < n; i++) {
		d[i] = (struct deed){.what = i % 7 == 3 ? FAIL : QUICK};
		args[i] = &d[i];
	}
	at(a, "map");
	struct leat_mapping *m = leat_map(ex, here, args, (size_t)n, &o, &err);
	int stop = chance(a, 3) ? n + 1 : chance(a, n);
	while (m && given < stop && (got = leat_map_next(m, 60000 * ms, &index, &err)) != 1) {
		if (got == 2 || index >= (size_t)n || seen[index]++ || (!o.unordered && index != (size_t)given) ||
		    (got < 0) != (d[index].what == FAIL))
			wrong("a map gave what it should not", err.text);
		if (got == 2)
			break;
		given++;
		err = (struct leat_err){0};
	}
	leat_map_free(&m);
	if (stop > n && given != n)
		wrong("a map did not give all", "");
	for (int i = 0; i < n; i++)
		if (d[i].began > 1 || d[i].began != d[i].ended)
			wrong("a map called a function twice, or left it running", "");
	atomic_fetch_add(&storm.maps, 1);
}

/* An executor of our own: opened, used, ended. */
static void own_round(struct actor *a)
{
	static const char *const kinds[] = {"inline", "threads", "openmp", "threads", "processes"};
	static _Thread_local struct deed d[MOST_TASKS];
	const char *kind = kinds[chance(a, 5)];
	bool processes = strcmp(kind, "processes") == 0;
	struct leat_executor_options o = {
		.workers = 1 + chance(a, 3), .queue = 1 + (uint64_t)chance(a, 64), .name = "stress"};
	struct leat_err err = {0};
	int most = 1 + chance(a, processes ? 60 : MOST_TASKS), n = 0;
	if (processes) {
		o.timeout_ns = (50 + chance(a, 200)) * ms;
		o.max_tasks = chance(a, 3) ? 0 : 1 + (uint64_t)chance(a, 20);
	}
	at(a, "open");
	struct leat_executor *ex = leat_executor_open(kind, &o, &err);
	if (!ex) {
		wrong("open", err.text);
		return;
	}
	while (n < most && submit(a, ex, processes, &d[n])) {
		n++;
		meddle(a, ex, processes, d, n);
	}
	if (chance(a, 2) && n)
		wait_some_way(a, d, n);
	if (!processes && chance(a, 4) == 0)
		map_round(a, ex);
	finish(a, &ex);
	for (int i = 0; i < n; i++)
		settle(&d[i]);
}

/* One that others use at the same time; it stays. */
static void common_round(struct actor *a)
{
	static _Thread_local struct deed d[MOST_TASKS];
	int which = chance(a, 2), n = 0, most = 1 + chance(a, 20);
	struct leat_executor *ex = storm.common[which];
	while (n < most && submit(a, ex, which == 1, &d[n])) {
		n++;
		meddle(a, ex, which == 1, d, n);
	}
	for (int i = 0; i < n; i++) {
		struct leat_err err = {0};
		at(a, "result");
		(void)leat_future_result(d[i].future, -1, &err);
		for (int k = 0; k < 100000 && d[i].told < d[i].callbacks; k++)
			usleep(100); /* the result is there before the last callback was called */
		settle(&d[i]);
	}
}

static void *act(void *arg)
{
	struct actor *a = arg;
	while (!atomic_load(&storm.over)) {
		if (chance(a, 3))
			own_round(a);
		else
			common_round(a);
		atomic_fetch_add(&storm.rounds, 1);
	}
	at(a, NULL);
	return NULL;
}

/* ---- runs of recipes ---- */

struct run {
	struct actor *a;
	struct leat_recipe *recipe;
	struct leat_counts counts;
	int stop_at, seen; /* the first item after which somebody is asked to stop it; 0: nobody */
	atomic_bool now, over;
};

static void on_event(void *ctx, const struct leat_event *e)
{
	struct run *r = ctx;
	at(r->a, "run");
	if (e->type == LEAT_EV_ITEM && ++r->seen == r->stop_at)
		atomic_store(&r->now, true);
	if (e->type == LEAT_EV_END)
		r->counts = *e->counts;
}

/* Asks once or twice: the second time aborts. */
static void *stopper(void *arg)
{
	struct run *r = arg;
	while (!atomic_load(&r->now) && !atomic_load(&r->over))
		usleep(200);
	for (int i = 1 + r->stop_at % 2; atomic_load(&r->now) && i > 0; i--)
		leat_stop(r->recipe, 0);
	return NULL;
}

static void judge_run(const struct run *r, int status, const struct leat_err *err)
{
	uint64_t sum = 0;
	for (int i = 0; i < LEAT_N_STATES; i++)
		sum += r->counts.state[i];
	atomic_fetch_add(&storm.items, sum);
	if (sum != r->counts.matched)
		wrong("the states of a run do not add up", "");
	if (status != 0 && status != 1 && !(r->stop_at && status == 130))
		wrong("a run ended oddly", err->text);
	atomic_fetch_add(status == 130 ? &storm.stopped : &storm.runs, 1);
}

static void run_recipe(struct actor *a, const char *text)
{
	struct leat_err err = {0};
	struct run r = {.a = a, .stop_at = chance(a, 2) ? 0 : 1 + chance(a, MOST_OUT)};
	struct leat_run_options o = {.event = on_event, .event_ctx = &r};
	pthread_t other;
	at(a, "run");
	r.recipe = leat_load_text("stress", text, strlen(text), NULL, &err);
	if (!r.recipe || leat_plan(r.recipe, NULL, &err) != 0) {
		char *why = r.recipe ? leat_diagnostics(r.recipe, false) : NULL;
		wrong("plan", why ? why : err.text);
		free(why);
		leat_free(&r.recipe);
		return;
	}
	if (pthread_create(&other, NULL, stopper, &r)) {
		leat_free(&r.recipe);
		return;
	}
	int status = leat_run(r.recipe, &o, &err);
	atomic_store(&r.over, true);
	pthread_join(other, NULL);
	judge_run(&r, status, &err);
	leat_free(&r.recipe);
}

static void *run_again_and_again(void *arg)
{
	static const char *const on[] = {"", " on=threads workers=2", " on=inline", " on=openmp", " on=processes"};
	static const char *const io[] = {"", " on=async", " on=threads workers=3", " on=async workers=4"};
	struct actor *a = arg;
	while (!atomic_load(&storm.over)) {
		char text[2048];
		int number = (int)(a - storm.actor);
		bool isolated = chance(a, 3) == 0;
		const char *where = isolated ? "" : on[chance(a, 5)];
		snprintf(text, sizeof text,
			 "job isolate=%s\nread '%s/in/*.ppm'%s | resize 24x24%s | write '%s/out-%d/{stem}.png'%s "
			 "existing=overwrite%s\n",
			 isolated ? "auto" : "no", storm.dir.path, io[chance(a, 4)], where, storm.dir.path, number,
			 chance(a, 3) ? "" : " order=keep", io[chance(a, 4)]);
		run_recipe(a, text);
	}
	at(a, NULL);
	return NULL;
}

/* Small images, one of them cut off. */
static void make_inputs(void)
{
	char path[512];
	snprintf(path, sizeof path, "%s/in", storm.dir.path);
	SCRATCH_MUST(mkdir(path, 0755) == 0);
	for (int i = 0; i < MOST_OUT; i++) {
		snprintf(path, sizeof path, "%s/in/%02d.ppm", storm.dir.path, i);
		FILE *f = fopen(path, "we");
		SCRATCH_MUST(f);
		fprintf(f, "P6\n%d 48\n255\n", 32 + i);
		for (int k = 0; k < (32 + i) * 48 * 3 / (i == 7 ? 2 : 1); k++)
			putc(k * i % 251, f);
		SCRATCH_MUST(fclose(f) == 0);
	}
}

/* ---- the watchdog ---- */

static void show_stack(int sig)
{
	void *frame[64];
	char line[64];
	(void)sig;
	int n = snprintf(line, sizeof line, "--- thread %ld\n", syscall(SYS_gettid));
	(void)!write(2, line, (size_t)n);
	backtrace_symbols_fd(frame, backtrace(frame, 64), 2);
}

/* SIGTRAP: the one signal that every thread of the library takes, too. */
static void tell_hang(const struct actor *a, int64_t age)
{
	struct sigaction sa = {.sa_handler = show_stack};
	void *first[4];
	fprintf(stderr, "stress: HANG: actor %d is at '%s' for %lld s\n", (int)(a - storm.actor), a->doing,
		(long long)(age / (1000 * ms)));
	for (int i = 0; i < storm.n; i++)
		fprintf(stderr, "  actor %d: %s\n", i, storm.actor[i].doing ? storm.actor[i].doing : "ended");
	(void)backtrace(first, 4); /* loads what it needs before it is in a handler */
	(void)sigaction(SIGTRAP, &sa, NULL);
	DIR *d = opendir("/proc/self/task");
	for (const struct dirent *e; d && (e = readdir(d));)
		if (e->d_name[0] != '.') {
			(void)syscall(SYS_tgkill, getpid(), atoi(e->d_name), SIGTRAP);
			usleep(50000);
		}
	_exit(3);
}

static void tell_progress(double s)
{
	printf("%5.0f s: %llu rounds; %llu submitted: %llu done, %llu failed, %llu cancelled; %llu workers hurt; %llu "
	       "maps; "
	       "%llu runs, %llu stopped; %d wrong\n",
	       s, (unsigned long long)storm.rounds, (unsigned long long)storm.submitted, (unsigned long long)storm.done,
	       (unsigned long long)storm.failed, (unsigned long long)storm.cancelled, (unsigned long long)storm.kills,
	       (unsigned long long)storm.maps, (unsigned long long)storm.runs, (unsigned long long)storm.stopped,
	       storm.wrong);
	fflush(stdout);
}

static bool look_after_all(void)
{
	bool alive = false;
	int64_t t = atomic_load(&storm.clock);
	for (int i = 0; i < storm.n; i++) {
		struct actor *a = &storm.actor[i];
		int64_t age = t - atomic_load(&a->since);
		if (!atomic_load(&a->doing))
			continue;
		alive = true;
		if (age > (int64_t)storm.o.hang_s * 1000 * ms)
			tell_hang(a, age);
	}
	return alive;
}

static void watch(void)
{
	int64_t t0 = now(), told_at = t0, before = t0;
	while (look_after_all()) {
		usleep(20000);
		int64_t t = now();
		atomic_fetch_add(&storm.clock, t - before < 1000 * ms ? t - before : 1000 * ms);
		before = t;
		if ((double)(t - t0) / 1e9 > storm.o.seconds)
			atomic_store(&storm.over, true);
		if (storm.o.talk && t - told_at > 30000 * ms) {
			told_at = t;
			tell_progress((double)(t - t0) / 1e9);
		}
	}
	if (storm.o.talk)
		tell_progress((double)(now() - t0) / 1e9);
}

/* ---- all of it ---- */

static bool open_common(void)
{
	struct leat_executor_options t = {.workers = 2, .queue = 16, .name = "common"};
	struct leat_executor_options p = {.workers = 2, .queue = 16, .name = "common", .timeout_ns = 200 * ms};
	struct leat_err err = {0};
	storm.common[0] = leat_executor_open("threads", &t, &err);
	storm.common[1] = leat_executor_open("processes", &p, &err);
	if (storm.common[0] && storm.common[1])
		return true;
	wrong("open", err.text);
	return false;
}

static void start_all(void)
{
	storm.n = storm.o.actors + storm.o.runners;
	for (int i = 0; i < storm.n; i++) {
		struct actor *a = &storm.actor[i];
		a->rnd = storm.o.seed * 2654435761u + (unsigned)i * 40503u;
		at(a, "beginning");
		SCRATCH_MUST(pthread_create(&a->thread, NULL, i < storm.o.actors ? act : run_again_and_again, a) == 0);
	}
}

int stress_run(const struct stress *s)
{
	storm.o = *s;
	scratch_open(&storm.dir);
	make_inputs();
	if (open_common()) {
		start_all();
		watch();
		for (int i = 0; i < storm.n; i++)
			pthread_join(storm.actor[i].thread, NULL);
	}
	leat_executor_close(&storm.common[0]);
	leat_executor_close(&storm.common[1]);
	scratch_close(&storm.dir);
	if (storm.submitted != storm.done + storm.failed + storm.cancelled)
		wrong("the counts do not add up", "");
	return storm.wrong ? 1 : 0;
}
