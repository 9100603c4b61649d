/* SPDX-License-Identifier: MIT */
/*
 * A note of what a worker is at, in memory that its parent can read after its death. One store, no lock; the reader
 * trusts nothing of it.
 */
#ifndef LEAT_CORE_NOTE_H
#define LEAT_CORE_NOTE_H

#include <stdatomic.h>
#include <stdint.h>

typedef _Atomic uint32_t leat_note; /* 0: nothing */

/* `at` may be NULL: nobody wants to know. Async-signal-safe. */
static inline void leat_note_set(leat_note *at, uint32_t what)
{
	if (at)
		atomic_store_explicit(at, what, memory_order_relaxed);
}

#endif
