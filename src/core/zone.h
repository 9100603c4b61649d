/* SPDX-License-Identifier: MIT */
/*
 * Local time and UTC. A zone is a function from a moment to an offset, so that all of this is pure arithmetic and tests
 * may make up zones; the real one asks localtime_r, which reads the system's data base as TZ or /etc/localtime says.
 * Nothing here sets TZ or calls tzset: the host program's idea of local time is the one that counts.
 *
 * Moments are seconds since the epoch. A wall time is what a clock shows, as seconds from 1970-01-01 00:00 on that
 * clock.
 */
#ifndef LEAT_CORE_ZONE_H
#define LEAT_CORE_ZONE_H

#include <stdbool.h>
#include <stdint.h>

struct leat_zone {
	int64_t (*offset)(const void *ctx, int64_t moment); /* wall time minus moment, seconds; any thread */
	const void *ctx;
};

extern const struct leat_zone leat_zone_local, leat_zone_utc;

static inline int64_t leat_zone_wall(const struct leat_zone *z, int64_t moment)
{
	return moment + z->offset(z->ctx, moment);
}

/*
 * The moments at which clocks show `wall`: 1, or 2 where they are put back over it (then in both, the earlier one
 * first), or 0 where they are put forward over it: then at[0] is the moment that lies as far behind the jump as
 * `wall` does.
 */
int leat_zone_moments(const struct leat_zone *z, int64_t wall, int64_t at[2]);

/* The first moment from `from` on, and before `end`, with another offset than the one before it; `end`: none. */
int64_t leat_zone_change(const struct leat_zone *z, int64_t from, int64_t end);

/* The first moment behind `from` at which clocks show this second of the day; a time that is skipped: as above. */
int64_t leat_zone_next_clock(const struct leat_zone *z, int64_t from, int64_t second_of_day);

struct leat_date { /* of a wall time */
	int64_t year;
	int month, day; /* 1 to 12, 1 to 31 */
	int weekday; /* 0 sunday */
	int hour, minute, second;
};

/* The date of a wall time, and the wall time of a date, whose weekday does not count. */
struct leat_date leat_date_of(int64_t wall);
int64_t leat_date_wall(const struct leat_date *d);

#endif
