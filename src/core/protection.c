/* SPDX-License-Identifier: MIT */
/* The parts of a worker's protection: names, and the first that is missing. See protection.h. */
#include "core/protection.h"

#include <stdarg.h>
#include <stdio.h>

const char *leat_guard_name(enum leat_guard g)
{
	static const char *const names[LEAT_N_GUARDS] = {
		[LEAT_GUARD_THREAD] = "one thread",     [LEAT_GUARD_USER] = "user",
		[LEAT_GUARD_PRIVILEGES] = "privileges", [LEAT_GUARD_LANDLOCK] = "landlock",
		[LEAT_GUARD_LIMITS] = "limits",         [LEAT_GUARD_SECCOMP] = "seccomp",
	};
	return (unsigned)g < LEAT_N_GUARDS ? names[g] : "unknown";
}

enum leat_guard leat_protection_gap(const struct leat_protection *p)
{
	int g = 0;
	while (g < LEAT_N_GUARDS && p->part[g].on)
		g++;
	return (enum leat_guard)g;
}

void leat_protection_set(struct leat_protection *p, enum leat_guard g, bool on, const char *fmt, ...)
{
	va_list ap;
	va_start(ap, fmt);
	vsnprintf(p->part[g].how, sizeof p->part[g].how, fmt, ap);
	va_end(ap);
	p->part[g].on = on;
}
