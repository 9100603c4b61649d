/* SPDX-License-Identifier: MIT */
/* File calls through io_uring: see ring.h. */
#include "exec/async/ring.h"

#include "base/mem.h"

#include <errno.h>
#include <fcntl.h>
#include <liburing.h>
#include <stdatomic.h>
#include <sys/eventfd.h>
#include <unistd.h>

struct under_way { /* on the stack of the fiber that waits */
	struct leat_fiber *fiber;
	struct under_way *next, **at; /* all of them */
	int result;
	struct __kernel_timespec time; /* of a sleep */
};

struct leat_ring {
	struct leat_file_host host; /* first: the two pointers are one */
	struct io_uring uring;
	struct under_way *all;
	int wakefd;
	uint64_t wakes; /* what the kernel reads from it */
	bool armed; /* a read of wakefd is with the kernel */
	bool direct; /* broken: no more calls through it */
	atomic_bool woken; /* somebody has written to wakefd since it was read */
	bool known[LEAT_FILE_N_OPS]; /* to this kernel */
};

static const int opcodes[LEAT_FILE_N_OPS] = {
	[LEAT_FILE_OPENAT] = IORING_OP_OPENAT,   [LEAT_FILE_OPENAT2] = IORING_OP_OPENAT2,
	[LEAT_FILE_READ] = IORING_OP_READ,       [LEAT_FILE_WRITE] = IORING_OP_WRITE,
	[LEAT_FILE_FSYNC] = IORING_OP_FSYNC,     [LEAT_FILE_RENAME] = IORING_OP_RENAMEAT,
	[LEAT_FILE_UNLINK] = IORING_OP_UNLINKAT, [LEAT_FILE_MKDIR] = IORING_OP_MKDIRAT,
	[LEAT_FILE_SLEEP] = IORING_OP_TIMEOUT,
};

const char *leat_ring_missing(void)
{
	struct io_uring ring;
	int r = io_uring_queue_init(2, &ring, 0);
	if (r == 0) {
		io_uring_queue_exit(&ring);
		return NULL;
	}
	if (r == -ENOSYS)
		return "this kernel has no io_uring";
	if (r == -EPERM || r == -EACCES)
		return "io_uring is switched off here (kernel.io_uring_disabled, or a container's filter)";
	return r == -ENOMEM ? "there is no memory for an io_uring (limit of locked memory?)"
			    : "io_uring does not start";
}

/* ---- waking */

static void wake(void *ctx)
{
	struct leat_ring *r = ctx;
	static const uint64_t one = 1;
	if (!atomic_exchange(&r->woken, true) && write(r->wakefd, &one, sizeof one) < 0)
		atomic_store(&r->woken, false); /* only a full counter: then it is awake */
}

struct leat_waker leat_ring_waker(struct leat_ring *r)
{
	return (struct leat_waker){.wake = wake, .ctx = r};
}

/* ---- calls */

/* A place for one more; what is in the way goes to the kernel. */
static struct io_uring_sqe *place(struct leat_ring *r)
{
	struct io_uring_sqe *s = io_uring_get_sqe(&r->uring);
	if (s || io_uring_submit(&r->uring) < 0)
		return s;
	return io_uring_get_sqe(&r->uring);
}

static void prepare(struct io_uring_sqe *s, const struct leat_file_call *c, struct under_way *u)
{
	unsigned n = c->n < INT32_MAX ? (unsigned)c->n : INT32_MAX;
	switch (c->op) {
	case LEAT_FILE_OPENAT:
		io_uring_prep_openat(s, c->fd, c->path, c->flags, c->mode);
		break;
	case LEAT_FILE_OPENAT2:
		io_uring_prep_openat2(s, c->fd, c->path, (struct open_how *)(uintptr_t)c->how); /* only read */
		break;
	case LEAT_FILE_READ:
		io_uring_prep_read(s, c->fd, c->buf, n, (uint64_t)c->at);
		break;
	case LEAT_FILE_WRITE:
		io_uring_prep_write(s, c->fd, c->buf, n, (uint64_t)-1);
		break;
	case LEAT_FILE_FSYNC:
		io_uring_prep_fsync(s, c->fd, 0);
		break;
	case LEAT_FILE_RENAME:
		io_uring_prep_renameat(s, c->fd, c->path, c->fd2, c->path2, (unsigned)c->flags);
		break;
	case LEAT_FILE_UNLINK:
		io_uring_prep_unlinkat(s, c->fd, c->path, c->flags);
		break;
	case LEAT_FILE_SLEEP:
		u->time = (struct __kernel_timespec){.tv_sec = c->at / 1000000000, .tv_nsec = c->at % 1000000000};
		io_uring_prep_timeout(s, &u->time, 0, 0);
		break;
	case LEAT_FILE_MKDIR:
	case LEAT_FILE_N_OPS:
		io_uring_prep_mkdirat(s, c->fd, c->path, c->mode);
		break;
	}
}

