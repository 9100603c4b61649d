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

void progress_event(void *ctx, const struct leat_event *e)
{
	const struct progress *p = ctx;
	if (!p->on || e->type != LEAT_EV_PROGRESS)
		return;
	const struct leat_counts *c = e->counts;
	uint64_t n = ended(c);
	double done = c->matched ? (double)n / (double)c->matched : 1.0;
	char rest[32] = "-";
	if (done > 0.01 && c->seconds > 0.5)
		leat_format_time(c->seconds * (1 - done) / done, rest);
	fprintf(stderr, "\r\033[K%3.0f %%  %llu of %llu items  %.1f MB/s  %s left", 100 * done, (unsigned long long)n,
		(unsigned long long)c->matched, c->seconds > 0 ? (double)c->bytes_in / 1e6 / c->seconds : 0.0, rest);
	if (c->state[LEAT_FAILED])
		fprintf(stderr, "  %llu failed", (unsigned long long)c->state[LEAT_FAILED]);
	fflush(stderr);
}

void progress_clear(const struct progress *p)
{
	if (p->on)
		fputs("\r\033[K", stderr);
}
