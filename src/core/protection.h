/* SPDX-License-Identifier: MIT */
/*
 * What really stands between bytes from outside and the rest of the machine, part by part, so that plan,
 * version and report can say it. Filled in by a worker process before its first item.
 */
#ifndef LEAT_CORE_PROTECTION_H
#define LEAT_CORE_PROTECTION_H

#include <leat/types.h>

/*
 * job isolate=: auto takes what the kernel gives, require refuses to run when a part is missing, no switches the
 * sandbox off.
 */
enum leat_isolate { LEAT_ISOLATE_AUTO, LEAT_ISOLATE_REQUIRE, LEAT_ISOLATE_NO };

enum leat_guard {
	LEAT_GUARD_THREAD, /* one thread when the lock-down begins, its team later: what binds threads binds all */
	LEAT_GUARD_USER, /* it is not root */
	LEAT_GUARD_PRIVILEGES, /* it cannot gain privileges, and nobody of its user can look into it */
	LEAT_GUARD_LANDLOCK, /* no paths, no network */
	LEAT_GUARD_LIMITS, /* memory, descriptors, files, processes */
	LEAT_GUARD_SECCOMP, /* only the system calls that decoding needs */
	LEAT_N_GUARDS
};

enum { LEAT_GUARD_TEXT = 95 };

struct leat_protection {
	struct leat_guard_state {
		uint8_t on; /* 1: in force */
		char how[LEAT_GUARD_TEXT]; /* what exactly is in force, or why it is not; NUL-terminated */
	} part[LEAT_N_GUARDS];
};

/* "seccomp", "landlock", ...: never NULL. */
const char *leat_guard_name(enum leat_guard g);

/* The first part that is not in force, or LEAT_N_GUARDS when all are. */
enum leat_guard leat_protection_gap(const struct leat_protection *p);

/* Sets one part. */
void leat_protection_set(struct leat_protection *p, enum leat_guard g, bool on, const char *fmt, ...)
	__attribute__((format(printf, 4, 5)));

#endif
