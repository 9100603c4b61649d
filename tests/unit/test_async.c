/* SPDX-License-Identifier: MIT */
/* Fibers, file calls through the event loop, and waiting for memory without holding up the thread. */
#include "base/fiber.h"
#include "base/file.h"
#include "exec/async/ring.h"
#include "flow/budget.h"

#include <errno.h>
#include <fcntl.h>
#include <pthread.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include <cmocka.h>

static void nothing(void *ctx)
{
	(void)ctx;
}

/* ---- fibers */

struct turns {
	int seen[12], n;
	struct leat_fiber *fiber[3];
};
struct one {
	struct turns *turns;
	int number;
};

static void take_turns(void *arg)
{
	struct one *o = arg;
	o->turns->fiber[o->number] = leat_fiber_self();
	for (int i = 0; i < 4; i++) {
		o->turns->seen[o->turns->n++] = o->number * 10 + i;
		if (i < 3)
			leat_fiber_yield();
	}
}

static void fibers_take_turns(void **state)
{
	(void)state;
	struct leat_err err = {0};
	struct turns t = {0};
	struct one o[4] = {{&t, 0}, {&t, 1}, {&t, 2}, {&t, 0}};
	struct leat_fibers *s = leat_fibers_new(3, (struct leat_waker){nothing, NULL}, &err);
	assert_non_null(s);
	assert_null(leat_fiber_self());
	for (int i = 0; i < 3; i++)
		assert_int_equal(leat_fiber_start(s, take_turns, &o[i], &err), 0);
	assert_int_equal(leat_fibers_alive(s), 3);
	assert_int_equal(leat_fiber_start(s, take_turns, &o[3], &err), -1); /* no room */
	for (int round = 0; round < 3; round++)
		for (int i = 2; i >= 0; i--)
			leat_fiber_resume(t.fiber[i]);
	static const int want[] = {0, 10, 20, 21, 11, 1, 22, 12, 2, 23, 13, 3};
	assert_int_equal(t.n, 12);
	assert_memory_equal(t.seen, want, sizeof want);
	assert_int_equal(leat_fibers_alive(s), 0);
	leat_fibers_free(&s);
}

struct dive {
	struct leat_fiber *fiber;
	int done;
};

static void deep(void *arg)
{
	struct dive *d = arg;
	char room[200000];
	memset(room, 7, sizeof room);
	d->fiber = leat_fiber_self();
	leat_fiber_yield();
	d->done = room[199999];
}

static void stacks_are_large_and_used_again(void **state)
{
	(void)state;
	struct leat_err err = {0};
	struct leat_fibers *s = leat_fibers_new(2, (struct leat_waker){nothing, NULL}, &err);
	for (int i = 0; i < 500; i++) {
		struct dive d[2] = {0};
		for (int k = 0; k < 2; k++)
			assert_int_equal(leat_fiber_start(s, deep, &d[k], &err), 0);
		for (int k = 0; k < 2; k++)
			leat_fiber_resume(d[k].fiber);
		assert_int_equal(d[0].done + d[1].done, 14);
		assert_int_equal(leat_fibers_alive(s), 0);
	}
	leat_fibers_free(&s);
}

/* ---- calls */

struct io {
	int dir;
	int result[8];
	char text[16];
	ssize_t got;
	int missing;
};

static void write_and_read(void *arg)
{
	struct io *io = arg;
	struct open_how how = {.flags = O_RDONLY | O_CLOEXEC, .resolve = RESOLVE_BENEATH};
	io->result[0] = leat_file_mkdirat(io->dir, "d", 0777);
	int fd = leat_file_openat(io->dir, "d/a", O_CREAT | O_WRONLY | O_CLOEXEC, 0600);
	io->result[1] = (int)leat_file_write(fd, "hello ", 6);
	io->result[2] = (int)leat_file_write(fd, "world", 5); /* at the file's position */
	io->result[3] = leat_file_fsync(fd);
	close(fd);
	io->result[4] = leat_file_renameat2(io->dir, "d/a", io->dir, "d/b", 0);
	fd = leat_file_openat2(io->dir, "d/b", &how);
	io->got = leat_file_pread(fd, io->text, sizeof io->text, 0);
	close(fd);
	io->result[5] = leat_file_unlinkat(io->dir, "d/b", 0);
	io->result[6] = leat_file_openat2(io->dir, "d/b", &how);
	io->missing = errno;
}

static void check_io(const struct io *io)
{
	static const int want[] = {0, 6, 5, 0, 0, 0, -1};
	assert_memory_equal(io->result, want, sizeof want);
	assert_int_equal(io->got, 11);
	assert_memory_equal(io->text, "hello world", 11);
	assert_int_equal(io->missing, ENOENT);
}

