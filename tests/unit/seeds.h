/* SPDX-License-Identifier: MIT */
/* Texts for tests that ask what holds for every text: all recipes of this project, and what mutation makes of them. */
#ifndef LEAT_TESTS_SEEDS_H
#define LEAT_TESTS_SEEDS_H

#include "base/buf.h"

struct seeds {
	struct leat_buf v[1024];
	size_t n, good; /* the first `good` ones are taken */
	uint64_t rng;
};

/* What can be done with a text: true when it was taken. */
typedef bool seeds_fn(const struct leat_buf *text);

/* Loads pipelines/ and all golden cases, those first that `take` takes. The caller gives it to seeds_free. */
struct seeds *seeds_load(seeds_fn *take);
void seeds_free(struct seeds *s);

/*
 * Mutates seeds, always in the same way, until `take` has taken so many; fails the test when it takes less than a
 * quarter.
 */
void seeds_mutate(struct seeds *s, size_t texts, seeds_fn *take);

#endif