/* In a fiber. */
static long call(struct leat_file_host *h, const struct leat_file_call *c)
{
	struct leat_ring *r = (struct leat_ring *)h;
	struct io_uring_sqe *s = r->direct || !r->known[c->op] ? NULL : place(r);
	if (!s)
		return leat_file_direct(c);
	struct under_way u = {.fiber = leat_fiber_self(), .next = r->all, .at = &r->all};
	if (r->all)
		r->all->at = &u.next;
	r->all = &u;
	prepare(s, c, &u);
	io_uring_sqe_set_data(s, &u);
	leat_fiber_yield();
	return u.result;
}

static void finish(struct under_way *u, int result)
{
	u->result = result;
	*u->at = u->next;
	if (u->next)
		u->next->at = u->at;
	leat_fiber_resume(u->fiber);
}

/* A read of the eventfd always waits in the kernel, so that a wake-up is one more call that is done. */
static void arm(struct leat_ring *r)
{
	struct io_uring_sqe *s = r->armed ? NULL : place(r);
	if (!s)
		return;
	io_uring_prep_read(s, r->wakefd, &r->wakes, sizeof r->wakes, 0);
	io_uring_sqe_set_data(s, NULL);
	r->armed = true;
}

/* What is done, one after the other: fibers that go on may start new calls meanwhile. */
static int reap(struct leat_ring *r)
{
	struct io_uring_cqe *c;
	int woken = 0;
	while (io_uring_peek_cqe(&r->uring, &c) == 0) {
		struct under_way *u = io_uring_cqe_get_data(c);
		int result = c->res;
		io_uring_cqe_seen(&r->uring, c);
		if (u) {
			finish(u, result);
			continue;
		}
		r->armed = false;
		atomic_store(&r->woken, false);
		woken = 1;
	}
	return woken;
}

/* Without a ring only parked fibers can be left: until somebody wakes them. */
static int doze(struct leat_ring *r)
{
	ssize_t got = read(r->wakefd, &r->wakes, sizeof r->wakes);
	atomic_store(&r->woken, false);
	return got < 0 ? 0 : 1;
}

int leat_ring_wait(struct leat_ring *r, struct leat_err *err)
{
	if (r->direct)
		return doze(r);
	arm(r);
	int got = io_uring_submit_and_wait(&r->uring, 1);
	if (got < 0 && got != -EINTR && got != -EAGAIN && got != -EBUSY)
		return leat_fail_sys(err, LEAT_CAUSE_INTERNAL, -got, "the io_uring does not work any more");
	return reap(r);
}

void leat_ring_go_direct(struct leat_ring *r, const struct leat_err *why)
{
	(void)why; /* the calls' own errors say what is lost */
	r->direct = true;
	while (r->all)
		finish(r->all, -EIO);
}

/* ---- its life */

static void ask(struct leat_ring *r)
{
	struct io_uring_probe *p = io_uring_get_probe_ring(&r->uring);
	for (int i = 0; p && i < LEAT_FILE_N_OPS; i++)
		r->known[i] = io_uring_opcode_supported(p, opcodes[i]);
	if (p)
		io_uring_free_probe(p);
}

struct leat_ring *leat_ring_new(unsigned calls, struct leat_err *err)
{
	struct leat_ring *r = leat_zalloc(1, sizeof *r, err);
	if (!r)
		return NULL;
	r->wakefd = eventfd(0, EFD_CLOEXEC);
	int sys = r->wakefd < 0 ? errno : -io_uring_queue_init(calls + 1, &r->uring, IORING_SETUP_CLAMP);
	if (sys) {
		if (r->wakefd >= 0)
			(void)close(r->wakefd); /* an eventfd: nothing to lose */
		free(r);
		leat_fail_sys(err, LEAT_CAUSE_LIMIT, sys, "cannot make an io_uring");
		return NULL;
	}
	r->host.call = call;
	ask(r);
	return r;
}

void leat_ring_free(struct leat_ring **rp)
{
	struct leat_ring *r = *rp;
	*rp = NULL;
	if (!r)
		return;
	io_uring_queue_exit(&r->uring);
	(void)close(r->wakefd); /* an eventfd: nothing to lose */
	free(r);
}

struct leat_file_host *leat_ring_host(struct leat_ring *r)
{
	return &r->host;
}
