/* SPDX-License-Identifier: MIT */
/* What a run takes: from what its largest item takes. E072, and the note that an item will not fit. */
#include "plan/estimate.h"

#include "base/num.h"

struct largest {
	uint64_t bytes, file;
	const struct leat_header *header; /* NULL: of no input is anything known */
	const struct leat_entry *entry;
};

static bool is_known(const struct leat_header *h)
{
	return h->shape.width > 0 || h->kind == LEAT_ARRAY || h->kind == LEAT_TABLE;
}

static const char *kind_of(const struct leat_header *h)
{
	return h->kind == LEAT_ARRAY ? "array" : h->kind == LEAT_TABLE ? "table" : "image";
}

/* "8000x6000", "(4096, 4096) float64", "12 MiB of text" */
static const char *size_text(struct leat_planner *pl, const struct largest *l)
{
	char dims[192], size[32];
	const struct leat_header *h = l->header;
	const char *s;
	if (h->kind == LEAT_ARRAY)
		s = leat_plan_text(pl, "%s %s", leat_array_shape_text(&h->array, dims),
				   leat_dtype_name(h->array.dtype));
	else if (h->kind == LEAT_TABLE)
		s = leat_plan_text(pl, "%s of text", leat_human_size(l->entry->size, size));
	else
		s = leat_plan_text(pl, "%ux%u", h->shape.width, h->shape.height);
	return s ? s : "";
}

/* What input i takes; a file that passes in pieces the same whatever its size. by_step: NULL, or zeros. */
static uint64_t bytes_of(const struct leat_planner *pl, const struct leat_header *h, const struct leat_entry *e,
			 uint64_t *by_step)
{
	if (!leat_plan_streams_entry(pl, e))
		return leat_estimate_item(pl->plan, h, e->size, by_step, NULL);
	if (by_step)
		by_step[0] = LEAT_STREAM_BYTES;
	return LEAT_STREAM_BYTES;
}

static struct largest find_largest(const struct leat_planner *pl)
{
	const struct leat_facts *f = pl->facts;
	struct largest l = {.bytes = 0};
	for (size_t i = 0; i < f->inputs->n; i++) {
		uint64_t n = bytes_of(pl, &f->headers[i], &f->inputs->v[i], NULL);
		uint64_t file = n == LEAT_STREAM_BYTES ? LEAT_STREAM_CHUNK : f->inputs->v[i].size;
		if (file > l.file)
			l.file = file;
		if (n <= l.bytes || !is_known(&f->headers[i]))
			continue;
		l.bytes = n;
		l.header = &f->headers[i];
		l.entry = &f->inputs->v[i];
	}
	return l;
}

/* E072: the workers that the user wrote need more than the memory that the user wrote. */
static void check_workers(struct leat_planner *pl, const struct largest *l)
{
	const struct leat_plan *p = pl->plan;
	char one[32], all[32];
	for (size_t i = 0; i < p->n_steps; i++) {
		const struct leat_word *w = pl->own->info[i].workers;
		const struct leat_group *g = &p->groups[p->segments[p->steps[i].segment].group];
		uint64_t n = (uint64_t)g->workers;
		bool many = g->type->mode == LEAT_ON_THREADS || g->type->mode == LEAT_ON_PROCESSES;
		if (!w || g->io || !many || leat_estimate_times(n, l->bytes) <= p->job.memory)
			continue;
		struct leat_diag *d = leat_plan_error(pl, 72, w->span, "this step needs more memory than the job has");
		leat_plan_label(pl, d, "%llu x %s for the largest %s (%s) = %s", (unsigned long long)n,
				leat_human_size(l->bytes, one), kind_of(l->header), size_text(pl, l),
				leat_human_size(leat_estimate_times(n, l->bytes), all));
		leat_plan_second(d, pl->memory_word->value_at, "the limit");
		uint64_t fit = p->job.memory / l->bytes;
		if (fit > 0)
			leat_plan_help(pl, d, "write workers=%llu, or workers=auto", (unsigned long long)fit);
		else
			leat_plan_help(pl, d, "give the job more memory: one %s alone needs %s", kind_of(l->header),
				       one);
	}
}

/* Bytes of the files that steps name (with=, profiles): held once as they are. */
static uint64_t file_bytes(const struct leat_planner *pl)
{
	uint64_t sum = 0;
	for (size_t i = 0; pl->facts->output && i < pl->plan->n_files; i++) {
		struct leat_there there = {.there = false};
		pl->facts->output(pl->facts->output_ctx, pl->plan->files[i], &there);
		sum = leat_size_add(sum, there.there ? there.size : 0);
	}
	return sum;
}

/*
 * Items that are worked on at once, and those that wait in queues with the bytes of their files; and each worker has
 * its own of what it decoded from the files that steps name.
 */
static void predict(struct leat_planner *pl, const struct largest *l)
{
	struct leat_plan *p = pl->plan;
	uint64_t busy = 0, waiting = 0, all, files = file_bytes(pl);
	for (size_t i = 0; i < p->n_groups; i++) {
		const struct leat_group *g = &p->groups[i];
		if (g->io)
			continue;
		busy += g->type->mode == LEAT_ON_OPENMP ? 1 : (uint64_t)g->workers;
		for (int k = 0; k < g->n_lanes; k++)
			waiting += g->lanes[k].items;
	}
	if (__builtin_add_overflow(leat_estimate_times(busy, l->bytes), leat_estimate_times(waiting, l->file), &all))
		all = UINT64_MAX;
	p->peak_item = l->bytes;
	p->peak_memory = all < p->job.memory ? all : p->job.memory;
	if (p->peak_memory < l->bytes)
		p->peak_memory = l->bytes;
	if (files) /* beside the budget of the items */
		p->peak_memory = leat_size_add(p->peak_memory, leat_estimate_times(busy + 1, files));
}

static bool have_headers(const struct leat_planner *pl)
{
	return pl->facts->inputs && pl->facts->headers && pl->facts->inputs->n > 0;
}

void leat_plan_memory(struct leat_planner *pl)
{
	if (!have_headers(pl))
		return;
	struct largest l = find_largest(pl);
	if (!l.header)
		return;
	predict(pl, &l);
	uint64_t *by_step = leat_plan_alloc(pl, pl->plan->n_steps, sizeof *by_step);
	if (!by_step)
		return;
	(void)bytes_of(pl, l.header, l.entry, by_step);
	for (size_t i = 0; i < pl->plan->n_steps; i++)
		pl->plan->steps[i].memory = by_step[i];
}

void leat_plan_check_memory(struct leat_planner *pl)
{
	struct largest l = {.bytes = 0};
	if (have_headers(pl))
		l = find_largest(pl);
	if (!l.header)
		return;
	if (pl->plan->job.memory_given && pl->memory_word)
		check_workers(pl, &l);
	uint64_t one = pl->plan->job.memory - pl->plan->job.memory / 4; /* the rest is for files read ahead */
	if (l.bytes > one) {
		char need[32], have[32];
		leat_plan_note(pl,
			       "the largest %s (%s, %s) needs %s; one item may take %s, three quarters of the "
			       "memory: it will fail",
			       kind_of(l.header), size_text(pl, &l), leat_plan_shown(pl->program, l.entry->path),
			       leat_human_size(l.bytes, need), leat_human_size(one, have));
	}
}
