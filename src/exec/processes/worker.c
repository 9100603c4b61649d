/* SPDX-License-Identifier: MIT */
/*
 * A worker: hello, bind, first work, lock-down, first work again, ready; then requests until the socket ends.
 *
 * A process has one set of signal handlers, so what they need is one static object. Only workers ever touch
 * it.
 */
#include "exec/processes/worker.h"

#include "base/mem.h"
#include "base/sys.h"
#include "exec/processes/exe.h"
#include "exec/processes/lockdown.h"
#include "exec/processes/start.h"

#include <errno.h>
#include <fcntl.h>
#ifdef __GLIBC__
#include <malloc.h>
#endif
#include <signal.h>
#include <stdalign.h>
#include <stddef.h>
#include <sys/mman.h>
#include <sys/resource.h>
#include <sys/socket.h>
#include <sys/syscall.h>
#include <unistd.h>

enum { FLUSH_NS = 4 * 1000 * 1000, ALT_STACK = 32 << 10, VIOLATED = 118, MOST_THREADS = 4096 };

struct worker {
	const struct leat_worker_program *program;
	void *ctx;
	int sock;
	struct leat_hello hello;
	const uint8_t *in;
	uint8_t *out;
	const uint8_t *text; /* of the program; NULL when it is empty */
	struct leat_worker self;
	struct leat_wire task; /* that runs; out_len grows with a go */
	bool may_ask;
	struct leat_wire reply[LEAT_BATCH];
	int n_replies;
	int64_t wall; /* when the replies that wait were begun */
	uint64_t limit; /* the soft limit of memory it has set itself last */
};

static struct { /* for the signal handlers */
	struct leat_cancel cancel;
	_Atomic uint64_t seq; /* the task that runs; 0: none */
	leat_note *note; /* what it is at */
	leat_note late; /* what it was at when its time was over */
	int sock;
	alignas(16) char stack[ALT_STACK];
} at_hand;

bool leat_worker_wanted(int argc, char **argv, int *fd)
{
	int type = 0;
	socklen_t len = sizeof type;
	if (argc != 2 || strcmp(argv[1], LEAT_WORKER_WORD) != 0)
		return false;
	if (getsockopt(LEAT_WORKER_FD, SOL_SOCKET, SO_TYPE, &type, &len) < 0 || type != SOCK_SEQPACKET)
		return false;
	*fd = LEAT_WORKER_FD;
	return true;
}

/*
 * Over its time, says the parent, and which task it means: the signal may come when the next one runs
 * already.
 */
static void on_term(int sig, siginfo_t *info, void *context)
{
	(void)sig;
	(void)context;
	uint64_t seq = (uint64_t)(uintptr_t)info->si_value.sival_ptr;
	if (info->si_code != SI_QUEUE || !seq || seq != atomic_load_explicit(&at_hand.seq, memory_order_relaxed))
		return;
	if (at_hand.note)
		leat_note_set(&at_hand.late, atomic_load_explicit(at_hand.note, memory_order_relaxed));
	leat_cancel_raise(&at_hand.cancel, LEAT_STOP_ABORT);
}

/* A system call was refused for good. It is named to the parent, and that was it. */
static void on_violation(int sig, siginfo_t *info, void *context)
{
	(void)sig;
	(void)context;
#if defined(__x86_64__)
	bool foreign = info->si_arch != 0xc000003e || ((unsigned)info->si_syscall & 0x40000000u);
#else
	bool foreign = false;
#endif
	struct leat_wire w = {.type = LEAT_W_VIOLATION, .value = (uint32_t)info->si_syscall | (foreign ? 1u << 31 : 0)};
	/* the parent sees the end of the socket otherwise */
	(void)send(at_hand.sock, &w, sizeof w, MSG_NOSIGNAL);
	(void)syscall(SYS_exit_group, VIOLATED);
}

