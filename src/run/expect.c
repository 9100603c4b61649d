/* SPDX-License-Identifier: MIT */
/* What `expect` says, held against the counts of a run. */
#include "core/condition.h"
#include "run/run.h"

#include "base/num.h"

/* The counts as fields, so that `expect failed<=1%` is a condition like any other; percentages are of matched. */
static int count_fields(const struct leat_counts *c, struct leat_fields *f, struct leat_err *err)
{
	static const struct {
		const char *name;
		enum leat_state state;
	} rows[] = {
		{"done", LEAT_DONE},
		{"skipped", LEAT_SKIPPED},
		{"failed", LEAT_FAILED},
		{"known_failed", LEAT_KNOWN_FAILED},
		{"not_reached", LEAT_NOT_REACHED},
	};
	if (leat_fields_set_int(f, "matched", (int64_t)c->matched, err) < 0 ||
	    leat_fields_set_int(f, "quarantined", (int64_t)c->quarantined, err) < 0)
		return -1;
	for (size_t i = 0; i < LEAT_LEN(rows); i++)
		if (leat_fields_set_int(f, rows[i].name, (int64_t)c->state[rows[i].state], err) < 0)
			return -1;
	return 0;
}

/* Percent conditions see counts in percent of matched. */
static int percent_fields(const struct leat_counts *c, const struct leat_fields *counts, struct leat_fields *f,
			  struct leat_err *err)
{
	double all = c->matched ? (double)c->matched : 1.0;
	for (size_t i = 0; i < counts->n; i++)
		if (leat_fields_set_real(f, counts->v[i].name, 100.0 * (double)counts->v[i].value.i / all, err) < 0)
			return -1;
	return 0;
}

static void first_failure(const struct leat_summary *s, struct leat_buf *b)
{
	const struct leat_failure_group *first = NULL;
	for (size_t i = 0; i < s->n_failures; i++)
		if (s->failures[i].names[0] && (!first || s->failures[i].seqs[0] < first->seqs[0]))
			first = &s->failures[i];
	if (first)
		leat_buf_addf(b, "; the first: %s (%s: %s)", first->names[0], first->step, first->texts[0]);
}

/* The count that the condition is about, as it is. */
static void tell_count(const struct leat_summary *s, const struct leat_fields *counts, const char *field,
		       struct leat_buf *b)
{
	const struct leat_value *v = leat_fields_get(counts, field);
	uint64_t all = s->counts.matched, n = v ? (uint64_t)v->i : 0;
	char some[32], of[32];
	if (strcmp(field, "matched") == 0) {
		leat_buf_addf(b, "%s item%s matched", leat_group_digits(all, of), all == 1 ? "" : "s");
		return;
	}
	leat_buf_addf(b, "%s of %s items %s%s (%.1f %%)", leat_group_digits(n, some), leat_group_digits(all, of),
		      strcmp(field, "failed") == 0 ? "" : "are ", field, all ? 100.0 * (double)n / (double)all : 0.0);
	if (strcmp(field, "failed") == 0)
		first_failure(s, b);
}

char *leat_expect_broken(const struct leat_plan *p, const struct leat_summary *s, const struct leat_runinfo *info,
			 struct leat_limits *limits, struct leat_err *err)
{
	struct leat_fields counts = {0}, percents = {0};
	struct leat_buf tmp = {0}, text = {0};
	char *result = NULL;
	if (count_fields(&s->counts, &counts, err) < 0 || percent_fields(&s->counts, &counts, &percents, err) < 0)
		goto out;
	for (size_t i = 0; i < p->expects.n && !result; i++) {
		const struct leat_expect *e = &p->expect_texts[i];
		const char *field = leat_condition_field(p->expects.v[i], 0);
		struct leat_view v = {.fields = e->percent ? &percents : &counts, .run = info, .branch = ""};
		limits->failed = limits->failed || strcmp(field, "failed") == 0;
		limits->known_failed = limits->known_failed || strcmp(field, "known_failed") == 0;
		if (leat_condition_holds(p->expects.v[i], &v, &tmp))
			continue;
		leat_buf_addf(&text, "expect %s did not hold: ", e->text);
		tell_count(s, &counts, field, &text);
		result = leat_buf_detach(&text, err);
	}
out:
	leat_fields_free(&counts);
	leat_fields_free(&percents);
	leat_buf_free(&tmp);
	leat_buf_free(&text);
	return result;
}
