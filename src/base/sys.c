/* SPDX-License-Identifier: MIT */
/* What this machine is: see sys.h. Everything is read anew at each call, so nothing is kept. */
#include "base/sys.h"

#include "base/mem.h"
#include "base/num.h"

#include <dirent.h>
#include <fcntl.h>
#include <limits.h>
#include <pwd.h>
#include <sched.h>
#include <stdio.h>
#include <string.h>
#include <time.h>
#include <unistd.h>

enum { SMALL = 8192 }; /* the files of /proc and cgroups that are read here are smaller */

/* The beginning of a small file as text; false when it cannot be read. */
static bool read_small(const char *path, char buf[static SMALL])
{
	int fd = open(path, O_RDONLY | O_CLOEXEC);
	if (fd < 0)
		return false;
	size_t len = 0;
	ssize_t got;
	while (len < SMALL - 1 && (got = read(fd, buf + len, SMALL - 1 - len)) > 0)
		len += (size_t)got;
	close(fd);
	buf[len] = 0;
	return len > 0;
}

/* The number at s, behind blanks; false when there is none ("max"). */
static bool number_at(const char *s, int64_t *out)
{
	s += strspn(s, " \t");
	return leat_parse_int(s, strspn(s, "0123456789-"), out);
}

/* The number behind `key` at the beginning of a line. */
static bool number_of(const char *text, const char *key, int64_t *out)
{
	size_t n = strlen(key);
	for (const char *line = text; line; line = strchr(line, '\n')) {
		line += *line == '\n';
		if (strncmp(line, key, n) == 0)
			return number_at(line + n, out);
	}
	return false;
}

/* The whole file is one number. */
static bool number_in(const char *dir, const char *file, int64_t *out)
{
	char path[PATH_MAX + 64], text[SMALL];
	snprintf(path, sizeof path, "%s/%s", dir, file);
	return read_small(path, text) && number_at(text, out);
}

/* This process's cgroup folder of a controller: v1 by its name, v2 with "". False when there is none. */
static bool cgroup_path(const char *controller, char out[static PATH_MAX])
{
	char text[SMALL];
	if (!read_small("/proc/self/cgroup", text))
		return false;
	for (char *save, *line = strtok_r(text, "\n", &save); line; line = strtok_r(NULL, "\n", &save)) {
		char *names = strchr(line, ':'), *path = names ? strchr(names + 1, ':') : NULL;
		if (!path)
			continue;
		*path++ = 0;
		names++;
		char list[SMALL], word[64];
		snprintf(list, sizeof list, ",%s,", names);
		snprintf(word, sizeof word, ",%s,", controller);
		if (*controller ? strstr(list, word) != NULL : *names == 0) {
			snprintf(out, PATH_MAX, "%s", path);
			return true;
		}
	}
	return false;
}

/*
 * Calls `look` for the folder of this process's cgroup below `mount` and for all folders above it: a limit
 * anywhere above holds too. Inside a container the path may be the host's and not be there: then only the mount
 * itself is.
 */
static void each_cgroup(const char *mount, const char *controller, void (*look)(const char *dir, void *ctx), void *ctx)
{
	char path[PATH_MAX], dir[PATH_MAX + 64];
	if (access(mount, F_OK) < 0 || !cgroup_path(controller, path))
		return;
	size_t root = (size_t)snprintf(dir, sizeof dir, "%s", mount);
	snprintf(dir + root, sizeof dir - root, "%s", path);
	for (;;) {
		look(dir, ctx);
		char *slash = strrchr(dir, '/');
		if (slash < dir + root)
			return;
		*slash = 0;
	}
}

static void lower(int64_t *limit, int64_t v)
{
	if (v < *limit)
		*limit = v;
}

static void quota(int64_t *cores, int64_t used, int64_t period)
{
	if (used > 0 && period > 0)
		lower(cores, (used - 1) / period + 1);
}

static void cpu_v2(const char *dir, void *ctx)
{
	char path[PATH_MAX + 64], text[SMALL];
	int64_t used, period;
	snprintf(path, sizeof path, "%s/cpu.max", dir);
	if (!read_small(path, text) || !number_at(text, &used))
		return;
	const char *second = strchr(text, ' ');
	if (second && number_at(second, &period))
		quota(ctx, used, period);
}

static void cpu_v1(const char *dir, void *ctx)
{
	int64_t used, period;
	if (number_in(dir, "cpu.cfs_quota_us", &used) && number_in(dir, "cpu.cfs_period_us", &period))
		quota(ctx, used, period);
}

/* Cores of the affinity mask, however many the machine has. */
static int affinity(void)
{
	for (int cpus = 1024; cpus <= 1 << 20; cpus *= 4) {
		cpu_set_t *set = CPU_ALLOC(cpus);
		if (!set)
			break;
		size_t bytes = CPU_ALLOC_SIZE(cpus);
		int n = sched_getaffinity(0, bytes, set) == 0 ? CPU_COUNT_S(bytes, set) : 0;
		CPU_FREE(set);
		if (n > 0)
			return n;
	}
	long n = sysconf(_SC_NPROCESSORS_ONLN);
	return n > 0 ? (int)n : 1;
}

int leat_sys_cores(void)
{
	int64_t cores = affinity();
	each_cgroup("/sys/fs/cgroup", "", cpu_v2, &cores);
	each_cgroup("/sys/fs/cgroup/unified", "", cpu_v2, &cores);
	each_cgroup("/sys/fs/cgroup/cpu", "cpu", cpu_v1, &cores);
	return cores < 1 ? 1 : (int)cores;
}