static void set_signals(void)
{
	/* From the terminal or its end: the parent decides what they mean. */
	static const int ignored[] = {SIGINT, SIGHUP, SIGQUIT, SIGPIPE, SIGUSR1, SIGUSR2, SIGTSTP};
	struct sigaction a = {.sa_handler = SIG_IGN};
	for (size_t i = 0; i < LEAT_LEN(ignored); i++)
		(void)sigaction(ignored[i], &a, NULL);
	stack_t stack = {.ss_sp = at_hand.stack, .ss_size = sizeof at_hand.stack};
	(void)sigaltstack(&stack, NULL);
	a = (struct sigaction){.sa_sigaction = on_term, .sa_flags = SA_SIGINFO | SA_RESTART | SA_ONSTACK};
	(void)sigaction(SIGTERM, &a, NULL);
	a.sa_sigaction = on_violation;
	(void)sigaction(SIGSYS, &a, NULL);
}

/* Takes the hello and its three descriptors. 0, -1 when the parent is gone or speaks otherwise. */
static int take_hello(int sock, struct leat_hello *h, int fd[static 3])
{
	union {
		struct cmsghdr head;
		char room[CMSG_SPACE(3 * sizeof(int))];
	} control;
	struct iovec data = {h, sizeof *h};
	struct msghdr m = {
		.msg_iov = &data, .msg_iovlen = 1, .msg_control = &control, .msg_controllen = sizeof control};
	ssize_t got;
	do
		got = recvmsg(sock, &m, MSG_CMSG_CLOEXEC);
	while (got < 0 && errno == EINTR);
	const struct cmsghdr *c = got > 0 ? CMSG_FIRSTHDR(&m) : NULL;
	if (!c || c->cmsg_type != SCM_RIGHTS || c->cmsg_len != CMSG_LEN(3 * sizeof(int)))
		return -1;
	memcpy(fd, CMSG_DATA(c), 3 * sizeof(int));
	return got == sizeof *h && h->magic == LEAT_HELLO_MAGIC ? 0 : -1;
}

static bool same_build(const struct leat_hello *h)
{
	uint8_t build[LEAT_BUILD_ID];
	static const uint8_t any[LEAT_BUILD_ID - LEAT_BUILD_ANY] = {0};
	leat_exe_build(memcmp(h->build + LEAT_BUILD_ANY, any, sizeof any) != 0, build);
	return h->descriptor == sizeof(struct leat_wire) && memcmp(build, h->build, sizeof build) == 0;
}

static const void *map(int fd, size_t len, int protection, struct leat_err *err)
{
	void *p = len ? mmap(NULL, len, protection, MAP_SHARED, fd, 0) : NULL;
	if (p == MAP_FAILED) {
		leat_fail_sys(err, LEAT_CAUSE_NONE, errno, "a worker cannot map %zu bytes", len);
		return NULL;
	}
	return p;
}

static int map_all(struct worker *w, const int fd[static 3], struct leat_err *err)
{
	if (w->hello.probe)
		return 0;
	w->in = map(fd[0], w->hello.slab_bytes, PROT_READ, err);
	w->out = (uint8_t *)(uintptr_t)map(fd[1], w->hello.slab_bytes, PROT_READ | PROT_WRITE, err);
	w->text = map(fd[2], w->hello.program_len, PROT_READ, err);
	if (err->cause != LEAT_CAUSE_NONE)
		return -1;
	at_hand.note = w->self.note = &((struct leat_progress *)w->out)->note;
	return 0;
}

static int first(struct worker *w, struct leat_err *err)
{
	return w->program->first && !w->hello.probe ? w->program->first(w->ctx, err) : 0;
}

/*
 * The thread beside it, and those that work on the rows of one item. They inherit what is given up so far, the limits
 * are the process's, and the filter of system calls is laid on all of them at once.
 */
static int start_threads(void *ctx, struct leat_err *err)
{
	struct worker *w = ctx;
	if (w->self.team > 1)
		w->self.team = w->program->team(w->self.team);
	if (!w->hello.aside)
		return 0;
	w->self.aside = leat_aside_new(&((const struct leat_signs *)(const void *)w->in)->spare, err);
	return w->self.aside ? 0 : -1;
}

