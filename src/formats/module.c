/* SPDX-License-Identifier: MIT */
/* See module.h. */
#include "formats/module.h"

#include <dlfcn.h>
#include <string.h>

enum { MOST_LIBRARIES = 4 };

/* All functions, or nothing. */
static bool find_all(struct leat_module *m)
{
	void *lib[MOST_LIBRARIES] = {NULL};
	size_t n = 0;
	for (; n < MOST_LIBRARIES && m->libraries[n]; n++) {
		lib[n] = dlopen(m->libraries[n], RTLD_NOW | RTLD_LOCAL);
		if (!lib[n])
			return false;
	}
	for (size_t i = 0; m->names[i]; i++) {
		void *at = NULL;
		for (size_t k = 0; k < n && !at; k++)
			at = dlsym(lib[k], m->names[i]);
		if (!at)
			return false;
		m->calls[i] = at;
	}
	return true;
}

static int missing(const struct leat_module *m, struct leat_err *err)
{
	return leat_fail(err, LEAT_CAUSE_UNSUPPORTED, "%s needs a library that is not there: apt install %s", m->format,
			 m->package);
}

int leat_module_load(struct leat_module *m, struct leat_err *err)
{
	if (!atomic_load(&m->state)) {
		pthread_mutex_lock(&m->lock);
		if (!atomic_load(&m->state))
			atomic_store(&m->state, find_all(m) ? 1 : -1);
		pthread_mutex_unlock(&m->lock);
	}
	return atomic_load(&m->state) > 0 ? 0 : missing(m, err);
}

int leat_module_loaded(struct leat_module *m, struct leat_err *err)
{
	int state = atomic_load(&m->state);
	if (state > 0)
		return 0;
	if (state < 0)
		return missing(m, err);
	return leat_fail(err, LEAT_CAUSE_UNSUPPORTED,
			 "%s: its library was not loaded before this process was locked down", m->format);
}