/* What is left below a limit. File pages not used lately go when memory is wanted, so they do not count as used. */
static void room(const char *dir, int64_t *left, const char *limit_file, const char *use_file, const char *reclaimable)
{
	char path[PATH_MAX + 64], text[SMALL];
	int64_t limit, use, inactive = 0;
	if (!number_in(dir, limit_file, &limit) || !number_in(dir, use_file, &use))
		return;
	snprintf(path, sizeof path, "%s/memory.stat", dir);
	if (read_small(path, text) && number_of(text, reclaimable, &inactive))
		use = use > inactive ? use - inactive : 0;
	lower(left, limit > use ? limit - use : 1);
}

static void memory_v2(const char *dir, void *ctx)
{
	room(dir, ctx, "memory.max", "memory.current", "inactive_file ");
}

static void memory_v1(const char *dir, void *ctx)
{
	room(dir, ctx, "memory.limit_in_bytes", "memory.usage_in_bytes", "total_inactive_file ");
}

uint64_t leat_sys_memory(void)
{
	char text[SMALL];
	int64_t left = INT64_MAX, kib;
	if (read_small("/proc/meminfo", text) && number_of(text, "MemAvailable:", &kib))
		left = kib * 1024;
	each_cgroup("/sys/fs/cgroup", "", memory_v2, &left);
	each_cgroup("/sys/fs/cgroup/unified", "", memory_v2, &left);
	each_cgroup("/sys/fs/cgroup/memory", "memory", memory_v1, &left);
	return left == INT64_MAX ? 0 : (uint64_t)left;
}

/* The folder of this process is looked at first, then those above it: the last number counts all below. */
static void oom_v2(const char *dir, void *ctx)
{
	char path[PATH_MAX + 64], text[SMALL];
	int64_t n;
	snprintf(path, sizeof path, "%s/memory.events", dir);
	if (read_small(path, text) && number_of(text, "oom_kill ", &n))
		*(int64_t *)ctx = n;
}

uint64_t leat_sys_oom_kills(void)
{
	char text[SMALL];
	int64_t n = -1;
	each_cgroup("/sys/fs/cgroup", "", oom_v2, &n);
	each_cgroup("/sys/fs/cgroup/unified", "", oom_v2, &n);
	if (n < 0 && !(read_small("/proc/vmstat", text) && number_of(text, "oom_kill ", &n)))
		n = 0;
	return n < 0 ? 0 : (uint64_t)n;
}

static int64_t clock_ns(clockid_t clock)
{
	struct timespec t = {0};
	(void)clock_gettime(clock, &t); /* these three clocks always exist on Linux */
	return (int64_t)t.tv_sec * 1000000000 + t.tv_nsec;
}

int64_t leat_now_ns(void)
{
	return clock_ns(CLOCK_MONOTONIC);
}

int64_t leat_thread_cpu_ns(void)
{
	return clock_ns(CLOCK_THREAD_CPUTIME_ID);
}

int64_t leat_wall_ns(void)
{
	return clock_ns(CLOCK_REALTIME);
}

/* The second number of a schedstat file; 0 when it cannot be read. */
static int64_t runq_in(const char *path)
{
	char text[128];
	int fd = open(path, O_RDONLY | O_CLOEXEC);
	if (fd < 0)
		return 0;
	ssize_t got = read(fd, text, sizeof text - 1);
	close(fd);
	int64_t ns = 0;
	if (got <= 0)
		return 0;
	text[got] = 0;
	const char *second = strchr(text, ' ');
	return second && number_at(second, &ns) ? ns : 0;
}

char *leat_home_folder(struct leat_err *err)
{
	char mem[16384];
	struct passwd pw, *found = NULL;
	if (getpwuid_r(getuid(), &pw, mem, sizeof mem, &found) == 0 && found && found->pw_dir)
		return leat_strdup(found->pw_dir, err);
	leat_fail(err, LEAT_CAUSE_USAGE, "'~' is not known: this user has no entry in the password database");
	return NULL;
}

int64_t leat_thread_runq_ns(void)
{
	return runq_in("/proc/thread-self/schedstat");
}

/* Of all threads that it has now. */
static int64_t runq_of_threads(int64_t pid)
{
	char path[64 + sizeof((struct dirent *)0)->d_name];
	int64_t sum = 0;
	snprintf(path, sizeof path, "/proc/%lld/task", (long long)pid);
	DIR *d = opendir(path);
	for (const struct dirent *e; d && (e = readdir(d));) {
		if (e->d_name[0] == '.')
			continue;
		snprintf(path, sizeof path, "/proc/%lld/task/%s/schedstat", (long long)pid, e->d_name);
		sum += runq_in(path);
	}
	if (d)
		closedir(d);
	return sum;
}

int leat_process_times(int64_t pid, int64_t *cpu_ns, int64_t *runq_ns)
{
	clockid_t clock;
	struct timespec t;
	if (clock_getcpuclockid((pid_t)pid, &clock) != 0 || clock_gettime(clock, &t) < 0)
		return -1;
	*cpu_ns = (int64_t)t.tv_sec * 1000000000 + t.tv_nsec;
	*runq_ns = runq_of_threads(pid);
	return 0;
}
