/* SPDX-License-Identifier: MIT */
/*
 * Libraries of formats that are loaded on first use, before anything is locked down: their start would cost every run,
 * and leat is whole without them.
 */
#ifndef LEAT_FORMATS_MODULE_H
#define LEAT_FORMATS_MODULE_H

#include "base/err.h"

#include <pthread.h>
#include <stdatomic.h>
#include <stddef.h>

/* One module of the process: made once and never given back, as a library's own state is. */
struct leat_module {
	const char *format; /* "tiff" */
	const char *const *libraries; /* sonames, NULL-terminated; a function is looked for in all of them */
	const char *package; /* Debian's, for the message */
	const char *const *names; /* of the functions, NULL-terminated */
	void **calls; /* as many pointers to functions */
	pthread_mutex_t lock;
	atomic_int state; /* 0 not tried, 1 there, -1 not there */
};

/* leat_codec.prepare: loads it. 0, or -1 with *err (UNSUPPORTED) naming what to install. Any thread. */
int leat_module_load(struct leat_module *m, struct leat_err *err);
/* Within a decoder or encoder: is it loaded? Loads nothing. 0, or -1 with *err saying why not. */
int leat_module_loaded(struct leat_module *m, struct leat_err *err);

#endif
