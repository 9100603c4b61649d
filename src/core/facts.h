/* SPDX-License-Identifier: MIT */
/* What plan may know of the world, gathered by run beforehand: so plan itself is pure and testable without a disk. */
#ifndef LEAT_CORE_FACTS_H
#define LEAT_CORE_FACTS_H

#include "core/codec.h"
#include "core/end.h"

struct leat_facts {
	const struct leat_listing *inputs; /* NULL: not listed (check) */
	const struct leat_header *headers; /* one per input, format NULL where not known; NULL: not probed */
	/*
	 * The different extensions of the inputs as written, NULL-terminated; "" stands for those without one, and for all
	 * behind the first 64. NULL: not listed.
	 */
	const char *const *extensions;
	struct leat_runinfo run;
	int cores; /* this process may use */
	uint64_t memory; /* bytes available; 0 unknown */
	bool partial; /* inputs were left out: --only, --limit */
	bool pool; /* a process pool can be had */
	const char *no_pool; /* why not, in words; NULL: not told */
	const char *protection; /* what isolation is in force, in words */
	/* What is there under the name of a predicted output? Bits: 1 it exists, 2 it is an input. NULL: not asked. */
	int (*output)(void *ctx, const char *path);
	void *output_ctx;
};

#endif
