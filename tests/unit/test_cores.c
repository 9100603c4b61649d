/* SPDX-License-Identifier: MIT */
/*
 * The core budget, counted: while runs of every kind go (threads, worker processes, a team with threads or processes
 * around it, BLAS under a team), the threads that compute and can run at the moment, of this process and of its
 * workers, are read from /proc a few thousand times. They are never more than the cores that the run was given, but
 * for the moments in which one hands over to another.
 */
#include <stdarg.h>
#include <stddef.h>
#include <setjmp.h>
#include <stdint.h>
#include <cmocka.h>

#include <leat/leat.h>
#include <leat/worker.h>

#include "scratch.h"

#include <pthread.h>
#include <stdatomic.h>
#include <sys/syscall.h>
#include <time.h>

static struct scratch root;

/* --- counting --- */

struct count {
	atomic_bool over;
	bool handing; /* "cpu" is a group of worker processes */
	int budget;
	int locked; /* most threads of one worker process, all with a filter of system calls */
	int samples, computing, above, most; /* looks; those that found any computing; more than the budget */
};

/*
 * Names of threads that read, write and watch: they stand beside the cores. What hands the items of worker processes
 * over does so, too. One with the program's name is just being made.
 */
static bool computes(const char *name, bool handing)
{
	if (handing && strncmp(name, "cpu", 3) == 0)
		return false;
	static const char *const others[] = {"read", "write", "pace", "look", "again", "test_cores"};
	for (size_t i = 0; i < sizeof others / sizeof *others; i++)
		if (strncmp(name, others[i], strlen(others[i])) == 0)
			return false;
	return true;
}

/* Can the task at `path` run now? Of a worker process (c NULL) whatever its name. */
static int running(const char *path, const struct count *c)
{
	char text[512];
	int fd = open(path, O_RDONLY | O_CLOEXEC);
	ssize_t n = fd < 0 ? -1 : read(fd, text, sizeof text - 1);
	if (fd >= 0)
		close(fd);
	if (n <= 0)
		return 0; /* it has just ended */
	text[n] = 0;
	char *name = strchr(text, '('), *end = strrchr(text, ')');
	if (!name || !end || end[1] != ' ')
		return 0;
	*end = 0;
	return end[2] == 'R' && (!c || computes(name + 1, c->handing));
}

/* Threads of the worker process, where all of them are locked down; else 0. */
static int locked_threads(const char *tasks)
{
	DIR *d = opendir(tasks);
	int n = 0;
	for (const struct dirent *e; d && n >= 0 && (e = readdir(d));) {
		char path[320], text[4096];
		if (e->d_name[0] == '.')
			continue;
		snprintf(path, sizeof path, "%s/%.20s/status", tasks, e->d_name);
		FILE *f = fopen(path, "re");
		size_t got = f ? fread(text, 1, sizeof text - 1, f) : 0;
		if (f)
			fclose(f);
		text[got] = 0;
		n = strstr(text, "Seccomp:\t2") ? n + 1 : -1;
	}
	if (d)
		closedir(d);
	return n > 0 ? n : 0;
}

static int running_of(const char *tasks, struct count *c);

/* Worker processes that a thread has started. */
static int running_children(const char *tasks, const char *tid, struct count *c)
{
	char path[320], text[4096], sub[64], *end;
	snprintf(path, sizeof path, "%s/%s/children", tasks, tid);
	FILE *f = fopen(path, "re");
	size_t n = f ? fread(text, 1, sizeof text - 1, f) : 0;
	int found = 0;
	if (f)
		fclose(f);
	text[n] = 0;
	for (char *at = strtok_r(text, " ", &end); at; at = strtok_r(NULL, " ", &end)) {
		snprintf(sub, sizeof sub, "/proc/%.20s/task", at);
		found += running_of(sub, NULL);
		int locked = locked_threads(sub);
		c->locked = locked > c->locked ? locked : c->locked;
	}
	return found;
}

static int running_of(const char *tasks, struct count *c)
{
	DIR *d = opendir(tasks);
	int n = 0;
	char main_thread[32];
	snprintf(main_thread, sizeof main_thread, "%ld", (long)getpid());
	for (const struct dirent *e; d && (e = readdir(d));) {
		char path[320];
		if (e->d_name[0] == '.')
			continue;
		snprintf(path, sizeof path, "%s/%.20s/stat", tasks, e->d_name);
		if (strcmp(e->d_name, main_thread) != 0) /* it lists and waits */
			n += running(path, c);
		if (c)
			n += running_children(tasks, e->d_name, c);
	}
	if (d)
		closedir(d);
	return n;
}

