/* SPDX-License-Identifier: MIT */
/* Gathering a summary: failures by cause and step, notices by text. Both lists are bounded whatever a run does. */
#include "report/summary.h"

#include "base/mem.h"

enum { MAX_NOTICES = 100 };

/* Groups past the last one are counted together: a run with 200 sorts of failure is past telling them apart. */
static const char other_step[] = "other steps";

static struct leat_failure_group *find_group(struct leat_summary *s, enum leat_cause cause, const char *step)
{
	for (size_t i = 0; i < s->n_failures; i++)
		if (s->failures[i].cause == cause && strcmp(s->failures[i].step, step) == 0)
			return &s->failures[i];
	return NULL;
}

static struct leat_failure_group *add_group(struct leat_summary *s, enum leat_cause cause, const char *step,
					    struct leat_err *err)
{
	size_t cap = s->n_failures; /* grows by one: groups are few */
	struct leat_failure_group *v = leat_grow(s->failures, &cap, s->n_failures + 1, sizeof *v, err);
	if (!v)
		return NULL;
	s->failures = v;
	char *copy = leat_strdup(step, err);
	if (!copy)
		return NULL;
	v[s->n_failures] = (struct leat_failure_group){.cause = cause, .step = copy};
	return &v[s->n_failures++];
}

static struct leat_failure_group *group_for(struct leat_summary *s, enum leat_cause cause, const char *step,
					    struct leat_err *err)
{
	struct leat_failure_group *g = find_group(s, cause, step);
	if (g)
		return g;
	if (s->n_failures < LEAT_SUMMARY_GROUPS - 1)
		return add_group(s, cause, step, err);
	g = find_group(s, LEAT_CAUSE_NONE, other_step);
	return g ? g : add_group(s, LEAT_CAUSE_NONE, other_step, err);
}

static size_t names_in(const struct leat_failure_group *g)
{
	size_t n = 0;
	while (n < LEAT_SUMMARY_NAMES && g->names[n])
		n++;
	return n;
}

/* Puts a name among the first ones, which are kept in input order; the one behind them goes. */
static int keep_name(struct leat_failure_group *g, const char *text, const char *path, uint64_t seq,
		     struct leat_err *err)
{
	size_t n = names_in(g), at = n;
	while (at > 0 && g->seqs[at - 1] > seq)
		at--;
	if (at == LEAT_SUMMARY_NAMES)
		return 0;
	char *name = leat_strdup(path, err), *copy = leat_strdup(text, err);
	if (!name || !copy) {
		free(name);
		free(copy);
		return -1;
	}
	if (n == LEAT_SUMMARY_NAMES) {
		free(g->names[--n]);
		free(g->texts[n]);
	}
	for (size_t i = n; i > at; i--) {
		g->names[i] = g->names[i - 1];
		g->texts[i] = g->texts[i - 1];
		g->seqs[i] = g->seqs[i - 1];
	}
	g->names[at] = name;
	g->texts[at] = copy;
	g->seqs[at] = seq;
	return 0;
}

int leat_summary_failure(struct leat_summary *s, const char *step, const struct leat_err *e, const char *path,
			 uint64_t seq, struct leat_err *err)
{
	struct leat_failure_group *g = group_for(s, e->cause, step ? step : "", err);
	if (!g)
		return -1;
	g->n++;
	return keep_name(g, e->text, path ? path : "", seq, err);
}

static int add_notice(struct leat_summary *s, const char *text, struct leat_err *err)
{
	size_t cap = s->n_notices; /* grows by one: notices are few */
	char **v = leat_grow(s->notices, &cap, s->n_notices + 1, sizeof *v, err);
	if (!v)
		return -1;
	s->notices = v;
	cap = s->n_notices;
	uint64_t *counts = leat_grow(s->notice_counts, &cap, s->n_notices + 1, sizeof *counts, err);
	if (!counts)
		return -1;
	s->notice_counts = counts;
	v[s->n_notices] = leat_strdup(text, err);
	if (!v[s->n_notices])
		return -1;
	counts[s->n_notices++] = 1;
	return 0;
}

static bool count_notice(struct leat_summary *s, const char *text)
{
	for (size_t i = 0; i < s->n_notices; i++)
		if (strcmp(s->notices[i], text) == 0) {
			s->notice_counts[i]++;
			return true;
		}
	return false;
}

int leat_summary_notice(struct leat_summary *s, const char *text, struct leat_err *err)
{
	if (count_notice(s, text))
		return 0;
	if (s->n_notices < MAX_NOTICES)
		return add_notice(s, text, err);
	text = "notices of other sorts";
	return count_notice(s, text) ? 0 : add_notice(s, text, err);
}

void leat_summary_free(struct leat_summary *s)
{
	for (size_t i = 0; i < s->n_failures; i++) {
		for (size_t k = 0; k < LEAT_SUMMARY_NAMES; k++) {
			free(s->failures[i].names[k]);
			free(s->failures[i].texts[k]);
		}
		free((void *)s->failures[i].step); /* a copy of our own */
	}
	for (size_t i = 0; i < s->n_notices; i++)
		free(s->notices[i]);
	free(s->failures);
	free(s->groups);
	free(s->notices);
	free(s->notice_counts);
	free(s->fatal);
	free(s->expect);
	free(s->since);
	free(s->report);
	*s = (struct leat_summary){0};
}
