/* SPDX-License-Identifier: MIT */
/* What `leat tune` prints. See tune.h. */
#include "api/tune.h"

#include "base/text.h"

enum { NAME = 40 };

/* `as`: instead of its own name; or NULL */
static void choice(struct leat_buf *b, const char *as, const struct leat_tune_choice *c, double calm)
{
	char time[32];
	struct leat_buf name = {0};
	leat_tune_name(c, &name);
	leat_buf_addf(b, "  %-*s", NAME, as ? as : name.data ? name.data : "");
	leat_buf_free(&name);
	double m = leat_tune_median(c);
	if (c->n == 0) {
		leat_buf_adds(b, "  not measured: the time was over\n");
		return;
	}
	leat_buf_addf(b, "  %8s  %u run%s", leat_format_time(m, time), c->n, c->n == 1 ? " " : "s");
	if (m != calm && calm > 0)
		leat_buf_addf(b, "  %+.0f %%", 100 * (m / calm - 1));
	leat_buf_addc(b, '\n');
}

static bool said(const struct leat_tuner *t, size_t i)
{
	for (size_t k = 0; k < i; k++)
		if (t->steps[k].span.text == t->steps[i].span.text && t->steps[k].span.start == t->steps[i].span.start)
			return true;
	return false;
}

static void add_settings(struct leat_buf *b, const struct leat_tune_setting *s, const char *before)
{
	if (s->on)
		leat_buf_addf(b, "%son=%s", before, s->on);
	if (s->workers)
		leat_buf_addf(b, "%sworkers=%d", before, s->workers);
}

/* The same settings as options of a command, and as lines of the recipe. */
static void lines(const struct leat_tuner *t, struct leat_buf *b)
{
	leat_buf_adds(b, "\non the command line\n ");
	for (size_t i = 0; i < t->n_steps; i++) {
		struct leat_buf before = {0};
		leat_buf_addf(&before, " --opt %s.", t->steps[i].address);
		add_settings(b, &t->best.part[t->steps[i].part], before.data ? before.data : "");
		leat_buf_free(&before);
	}
	leat_buf_adds(b, "\nin the recipe\n");
	for (size_t i = 0; i < t->n_steps; i++) {
		const struct leat_tune_setting *s = &t->best.part[t->steps[i].part];
		if ((!s->on && !s->workers) || said(t, i))
			continue;
		leat_buf_adds(b, "  ");
		leat_escape_terminal(b, t->steps[i].line, strlen(t->steps[i].line));
		add_settings(b, s, " ");
		leat_buf_addc(b, '\n');
	}
	if (t->in_process)
		leat_buf_adds(b, "  (files are then decoded in this process: without isolation)\n");
}

static bool all_measured(const struct leat_tuner *t)
{
	bool all = true;
	for (size_t i = 0; i < t->n; i++)
		all = all && t->v[i].n;
	return all;
}

/* Faster in all rounds but one: the median alone may be what else the machine did. */
static bool clearly_faster(const struct leat_tuner *t)
{
	unsigned n = t->best.n < t->calm.n ? t->best.n : t->calm.n, won = 0;
	for (unsigned i = 0; i < n; i++)
		won += t->best.seconds[i] < t->calm.seconds[i];
	return won + 1 >= n;
}

static void verdict(const struct leat_tuner *t, struct leat_buf *b)
{
	double calm = leat_tune_median(&t->calm);
	if (!all_measured(t))
		leat_buf_adds(b, "\nthe time was over before all were measured: give it more with --time\n");
	if (t->best.n == 0 && !all_measured(t))
		return;
	if (t->best.n == 0) {
		leat_buf_addf(b, "\n%s is as good as any of them: there is nothing to write\n", t->now);
		return;
	}
	leat_buf_adds(b, "\nside by side\n");
	choice(b, t->now, &t->calm, calm);
	choice(b, NULL, &t->best, calm);
	if (calm <= 1.05 * leat_tune_median(&t->best)) {
		leat_buf_addf(b, "\n%s is within 5 %% of the best: there is nothing to write\n", t->now);
		return;
	}
	if (!clearly_faster(t)) {
		leat_buf_addf(b, "\n%s is sometimes as fast as the best: there is nothing to write\n", t->now);
		return;
	}
	lines(t, b);
}

void leat_tune_text(const struct leat_tuner *t, struct leat_buf *b)
{
	leat_buf_addf(b, "settings tried in turn on %llu item%s: the time of all items behind the first, medians\n",
		      (unsigned long long)t->items, t->items == 1 ? "" : "s");
	if (t->failed)
		leat_buf_adds(b, "(some items failed: their times are those of failing)\n");
	for (size_t i = 0; i < t->n; i++)
		choice(b, i ? NULL : t->now, &t->v[i], leat_tune_median(&t->v[0]));
	if (t->n == 1)
		leat_buf_adds(b, "  no step of this recipe can be set from outside\n");
	verdict(t, b);
}
