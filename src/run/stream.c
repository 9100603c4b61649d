/* SPDX-License-Identifier: MIT */
/* The reader's side of a streamed file: see stream.h. */
#include "run/stream.h"

#include "base/mem.h"
#include "run/engine.h"

enum {
	CHUNK = LEAT_STREAM_CHUNK,
	AHEAD = LEAT_STREAM_AHEAD,
	LONGEST = 64 << 20, /* of a row */
};

struct stream;

struct piece {
	struct leat_future future;
	struct stream *s;
	uint8_t *text; /* owned */
	size_t len, room;
	uint64_t offset, line;
	uint8_t *reply; /* owned */
};

struct stream {
	struct leat_run *r;
	struct leat_run_item *it;
	struct leat_stream_way way;
	struct leat_reading *file;
	const struct leat_source *source;
	const struct leat_codec *codec;
	uint64_t codec_at;
	int step; /* the source */
	struct leat_executor *ex;
	bool computes; /* the executor's workers take turns (turns.h) */
	int team; /* of each of them */
	struct leat_row_head head;
	size_t reply_size;
	struct piece *way_pieces[AHEAD]; /* the oldest first */
	size_t n;
	struct piece *next; /* being read */
	struct piece *spare[AHEAD + 2]; /* ended; their memory is used again */
	size_t n_spare;
	bool ended; /* the file */
	uint64_t at; /* bytes read of it that belong to pieces sent */
	uint64_t rows, bad, line; /* of what was joined; line: of the next piece */
	bool *words; /* [columns] */
	uint8_t *states;
	struct leat_err *err;
};

/* ---- the task */

static struct leat_stream_piece message_of(const struct piece *p)
{
	return (struct leat_stream_piece){
		.source = (uint64_t)p->s->step,
		.codec = p->s->codec_at,
		.offset = p->offset,
		.line = p->line,
		.columns = p->s->head.columns,
		.shared_len = p->s->head.shared.len,
		.text_len = p->len,
		.shared = (const uint8_t *)p->s->head.shared.data,
		.text = p->text,
	};
}

static int piece_run(struct leat_future *f, const struct leat_worker *w, struct leat_err *err)
{
	struct piece *p = (struct piece *)f;
	struct leat_stream_piece m = message_of(p);
	size_t len;
	if (p->s->computes)
		leat_turns_take(&p->s->r->turns, p->s->team);
	int ok = leat_stream_work(p->s->r->plan, &m, w->team, p->reply, p->s->reply_size, &len, err);
	if (p->s->computes)
		leat_turns_give(&p->s->r->turns, p->s->team);
	return ok;
}

static int piece_pack(struct leat_future *f, uint8_t *slab, size_t cap, size_t *len, struct leat_err *err)
{
	struct leat_stream_piece m = message_of((struct piece *)f);
	return leat_stream_piece_put(&m, slab, cap, len, err);
}

/* What is told is only numbers; a text is cut where it must end, and causes are looked at. */
static int piece_unpack(struct leat_future *f, const uint8_t *slab, size_t len, struct leat_err *err)
{
	struct piece *p = (struct piece *)f;
	if (len != p->s->reply_size)
		return leat_fail(err, LEAT_CAUSE_CRASH, "the worker's reply has the wrong size");
	memcpy(p->reply, slab, len);
	return 0;
}

static void piece_release(struct leat_future *f)
{
	struct piece *p = (struct piece *)f;
	free(p->text);
	free(p->reply);
	free(p);
}

static const struct leat_future_class piece_class = {
	.run = piece_run,
	.pack = piece_pack,
	.unpack = piece_unpack,
	.release = piece_release,
};

static void drop(struct piece **p)
{
	struct leat_future *f = *p ? &(*p)->future : NULL;
	*p = NULL;
	leat_future_unref(&f);
}

static struct piece *new_piece(struct stream *s, size_t room)
{
	struct piece *p = leat_zalloc(1, sizeof *p, s->err);
	if (!p)
		return NULL;
	leat_future_init(&p->future, &piece_class);
	p->s = s;
	if (s->n_spare > 0) {
		struct piece *old = s->spare[--s->n_spare];
		p->text = old->text;
		p->room = old->room;
		old->text = NULL;
		drop(&old);
	}
	uint8_t *text = leat_grow(p->text, &p->room, room, 1, s->err);
	if (!text)
		drop(&p);
	else
		p->text = text;
	return p;
}

