/* SPDX-License-Identifier: MIT */
/* Inside of leat/schedule.h: what a recipe touches, and how its texts are put together. */
#ifndef LEAT_API_SCHEDULE_H
#define LEAT_API_SCHEDULE_H

#include <leat/schedule.h>

#include "api/recipe.h"

/* Folders that a recipe names, as far as they are fixed. Texts are in the arena. */
struct leat_touched {
	struct leat_arena arena;
	struct leat_strs writes; /* the nearest that exist, each once, none within another */
	struct leat_strs reads; /* the same of what it only reads, the recipe among it */
};
/* 0, or -1 with *err (MEMORY). Free with leat_arena_free(&t->arena). */
int leat_touched_find(const struct leat_recipe *r, struct leat_touched *t, struct leat_err *err);

struct leat_timer { /* what the texts are made of */
	const struct leat_recipe *r;
	const struct leat_schedule *s;
	const struct leat_job *job;
	const struct leat_schedule_options *o;
	int64_t now;
	const char *name, *mark;
};

/* Each appends its text. -1 with *err (USAGE) where it cannot be said. */
int leat_timer_service(const struct leat_timer *t, struct leat_buf *out, struct leat_err *err);
int leat_timer_timer(const struct leat_timer *t, struct leat_buf *out, struct leat_err *err);
int leat_timer_crontab(const struct leat_timer *t, struct leat_buf *out, struct leat_err *err);
int leat_timer_kubernetes(const struct leat_timer *t, struct leat_buf *out, struct leat_err *err);
int leat_timer_slurm(const struct leat_timer *t, struct leat_buf *out, struct leat_err *err);
int leat_timer_show(const struct leat_timer *t, struct leat_buf *out, struct leat_err *err);

/* Name of the local time zone ("Europe/Berlin") in buf, from TZ or the link /etc/localtime; false: not known. */
bool leat_zone_name(char *buf, size_t size);

#endif