static void *look(void *arg)
{
	struct count *c = arg;
	pthread_setname_np(pthread_self(), "look");
	while (!atomic_load(&c->over)) {
		int n = running_of("/proc/self/task", c);
		c->samples++;
		c->computing += n > 0;
		c->above += n > c->budget;
		if (n > c->most)
			c->most = n;
		nanosleep(&(struct timespec){.tv_nsec = 200 * 1000}, NULL);
	}
	return NULL;
}

/* --- inputs --- */

static void make_images(int n, unsigned size)
{
	unsigned seed = 7;
	char name[64];
	uint8_t *row = malloc(3 * (size_t)size);
	assert_non_null(row);
	mkdirat(root.fd, "images", 0755);
	for (int i = 0; i < n; i++) {
		snprintf(name, sizeof name, "images/%02d.ppm", i);
		FILE *f = fopen(name, "wb");
		assert_non_null(f);
		fprintf(f, "P6 %u %u 255\n", size, size);
		for (unsigned y = 0; y < size; y++) {
			for (unsigned x = 0; x < 3 * size; x++)
				row[x] = (uint8_t)((seed = seed * 1664525 + 1013904223) >> 24);
			assert_int_equal(fwrite(row, 3, size, f), size);
		}
		assert_int_equal(fclose(f), 0);
	}
	free(row);
}

/* As comma-separated text: no library is needed to write it. */
static void make_matrices(int n, int size)
{
	char name[64];
	mkdirat(root.fd, "matrices", 0755);
	for (int i = 0; i < n; i++) {
		snprintf(name, sizeof name, "matrices/%02d.csv", i);
		FILE *f = fopen(name, "wb");
		assert_non_null(f);
		for (int y = 0; y < size; y++)
			for (int x = 0; x < size; x++)
				fprintf(f, "%d%c", x == y ? size : (x * y + i) % 7, x + 1 < size ? ',' : '\n');
		assert_int_equal(fclose(f), 0);
	}
}

/* --- runs --- */

static bool runs_here(struct leat_recipe *r, int cores, struct leat_err *err)
{
	struct leat_plan_options o = {.cores = cores};
	int status = leat_plan(r, &o, err);
	if (status == 0)
		return true;
	char *said = leat_diagnostics(r, false);
	bool missing = said && strstr(said, "needs a BLAS and LAPACK library");
	if (!missing)
		fail_msg("%s%s", said ? said : "", err->text);
	free(said);
	return false;
}

/* One run, looked at while it goes. False where it cannot run on this machine. */
static bool look_at_run(struct count *c, const char *recipe, char **plan)
{
	struct leat_err err = {0};
	pthread_t thread;
	struct leat_recipe *r = leat_load_text("cores", recipe, strlen(recipe), NULL, &err);
	assert_non_null(r);
	if (!runs_here(r, c->budget, &err)) {
		leat_free(&r);
		print_message("without BLAS: %s\n", recipe);
		return false;
	}
	free(*plan);
	*plan = leat_describe_plan(r, &err);
	c->handing = strstr(*plan, "processes ×");
	atomic_store(&c->over, false);
	assert_int_equal(pthread_create(&thread, NULL, look, c), 0);
	int status = leat_run(r, NULL, &err);
	atomic_store(&c->over, true);
	pthread_join(thread, NULL);
	if (status != 0)
		fail_msg("%d: %s", status, err.text);
	leat_free(&r);
	return true;
}

/*
 * `percent` of the looks that find more at work may be moments in which one hands over to another. On a busy machine a
 * run may be over before anybody looked: then it is run again.
 */
static struct count counted_within(int percent, const char *recipe, int cores)
{
	struct count c = {.budget = cores};
	char *plan = NULL;
	for (int i = 0; i < 20 && c.computing <= 5; i++)
		if (!look_at_run(&c, recipe, &plan))
			return c;
	if (getenv("LEAT_TEST_TELL"))
		print_message("%s\n%s%d samples, %d computing, %d above %d, at most %d\n", recipe, plan, c.samples,
			      c.computing, c.above, cores, c.most);
	assert_true(c.computing > 5);
	if (c.above * 100 > c.computing * percent)
		fail_msg("%d of %d times more than %d (up to %d) at work:\n%s\n%s", c.above, c.computing, cores, c.most,
			 recipe, plan);
	free(plan);
	return c;
}

static void counted(const char *recipe, int cores)
{
	(void)counted_within(1, recipe, cores);
}

static void worker_processes(void **state)
{
	(void)state;
	counted("read images | blur 6 | write out/{stem}.png", 2);
	counted("read images | blur 6 | write out1/{stem}.png", 1);
}

