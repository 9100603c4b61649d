/* SPDX-License-Identifier: MIT */
/*
 * The module and its gate. See blas.h.
 *
 * The state is the process's own, as the library's is: it is made once and never released, because the library's
 * threads may not lose their code.
 */
#include "ops/linear/blas.h"

#include "base/mem.h"

#include <dlfcn.h>
#include <pthread.h>
#include <stdio.h>

enum parallel { SEQUENTIAL, OWN_THREADS, OPENMP }; /* as openblas_get_parallel() says */

static struct module {
	struct leat_blas_calls calls;
	bool there;
	bool hosts; /* the host program had it before: its number of threads is one for the process, not ours to set */
	enum parallel parallel;
	int (*get_threads)(void); /* of OWN_THREADS the library's, of OPENMP the runtime's */
	void (*set_threads)(int n);
	int (*end_threads)(void); /* of OWN_THREADS: the library starts them again when it needs them; or NULL */
	char text[200];
} module;

static pthread_once_t once = PTHREAD_ONCE_INIT;

static struct gate {
	pthread_mutex_t door, lock; /* the door is held by whoever waits, so that nobody overtakes */
	pthread_cond_t empty;
	int inside, threads; /* calls under way, and with how many threads */
} gate = {.door = PTHREAD_MUTEX_INITIALIZER, .lock = PTHREAD_MUTEX_INITIALIZER, .empty = PTHREAD_COND_INITIALIZER};

/* What omp_get_max_threads() was before enter, in this thread. */
static _Thread_local int omp_before;

/* A function's address; ISO C has no cast from an object pointer. */
static bool find(void *lib, const char *name, void *to)
{
	void *at = dlsym(lib, name);
	memcpy(to, &at, sizeof at);
	return at != NULL;
}

static bool find_calls(void *blas, void *lapack, struct leat_blas_calls *c)
{
	return find(blas, "dgemm_", &c->dgemm) && find(lapack, "dgetrf_", &c->dgetrf) &&
	       find(lapack, "dgetri_", &c->dgetri) && find(lapack, "dgetrs_", &c->dgetrs) &&
	       find(lapack, "dgecon_", &c->dgecon) && find(lapack, "dpotrf_", &c->dpotrf) &&
	       find(lapack, "dgeqrf_", &c->dgeqrf) && find(lapack, "dorgqr_", &c->dorgqr) &&
	       find(lapack, "dsyevd_", &c->dsyevd) && find(lapack, "dgesdd_", &c->dgesdd) &&
	       find(lapack, "dgelsd_", &c->dgelsd);
}

/* "OpenBLAS 0.3.21" of all that it was configured with. */
static void describe(struct module *m, void *lib)
{
	static const char *const kinds[] = {"one thread", "threads of its own", "OpenMP threads"};
	char *(*config)(void) = NULL, *(*core)(void) = NULL;
	const char *all = find(lib, "openblas_get_config", &config) ? config() : "OpenBLAS";
	size_t n = strcspn(all, " ");
	n += all[n] ? 1 + strcspn(all + n + 1, " ") : 0;
	(void)snprintf(m->text, sizeof m->text, "%.*s for %s, %s", (int)n, all,
		       find(lib, "openblas_get_corename", &core) ? core() : "this processor", kinds[m->parallel]);
}

static bool load_openblas(struct module *m)
{
	static const char name[] = "libopenblas.so.0";
	static const char *const gets[] = {"", "openblas_get_num_threads", "omp_get_max_threads"};
	static const char *const sets[] = {"", "openblas_set_num_threads", "omp_set_num_threads"};
	int (*parallel)(void) = NULL;
	bool shared = dlopen(name, RTLD_NOW | RTLD_NOLOAD) != NULL;
	void *lib = dlopen(name, RTLD_NOW | RTLD_LOCAL);
	if (!lib || !find_calls(lib, lib, &m->calls))
		return false;
	int kind = find(lib, "openblas_get_parallel", &parallel) ? parallel() : SEQUENTIAL;
	if ((kind == OWN_THREADS || kind == OPENMP) && find(lib, gets[kind], &m->get_threads) &&
	    find(lib, sets[kind], &m->set_threads))
		m->parallel = (enum parallel)kind;
	m->hosts = shared && m->parallel == OWN_THREADS;
	if (m->parallel == OWN_THREADS && !m->hosts && !find(lib, "blas_thread_shutdown_", &m->end_threads))
		m->end_threads = NULL;
	describe(m, lib);
	return true;
}

