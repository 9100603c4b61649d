/* SPDX-License-Identifier: MIT */
#include "base/err.h"

#include <errno.h>
#include <stdarg.h>
#include <stdio.h>
#include <string.h>

int leat_fail(struct leat_err *err, enum leat_cause cause, const char *fmt, ...)
{
	if (!err || err->cause != LEAT_CAUSE_NONE)
		return -1;
	va_list ap;
	va_start(ap, fmt);
	vsnprintf(err->text, sizeof err->text, fmt, ap);
	va_end(ap);
	err->cause = cause;
	return -1;
}

int leat_fail_sys(struct leat_err *err, enum leat_cause cause, int sys, const char *fmt, ...)
{
	if (!err || err->cause != LEAT_CAUSE_NONE)
		return -1;
	va_list ap;
	va_start(ap, fmt);
	int n = vsnprintf(err->text, sizeof err->text, fmt, ap);
	va_end(ap);
	if (n >= 0 && (size_t)n < sizeof err->text) {
		char reason[128];
		snprintf(err->text + n, sizeof err->text - (size_t)n, ": %s", strerror_r(sys, reason, sizeof reason));
	}
	err->cause = cause != LEAT_CAUSE_NONE ? cause : leat_cause_of_errno(sys, false);
	err->sys = sys;
	return -1;
}

enum leat_cause leat_cause_of_errno(int sys, bool writing)
{
	switch (sys) {
	case ENOENT:
	case ENOTDIR:
		return LEAT_CAUSE_NOT_FOUND;
	case EACCES:
	case EPERM:
		return LEAT_CAUSE_PERMISSION;
	case EISDIR:
	case ELOOP:
	case ENXIO:
		return LEAT_CAUSE_SPECIAL;
	case ENOMEM:
		return LEAT_CAUSE_MEMORY;
	case ENOSPC:
	case EDQUOT:
	case EROFS:
	case EIO:
		return writing ? LEAT_CAUSE_TARGET : LEAT_CAUSE_IO;
	case EEXIST:
		return LEAT_CAUSE_CONFLICT;
	default:
		return LEAT_CAUSE_IO;
	}
}

const char *leat_cause_name(enum leat_cause cause)
{
	static const char *const names[LEAT_N_CAUSES] = {
		[LEAT_CAUSE_NONE] = "none",
		[LEAT_CAUSE_USAGE] = "usage",
		[LEAT_CAUSE_NOT_FOUND] = "not found",
		[LEAT_CAUSE_PERMISSION] = "permission denied",
		[LEAT_CAUSE_SPECIAL] = "not a regular file",
		[LEAT_CAUSE_CHANGED] = "changed while reading",
		[LEAT_CAUSE_IO] = "input error",
		[LEAT_CAUSE_TARGET] = "target full or broken",
		[LEAT_CAUSE_FORMAT] = "unknown format",
		[LEAT_CAUSE_TRUNCATED] = "truncated",
		[LEAT_CAUSE_CORRUPT] = "corrupt",
		[LEAT_CAUSE_UNSUPPORTED] = "unsupported",
		[LEAT_CAUSE_LIMIT] = "over a limit",
		[LEAT_CAUSE_MEMORY] = "memory",
		[LEAT_CAUSE_TIMEOUT] = "timeout",
		[LEAT_CAUSE_CRASH] = "crash",
		[LEAT_CAUSE_SANDBOX] = "sandbox violation",
		[LEAT_CAUSE_CONFLICT] = "output conflict",
		[LEAT_CAUSE_MISMATCH] = "mismatch",
		[LEAT_CAUSE_CANCELLED] = "cancelled",
		[LEAT_CAUSE_INTERNAL] = "internal error",
	};
	return (unsigned)cause < LEAT_N_CAUSES ? names[cause] : "unknown";
}

const char *leat_state_name(enum leat_state state)
{
	static const char *const names[LEAT_N_STATES] = {
		[LEAT_PENDING] = "pending",           [LEAT_DONE] = "done",
		[LEAT_SKIPPED] = "skipped",           [LEAT_FAILED] = "failed",
		[LEAT_KNOWN_FAILED] = "known_failed", [LEAT_NOT_REACHED] = "not_reached",
	};
	return (unsigned)state < LEAT_N_STATES ? names[state] : "unknown";
}
