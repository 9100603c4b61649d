/* SPDX-License-Identifier: MIT */
/* A worker process of a run: makes the plan again from the program it is sent, then runs items of its segments. */
#include "run/worker_entry.h"

#include "base/room.h"
#include "run/prepare.h"
#include "run/stream.h"
#include "run/wire.h"

#include <time.h>

/* What bind() makes of the program, and run() works with. */
struct bound {
	struct leat_program *program;
	struct leat_diags diags;
	struct leat_facts facts;
	struct leat_plan *plan;
	struct leat_env env;
	struct leat_states states;
	struct leat_resource *resources;
	size_t n_resources;
	struct leat_arena arena;
	const struct leat_worker *worker; /* of the running item */
	uint8_t *out; /* where its reply goes, */
	size_t room; /* and how large it may be */
};

/*
 * ---- the program as bytes: a fixed head, the segment of every step, then texts: recipe, extensions, names of
 * files, files ----
 */

struct head {
	struct leat_runinfo info;
	uint64_t n_steps, n_segments, n_resources, n_files, text_len, extensions_len, files_len;
	uint32_t strip_rows;
	int group; /* the worker's own */
	bool hash_input;
};

struct place { /* of a segment */
	int64_t timeout_ns;
	int64_t group;
};

int leat_worker_program(const struct leat_program *prog, const struct leat_env *env, int group,
			const struct leat_resource *resources, struct leat_buf *out, struct leat_err *err)
{
	const struct leat_plan *p = env->plan;
	struct leat_buf text = {0}, ext = {0}, files = {0};
	struct head h = {
		.info = *env->info, .strip_rows = env->strip_rows, .group = group, .hash_input = env->hash_input};
	leat_program_print(prog, &text);
	h.n_steps = p->n_steps;
	h.n_segments = p->n_segments;
	h.n_resources = p->n_files;
	h.text_len = text.len;
	for (size_t i = 0; env->extensions && env->extensions[i]; i++)
		leat_buf_add(&ext, env->extensions[i], strlen(env->extensions[i]) + 1);
	for (size_t i = 0; i < p->n_file_uses; i++)
		leat_buf_add(&files, p->files[p->file_uses[i]], strlen(p->files[p->file_uses[i]]) + 1);
	h.extensions_len = ext.len;
	h.n_files = p->n_file_uses;
	h.files_len = files.len;
	leat_buf_add(out, &h, sizeof h);
	for (size_t i = 0; i < p->n_steps; i++)
		leat_buf_add(out, &p->steps[i].segment, sizeof p->steps[i].segment);
	for (size_t i = 0; i < p->n_segments; i++) {
		struct place place = {.timeout_ns = p->segments[i].timeout_ns, .group = p->segments[i].group};
		leat_buf_add(out, &place, sizeof place);
	}
	leat_buf_add(out, text.data, text.len);
	leat_buf_add(out, ext.data, ext.len);
	leat_buf_add(out, files.data, files.len);
	for (size_t i = 0; i < p->n_files; i++) {
		uint64_t len = resources[i].bytes->len;
		leat_buf_add(out, &len, sizeof len);
		leat_buf_add(out, resources[i].sha256, sizeof resources[i].sha256);
		leat_buf_add(out, resources[i].bytes->data, len);
	}
	bool whole =
		leat_buf_check(&text, err) == 0 && leat_buf_check(&ext, err) == 0 && leat_buf_check(&files, err) == 0;
	int ok = whole ? leat_buf_check(out, err) : -1;
	leat_buf_free(&text);
	leat_buf_free(&ext);
	leat_buf_free(&files);
	return ok;
}

struct cursor {
	const uint8_t *p;
	size_t left;
};

static int take(struct cursor *c, void *to, size_t n, struct leat_err *err)
{
	if (n > c->left)
		return leat_fail(err, LEAT_CAUSE_INTERNAL, "the worker's program is cut short");
	memcpy(to, c->p, n);
	c->p += n;
	c->left -= n;
	return 0;
}

/* ---- binding ---- */

/* The same text through the same lang and plan; only where steps run is the parent's decision. */
static int bind_text(struct bound *b, const char *text, size_t len, struct leat_err *err)
{
	struct leat_program_opts o = {.cwd = "/", .canonical = true};
	b->program = leat_program_parse("<worker>", "/", text, len, &o, &b->diags);
	if (b->program && b->diags.errors == 0)
		b->plan = leat_plan_make(b->program, leat_registry_default(), &b->facts, &b->diags);
	if (b->plan && b->diags.errors == 0)
		return 0;
	struct leat_buf why = {0};
	leat_diags_render(&b->diags, &why, false);
	leat_fail(err, LEAT_CAUSE_INTERNAL, "the worker cannot bind the recipe: %s",
		  why.data ? why.data : "out of memory");
	leat_buf_free(&why);
	return -1;
}

