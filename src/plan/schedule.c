/* SPDX-License-Identifier: MIT */
/* The directive `schedule` (language 6.10). leat starts nothing by itself: `leat schedule` tells others. See exec.h. */
#include "core/cron.h"
#include "core/paramvalue.h"
#include "core/schedopts.h"
#include "plan/exec.h"

/* E036: word w cannot stand with what else is written. */
static bool clash(struct leat_planner *pl, const struct leat_word *w, const struct leat_word *with, const char *message)
{
	if (!w)
		return false;
	leat_plan_second(leat_plan_error(pl, 36, w->span, "%s", message), with ? with->span : (struct leat_span){0},
			 "");
	return true;
}

/* One way to say when, and only what goes with it. True when nothing was wrong. */
static bool goes_together(struct leat_planner *pl, const struct leat_binding *b)
{
	const struct leat_sched_opts *o = b->params;
	const struct leat_word *how = b->given[LEAT_SCHED_HOW], *cron = b->given[LEAT_SCHED_CRON],
			       *every = b->given[LEAT_SCHED_EVERY], *at = b->given[LEAT_SCHED_AT],
			       *day = b->given[LEAT_SCHED_DAY];
	const struct leat_word *other = cron ? cron : every;
	if (cron && every)
		return !clash(pl, every, cron, "'cron=' and 'every=' exclude each other");
	if (how && other)
		return !clash(pl, other, how, "'daily', 'weekly', 'hourly' and 'cron=', 'every=' exclude each other");
	if (!how && !other) {
		struct leat_diag *g = leat_plan_error(pl, 34, b->at, "'schedule' does not say how often");
		leat_plan_help(pl, g, "write daily, weekly or hourly, cron=\"30 2 * * 1-5\" or every=6h");
		return false;
	}
	if (!how && (at || day))
		return !clash(pl, at ? at : day, other, "'at=' and 'day=' go with daily, weekly and hourly");
	if (every && b->given[LEAT_SCHED_TIMEZONE])
		return !clash(pl, b->given[LEAT_SCHED_TIMEZONE], every, "'every=' does not ask for the time of day");
	if (o->how != LEAT_WEEKLY && day)
		return !clash(pl, day, how, "'day=' goes with weekly");
	if (how && o->how == LEAT_HOURLY && o->at >= 3600)
		return !clash(pl, at, how, "'hourly' takes the minute of every hour: at=00:00 to at=00:59");
	return true;
}

static bool check_cron(struct leat_planner *pl, const struct leat_word *w, const char *text, struct leat_cron *cron)
{
	struct leat_err err = {0};
	size_t at, n;
	if (leat_cron_parse(text, cron, &at, &n, &err) == 0)
		return true;
	struct leat_span s = n ? leat_plan_part(w, text + at, n) : w->value_at;
	struct leat_diag *g = leat_plan_error(pl, 46, s, "%s", err.text);
	leat_plan_help(
		pl, g,
		"minute, hour, day of the month, month, weekday: \"30 2 * * 1-5\" is 02:30 from monday to friday");
	return false;
}

/* `schedule 02:30`, `schedule "30 2 * * *"`: the value is right, its name is not there. True when that was reported. */
static bool named_otherwise(struct leat_planner *pl, const struct leat_directive *d)
{
	static const struct leat_param clock = {.name = "at", .type = LEAT_PT_TIMEOFDAY};
	const struct leat_word *w = d->n_words ? &d->words[0] : NULL;
	struct leat_value_error e = {0};
	struct leat_err err = {0};
	struct leat_cron cron;
	int64_t at;
	size_t from, n;
	if (!w || w->key || w->unknown)
		return false;
	bool time = leat_param_parse(&clock, w->value, &at, &pl->plan->arena, &e) == 0;
	if (!time && leat_cron_parse(w->value, &cron, &from, &n, &err) < 0)
		return false;
	struct leat_diag *g = leat_plan_error(pl, 41, w->span, "'%s' is not a value of schedule", w->value);
	leat_plan_label(pl, g, time ? "write daily at=%s" : "write cron=\"%s\"", w->value);
	return true;
}

static const char *as_written(struct leat_planner *pl, const struct leat_directive *d)
{
	const char *text = "";
	for (size_t i = 0; i < d->n_words && text; i++) {
		const struct leat_word *w = &d->words[i];
		const char *quote = strchr(w->value, ' ') ? "\"" : "";
		text = leat_plan_text(pl, "%s%s%s%s%s%s%s", text, i ? " " : "", w->key ? w->key : "", w->key ? "=" : "",
				      quote, w->value, quote);
	}
	return text;
}

static void schedule(struct leat_planner *pl, const struct leat_directive *d)
{
	struct leat_binding b = {.table = leat_sched_params,
				 .size = sizeof(struct leat_sched_opts),
				 .name = "schedule",
				 .owner = "schedule",
				 .example = "schedule daily at=02:30",
				 .at = d->name_at,
				 .words = d->words,
				 .n_words = d->n_words,
				 .damaged = d->damaged};
	if (named_otherwise(pl, d) || !leat_plan_bind(pl, &b) || d->damaged || !goes_together(pl, &b))
		return;
	const struct leat_sched_opts *o = b.params;
	struct leat_schedule *s = &pl->plan->schedule;
	struct leat_cron cron;
	bool fields = b.given[LEAT_SCHED_CRON];
	if (fields && !check_cron(pl, b.given[LEAT_SCHED_CRON], o->cron, &cron))
		return;
	leat_schedule_make(o, b.given[LEAT_SCHED_EVERY], fields ? &cron : NULL, s);
	s->text = as_written(pl, d);
	if (s->text && !pl->facts->redirect)
		leat_plan_note(pl, "schedule: %s, by whatever leat schedule tells to start it", s->text);
	if (!s->interval && leat_schedule_next(s, &leat_zone_utc, 0) == 0)
		leat_plan_error(pl, 36, b.given[LEAT_SCHED_CRON]->value_at, "there is no such day");
}

void leat_plan_schedule(struct leat_planner *pl)
{
	const struct leat_program *p = pl->program;
	for (size_t i = 0; i < p->n_schedules; i++) {
		schedule(pl, &p->schedules[i]);
		if (i == 0)
			continue;
		struct leat_diag *g = leat_plan_error(pl, 33, p->schedules[i].name_at, "'schedule' is given twice");
		leat_plan_label(pl, g, "second time");
		leat_plan_second(g, p->schedules[0].name_at, "first time");
	}
}
