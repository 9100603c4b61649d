/* SPDX-License-Identifier: MIT */
/*
 * The filter of system calls, in raw BPF for x86-64 and arm64; elsewhere there is none, and *p says so.
 *
 * Decoding and encoding use brk, mmap and munmap beside the socket (traced over 1,600 files); test_isolated traps
 * all else.
 *
 * Allowed: memory, time, the end of the process, its own socket. Harmless and useless ones answer EPERM.
 * Unknown ones answer ENOSYS, so that a newer libc does not break a night. What decoding never needs is
 * trapped: the handler names it to the parent and ends the process.
 */
#ifndef LEAT_EXEC_SECCOMP_H
#define LEAT_EXEC_SECCOMP_H

#include "core/protection.h"

struct leat_seccomp_rules {
	int sock; /* the only descriptor that may be sent to and received from */
	bool moves_limit; /* the process may set its own limit of memory, which the kernel holds below the hard one */
	bool strict; /* for tests: what would answer EPERM or ENOSYS is trapped too, so that nothing is needed unseen */
};

/* For every thread of this process, for ever. Needs no_new_privs. */
void leat_seccomp(const struct leat_seccomp_rules *r, struct leat_protection *p);

/* "openat" for what the filter traps, else NULL. */
const char *leat_seccomp_name(uint32_t nr);

#endif