/* It was joined. */
static void done_with(struct stream *s, struct piece **p)
{
	if (s->n_spare == LEAT_LEN(s->spare)) {
		drop(p);
		return;
	}
	s->spare[s->n_spare++] = *p;
	*p = NULL;
}

static void send(struct stream *s, struct piece *p)
{
	struct leat_stream_piece m = message_of(p);
	const struct leat_segment *seg = &s->r->plan->segments[s->r->plan->steps[s->way.parse].segment];
	struct leat_task *t = &p->future.task;
	t->seq = s->it->seq;
	t->lane = seg->lane;
	t->bytes = p->len;
	t->pack_bytes = leat_stream_piece_bound(&m);
	t->reply_bytes = t->reply_most = s->reply_size;
	t->peak_bytes = 8 * (uint64_t)p->len + LEAT_REPLY_SLACK;
	t->timeout_ns = seg->timeout_ns;
	leat_executor_submit(s->ex, &p->future);
}

/* ---- joining */

/* The same piece once more, now with its line, so that its failure can be told with it. */
static int tell_failure(struct stream *s, struct piece *p, const struct leat_stream_told *first)
{
	struct piece *again = p->line ? NULL : new_piece(s, p->len);
	if (again) {
		memcpy(again->text, p->text, p->len);
		again->len = p->len;
		again->offset = p->offset;
		again->line = s->line;
		again->reply = leat_zalloc(1, s->reply_size, s->err);
	}
	struct leat_stream_told t = *first;
	if (again && again->reply) {
		send(s, again);
		(void)leat_future_wait(&again->future, -1); /* it has no limit of its own: the task's holds */
		if (leat_future_state(&again->future) == LEAT_FUTURE_DONE)
			memcpy(&t, again->reply, sizeof t);
	}
	drop(&again);
	t.text[sizeof t.text - 1] = 0;
	bool known = t.failed && t.cause > LEAT_CAUSE_NONE && t.cause < LEAT_CAUSE_INTERNAL;
	return leat_fail(s->err, known ? (enum leat_cause)t.cause : LEAT_CAUSE_CRASH, "%s",
			 known ? t.text : "the worker's reply makes no sense");
}

/* The oldest piece under way: waits for it. */
static int join(struct stream *s)
{
	struct piece *p = s->way_pieces[0];
	struct leat_stream_told t;
	(void)leat_future_wait(&p->future, -1); /* it has no limit of its own: the task's holds */
	memmove(s->way_pieces, s->way_pieces + 1, --s->n * sizeof *s->way_pieces);
	int ok = 0;
	if (leat_future_state(&p->future) != LEAT_FUTURE_DONE) {
		*s->err = p->future.err;
		ok = -1;
	}
	if (ok == 0) {
		memcpy(&t, p->reply, sizeof t);
		ok = t.failed ? tell_failure(s, p, &t) : 0;
	}
	if (ok == 0) {
		const uint8_t *words = p->reply + sizeof t;
		size_t states = leat_stream_states_size(s->r->plan, &s->way, s->head.columns);
		s->rows += t.rows;
		s->bad += t.bad;
		s->line += t.lines;
		for (size_t c = 0; c < s->head.columns; c++)
			s->words[c] = s->words[c] || words[c];
		leat_stream_merge(s->r->plan, &s->way, s->head.columns, s->states, p->reply + s->reply_size - states);
	}
	done_with(s, &p);
	return ok;
}

/* ---- reading */

/* Reads on until `want` bytes are in s->next or the file ends. */
static int fill(struct stream *s, size_t want)
{
	struct piece *p = s->next;
	size_t got = 0;
	uint8_t *text = leat_grow(p->text, &p->room, want, 1, s->err);
	if (!text)
		return -1;
	p->text = text;
	if (s->source->next(s->file, p->text + p->len, want - p->len, &got, s->err) < 0)
		return -1;
	s->ended = got < want - p->len;
	p->len += got;
	return 0;
}