static int scratch_dir(char *path, size_t n)
{
	snprintf(path, n, "/tmp/leat-async-XXXXXX");
	assert_non_null(mkdtemp(path));
	return open(path, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
}

static void remove_dir(int fd, const char *path)
{
	assert_int_equal(unlinkat(fd, "d", AT_REMOVEDIR), 0);
	close(fd);
	assert_int_equal(rmdir(path), 0);
}

static void calls_do_the_same_with_and_without_a_loop(void **state)
{
	(void)state;
	char path[64];
	struct leat_err err = {0};
	struct io io = {.dir = scratch_dir(path, sizeof path)};
	write_and_read(&io);
	check_io(&io);
	remove_dir(io.dir, path);
	if (leat_ring_missing())
		skip();
	struct leat_ring *r = leat_ring_new(8, &err);
	assert_non_null(r);
	struct leat_fibers *s = leat_fibers_new(8, leat_ring_waker(r), &err);
	leat_fibers_set_host(s, leat_ring_host(r));
	struct io eight[8];
	char paths[8][64];
	for (int i = 0; i < 8; i++) {
		eight[i] = (struct io){.dir = scratch_dir(paths[i], sizeof paths[i])};
		assert_int_equal(leat_fiber_start(s, write_and_read, &eight[i], &err), 0);
	}
	assert_int_equal(leat_fibers_alive(s), 8); /* all wait at once */
	while (leat_fibers_alive(s))
		assert_true(leat_ring_wait(r, &err) >= 0);
	for (int i = 0; i < 8; i++) {
		check_io(&eight[i]);
		remove_dir(eight[i].dir, paths[i]);
	}
	leat_fibers_free(&s);
	leat_ring_free(&r);
}

static void a_broken_ring_loses_its_calls_and_goes_on(void **state)
{
	(void)state;
	char path[64];
	struct leat_err err = {0};
	if (leat_ring_missing())
		skip();
	struct leat_ring *r = leat_ring_new(2, &err);
	struct leat_fibers *s = leat_fibers_new(2, leat_ring_waker(r), &err);
	leat_fibers_set_host(s, leat_ring_host(r));
	struct io io = {.dir = scratch_dir(path, sizeof path)};
	assert_int_equal(leat_fiber_start(s, write_and_read, &io, &err), 0);
	leat_ring_go_direct(r, &err);
	assert_int_equal(leat_fibers_alive(s), 0);
	assert_int_equal(io.result[0], -1); /* was under way */
	leat_fibers_free(&s);
	leat_ring_free(&r);
	int fd = io.dir;
	(void)unlinkat(fd, "d", AT_REMOVEDIR); /* whether the kernel did it or not */
	close(fd);
	assert_int_equal(rmdir(path), 0);
}

/* ---- memory */

struct reserve {
	struct leat_budget *budget;
	uint64_t seq;
	_Atomic int result;
};
static void reserve(void *arg)
{
	struct reserve *v = arg;
	v->result = leat_budget_reserve(v->budget, LEAT_ACTIVE, v->seq, 60, NULL);
}

static void *release_later(void *arg)
{
	struct reserve *second = arg;
	usleep(20000);
	leat_budget_release(second->budget, LEAT_ACTIVE, 60);
	while (second->result) /* only what was granted can be given back, and on a busy machine that may take long */
		usleep(1000);
	leat_budget_release(second->budget, LEAT_ACTIVE, 60);
	return NULL;
}

static void fibers_wait_for_memory_without_their_thread(void **state)
{
	(void)state;
	struct leat_err err = {0};
	pthread_t other;
	if (leat_ring_missing())
		skip();
	struct leat_ring *r = leat_ring_new(4, &err);
	struct leat_fibers *s = leat_fibers_new(4, leat_ring_waker(r), &err);
	leat_fibers_set_host(s, leat_ring_host(r));
	struct leat_budget *b = leat_budget_new(100, &err); /* 75 of it for active items: one at a time */
	struct reserve v[3] = {{b, 2, 9}, {b, 1, 9}, {b, 0, 9}}; /* the first in sequence comes last */
	for (int i = 0; i < 3; i++)
		assert_int_equal(leat_fiber_start(s, reserve, &v[i], &err), 0);
	assert_int_equal(v[2].result, 0);
	assert_int_equal(v[1].result, 9);
	assert_int_equal(pthread_create(&other, NULL, release_later, &v[1]), 0);
	while (leat_fibers_alive(s))
		if (leat_ring_wait(r, &err) > 0)
			leat_fibers_resume_parked(s);
	assert_int_equal(v[1].result, 0);
	assert_int_equal(v[0].result, 0);
	pthread_join(other, NULL);
	leat_budget_free(&b);
	leat_fibers_free(&s);
	leat_ring_free(&r);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(fibers_take_turns),
		cmocka_unit_test(stacks_are_large_and_used_again),
		cmocka_unit_test(calls_do_the_same_with_and_without_a_loop),
		cmocka_unit_test(a_broken_ring_loses_its_calls_and_goes_on),
		cmocka_unit_test(fibers_wait_for_memory_without_their_thread),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
