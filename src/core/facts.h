/* SPDX-License-Identifier: MIT */
/* What plan may know of the world, gathered by run beforehand: so plan itself is pure and testable without a disk. */
#ifndef LEAT_CORE_FACTS_H
#define LEAT_CORE_FACTS_H

#include "core/codec.h"
#include "core/end.h"
#include "core/known.h"
#include "core/tuning.h"

/* What is there under the name of a predicted output. */
struct leat_there {
	bool there;
	bool input; /* it is a file that the recipe reads, by whatever name */
	uint64_t size; /* bytes */
	int64_t mtime_ns;
};

/* The file system of a folder. */
struct leat_room {
	uint64_t id; /* the same number: the same file system */
	uint64_t free; /* bytes that this user may still write */
	char path[256]; /* the nearest folder that exists: what to show */
};

struct leat_facts {
	const struct leat_listing *inputs; /* NULL: not listed (check) */
	const struct leat_header *headers; /* one per input, format NULL where not known; NULL: not probed */
	/*
	 * The different extensions of the inputs as written, NULL-terminated; "" stands for those without one, and
	 * for all behind the first 64. NULL: not listed.
	 */
	const char *const *extensions;
	struct leat_runinfo run;
	int cores; /* this process may use */
	uint64_t memory; /* bytes available; 0 unknown */
	const char *
		redirect; /* absolute folder that outputs go to instead of their own place (plan/redirect.c); or NULL */
	bool refuse_exec; /* nobody said --allow-exec, and this is for a run: what runs programs is E069 */
	bool partial; /* inputs were left out: --only, --limit */
	bool pool; /* a process pool can be had */
	const char *no_pool; /* why not, in words; NULL: not told */
	const char *no_async; /* why there is no event loop on this machine; NULL: there is one */
	char recipe[65]; /* hash of the recipe's canonical text, for jobs with a state; else "" */
	const struct leat_tuning *tuning; /* what earlier runs of the job taught, by group */
	size_t n_tuning;
	struct leat_known *known; /* what the job's ledger says of the inputs; NULL: it has none */
	const char *protection; /* what isolation is in force, in words */
	/*
	 * Absolute paths of all FILE values in the order in which the plan comes past them, for a worker, whose
	 * text does not tell in which folder a path was written. NULL: by the folders of the program's texts.
	 */
	const char *const *files;
	size_t n_files;
	/* What stands under a name. NULL: not asked. */
	void (*output)(void *ctx, const char *path, struct leat_there *s);
	/*
	 * The file system that a folder (absolute; it need not exist) is on. False: cannot be told. NULL: not asked.
	 */
	bool (*room)(void *ctx, const char *folder, struct leat_room *r);
	void *output_ctx; /* for both */
};

#endif