static void threads(void **state)
{
	(void)state;
	counted("job isolate=no | read images | blur 6 | write out/{stem}.png", 2);
	counted("job isolate=no | read images | blur 6 | write out1/{stem}.png", 1);
}

static void a_team_with_threads_around(void **state)
{
	(void)state;
	/* Three groups for two cores: one crew does the work of all. */
	counted("job isolate=no | read images | resize 900x900 | blur 6 on=openmp | resize 300x300 on=threads "
		"| write out/{stem}.png",
		2);
}

static void a_team_with_processes_around(void **state)
{
	(void)state;
	counted("read images | decode | blur 6 on=openmp | write out/{stem}.png", 2);
}

/*
 * Three pools for two cores, and a pool beside a team that has all cores: they take turns. A worker that has answered
 * is ready to run for some time more where other programs want the cores, too: a moment of each turn (without turns it
 * is 12 to 21 of 100 looks).
 */
static void pools_take_turns(void **state)
{
	(void)state;
	(void)counted_within(10,
			     "read images | blur 6 on=processes | blur 6 on=processes queue=2 | blur 6 on=processes "
			     "queue=1 | write out/{stem}.png",
			     2);
	(void)counted_within(10, "read images | blur 6 | blur 6 on=openmp workers=2 | write out1/{stem}.png", 2);
}

/* One item from outside: its rows are shared out in the process that decodes it, and all threads are locked down. */
static void a_team_inside_a_process(void **state)
{
	(void)state;
	struct count c = counted_within(1, "read images/00.ppm | blur 60 | write out1/{stem}.png", 2);
#if defined(_OPENMP) && !defined(__SANITIZE_ADDRESS__)
	assert_int_equal(c.locked, 2);
#else
	assert_true(c.locked <= 2);
#endif
}

static void blas_under_a_team(void **state)
{
	(void)state;
	counted("job isolate=no | read matrices | parse | inv on=openmp | write out/{stem}.npy", 2);
	counted("read matrices | parse | inv | write out1/{stem}.npy", 2);
	counted("job isolate=no | read matrices | parse | inv | write out2/{stem}.npy", 1);
}

/* What was started for a team, OpenMP's and the library's, ends with it: nothing stays that could spin. */
static void no_thread_stays(void **state)
{
	(void)state;
	int n = 0;
	(void)counted_within(
		5, "job isolate=no | read images/00.ppm | blur 9 on=openmp workers=2 | write out3/{stem}.png", 2);
	(void)counted_within(
		5, "job isolate=no | read matrices | parse | inv on=openmp workers=2 | write out3/{stem}.npy", 4);
	for (int tries = 0; tries < 200; tries++) { /* libgomp's end a moment after the thread they worked for */
		DIR *d = opendir("/proc/self/task");
		assert_non_null(d);
		n = 0;
		for (const struct dirent *e; (e = readdir(d));)
			n += e->d_name[0] != '.';
		closedir(d);
#if defined(__clang__) /* LLVM's runtime keeps its threads, asleep: here it is what BLAS started that must be gone */
		n = n <= 4 ? 1 : n;
#elif defined(__SANITIZE_THREAD__) /* it has a thread of its own */
		n -= n > 1;
#endif
		if (n == 1)
			break;
		nanosleep(&(struct timespec){.tv_nsec = 10 * 1000 * 1000}, NULL);
	}
	assert_int_equal(n, 1);
}

static int set_up(void **state)
{
	(void)state;
	scratch_open(&root);
	assert_int_equal(chdir(root.path), 0);
#ifdef __SANITIZE_THREAD__ /* every access costs ten times as much */
	make_images(6, 300);
	make_matrices(6, 90);
#else
	make_images(12, 700);
	make_matrices(16, 220);
#endif
	return 0;
}

static int tear_down(void **state)
{
	(void)state;
	assert_int_equal(chdir("/"), 0);
	scratch_close(&root);
	return 0;
}

int main(int argc, char **argv)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(worker_processes),           cmocka_unit_test(threads),
		cmocka_unit_test(a_team_with_threads_around), cmocka_unit_test(a_team_with_processes_around),
		cmocka_unit_test(pools_take_turns),           cmocka_unit_test(a_team_inside_a_process),
		cmocka_unit_test(blas_under_a_team),          cmocka_unit_test(no_thread_stays),
	};
	int worker = leat_worker_hook(argc, argv);
	return worker >= 0 ? worker : cmocka_run_group_tests(tests, set_up, tear_down);
}
