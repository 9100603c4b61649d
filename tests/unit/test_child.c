/* SPDX-License-Identifier: MIT */
/* Programs run to their end: input, output, status, last words, limits, and that nothing of them stays. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "base/child.h"
#include "base/mem.h"
#include "base/sys.h"

#include <errno.h>
#include <signal.h>
#include <stdio.h>
#include <unistd.h>

static int shell(const char *script, const struct leat_child *how, struct leat_child_end *end, struct leat_err *err)
{
	const char *argv[] = {"sh", "-c", script, NULL};
	struct leat_child c = *how;
	c.argv = argv;
	*err = (struct leat_err){0};
	return leat_child_run(&c, end, err);
}

static void input_and_output(void **state)
{
	enum { N = 3 << 20 }; /* more than pipes hold, both ways */
	struct leat_child c = {.output = true, .output_most = N, .input_len = N};
	struct leat_child_end end;
	struct leat_err err;
	char *big = malloc(N);
	(void)state;
	assert_non_null(big);
	for (size_t i = 0; i < N; i++)
		big[i] = (char)(i * 7 + i / 1000);
	c.input = big;
	assert_int_equal(shell("cat; echo 'all is said' >&2", &c, &end, &err), 0);
	assert_int_equal(end.status, 0);
	assert_int_equal(end.output.len, N);
	assert_memory_equal(end.output.data, big, N);
	assert_string_equal(end.words, "all is said");
	leat_buf_free(&end.output);
	/* It does not want its input: that is its affair. */
	assert_int_equal(shell("exit 3", &c, &end, &err), 0);
	assert_int_equal(end.status, 3);
	leat_buf_free(&end.output);
	free(big);
}

static void surroundings(void **state)
{
	const char *env[] = {"LEAT_A=one two", "HOME=/nowhere", NULL};
	struct leat_child c = {.output = true, .output_most = 1000, .env = env, .folder = "/usr"};
	struct leat_child_end end;
	struct leat_err err;
	(void)state;
	assert_int_equal(
		shell("echo \"$LEAT_A|$HOME|$(env | grep -c ^HOME=)|$PWD|$(cat | wc -c)\"; echo a >&2; echo b >&2", &c,
		      &end, &err),
		0);
	assert_string_equal(end.output.data, "one two|/nowhere|1|/usr|0\n");
	assert_string_equal(end.words, "b");
	leat_buf_free(&end.output);
	c.output = false; /* then what it prints counts as its words */
	assert_int_equal(shell("echo here", &c, &end, &err), 0);
	assert_string_equal(end.words, "here");
	assert_int_equal(end.output.len, 0);
	/* No descriptor of ours is there. */
	c.output = true;
	assert_int_equal(shell("ls /proc/self/fd | wc -l", &c, &end, &err), 0);
	assert_string_equal(end.output.data, "4\n"); /* 0, 1, 2 and that of ls */
	leat_buf_free(&end.output);
}

static void failures(void **state)
{
	const char *none[] = {"leat-no-such-program", NULL}, *folder[] = {"/usr", NULL};
	struct leat_child c = {.argv = none};
	struct leat_child_end end;
	struct leat_err err = {0};
	(void)state;
	assert_int_equal(leat_child_run(&c, &end, &err), -1);
	assert_int_equal(err.cause, LEAT_CAUSE_NOT_FOUND);
	assert_string_equal(err.text, "there is no program 'leat-no-such-program'");
	c.argv = folder;
	err = (struct leat_err){0};
	assert_int_equal(leat_child_run(&c, &end, &err), -1);
	assert_int_equal(err.cause, LEAT_CAUSE_PERMISSION);
	struct leat_child limit = {.output = true, .output_most = 10};
	assert_int_equal(shell("yes", &limit, &end, &err), -1);
	assert_int_equal(err.cause, LEAT_CAUSE_LIMIT);
	assert_int_equal(shell("kill -SEGV $$", &limit, &end, &err), 0);
	assert_int_equal(end.status, -1);
	assert_int_equal(end.signal, SIGSEGV);
}

static bool at_once(const void *ctx)
{
	(void)ctx;
	return true;
}

/* The number that the script left in a file: that process is gone, or about to be. */
static void gone(const char *path)
{
	int pid = 0;
	FILE *f = fopen(path, "r");
	assert_non_null(f);
	assert_int_equal(fscanf(f, "%d", &pid), 1);
	fclose(f);
	for (int i = 0; i < 200 && kill(pid, 0) == 0; i++)
		usleep(10000); /* its new parent has to reap it */
	assert_true(kill(pid, 0) < 0 && errno == ESRCH);
}

static void nothing_stays(void **state)
{
	char path[] = "/tmp/leat-child-XXXXXX", script[200];
	int fd = mkstemp(path);
	struct leat_child c = {.deadline_ns = 0};
	struct leat_child_end end;
	struct leat_err err;
	(void)state;
	assert_true(fd >= 0);
	snprintf(script, sizeof script, "sleep 100 & echo $! > %s; exit 0", path);
	assert_int_equal(shell(script, &c, &end, &err),
			 0); /* what it leaves behind holds a pipe open: no wait for that */
	gone(path);
	snprintf(script, sizeof script, "sleep 100 & echo $! > %s; wait", path);
	c.deadline_ns = leat_now_ns() + 100000000;
	assert_int_equal(shell(script, &c, &end, &err), -1);
	assert_int_equal(err.cause, LEAT_CAUSE_TIMEOUT);
	gone(path);
	c = (struct leat_child){.stop = at_once};
	assert_int_equal(shell("sleep 100", &c, &end, &err), -1);
	assert_int_equal(err.cause, LEAT_CAUSE_CANCELLED);
	close(fd);
	unlink(path);
}

int main(void)
{
	const struct CMUnitTest tests[] = {cmocka_unit_test(input_and_output), cmocka_unit_test(surroundings),
					   cmocka_unit_test(failures), cmocka_unit_test(nothing_stays)};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
