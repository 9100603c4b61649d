/* SPDX-License-Identifier: MIT */
/*
 * Many calls of a function by name as one task: what leat_map_named sends. The task is a call of a function of leat's
 * own, which every worker knows; its input is the name and the inputs, its result the results, each behind a head of
 * 16 bytes and aligned to 16.
 */
#ifndef LEAT_API_MANY_H
#define LEAT_API_MANY_H

#include <leat/executor.h>

#define LEAT_MANY "leat many" /* the name of that function: no host can take it */

/* Bytes of the input of n calls; SIZE_MAX: too many. */
size_t leat_many_in_bytes(const char *name, const struct leat_named_input *v, size_t n);
/* Puts it there. most_out: of the result of one call. */
void leat_many_put(const char *name, const struct leat_named_input *v, size_t n, size_t most_out, uint8_t *to);
/* Bytes of the results of n calls at most; SIZE_MAX: too many. */
size_t leat_many_out_bytes(size_t n, size_t most_out);
/* The function: calls the other one for every input. One that fails leaves its error in place of its result. */
int leat_many(const struct leat_call *c, const void *in, size_t n, struct leat_reply *out, struct leat_err *err);
/*
 * The result at *at of a reply of `len` bytes, which may be from another process; *at moves behind it. 0 with *data and
 * *n, which lie in the reply; -1 with *err, the call's own, or that the reply contradicts itself.
 */
int leat_many_get(const uint8_t *reply, size_t len, size_t *at, const void **data, size_t *n, struct leat_err *err);

#endif