/* How much of s->next is whole rows; it is read on where there is none. SIZE_MAX with *err. */
static size_t whole_rows(struct stream *s)
{
	for (;;) {
		struct piece *p = s->next;
		size_t n = s->ended ? p->len : s->codec->pieces->cut(s->head.shared.data, p->text, p->len);
		if (n > 0 || p->len == 0)
			return n;
		if (p->len >= LONGEST) {
			leat_fail(s->err, LEAT_CAUSE_LIMIT, "a row is longer than %d MiB", LONGEST >> 20);
			return SIZE_MAX;
		}
		if (fill(s, 2 * p->len) < 0)
			return SIZE_MAX;
	}
}

/* Sends the whole rows in s->next, and keeps the rest. */
static int cut_and_send(struct stream *s)
{
	size_t n = whole_rows(s);
	if (n == SIZE_MAX)
		return -1;
	struct piece *p = s->next, *rest = s->ended && n == p->len ? NULL : new_piece(s, CHUNK + (p->len - n));
	if (!rest && !(s->ended && n == p->len))
		return -1;
	s->next = rest;
	if (rest) {
		rest->len = p->len - n;
		memcpy(rest->text, p->text + n, rest->len);
	}
	p->len = n;
	p->offset = s->at;
	s->at += n;
	if (n == 0) {
		drop(&p);
		return 0;
	}
	p->reply = leat_zalloc(1, s->reply_size, s->err);
	if (!p->reply) {
		drop(&p);
		return -1;
	}
	s->way_pieces[s->n++] = p;
	send(s, p);
	return 0;
}

static int pump(struct stream *s)
{
	while (s->next) {
		if (leat_cancel_get(&s->r->cancel) >= LEAT_STOP_ABORT)
			return leat_fail(s->err, LEAT_CAUSE_CANCELLED, "stopped");
		if (s->n == AHEAD && join(s) < 0)
			return -1;
		if (cut_and_send(s) < 0)
			return -1;
		if (s->next && !s->ended && fill(s, s->next->len + CHUNK) < 0)
			return -1;
	}
	while (s->n > 0)
		if (join(s) < 0)
			return -1;
	return 0;
}

/* ---- beginning and end */

/* The beginning of the file: which format, which columns. 1: it is read as a whole. */
static int look(struct stream *s)
{
	const struct leat_registry *reg = s->r->plan->registry;
	const struct leat_parse_params *params = s->r->plan->steps[s->way.parse].params;
	int ok = 1;
	s->next = new_piece(s, CHUNK);
	if (!s->next || fill(s, CHUNK) < 0)
		return -1;
	const struct leat_codec *wanted = leat_parse_format(reg, params);
	s->codec = leat_registry_codec_of(reg, s->next->text, s->next->len, s->it->entry->path);
	s->codec = wanted ? wanted : s->codec;
	if (!s->codec || !s->codec->pieces)
		return 1;
	while (s->codec_at < reg->n_codecs && reg->codecs[s->codec_at] != s->codec)
		s->codec_at++;
	for (;;) {
		ok = s->codec->pieces->head(params, s->next->text, s->next->len, s->ended, &s->head, s->err);
		if (ok != 1 || s->next->len >= LONGEST)
			break;
		if (fill(s, 2 * s->next->len) < 0)
			return -1;
	}
	if (ok != 0)
		return ok < 0 ? -1 : 1;
	s->at = s->head.begin;
	s->line = s->head.line;
	s->next->len -= s->head.begin;
	memmove(s->next->text, s->next->text + s->head.begin, s->next->len);
	size_t states = leat_stream_states_size(s->r->plan, &s->way, s->head.columns);
	s->reply_size = leat_stream_reply_size(s->r->plan, &s->way, s->head.columns);
	s->words = leat_zalloc(s->head.columns + 1, sizeof *s->words, s->err);
	s->states = leat_zalloc(1, states, s->err);
	return s->words && s->states ? 0 : -1;
}