static int prepare(struct worker *w, const int fd[static 3], struct leat_ready *r)
{
	struct leat_lockdown l = {
		.isolate = (enum leat_isolate)w->hello.isolate,
		.sock = w->sock,
		.parent = (pid_t)w->hello.parent,
		.data_limit = w->hello.data_limit,
		.moves_limit = w->hello.limits_itself,
		.threads = (w->hello.aside || w->self.team > 1) && !w->hello.probe ? start_threads : NULL,
		.ctx = w,
		.strict = w->program->strict,
	};
	r->status = LEAT_READY_FAILED;
	if (!same_build(&w->hello)) {
		r->status = LEAT_READY_MISMATCH;
		return leat_fail(&r->err, LEAT_CAUSE_MISMATCH, "the worker is of another build than this program");
	}
	int ok = map_all(w, fd, &r->err);
	for (int i = 0; i < 3; i++)
		close(fd[i]);
	if (ok == 0 && !w->hello.probe)
		ok = w->program->bind(&w->ctx, w->text, w->hello.program_len, &r->err);
	if (ok == 0 && !w->hello.probe && w->program->load)
		w->program->load(w->ctx, w->hello.wants);
	if (ok == 0)
		ok = first(w, &r->err);
	if (ok == 0)
		ok = leat_lockdown(&l, &r->protection, &r->err);
	if (ok == 0)
		ok = first(w, &r->err);
	r->limited = !leat_lockdown_off();
	if (ok == 0)
		r->status = LEAT_READY_OK;
	return ok;
}

/* Only towards the hard limit, which stays: a bomb in a decoder is told no, and the item fails by itself. */
static void limit_memory(struct worker *w, uint64_t soft)
{
	struct rlimit r = {soft, w->hello.data_limit};
	if (!soft || soft == w->limit || soft > w->hello.data_limit)
		return;
	if (prlimit(0, RLIMIT_DATA, &r, NULL) == 0)
		w->limit = soft;
}

static void put_error(struct worker *w, const struct leat_wire *q, struct leat_wire *r, const struct leat_err *e)
{
	struct leat_wire_error *to = (struct leat_wire_error *)(w->out + q->out_off);
	r->type = LEAT_W_FAILED;
	r->out_len = sizeof *to;
	to->cause = e->cause;
	to->sys = e->sys;
	memcpy(to->text, e->text, sizeof to->text);
}

/* The parent is believed, but what it says must make sense. */
static bool sound(const struct worker *w, const struct leat_wire *q)
{
	uint64_t size = w->hello.slab_bytes;
	return q->type == LEAT_W_TASK && q->in_off >= LEAT_SIGNS_BYTES && q->in_off <= size &&
	       q->in_len <= size - q->in_off && q->out_off <= size && q->out_len <= size - q->out_off &&
	       q->out_len >= LEAT_REPLY_ROOM && q->out_off >= LEAT_PROGRESS_BYTES;
}

/* Nothing else is under way between the two, so the next packet is the answer. */
static int ask(const struct leat_worker *self, const void *what, size_t n, size_t *room)
{
	struct worker *w = (struct worker *)((char *)(uintptr_t)self - offsetof(struct worker, self));
	struct leat_wire q = {.type = LEAT_W_ASK, .seq = w->task.seq, .out_off = w->task.out_off, .out_len = n}, a;
	ssize_t got;
	if (!w->may_ask || n > LEAT_REPLY_ROOM)
		return -1;
	w->may_ask = false;
	memcpy(w->out + q.out_off, what, n);
	do
		got = send(w->sock, &q, sizeof q, MSG_NOSIGNAL);
	while (got < 0 && errno == EINTR);
	do
		got = recv(w->sock, &a, sizeof a, 0);
	while (got < 0 && errno == EINTR);
	if (got != sizeof a || a.seq != q.seq || a.type != LEAT_W_GO || a.out_len > w->hello.slab_bytes - q.out_off)
		return -1;
	limit_memory(w, a.limit);
	*room = w->task.out_len = a.out_len;
	return 0;
}

