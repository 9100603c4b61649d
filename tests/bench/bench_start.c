/* SPDX-License-Identifier: MIT */
/*
 * How long a command takes from its start to its end: medians of wall and of processor time over 50 runs that alternate
 * with /bin/true, which costs what any process costs on this machine at this moment.
 *
 *	bench_start build/leat        its own list: help, a small check, an empty match, a check of 10 000 statements
 */
#include <fcntl.h>
#include <spawn.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/resource.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

#include "median.h"

extern char **environ;

enum { RUNS = 50 };

struct times {
	double wall[RUNS], cpu[RUNS]; /* milliseconds */
};

static double now_ms(void)
{
	struct timespec t;
	clock_gettime(CLOCK_MONOTONIC, &t);
	return (double)t.tv_sec * 1e3 + (double)t.tv_nsec * 1e-6;
}

static double ms(struct timeval t)
{
	return (double)t.tv_sec * 1e3 + (double)t.tv_usec * 1e-3;
}

static void once(char *const *argv, double *wall, double *cpu)
{
	posix_spawn_file_actions_t quiet;
	struct rusage use;
	pid_t pid;
	posix_spawn_file_actions_init(&quiet);
	posix_spawn_file_actions_addopen(&quiet, 1, "/dev/null", O_WRONLY, 0);
	posix_spawn_file_actions_addopen(&quiet, 2, "/dev/null", O_WRONLY, 0);
	double since = now_ms();
	if (posix_spawn(&pid, argv[0], &quiet, NULL, argv, environ) != 0 || wait4(pid, NULL, 0, &use) < 0) {
		perror(argv[0]);
		exit(1);
	}
	*wall = now_ms() - since;
	*cpu = ms(use.ru_utime) + ms(use.ru_stime);
	posix_spawn_file_actions_destroy(&quiet);
}

static void bench(const char *name, char *const *argv)
{
	static struct times us, base;
	char *const nothing[] = {"/bin/true", NULL};
	for (int i = 0; i < RUNS; i++) {
		once(nothing, &base.wall[i], &base.cpu[i]);
		once(argv, &us.wall[i], &us.cpu[i]);
	}
	double wall = median(us.wall, RUNS), cpu = median(us.cpu, RUNS), wall0 = median(base.wall, RUNS),
	       cpu0 = median(base.cpu, RUNS);
	printf("%-28s wall %6.2f ms (best %.2f), processor %6.2f ms; an empty process %.2f and %.2f\n", name, wall,
	       us.wall[0], cpu, wall0, cpu0);
}

/* A recipe of 9 997 statements: branches of two steps. */
static void write_large(const char *path)
{
	FILE *f = fopen(path, "w");
	if (!f) {
		perror(path);
		exit(1);
	}
	fputs("read photos/*.jpg\n", f);
	for (int i = 0; i < 2499; i++)
		fprintf(f, "branch b%d\n  resize %dx\n  write o/{stem}-%d.png\nend\n", i, i + 1, i);
	if (fclose(f) != 0)
		exit(1);
}

int main(int argc, char **argv)
{
	char *leat = argc > 1 ? argv[1] : "build/leat";
	char small[] = "read photos/*.jpg | resize 800x600 | write web/{stem}.png";
	char empty[] = "read /nowhere/*.jpg empty=ok | resize 800x600 | write web/{stem}.png";
	char large[] = "/tmp/leat-bench-large.leat";
	write_large(large);
	bench("help", (char *const[]){leat, "help", NULL});
	bench("check, small", (char *const[]){leat, "check", "-e", small, NULL});
	bench("run, empty match", (char *const[]){leat, "run", "-e", empty, NULL});
	bench("check, 10 000 statements", (char *const[]){leat, "check", large, NULL});
	return unlink(large) == 0 ? 0 : 1;
}
