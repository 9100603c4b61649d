/* SPDX-License-Identifier: MIT */
/* Functions by name: what worker processes of a host run besides recipes. */
#ifndef LEAT_API_FUNCTIONS_H
#define LEAT_API_FUNCTIONS_H

#include <leat/executor.h>

#include "core/executor.h"

enum { LEAT_FUNCTION_ALIGN = 64 }; /* of the input of a function by name */

/* NULL: there is none of this name. */
leat_named_function *leat_function_find(const char *name);
/* The list's own copy of the name, good for ever; NULL: there is none. */
const char *leat_function_name(const char *name);

struct leat_reply {
	uint8_t *data; /* cap bytes */
	size_t len, cap;
};

/* What a worker is told instead of a recipe. */
extern const char leat_functions_program[];
enum { LEAT_FUNCTIONS_PROGRAM = 16 }; /* its length */

/* One call as bytes, for the slab of a worker: name, then the input, aligned. -1: it does not fit. */
size_t leat_function_pack_bytes(const char *name, size_t n);
int leat_function_pack(const char *name, const void *in, size_t n, uint8_t *slab, size_t cap, size_t *len,
		       struct leat_err *err);
/* The worker's side. */
int leat_function_run(const struct leat_worker *w, const uint8_t *in, size_t len, uint8_t *out, size_t cap,
		      size_t *out_len, struct leat_err *err);
/* How a worker of an executor looks to a function of the host's. */
struct leat_call leat_call_of(const struct leat_worker *w);

#endif
