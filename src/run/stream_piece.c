/* SPDX-License-Identifier: MIT */
/*
 * A piece of a streamed file: see stream.h. It is divided further into parts of about the same size, again behind rows,
 * which a team shares out; what they measured is joined in order, so the team's size does not matter.
 */
#include "base/mem.h"
#include "run/stream.h"

enum { PART = 256 << 10, ALIGN = 64 };

#define MAGIC (UINT64_MAX - 17) /* no number of a segment, which other messages begin with */

/* ---- messages */

static size_t aligned(size_t n)
{
	return leat_size_add(n, ALIGN - 1) & ~(size_t)(ALIGN - 1);
}

size_t leat_stream_piece_bound(const struct leat_stream_piece *p)
{
	return aligned(sizeof(uint64_t) + sizeof *p) + aligned((size_t)p->shared_len) + (size_t)p->text_len;
}

int leat_stream_piece_put(const struct leat_stream_piece *p, uint8_t *to, size_t cap, size_t *len, struct leat_err *err)
{
	const uint64_t magic = MAGIC;
	size_t at = aligned(sizeof magic + sizeof *p);
	*len = leat_stream_piece_bound(p);
	if (*len > cap)
		return leat_fail(err, LEAT_CAUSE_INTERNAL, "a piece does not fit the %zu bytes meant for it", cap);
	memcpy(to, &magic, sizeof magic);
	memcpy(to + sizeof magic, p, sizeof *p);
	memcpy(to + at, p->shared, (size_t)p->shared_len);
	memcpy(to + at + aligned((size_t)p->shared_len), p->text, (size_t)p->text_len);
	return 0;
}

int leat_stream_piece_get(const uint8_t *m, size_t len, struct leat_stream_piece *p, struct leat_err *err)
{
	uint64_t magic = 0;
	if (len < sizeof magic)
		return 1;
	memcpy(&magic, m, sizeof magic);
	if (magic != MAGIC)
		return 1;
	size_t at = aligned(sizeof magic + sizeof *p);
	if (len < at)
		return leat_fail(err, LEAT_CAUSE_INTERNAL, "a piece that is cut short");
	memcpy(p, m + sizeof magic, sizeof *p);
	if (p->shared_len > len || p->text_len > len || leat_stream_piece_bound(p) > len)
		return leat_fail(err, LEAT_CAUSE_INTERNAL, "a piece that is cut short");
	p->shared = m + at;
	p->text = m + at + aligned((size_t)p->shared_len);
	return 0;
}

size_t leat_stream_states_size(const struct leat_plan *plan, const struct leat_stream_way *way, size_t columns)
{
	size_t n = 0;
	for (size_t i = 0; i < way->n_folds; i++)
		n = leat_size_add(n, leat_size_mul(columns, plan->steps[way->fold[i]].op->fold->size));
	return n;
}

size_t leat_stream_reply_size(const struct leat_plan *plan, const struct leat_stream_way *way, size_t columns)
{
	size_t head = leat_size_add(sizeof(struct leat_stream_told), aligned(columns));
	return leat_size_add(head, leat_stream_states_size(plan, way, columns));
}

void leat_stream_merge(const struct leat_plan *plan, const struct leat_stream_way *way, size_t columns, void *states,
		       const void *later)
{
	uint8_t *to = states;
	const uint8_t *from = later;
	for (size_t i = 0; i < way->n_folds; i++) {
		const struct leat_row_fold *f = plan->steps[way->fold[i]].op->fold;
		f->merge(to, from, columns);
		to += columns * f->size;
		from += columns * f->size;
	}
}

/* ---- the work */

struct part {
	const uint8_t *text;
	size_t len;
	uint64_t offset, line;
	uint64_t rows, bad, lines;
	uint8_t *words; /* [columns] */
	uint8_t *states;
	struct leat_err err;
	int ok;
};

struct work {
	const struct leat_plan *plan;
	struct leat_stream_way way;
	const struct leat_parse_params *params;
	const struct leat_row_pieces *pieces;
	const struct leat_stream_piece *piece;
	size_t columns, states_size;
	struct part *part;
	size_t n;
};

static int measure(const struct work *w, struct part *p, struct leat_row_piece *piece)
{
	uint8_t *states = p->states;
	const struct leat_stream_piece *m = w->piece;
	uint64_t line = p->line ? p->line : 1;
	if (w->pieces->read(w->params, m->shared, p->text, p->len, p->offset, line, piece, &p->err) < 0)
		return -1;
	p->rows = piece->rows;
	p->bad = piece->bad;
	p->lines = piece->lines;
	for (size_t c = 0; c < w->columns; c++)
		p->words[c] = piece->words[c] != UINT64_MAX;
	for (size_t i = 0; i < w->way.n_folds; i++) {
		const struct leat_step *s = &w->plan->steps[w->way.fold[i]];
		if (s->op->fold->add(s->params, piece->v, piece->rows, w->columns, states, &p->err) < 0)
			return -1;
		states += w->columns * s->op->fold->size;
	}
	return 0;
}

