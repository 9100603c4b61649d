/* SPDX-License-Identifier: MIT */
/*
 * The `schedule` line of a recipe for those who start jobs: systemd, cron, Kubernetes, Slurm. leat is no daemon;
 * these are texts. After a leat_check without errors.
 */
#ifndef LEAT_SCHEDULE_H
#define LEAT_SCHEDULE_H

#include <leat/leat.h>

#ifdef __cplusplus
extern "C" {
#endif
#pragma GCC visibility push(default)

enum leat_schedule_part {
	LEAT_SCHEDULE_SERVICE, /* systemd: NAME.service */
	LEAT_SCHEDULE_TIMER, /* systemd: NAME.timer */
	LEAT_SCHEDULE_CRONTAB, /* two lines of a crontab: the mark, and the job */
	LEAT_SCHEDULE_KUBERNETES, /* a CronJob, YAML */
	LEAT_SCHEDULE_SLURM, /* lines for scrontab */
};

struct leat_schedule_options {
	int64_t now; /* seconds since the epoch; 0: the clock's */
	const char *program; /* absolute path of leat itself */
	const char
		*user; /* systemd: a unit of the system that runs as this user; NULL: one of the user's own manager */
	bool allow_exec; /* the recipe may run programs: handed on to leat run */
};

/* Has the recipe a schedule line? */
bool leat_has_schedule(const struct leat_recipe *r);
/* What its units are called: "leat-web". NULL with *err when memory is out. */
char *leat_schedule_name(const struct leat_recipe *r, struct leat_err *err);
/*
 * The first line of everything written for this recipe, without line break: "# leat schedule: /srv/web.leat". By it
 * leat knows what it may replace. NULL with *err: USAGE for a recipe that is no file.
 */
char *leat_schedule_mark(const struct leat_recipe *r, struct leat_err *err);
/*
 * One of the texts. NULL with *err: USAGE (no schedule line, no file, a schedule that cannot be said there, programs
 * that are not allowed), MEMORY.
 */
char *leat_schedule_text(const struct leat_recipe *r, enum leat_schedule_part part,
			 const struct leat_schedule_options *o, struct leat_err *err);
/*
 * When it is, the next five starts in local time and UTC, and what changes of the clocks will do to it. NULL with
 * *err as above.
 */
char *leat_schedule_show(const struct leat_recipe *r, const struct leat_schedule_options *o, struct leat_err *err);

#pragma GCC visibility pop
#ifdef __cplusplus
}
#endif
#endif
