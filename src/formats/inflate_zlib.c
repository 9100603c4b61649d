/* SPDX-License-Identifier: MIT */
/* Unpacking by zlib, where leat is built without ISA-L. */
#include "formats/inflate.h"

#include "base/mem.h"
#include "base/stash.h"
#include "formats/inflate_faults.h"

#ifndef LEAT_WITH_ISAL

#include <limits.h>
#include <zlib.h>

enum { KEPT = 2 }; /* states a thread keeps: more than one where fibers take turns */

struct leat_inflate {
	z_stream z;
	const char *fault;
};

static void destroy(void *object)
{
	struct leat_inflate *f = object;
	(void)inflateEnd(&f->z); /* only tells of a state that is none */
	free(f);
}

static const struct leat_stash_kind kind = {.destroy = destroy, .most = KEPT};

struct leat_inflate *leat_inflate_take(struct leat_err *err)
{
	struct leat_inflate *f = leat_stash_take(&kind);
	if (f) {
		f->fault = NULL;
		(void)inflateReset(&f->z); /* fails for a state that is none */
		return f;
	}
	f = leat_zalloc(1, sizeof *f, err);
	if (f && inflateInit(&f->z) != Z_OK) {
		(void)leat_fail(err, LEAT_CAUSE_MEMORY, "no memory for unpacking");
		free(f);
		f = NULL;
	}
	return f;
}

/* zlib tells kinds of faults by their texts only. */
static const char *fault_of(const z_stream *z, int code)
{
	const char *text = z->msg ? z->msg : "";
	if (code == Z_NEED_DICT || strstr(text, "header") || strstr(text, "window") || strstr(text, "method"))
		return LEAT_INFLATE_HEADER;
	if (strstr(text, "data check"))
		return LEAT_INFLATE_SUM;
	if (strstr(text, "too far back"))
		return LEAT_INFLATE_DISTANCE;
	return strstr(text, "length code") || strstr(text, "distance code") ? LEAT_INFLATE_CODE : LEAT_INFLATE_BLOCK;
}

enum leat_inflate_state leat_inflate_run(struct leat_inflate *f, struct leat_inflate_io *io)
{
	z_stream *z = &f->z;
	uInt n_in = io->n_in < INT_MAX ? (uInt)io->n_in : INT_MAX;
	uInt n_out = io->n_out < INT_MAX ? (uInt)io->n_out : INT_MAX;
	z->next_in = (z_const Bytef *)io->in;
	z->avail_in = n_in;
	z->next_out = io->out;
	z->avail_out = n_out;
	int r = inflate(z, Z_NO_FLUSH);
	io->in += n_in - z->avail_in;
	io->n_in -= n_in - z->avail_in;
	io->out += n_out - z->avail_out;
	io->n_out -= n_out - z->avail_out;
	if (r == Z_STREAM_END)
		return LEAT_INFLATE_END;
	if (r == Z_OK || r == Z_BUF_ERROR)
		return io->n_out == 0 ? LEAT_INFLATE_FULL : LEAT_INFLATE_MORE;
	f->fault = fault_of(z, r);
	return LEAT_INFLATE_BAD;
}

void leat_inflate_put(struct leat_inflate **f)
{
	leat_stash_put(&kind, *f);
	*f = NULL;
}

const char *leat_inflate_library(void)
{
	return "zlib " ZLIB_VERSION;
}

const char *leat_inflate_fault(const struct leat_inflate *f)
{
	return f->fault ? f->fault : LEAT_INFLATE_BLOCK;
}

#endif
