/* SPDX-License-Identifier: MIT */
/* Unpacking by ISA-L, where leat is built with it. */
#include "formats/inflate.h"

#include "base/mem.h"
#include "base/stash.h"
#include "formats/inflate_faults.h"

#ifdef LEAT_WITH_ISAL

#include <isa-l.h>

enum { KEPT = 2 }; /* states a thread keeps: more than one where fibers take turns */

struct leat_inflate {
	struct inflate_state state;
	const char *fault;
};

static const struct leat_stash_kind kind = {.destroy = free, .most = KEPT};

/* Only its members count that this sets; the tables are written before they are read. */
static void begin(struct leat_inflate *f)
{
	isal_inflate_init(&f->state);
	f->state.crc_flag = ISAL_ZLIB;
	f->fault = NULL;
}

struct leat_inflate *leat_inflate_take(struct leat_err *err)
{
	struct leat_inflate *f = leat_stash_take(&kind);
	if (!f)
		f = leat_zalloc(1, sizeof *f, err);
	if (f)
		begin(f);
	return f;
}

static const char *fault_of(int code)
{
	switch (code) {
	case ISAL_INVALID_SYMBOL:
		return LEAT_INFLATE_CODE;
	case ISAL_INVALID_LOOKBACK:
		return LEAT_INFLATE_DISTANCE;
	case ISAL_INCORRECT_CHECKSUM:
		return LEAT_INFLATE_SUM;
	case ISAL_INVALID_WRAPPER:
	case ISAL_UNSUPPORTED_METHOD:
	case ISAL_NEED_DICT:
		return LEAT_INFLATE_HEADER;
	default:
		return LEAT_INFLATE_BLOCK;
	}
}

/* One call of the library, which counts in 32 bits. */
static int step(struct leat_inflate *f, struct leat_inflate_io *io)
{
	struct inflate_state *s = &f->state;
	uint32_t n_in = io->n_in < INT32_MAX ? (uint32_t)io->n_in : INT32_MAX;
	uint32_t n_out = io->n_out < INT32_MAX ? (uint32_t)io->n_out : INT32_MAX;
	s->next_in = (uint8_t *)(uintptr_t)io->in; /* it only reads */
	s->avail_in = n_in;
	s->next_out = io->out;
	s->avail_out = n_out;
	int r = isal_inflate(s);
	io->in += n_in - s->avail_in;
	io->n_in -= n_in - s->avail_in;
	io->out += n_out - s->avail_out;
	io->n_out -= n_out - s->avail_out;
	return r;
}

enum leat_inflate_state leat_inflate_run(struct leat_inflate *f, struct leat_inflate_io *io)
{
	for (;;) {
		size_t in = io->n_in, out = io->n_out;
		int r = step(f, io);
		if (r < 0 || r == ISAL_NEED_DICT) {
			f->fault = fault_of(r);
			return LEAT_INFLATE_BAD;
		}
		if (f->state.block_state == ISAL_BLOCK_FINISH)
			return LEAT_INFLATE_END;
		if (io->n_out == 0)
			return LEAT_INFLATE_FULL;
		if (io->n_in == 0)
			return LEAT_INFLATE_MORE;
		if (io->n_in == in && io->n_out == out) { /* it does not go on by itself */
			f->fault = LEAT_INFLATE_BLOCK;
			return LEAT_INFLATE_BAD;
		}
	}
}

void leat_inflate_put(struct leat_inflate **f)
{
	leat_stash_put(&kind, *f);
	*f = NULL;
}

#define TEXT(x) #x
#define VERSION(major, minor, patch) TEXT(major) "." TEXT(minor) "." TEXT(patch)

const char *leat_inflate_library(void)
{
	return "ISA-L " VERSION(ISAL_MAJOR_VERSION, ISAL_MINOR_VERSION, ISAL_PATCH_VERSION);
}

const char *leat_inflate_fault(const struct leat_inflate *f)
{
	return f->fault ? f->fault : LEAT_INFLATE_BLOCK;
}

#endif