static bool load_others(struct module *m)
{
	void *blas = dlopen("libblas.so.3", RTLD_NOW | RTLD_LOCAL);
	void *lapack = blas ? dlopen("liblapack.so.3", RTLD_NOW | RTLD_LOCAL) : NULL;
	if (!lapack || !find_calls(blas, lapack, &m->calls))
		return false;
	(void)snprintf(m->text, sizeof m->text, "libblas.so.3 and liblapack.so.3, one thread");
	return true;
}

/* Large enough for the library to take the memory it works in; without memory there is nothing to warm up. */
static void warm_up(const struct leat_blas_calls *c)
{
	enum { N = 192 };
	static const int n = N, cells = N * N;
	static const double one = 1, zero = 0;
	int pivot[N], info = 0;
	double *a = leat_zalloc((size_t)3 * N * N, sizeof *a, NULL);
	if (!a)
		return;
	for (size_t i = 0; i < N; i++)
		a[i * (N + 1)] = 1;
	c->dgemm("N", "N", &n, &n, &n, &one, a, &n, a, &n, &zero, a + cells, &n, 1, 1);
	c->dgetrf(&n, &n, a, &n, pivot, &info);
	c->dgetri(&n, a, &n, pivot, a + (size_t)2 * N * N, &cells, &info);
	free(a);
}

/* The library's number, where it is one for the process and ours. */
static void tell_threads(int n)
{
	if (module.parallel == OWN_THREADS && !module.hosts && module.get_threads() != n)
		module.set_threads(n);
}

/*
 * The library's threads, with nothing to do, spin for some 30 ms before they sleep (OPENBLAS_THREAD_TIMEOUT), on
 * cores that others were promised. They start when it is loaded, too.
 */
static void end_idle_threads(void)
{
	tell_threads(1);
	if (module.end_threads)
		(void)module.end_threads(); /* cannot fail: nobody is inside */
}

static void load(void)
{
	struct module m = {.there = false};
	m.there = load_openblas(&m);
	if (!m.there) {
		m = (struct module){.there = false};
		m.there = load_others(&m);
	}
	if (!m.there)
		(void)snprintf(m.text, sizeof m.text, "none (apt install libopenblas0-pthread)");
	module = m;
	if (!m.there)
		return;
	if (!m.hosts)
		end_idle_threads();
	(void)leat_blas_enter(1);
	warm_up(&module.calls);
	leat_blas_leave();
}

const struct leat_blas_calls *leat_blas_load(const char *step, struct leat_err *err)
{
	(void)pthread_once(&once, load); /* cannot fail with these arguments */
	if (module.there)
		return &module.calls;
	leat_fail(err, LEAT_CAUSE_UNSUPPORTED, "'%s' needs a BLAS and LAPACK library: apt install libopenblas0-pthread",
		  step);
	return NULL;
}

const char *leat_blas_text(void)
{
	(void)pthread_once(&once, load); /* cannot fail with these arguments */
	return module.text;
}

static int threads_for(int team)
{
	if (module.parallel == SEQUENTIAL)
		return 1;
	int n = module.hosts ? module.get_threads() : team;
	return n < 1 ? 1 : n;
}

int leat_blas_threads(int team)
{
	(void)pthread_once(&once, load); /* cannot fail with these arguments */
	return threads_for(team);
}

/* With the lock held. As many threads as the host has set are never taken twice at once. */
static bool must_wait(int threads)
{
	return gate.inside > 0 && (gate.threads != threads || (module.hosts && threads > 1));
}

int leat_blas_enter(int team)
{
	if (module.parallel == SEQUENTIAL)
		return 1;
	int threads = threads_for(team);
	pthread_mutex_lock(&gate.door);
	pthread_mutex_lock(&gate.lock);
	while (must_wait(threads))
		pthread_cond_wait(&gate.empty, &gate.lock);
	if (gate.inside++ == 0) {
		gate.threads = threads;
		tell_threads(threads);
	}
	pthread_mutex_unlock(&gate.lock);
	pthread_mutex_unlock(&gate.door);
	if (module.parallel == OPENMP) {
		omp_before = module.get_threads();
		module.set_threads(threads);
	}
	return threads;
}

void leat_blas_leave(void)
{
	if (module.parallel == SEQUENTIAL)
		return;
	if (module.parallel == OPENMP)
		module.set_threads(omp_before);
	pthread_mutex_lock(&gate.lock);
	if (--gate.inside == 0) {
		if (gate.threads > 1 && !module.hosts)
			end_idle_threads();
		pthread_cond_broadcast(&gate.empty);
	}
	pthread_mutex_unlock(&gate.lock);
}
