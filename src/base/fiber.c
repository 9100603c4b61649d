/* SPDX-License-Identifier: MIT */
/*
 * Fibers on ucontext: see fiber.h. The sanitizers are told of every switch, or they would take one stack for another.
 */
#include "base/fiber.h"

#include "base/mem.h"

#include <errno.h>
#include <sys/mman.h>
#include <ucontext.h>
#include <unistd.h>

#if defined(__has_feature)
#if __has_feature(address_sanitizer)
#define WITH_ASAN
#endif
#if __has_feature(thread_sanitizer)
#define WITH_TSAN
#endif
#endif
#ifdef __SANITIZE_ADDRESS__
#define WITH_ASAN
#endif
#ifdef __SANITIZE_THREAD__
#define WITH_TSAN
#endif
#ifdef WITH_ASAN
#include <sanitizer/common_interface_defs.h>
#endif
#ifdef WITH_TSAN
#include <sanitizer/tsan_interface.h>
#endif

/* As much address space as a codec may want; pages that are never touched cost nothing. */
enum { STACK = 1 << 20 };

struct context { /* a fiber's, or that of the thread that runs them */
	ucontext_t where;
	void *stack; /* its lowest address */
	size_t size;
	void *fake; /* the address sanitizer's own stack */
	void *shadow; /* the thread sanitizer's idea of it */
};

struct leat_fiber {
	struct context own;
	struct leat_fibers *set;
	struct leat_fiber *next; /* unused ones; or parked ones */
	void (*fn)(void *);
	void *arg;
	bool ended, parked;
};

struct leat_fibers {
	struct context thread;
	struct leat_fiber *all, *unused;
	struct leat_fiber *parked, **last_parked;
	int most, made, alive;
	struct leat_waker waker;
	void *host;
};

static _Thread_local struct leat_fiber *self;

/* ---- switching */

static void leave(struct context *from, const struct context *to, bool for_good)
{
#ifdef WITH_ASAN
	__sanitizer_start_switch_fiber(for_good ? NULL : &from->fake, to->stack, to->size);
#endif
#ifdef WITH_TSAN
	__tsan_switch_to_fiber(to->shadow, 0);
#endif
	(void)from, (void)to, (void)for_good; /* without a sanitizer */
}

/* First thing after a switch: `now` is where we are, `before` where we came from. */
static void arrive(struct context *now, struct context *before)
{
#ifdef WITH_ASAN
	const void *stack;
	size_t size;
	__sanitizer_finish_switch_fiber(now->fake, &stack, &size);
	before->stack = (void *)(uintptr_t)stack;
	before->size = size;
#endif
	(void)now, (void)before;
}

static void enter(struct leat_fiber *f)
{
	struct leat_fibers *s = f->set;
#ifdef WITH_TSAN
	s->thread.shadow = __tsan_get_current_fiber();
#endif
	self = f;
	leave(&s->thread, &f->own, false);
	swapcontext(&s->thread.where, &f->own.where);
	arrive(&s->thread, &f->own);
	self = NULL;
}

static void main_of_fiber(void)
{
	struct leat_fiber *f = self;
	arrive(&f->own, &f->set->thread);
	f->fn(f->arg);
	f->ended = true;
	leave(&f->own, &f->set->thread, true);
	setcontext(&f->set->thread.where);
}

void leat_fiber_yield(void)
{
	struct leat_fiber *f = self;
	leave(&f->own, &f->set->thread, false);
	swapcontext(&f->own.where, &f->set->thread.where);
	arrive(&f->own, &f->set->thread);
}

/* ---- their lives */

/* A stack with a page below it that nobody may touch: who overruns it dies at once, not later. */
static int make_stack(struct leat_fiber *f, struct leat_err *err)
{
	size_t page = (size_t)sysconf(_SC_PAGESIZE);
	char *p = mmap(NULL, STACK + page, PROT_READ | PROT_WRITE,
		       MAP_PRIVATE | MAP_ANONYMOUS | MAP_STACK | MAP_NORESERVE, -1, 0);
	if (p == MAP_FAILED)
		return leat_fail_sys(err, LEAT_CAUSE_MEMORY, errno, "cannot make a stack");
	if (mprotect(p, page, PROT_NONE) < 0) {
		int sys = errno;
		(void)munmap(p, STACK + page); /* was just mapped */
		return leat_fail_sys(err, LEAT_CAUSE_MEMORY, sys, "cannot make a stack");
	}
	f->own.stack = p + page;
	f->own.size = STACK;
	return 0;
}