static int place_steps(struct bound *b, const struct head *h, struct cursor *c, struct leat_err *err)
{
	struct leat_plan *p = b->plan;
	if (p->n_steps != h->n_steps)
		return leat_fail(err, LEAT_CAUSE_INTERNAL, "the worker sees %zu steps where the run has %llu",
				 p->n_steps, (unsigned long long)h->n_steps);
	for (size_t i = 0; i < p->n_steps; i++)
		if (take(c, &p->steps[i].segment, sizeof p->steps[i].segment, err) < 0)
			return -1;
	p->n_segments = (size_t)h->n_segments;
	p->segments = leat_arena_alloc(&b->arena, p->n_segments * sizeof *p->segments);
	if (!p->segments)
		return leat_fail(err, LEAT_CAUSE_MEMORY, "out of memory");
	for (size_t i = 0; i < p->n_segments; i++) {
		struct place place;
		if (take(c, &place, sizeof place, err) < 0)
			return -1;
		p->segments[i].timeout_ns = place.timeout_ns;
		p->segments[i].group = (int)place.group;
	}
	return 0;
}

static int take_resource(struct bound *b, struct cursor *c, struct leat_err *err)
{
	struct leat_resource *r = &b->resources[b->n_resources];
	uint64_t len = 0;
	if (take(c, &len, sizeof len, err) < 0 || take(c, r->sha256, sizeof r->sha256, err) < 0)
		return -1;
	if (len > c->left)
		return leat_fail(err, LEAT_CAUSE_INTERNAL, "the worker's program is cut short");
	r->bytes = leat_bytes_new((size_t)len, err);
	if (!r->bytes)
		return -1;
	r->path = b->plan->files[b->n_resources++];
	r->bytes->len = (size_t)len;
	return take(c, r->bytes->data, (size_t)len, err);
}

/* A list of texts, each ended by a NUL, as one that ends with NULL; its length in *n. NULL with *err. */
static const char **take_list(struct bound *b, const char *text, size_t len, size_t *n, struct leat_err *err)
{
	size_t room = 1;
	for (size_t i = 0; i < len; i++)
		room += text[i] == 0;
	const char **v = leat_arena_alloc(&b->arena, room * sizeof *v);
	char *copy = leat_arena_alloc(&b->arena, len + 1);
	if (!v || !copy || (len > 0 && text[len - 1] != 0)) {
		leat_fail(err, LEAT_CAUSE_INTERNAL, "the worker's program is cut short");
		return NULL;
	}
	memcpy(copy, text, len);
	*n = 0;
	for (size_t at = 0; at < len; at += strlen(copy + at) + 1)
		v[(*n)++] = copy + at;
	return v;
}

/* What the parent's plan was made of, so that the worker sees the same: implied steps follow the extensions. */
static int take_facts(struct bound *b, const struct head *h, const char *texts, struct leat_err *err)
{
	size_t n;
	b->facts.extensions = take_list(b, texts, (size_t)h->extensions_len, &n, err);
	b->facts.files = take_list(b, texts + h->extensions_len, (size_t)h->files_len, &b->facts.n_files, err);
	if (!b->facts.extensions || !b->facts.files)
		return -1;
	if (b->facts.n_files != h->n_files)
		return leat_fail(err, LEAT_CAUSE_INTERNAL, "the worker's program is cut short");
	return 0;
}

enum { HEAD_ROOM = 64 << 10 }; /* of a reply, for all that is small */

/* Large arrays are made where the reply will lie. */
static void lend(const struct bound *b)
{
	if (b->room > HEAD_ROOM + (size_t)LEAT_ROOM_LEAST)
		leat_room_lend(b->out + HEAD_ROOM, b->room - HEAD_ROOM);
	else
		leat_room_lend(NULL, 0);
}

/* leat_env.admit of a worker: whoever sent the item knows whether there is memory for it. */
static int ask_parent(void *item, const struct leat_header *h, uint64_t file_bytes, struct leat_err *err)
{
	struct bound *b = item;
	uint8_t what[LEAT_WIRE_HEADER];
	(void)file_bytes; /* it knows them */
	(void)err; /* 1 says nothing: it is not asked why */
	if (b->worker->ask(b->worker, what, leat_wire_put_header(h, what), &b->room) < 0)
		return 1;
	lend(b); /* it is asked before anything large is made */
	return 0;
}

