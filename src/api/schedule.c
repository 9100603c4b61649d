/* SPDX-License-Identifier: MIT */
/* The schedule of a recipe as texts for those who start jobs: see leat/schedule.h. */
#include "api/schedule.h"

#include "base/sys.h"

bool leat_has_schedule(const struct leat_recipe *r)
{
	return r->plan && r->plan->schedule.given;
}

char *leat_schedule_name(const struct leat_recipe *r, struct leat_err *err)
{
	struct leat_buf b = {0};
	const char *name = r->plan ? r->plan->job.name : "leat";
	leat_buf_adds(&b, "leat-");
	for (; *name; name++) {
		bool plain = (*name >= 'a' && *name <= 'z') || (*name >= 'A' && *name <= 'Z') ||
			     (*name >= '0' && *name <= '9') || strchr("_.-", *name);
		leat_buf_addc(&b, plain ? *name : '-');
	}
	char *text = leat_buf_detach(&b, err);
	leat_buf_free(&b);
	return text;
}

char *leat_schedule_mark(const struct leat_recipe *r, struct leat_err *err)
{
	struct leat_buf b = {0};
	if (!r->path || strpbrk(r->path, "\n\r")) {
		leat_fail(err, LEAT_CAUSE_USAGE,
			  r->path ? "the name of the recipe has a line break"
				  : "only a recipe in a file can be scheduled");
		return NULL;
	}
	leat_buf_addf(&b, "# leat schedule: %s", r->path);
	char *text = leat_buf_detach(&b, err);
	leat_buf_free(&b);
	return text;
}

static int check(const struct leat_recipe *r, const struct leat_schedule_options *o, struct leat_err *err)
{
	if (!r->plan || r->diags.errors)
		return leat_fail(err, LEAT_CAUSE_USAGE, "a schedule can be told after a leat_check without errors");
	if (!r->plan->schedule.given)
		return leat_fail(err, LEAT_CAUSE_USAGE,
				 "%.200s has no schedule; write for example: schedule daily at=02:30", r->name);
	if (r->plan->runs_programs && !o->allow_exec)
		return leat_fail(
			err, LEAT_CAUSE_USAGE,
			"%.200s runs programs: that has to be allowed with --allow-exec, and is written down then",
			r->name);
	return 0;
}

static char *made(const struct leat_recipe *r, const struct leat_schedule_options *o,
		  int (*make)(const struct leat_timer *t, struct leat_buf *out, struct leat_err *err),
		  struct leat_err *err)
{
	struct leat_buf out = {0};
	char *text = NULL, *name = NULL, *mark = NULL;
	if (check(r, o, err) == 0 && (name = leat_schedule_name(r, err)) && (mark = leat_schedule_mark(r, err))) {
		struct leat_timer t = {.r = r,
				       .s = &r->plan->schedule,
				       .job = &r->plan->job,
				       .o = o,
				       .now = o->now ? o->now : leat_wall_ns() / 1000000000,
				       .name = name,
				       .mark = mark};
		if (make(&t, &out, err) == 0)
			text = leat_buf_detach(&out, err);
	}
	leat_buf_free(&out);
	free(name);
	free(mark);
	return text;
}

char *leat_schedule_text(const struct leat_recipe *r, enum leat_schedule_part part,
			 const struct leat_schedule_options *o, struct leat_err *err)
{
	static int (*const makers[])(const struct leat_timer *, struct leat_buf *, struct leat_err *) = {
		[LEAT_SCHEDULE_SERVICE] = leat_timer_service, [LEAT_SCHEDULE_TIMER] = leat_timer_timer,
		[LEAT_SCHEDULE_CRONTAB] = leat_timer_crontab, [LEAT_SCHEDULE_KUBERNETES] = leat_timer_kubernetes,
		[LEAT_SCHEDULE_SLURM] = leat_timer_slurm,
	};
	if ((size_t)part >= LEAT_LEN(makers) || !o->program || *o->program != '/') {
		leat_fail(err, LEAT_CAUSE_USAGE, "no such part of a schedule, or no program");
		return NULL;
	}
	return made(r, o, makers[part], err);
}

char *leat_schedule_show(const struct leat_recipe *r, const struct leat_schedule_options *o, struct leat_err *err)
{
	struct leat_schedule_options looks = *o;
	looks.allow_exec = true;
	return made(r, &looks, leat_timer_show, err);
}
