/* SPDX-License-Identifier: MIT */
/* One line that tells how far the run is; only for people, so only on a terminal. */
#include "cli.h"

static uint64_t ended(const struct leat_counts *c)
{
	uint64_t n = 0;
	for (int i = LEAT_DONE; i < LEAT_N_STATES; i++)
		n += c->state[i];
	return n;
}

/* By the work that is left, in pixels: of files a large one counts as much as a small one. */
static const char *time_left(struct progress *p, const struct leat_counts *c, char buf[static 32])
{
	double share = c->work_total > 0 ? c->work / c->work_total : 0;
	if (share < 0.01 || c->seconds < 0.5)
		return "-";
	double left = c->seconds * (1 - share) / share;
	p->left = p->left > 0 ? 0.8 * p->left + 0.2 * left : left;
	return leat_format_time(p->left, buf);
}

void progress_event(void *ctx, const struct leat_event *e)
{
	struct progress *p = ctx;
	if (!p->on || e->type != LEAT_EV_PROGRESS)
		return;
	const struct leat_counts *c = e->counts;
	char rest[32];
	fprintf(stderr, "\r\033[K%3.0f %%  %llu of %llu items  %.1f MB/s  %s left",
		c->work_total > 0 ? 100 * c->work / c->work_total : 0.0, (unsigned long long)ended(c),
		(unsigned long long)c->matched, c->seconds > 0 ? (double)c->bytes_in / 1e6 / c->seconds : 0.0,
		time_left(p, c, rest));
	if (c->state[LEAT_FAILED])
		fprintf(stderr, "  %llu failed", (unsigned long long)c->state[LEAT_FAILED]);
	fflush(stderr);
}

void progress_clear(const struct progress *p)
{
	if (p->on)
		fputs("\r\033[K", stderr);
}