static int put_fields(struct stream *s, struct leat_fields *f, int *last)
{
	const struct leat_plan *p = s->r->plan;
	const struct leat_row_folded t = {s->rows, s->head.columns, s->head.names, s->words};
	const uint8_t *states = s->states;
	if (leat_fields_set_int(f, "rows", (int64_t)s->rows, s->err) < 0 ||
	    leat_fields_set_int(f, "cols", (int64_t)s->head.columns, s->err) < 0 ||
	    leat_fields_set_int(f, "ndim", 2, s->err) < 0 || leat_fields_set_text(f, "dtype", "float64", 7, s->err) < 0)
		return -1;
	if (s->bad && leat_fields_set_int(f, "bad_lines", (int64_t)s->bad, s->err) < 0)
		return -1;
	for (size_t i = 0; i < s->way.n_folds; i++) {
		const struct leat_step *step = &p->steps[s->way.fold[i]];
		*last = s->way.fold[i];
		if (step->op->fold->fields(step->params, &t, states, f, s->err) < 0)
			return -1;
		states += s->head.columns * step->op->fold->size;
	}
	return 0;
}

static void end(struct stream *s)
{
	for (size_t i = 0; i < s->n; i++) {
		(void)leat_future_withdraw(&s->way_pieces[i]->future); /* what runs comes to its end */
		(void)leat_future_wait(&s->way_pieces[i]->future, -1); /* its task's limit holds */
		drop(&s->way_pieces[i]);
	}
	drop(&s->next);
	while (s->n_spare > 0)
		drop(&s->spare[--s->n_spare]);
	if (s->file)
		s->source->close(&s->file);
	for (size_t c = 0; s->head.names && c < s->head.columns; c++)
		free(s->head.names[c]);
	free(s->head.names);
	leat_buf_free(&s->head.shared);
	free(s->words);
	free(s->states);
}

/* Before anything is opened: is it worth it, and can it be? */
static bool suits(const struct stream *s)
{
	const struct leat_run *r = s->r;
	const struct leat_plan *p = r->plan;
	const struct leat_run_group *reads = &r->groups[p->segments[p->steps[s->step].segment].group];
	for (size_t i = 0; i < s->way.n_folds; i++)
		if (p->steps[s->way.fold[i]].segment != p->steps[s->way.parse].segment)
			return false;
	return s->source->open && s->it->entry->size >= LEAT_STREAM_FROM &&
	       reads->plan->type->mode == LEAT_ON_THREADS && !r->env.hash_input && !leat_trace_wants(s->it);
}

int leat_stream_item(void *item, int step, struct leat_fields *f, int *last, struct leat_notices *notes,
		     struct leat_err *err)
{
	struct leat_run_item *it = item;
	struct leat_run *r = it->run;
	struct stream s = {.r = r, .it = it, .step = step, .source = r->plan->steps[step].source, .err = err};
	struct leat_header h = {.kind = LEAT_TABLE, .format = "csv"};
	*last = step;
	if (!leat_plan_stream_way(r->plan, step, &s.way) || !suits(&s))
		return 1;
	const struct leat_run_group *g = &r->groups[r->plan->segments[r->plan->steps[s.way.parse].segment].group];
	s.ex = g->ex;
	s.team = g->plan->team;
	s.computes = !g->plan->io && g->plan->type->mode != LEAT_ON_INLINE;
	int ok = s.source->open(r->plan->steps[step].params, it->entry, &s.file, err);
	if (ok == 0)
		ok = look(&s);
	if (ok == 0) {
		h.array = (struct leat_array_shape){.dtype = LEAT_DT_F8, .ndim = 2, .dim = {CHUNK / 2, 1}};
		h.format = s.codec->name;
		ok = it->turn_taken ? 0 : leat_run_admit_bytes(it, &h, it->entry->size, LEAT_STREAM_BYTES, err);
		ok = ok > 0 ? leat_fail(err, LEAT_CAUSE_CANCELLED, "stopped before it was decoded") : ok;
	}
	if (ok == 0) {
		*last = s.way.parse;
		ok = pump(&s);
	}
	if (ok == 0) {
		ok = s.source->unchanged(s.file, err);
		*last = ok < 0 ? step : *last;
	}
	if (ok == 0)
		ok = put_fields(&s, f, last);
	if (ok == 0 && s.bad)
		leat_notice(notes, "%llu bad line%s left out", (unsigned long long)s.bad, s.bad == 1 ? "" : "s");
	end(&s);
	return ok;
}
