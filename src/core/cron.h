/* SPDX-License-Identifier: MIT */
/* The five fields of a crontab line, as cron(8) of Debian reads them: "30 2 * * 1-5". */
#ifndef LEAT_CORE_CRON_H
#define LEAT_CORE_CRON_H

#include "base/err.h"

#include <stddef.h>
#include <stdint.h>

/*
 * Bit i is set where value i matches. Where both `days` and `weekdays` are restricted, one of them is enough (that is
 * what cron does); where one is '*', the other decides.
 */
struct leat_cron {
	uint64_t minutes; /* 0 to 59 */
	uint32_t hours; /* 0 to 23 */
	uint32_t days; /* 1 to 31 */
	uint32_t months; /* 1 to 12 */
	uint32_t weekdays; /* 0 sunday to 6 */
	bool any_day, any_weekday; /* written as '*' */
};

/*
 * Reads the text: fields of '*', numbers, ranges a-b, steps a-b/n and lists of them with commas; months and weekdays by
 * their first three English letters, too; 7 is sunday. 0; or -1 with *err (USAGE) and the part at fault in *at
 * (offset) and *n (bytes; 0: the text as a whole).
 */
int leat_cron_parse(const char *text, struct leat_cron *out, size_t *at, size_t *n, struct leat_err *err);

#endif