static struct leat_fiber *fiber_new(struct leat_fibers *s, struct leat_err *err)
{
	struct leat_fiber *f = s->unused;
	if (f) {
		s->unused = f->next;
		return f;
	}
	if (s->made == s->most) {
		leat_fail(err, LEAT_CAUSE_INTERNAL, "more fibers than there is room for");
		return NULL;
	}
	f = &s->all[s->made];
	if (make_stack(f, err) < 0)
		return NULL;
	s->made++;
	f->set = s;
	return f;
}

/* After every switch back: did it end? */
static void settle(struct leat_fiber *f)
{
	struct leat_fibers *s = f->set;
	if (!f->ended)
		return;
#ifdef WITH_TSAN
	__tsan_destroy_fiber(f->own.shadow);
#endif
	f->next = s->unused;
	s->unused = f;
	s->alive--;
}

/*
 * Where the fiber begins. In a function of its own: getcontext may return twice, and locals of its caller would not
 * survive.
 */
static int aim(struct context *c)
{
	if (getcontext(&c->where) < 0)
		return -1;
	c->where.uc_stack.ss_sp = c->stack;
	c->where.uc_stack.ss_size = c->size;
	c->where.uc_link = NULL; /* main_of_fiber never returns */
	makecontext(&c->where, main_of_fiber, 0);
	return 0;
}

int leat_fiber_start(struct leat_fibers *s, void (*fn)(void *), void *arg, struct leat_err *err)
{
	struct leat_fiber *f = fiber_new(s, err);
	if (!f)
		return -1;
	f->fn = fn;
	f->arg = arg;
	f->ended = f->parked = false;
	f->own.fake = NULL;
	if (aim(&f->own) < 0) {
		f->next = s->unused;
		s->unused = f;
		return leat_fail_sys(err, LEAT_CAUSE_INTERNAL, errno, "cannot make a fiber");
	}
#ifdef WITH_TSAN
	f->own.shadow = __tsan_create_fiber(0);
#endif
	s->alive++;
	enter(f);
	settle(f);
	return 0;
}

void leat_fiber_resume(struct leat_fiber *f)
{
	enter(f);
	settle(f);
}

void leat_fibers_resume_parked(struct leat_fibers *s)
{
	struct leat_fiber *f = s->parked;
	s->parked = NULL;
	s->last_parked = &s->parked;
	while (f) {
		struct leat_fiber *next = f->next; /* it may park again, or end */
		f->parked = false;
		leat_fiber_resume(f);
		f = next;
	}
}

void leat_fiber_park(void)
{
	struct leat_fiber *f = self;
	f->next = NULL;
	f->parked = true;
	*f->set->last_parked = f;
	f->set->last_parked = &f->next;
	leat_fiber_yield();
}

struct leat_fibers *leat_fibers_new(int most, struct leat_waker waker, struct leat_err *err)
{
	struct leat_fibers *s = leat_zalloc(1, sizeof *s, err);
	if (!s)
		return NULL;
	s->all = leat_zalloc((size_t)most, sizeof *s->all, err);
	if (!s->all) {
		free(s);
		return NULL;
	}
	s->most = most;
	s->waker = waker;
	s->last_parked = &s->parked;
	return s;
}

void leat_fibers_free(struct leat_fibers **sp)
{
	struct leat_fibers *s = *sp;
	*sp = NULL;
	if (!s)
		return;
	size_t page = (size_t)sysconf(_SC_PAGESIZE);
	for (int i = 0; i < s->made; i++)
		(void)munmap((char *)s->all[i].own.stack - page, STACK + page); /* mapped by make_stack */
	free(s->all);
	free(s);
}

int leat_fibers_alive(const struct leat_fibers *s)
{
	return s->alive;
}

void leat_fibers_set_host(struct leat_fibers *s, void *host)
{
	s->host = host;
}

struct leat_fiber *leat_fiber_self(void)
{
	return self;
}

struct leat_waker leat_fiber_waker(void)
{
	return self->set->waker;
}

void *leat_fiber_host(void)
{
	return self->set->host;
}