static void run_one(struct worker *w, const struct leat_wire *q, struct leat_wire *r)
{
	struct leat_progress *progress = (struct leat_progress *)w->out;
	struct leat_err err = {0};
	size_t used = 0;
	*r = (struct leat_wire){.type = LEAT_W_DONE, .seq = q->seq, .out_off = q->out_off};
	atomic_store_explicit(&at_hand.cancel.stop, LEAT_STOP_NO, memory_order_relaxed);
	leat_note_set(&progress->note, 0);
	leat_note_set(&at_hand.late, 0);
	atomic_store_explicit(&progress->start_ns, leat_now_ns(), memory_order_relaxed);
	atomic_store_explicit(&progress->seq, q->seq, memory_order_release);
	atomic_store_explicit(&at_hand.seq, q->seq, memory_order_relaxed);
	w->task = *q;
	w->may_ask = q->value & LEAT_TASK_ASKS;
	int ok = w->program->run(w->ctx, &w->self, w->in + q->in_off, q->in_len, w->out + q->out_off, q->out_len, &used,
				 &err);
	atomic_store_explicit(&at_hand.seq, 0, memory_order_relaxed);
	if (used > w->task.out_len && q->value & LEAT_TASK_LIKELY) {
		r->type = LEAT_W_LARGE;
		return;
	}
	if (ok == 0 && used > w->task.out_len)
		ok = leat_fail(&err, LEAT_CAUSE_INTERNAL, "the reply is larger than the %llu bytes foreseen for it",
			       (unsigned long long)w->task.out_len);
	r->out_len = used;
	if (ok == 0)
		return;
	leat_note *noted = &progress->note;
	if (leat_cancel_get(&at_hand.cancel) != LEAT_STOP_NO) {
		err = (struct leat_err){.cause = LEAT_CAUSE_TIMEOUT, .text = "over its time limit"};
		noted = &at_hand.late;
	}
	r->value = atomic_load_explicit(noted, memory_order_relaxed);
	put_error(w, q, r, &err);
}

static int flush(struct worker *w, int64_t now)
{
	size_t bytes = (size_t)w->n_replies * sizeof w->reply[0];
	struct leat_wire *last = &w->reply[w->n_replies - 1];
	last->busy_ns = now - w->wall;
	w->wall = now;
	w->n_replies = 0;
	ssize_t put;
	do
		put = send(w->sock, w->reply, bytes, MSG_NOSIGNAL);
	while (put < 0 && errno == EINTR);
	return put == (ssize_t)bytes ? 0 : -1;
}

/* Replies go back together, but not later than four milliseconds after they are there. */
static int run_packet(struct worker *w, const struct leat_wire *q, int n)
{
	w->wall = leat_now_ns();
	w->n_replies = 0;
	for (int i = 0; i < n; i++) {
		if (!sound(w, &q[i]))
			return -1;
		limit_memory(w, q[i].limit);
		run_one(w, &q[i], &w->reply[w->n_replies++]);
		int64_t now = leat_now_ns();
		if ((i == n - 1 || now - w->wall > FLUSH_NS) && flush(w, now) < 0)
			return -1;
	}
	return 0;
}

static int serve(struct worker *w)
{
	struct leat_wire q[LEAT_BATCH];
	for (;;) {
		ssize_t got = recv(w->sock, q, sizeof q, 0);
		if (got < 0 && errno == EINTR)
			continue;
		if (got == 0)
			return 0;
		if (got < 0 || (size_t)got % sizeof q[0] || run_packet(w, q, (int)((size_t)got / sizeof q[0])) < 0)
			return 1;
	}
}

/*
 * What an item leaves is what the next one takes: without this the heap is given back to the kernel after each item and
 * fetched again, page by page. What is kept so lies within what a worker may have besides its item (worker_base).
 */
static void keep_heap(void)
{
#ifdef __GLIBC__
	enum { KEPT = 16 << 20, SINGLE = 8 << 20, AHEAD = 256 << 10 };
	(void)mallopt(M_MMAP_THRESHOLD, SINGLE);
	(void)mallopt(M_TRIM_THRESHOLD, KEPT);
	(void)mallopt(M_TOP_PAD, AHEAD);
#endif
}

int leat_worker_main(int sock, const struct leat_worker_program *p)
{
	struct worker w = {.program = p, .sock = sock};
	struct leat_ready ready = {.magic = LEAT_HELLO_MAGIC};
	int fd[3];
	if (take_hello(sock, &w.hello, fd) < 0)
		return 1;
	at_hand.sock = sock;
	w.self = (struct leat_worker){.index = (int)w.hello.index, .cancel = &at_hand.cancel, .ask = ask};
	w.self.team = p->team && w.hello.team > 1 && w.hello.team <= MOST_THREADS ? (int)w.hello.team : 1;
	set_signals();
	keep_heap();
	int ok = prepare(&w, fd, &ready);
	if (send(sock, &ready, sizeof ready, MSG_NOSIGNAL) != sizeof ready || ok < 0)
		return 1;
	return serve(&w);
}
