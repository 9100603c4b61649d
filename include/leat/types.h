/* SPDX-License-Identifier: MIT */
/* The words that leat and its host share: kinds of data, states of an item, causes of a failure. */
#ifndef LEAT_TYPES_H
#define LEAT_TYPES_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#define LEAT_VERSION "0.1.0" /* of the program and the library */

#ifdef __cplusplus
extern "C" {
#endif
#pragma GCC visibility push(default)

/* Kinds of payload; a step declares masks of them. */
enum leat_kind {
	LEAT_NONE = 0,
	LEAT_FILE = 1, /* bytes with a path */
	LEAT_IMAGE = 2, /* rows of samples */
	LEAT_ARRAY = 4, /* N-dimensional numbers */
	LEAT_TABLE = 8, /* named columns */
	LEAT_ANY = 15,
};

/* Samples of images: 0..255, 0..65535, and floats that are nominally 0..1. */
enum leat_sample { LEAT_U8, LEAT_U16, LEAT_F32 };

/* How an item ends. The counts of these always add up to what was matched. */
enum leat_state {
	LEAT_PENDING, /* not ended yet; never in a finished report */
	LEAT_DONE, /* every line of the recipe ended well (also: dropped by keep/drop) */
	LEAT_SKIPPED, /* left alone on purpose, with the reason */
	LEAT_FAILED, /* with step, cause and message */
	LEAT_KNOWN_FAILED, /* failed before, unchanged since */
	LEAT_NOT_REACHED, /* deadline, interrupt or stop came first */
	LEAT_N_STATES
};

/* Why something failed: the class by which failures are grouped in the summary. */
enum leat_cause {
	LEAT_CAUSE_NONE, /* no failure */
	LEAT_CAUSE_USAGE, /* the call or the recipe is wrong */
	LEAT_CAUSE_NOT_FOUND, /* the input is not there (any more) */
	LEAT_CAUSE_PERMISSION, /* may not be read or written */
	LEAT_CAUSE_SPECIAL, /* directory, FIFO, device, socket where a file is needed */
	LEAT_CAUSE_CHANGED, /* the input changed while it was read */
	LEAT_CAUSE_IO, /* reading failed */
	LEAT_CAUSE_TARGET, /* the target is full or broken: the run stops */
	LEAT_CAUSE_FORMAT, /* the bytes are of no known format */
	LEAT_CAUSE_TRUNCATED, /* the bytes end too early */
	LEAT_CAUSE_CORRUPT, /* the bytes contradict their format */
	LEAT_CAUSE_UNSUPPORTED, /* a valid file of a sort leat does not read or write */
	LEAT_CAUSE_LIMIT, /* over a limit (pixels, size, count) */
	LEAT_CAUSE_MEMORY, /* does not fit the memory budget, or allocation failed */
	LEAT_CAUSE_TIMEOUT, /* over its time limit */
	LEAT_CAUSE_CRASH, /* the worker died */
	LEAT_CAUSE_SANDBOX, /* the worker tried what it may not */
	LEAT_CAUSE_CONFLICT, /* the output exists, or another input wrote it */
	LEAT_CAUSE_MISMATCH, /* sizes or kinds do not go together */
	LEAT_CAUSE_CANCELLED, /* stopped from outside */
	LEAT_CAUSE_INTERNAL, /* a bug in leat */
	LEAT_N_CAUSES
};

enum { LEAT_ERR_TEXT = 480 };

/*
 * One error. The caller provides it zeroed; the first failure fills it and later ones do not overwrite it.
 * `text` is lower case, names things in quotes, has no full stop, and is valid to print after escaping (it
 * may hold bytes of file names).
 */
struct leat_err {
	enum leat_cause cause;
	int sys; /* errno behind it, or 0 */
	int signal; /* that ended the worker it ran in, or 0 */
	int exit_status; /* of that worker, when cause is CRASH and signal is 0 */
	char text[LEAT_ERR_TEXT];
};

#pragma GCC visibility pop
#ifdef __cplusplus
}
#endif
#endif