static void fill_env(struct bound *b, const struct head *h)
{
	leat_env_fill(&b->env, b->plan, &b->facts.run, h->strip_rows);
	b->env.hash_input = h->hash_input;
	b->env.timed = true;
	b->env.admit = ask_parent;
}

static int bind_program(struct bound *b, const uint8_t *program, size_t len, struct leat_err *err)
{
	struct cursor c = {program, len};
	struct head h;
	if (take(&c, &h, sizeof h, err) < 0)
		return -1;
	b->facts.cores = 1;
	b->facts.pool = true; /* where steps run was decided; nothing is refused again */
	b->facts.run = h.info;
	/* The text stands behind the numbers; they can be read only when the plan is there. */
	size_t numbers = (size_t)h.n_steps * sizeof(int) + (size_t)h.n_segments * sizeof(struct place);
	size_t texts = leat_size_add(leat_size_add((size_t)h.text_len, (size_t)h.extensions_len), (size_t)h.files_len);
	if (h.n_steps > len || h.n_segments > len || numbers > c.left || texts > c.left - numbers)
		return leat_fail(err, LEAT_CAUSE_INTERNAL, "the worker's program is cut short");
	const char *text = (const char *)c.p + numbers;
	if (take_facts(b, &h, text + h.text_len, err) < 0 || bind_text(b, text, (size_t)h.text_len, err) < 0 ||
	    place_steps(b, &h, &c, err) < 0)
		return -1;
	c.p += texts;
	c.left -= texts;
	if (b->plan->n_files != h.n_resources)
		return leat_fail(err, LEAT_CAUSE_INTERNAL, "the worker sees other files than the run");
	b->resources = leat_zalloc(b->plan->n_files, sizeof *b->resources, err);
	while (b->resources && b->n_resources < b->plan->n_files)
		if (take_resource(b, &c, err) < 0)
			return -1;
	if (leat_prepare_group(b->plan, h.group, true, b->facts.extensions, err) < 0)
		return -1;
	fill_env(b, &h);
	return b->resources ? leat_states_new(&b->states, b->plan, b->resources, err) : -1;
}

/* The worker ends with its process: what is bound is never released. */
int leat_worker_bind(void **ctx, const uint8_t *program, size_t len, struct leat_err *err)
{
	struct bound *b = leat_zalloc(1, sizeof *b, err);
	*ctx = b;
	return b ? bind_program(b, program, len, err) : -1;
}

void leat_worker_load(void *ctx, uint64_t wants)
{
	const struct bound *b = ctx;
	leat_prepare_formats(b->plan->registry, wants);
}

/*
 * libc reads the time zone's file on first use (lcms2 dates the profiles it makes, names may hold {date}):
 * before the lock-down.
 */
static void read_time_zone(void)
{
	time_t now = 0;
	struct tm tm;
	char text[8];
	if (gmtime_r(&now, &tm) && localtime_r(&now, &tm))
		(void)strftime(text, sizeof text, "%Y", &tm);
}

/*
 * A region is what starts a team's threads: they stay for the next one. LLVM's OpenMP runtime looks at the machine's
 * files at the first parallel region, even at one of a single thread: before the lock-down.
 */
int leat_worker_team(int threads)
{
	int ran = 0;
#ifdef _OPENMP
#pragma omp parallel num_threads(threads) reduction(+ : ran) if (threads > 1)
#endif
	ran += 1;
	return ran;
}

/* A picture of one white pixel: a fresh worker shows that it can decode before it gets anything of the user's. */
int leat_worker_first(void *ctx, struct leat_err *err)
{
	static const uint8_t png[] = {
		0x89, 0x50, 0x4e, 0x47, 0x0d, 0x0a, 0x1a, 0x0a, 0x00, 0x00, 0x00, 0x0d, 0x49, 0x48, 0x44, 0x52, 0x00,
		0x00, 0x00, 0x01, 0x00, 0x00, 0x00, 0x01, 0x08, 0x00, 0x00, 0x00, 0x00, 0x3a, 0x7e, 0x9b, 0x55, 0x00,
		0x00, 0x00, 0x0a, 0x49, 0x44, 0x41, 0x54, 0x78, 0xda, 0x63, 0xf8, 0x0f, 0x00, 0x01, 0x01, 0x01, 0x00,
		0x1c, 0xb0, 0x8c, 0x99, 0x00, 0x00, 0x00, 0x00, 0x49, 0x45, 0x4e, 0x44, 0xae, 0x42, 0x60, 0x82,
	};
	(void)ctx;
	read_time_zone();
	(void)leat_worker_team(1); /* how many ran is known */
	const struct leat_codec *c = leat_registry_sniff(leat_registry_default(), png, sizeof png);
	const struct leat_decode_opts o = {.max_pixels = 1};
	struct leat_image_shape shape;
	struct leat_meta *meta = NULL;
	struct leat_notices notes = {0};
	struct leat_decoder *d = NULL;
	uint8_t pixel[64] = {0};
	struct leat_rows row = {.pixels = pixel, .stride = sizeof pixel, .y0 = 0, .y1 = 1};
	int ok = c ? c->dec_open(&d, png, sizeof png, &o, &shape, &meta, &notes, err) : -1;
	if (ok == 0)
		ok = c->dec_rows(d, &row, err);
	if (d)
		c->dec_close(&d);
	leat_meta_unref(&meta);
	if (ok == 0 && pixel[0] != 255)
		return leat_fail(err, LEAT_CAUSE_INTERNAL, "the first picture came out wrong");
	return ok;
}