static void run_part(const struct work *w, struct part *p)
{
	struct leat_row_piece piece = {.words = leat_zalloc(w->columns, sizeof *piece.words, &p->err)};
	p->ok = piece.words ? measure(w, p, &piece) : -1;
	free(piece.v);
	free(piece.words);
}

/* Where the piece is divided; the memory of all parts. */
static int divide(struct work *w, struct leat_err *err)
{
	const struct leat_stream_piece *m = w->piece;
	size_t most = (size_t)m->text_len / PART + 2, left = (size_t)m->text_len;
	const uint8_t *at = m->text;
	w->part = leat_zalloc(most, sizeof *w->part, err);
	uint8_t *room = w->part ? leat_zalloc(most, aligned(w->columns) + w->states_size, err) : NULL;
	if (!room)
		return -1;
	w->part[0].words = room; /* the block's owner */
	while (left > 0) {
		size_t n = left;
		if (left > PART) {
			n = w->pieces->cut(m->shared, at, PART);
			n = n ? n : w->pieces->cut(m->shared, at, left);
			n = n ? n : left;
		}
		struct part *p = &w->part[w->n++];
		*p = (struct part){.text = at, .len = n, .offset = m->offset + (uint64_t)(at - m->text)};
		p->words = room;
		p->states = room + aligned(w->columns);
		room = p->states + w->states_size;
		at += n;
		left -= n;
		if (w->n + 1 == most && left > 0) { /* short parts: the rest is one */
			p->len += left;
			left = 0;
		}
	}
	return 0;
}

/* With the line known one after the other, because each tells where the next begins. */
static void run_parts(struct work *w, int team)
{
	if (w->piece->line) {
		uint64_t line = w->piece->line;
		for (size_t i = 0; i < w->n; i++) {
			w->part[i].line = line;
			run_part(w, &w->part[i]);
			line += w->part[i].lines;
			if (w->part[i].ok < 0)
				return;
		}
		return;
	}
	int n = (int)w->n;
#pragma omp parallel for num_threads(team) schedule(dynamic) if (team > 1)
	for (int i = 0; i < n; i++)
		run_part(w, &w->part[i]);
}

static void reply_with(const struct work *w, uint8_t *reply)
{
	struct leat_stream_told t = {0};
	uint8_t *words = reply + sizeof t, *states = words + aligned(w->columns);
	memset(words, 0, aligned(w->columns) + w->states_size);
	for (size_t i = 0; i < w->n && !t.failed; i++) {
		const struct part *p = &w->part[i];
		t.failed = p->ok < 0;
		if (t.failed) {
			t.cause = p->err.cause;
			memcpy(t.text, p->err.text, sizeof t.text);
			break;
		}
		t.rows += p->rows;
		t.bad += p->bad;
		t.lines += p->lines;
		for (size_t c = 0; c < w->columns; c++)
			words[c] |= p->words[c];
		leat_stream_merge(w->plan, &w->way, w->columns, states, p->states);
	}
	memcpy(reply, &t, sizeof t);
}

int leat_stream_work(const struct leat_plan *plan, const struct leat_stream_piece *p, int team, uint8_t *reply,
		     size_t cap, size_t *len, struct leat_err *err)
{
	struct work w = {.plan = plan, .piece = p, .columns = (size_t)p->columns};
	if (p->source >= plan->n_steps || p->codec >= plan->registry->n_codecs ||
	    !leat_plan_stream_way(plan, (int)p->source, &w.way))
		return leat_fail(err, LEAT_CAUSE_INTERNAL, "a piece for steps that are not there");
	w.params = plan->steps[w.way.parse].params;
	w.pieces = plan->registry->codecs[p->codec]->pieces;
	w.states_size = leat_stream_states_size(plan, &w.way, w.columns);
	*len = leat_stream_reply_size(plan, &w.way, w.columns);
	if (!w.pieces || *len > cap)
		return leat_fail(err, LEAT_CAUSE_INTERNAL, "no room for %zu bytes about a piece", *len);
	int ok = divide(&w, err);
	if (ok == 0) {
		run_parts(&w, team);
		reply_with(&w, reply);
	}
	if (w.part)
		free(w.part[0].words);
	free(w.part);
	return ok;
}