/* Did the parent's stop, and nothing else, cut it short? What was done in time is kept. */
static bool was_stopped(const struct leat_worker *w, const struct leat_results *r)
{
	for (size_t i = 0; i < r->n; i++)
		if (r->v[i].type == LEAT_R_FAILED && r->v[i].err.cause == LEAT_CAUSE_CANCELLED)
			return leat_cancel_get(w->cancel) != LEAT_STOP_NO;
	return false;
}

/* Moves what lies in the room to the heap. */
static int move_out(struct leat_payload *p, struct leat_err *err)
{
	struct leat_array *a = leat_payload_numbers(p), *made = NULL;
	struct leat_bytes *b = NULL;
	if (p->kind == LEAT_FILE) {
		b = leat_bytes_new(p->bytes->len, err);
		if (!b || leat_bytes_append(b, p->bytes->data, p->bytes->len, err) < 0) {
			leat_bytes_unref(&b);
			return -1;
		}
		leat_bytes_unref(&p->bytes);
		p->bytes = b;
	} else if (a) {
		made = leat_array_new(&a->shape, err);
		if (!made)
			return -1;
		memcpy(made->data, a->data, leat_array_bytes(&a->shape));
		struct leat_array **at = p->kind == LEAT_TABLE ? &p->table->numbers : &p->array;
		leat_array_unref(at);
		*at = made;
	}
	return 0;
}

/* What lies in the room stays there; where the rest does not fit before it, everything is packed from the beginning. */
static int put_results(struct leat_results *r, uint8_t *out, size_t room, size_t *len, struct leat_err *err)
{
	struct leat_err ignored = {0};
	const uint8_t *begin = leat_room_begin();
	size_t cap = begin ? (size_t)(begin - out) : room;
	if (cap == room || leat_wire_put_results(r, out, cap, room, len, &ignored) == 0)
		return cap == room ? leat_wire_put_results(r, out, room, room, len, err) : 0;
	(void)leat_room_shut(1);
	for (size_t i = 0; i < r->n; i++)
		if (move_out(&r->v[i].payload, err) < 0)
			return -1;
	return leat_wire_put_results(r, out, room, room, len, err);
}

int leat_worker_run(void *ctx, const struct leat_worker *w, const uint8_t *in, size_t len, uint8_t *out, size_t cap,
		    size_t *out_len, struct leat_err *err)
{
	struct bound *b = ctx;
	struct leat_arena arena = {0};
	struct leat_entry entry;
	struct leat_fields fields = {0};
	struct leat_results results = {0};
	struct leat_segment_in item = {.worker = w, .item = b};
	struct leat_stream_piece piece;
	int streamed = leat_stream_piece_get(in, len, &piece, err);
	if (streamed <= 0)
		return streamed < 0 ? -1 : leat_stream_work(b->plan, &piece, w->team, out, cap, out_len, err);
	b->worker = w;
	b->room = cap;
	b->out = out;
	lend(b);
	int ok = leat_wire_get_input(in, len, &arena, &item, &entry, &fields, err);
	if (ok == 0 && ((size_t)item.step >= b->plan->n_steps || (size_t)item.segment >= b->plan->n_segments))
		ok = leat_fail(err, LEAT_CAUSE_INTERNAL, "an item for a step that is not there");
	if (ok == 0)
		ok = leat_segment_run(&b->env, &b->states, &item, &results, err);
	if (ok == 0 && was_stopped(w, &results))
		ok = leat_fail(err, LEAT_CAUSE_TIMEOUT, "over its time limit");
	if (ok == 0)
		ok = put_results(&results, out, b->room, out_len, err);
	leat_results_free(&results);
	leat_room_lend(NULL, 0);
	leat_payload_clear(&item.payload);
	leat_fields_free(&fields);
	leat_arena_free(&arena);
	return ok;
}
