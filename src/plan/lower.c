/* SPDX-License-Identifier: MIT */
/*
 * What the language implies (6.6): decode before image steps, encode before a name with an extension, copies
 * of bytes.
 */
#include "core/condition.h"
#include "plan/names.h"
#include "plan/tree.h"

/* The values of an implied step: the defaults of its table. */
static void *bind_nothing(struct leat_planner *pl, const struct leat_param *table, size_t size)
{
	struct leat_binding b = {.table = table, .size = size, .name = "", .owner = "", .steps = true};
	(void)leat_plan_bind(pl, &b);
	return b.params;
}

static int imply_decode(struct leat_planner *pl, struct leat_line *l, const struct leat_stmt *st, unsigned kinds)
{
	int i = leat_plan_step(pl, l, LEAT_DECODE, "decode", st);
	if (i < 0)
		return -1;
	void *params = bind_nothing(pl, leat_decode_params, sizeof(struct leat_decode_params));
	struct leat_step *s = &pl->plan->steps[i];
	s->params = params;
	s->implied = true;
	s->text = "[decode]";
	s->in = LEAT_FILE;
	s->out = kinds;
	leat_plan_exec_implied(pl, s, &pl->own->info[i], LEAT_ON_DECODE);
	return i;
}

static int imply_parse(struct leat_planner *pl, struct leat_line *l, const struct leat_stmt *st, unsigned kinds)
{
	int i = leat_plan_step(pl, l, LEAT_PARSE, "parse", st);
	if (i < 0)
		return -1;
	void *params = bind_nothing(pl, leat_parse_params, sizeof(struct leat_parse_params));
	struct leat_step *s = &pl->plan->steps[i];
	s->params = params;
	s->implied = true;
	s->text = "[parse]";
	s->in = LEAT_FILE;
	s->out = kinds;
	leat_plan_exec_implied(pl, s, &pl->own->info[i], LEAT_ON_DECODE);
	return i;
}

int leat_plan_imply_loader(struct leat_planner *pl, struct leat_line *l, const struct leat_stmt *st, unsigned takes,
			   const struct leat_codec *without)
{
	const unsigned numbers = LEAT_ARRAY | LEAT_TABLE;
	unsigned kinds = leat_plan_input_kinds(pl, without);
	bool both = (kinds & LEAT_IMAGE) && (kinds & numbers), either = (takes & LEAT_IMAGE) && (takes & numbers);
	if (both && either) {
		struct leat_diag *g = leat_plan_error(pl, 29, st->name_at,
						      "'%s' takes images and arrays, and the "
						      "inputs are both",
						      st->name);
		leat_plan_help(pl, g, "write 'decode' or 'parse' before it, or read one kind of files");
	}
	bool parse = kinds && !both ? !(kinds & LEAT_IMAGE) : !(takes & LEAT_IMAGE);
	if (parse)
		return imply_parse(pl, l, st, kinds & numbers ? kinds & numbers : numbers);
	/* A folder that nobody has looked into yet: it will turn out, and until then nothing is wrong with either. */
	bool open = !kinds && either && !pl->facts->inputs;
	return imply_decode(pl, l, st, open ? LEAT_IMAGE | numbers : LEAT_IMAGE);
}

int leat_plan_load(struct leat_planner *pl, struct leat_line *l, const struct leat_stmt *st, unsigned takes)
{
	int made = -1;
	if (!l->raw || (takes & LEAT_FILE) || !(takes & (LEAT_IMAGE | LEAT_ARRAY | LEAT_TABLE)))
		return -1;
	if (l->loaded < 0)
		l->loaded = made = leat_plan_imply_loader(pl, l, st, takes, NULL);
	if (l->loaded < 0)
		return -1;
	l->at = l->loaded;
	l->kind = pl->plan->steps[l->loaded].out;
	l->raw = false;
	l->loaded = -1;
	l->wrote = -1;
	return made;
}

/* Encoder c, or the one that follows the name of each item. */
static int imply_encode(struct leat_planner *pl, struct leat_line *l, const struct leat_stmt *st,
			const struct leat_codec *c)
{
	int i = leat_plan_step(pl, l, LEAT_ENCODE, "encode", st);
	if (i < 0)
		return -1;
	struct leat_step *s = &pl->plan->steps[i];
	s->codec = c;
	s->params = c ? (void *)leat_plan_default_encoder(pl->plan, c, leat_plan_resized(pl->plan, i)) : NULL;
	s->implied = true;
	s->out = LEAT_FILE;
	const char *text = c ? leat_plan_text(pl, "[encode %s]", c->name) : "[encode by extension]";
	s->text = text ? text : "[encode]";
	leat_plan_exec_implied(pl, s, &pl->own->info[i], c ? c->modes : LEAT_ON_CPU);
	return i;
}

struct writing {
	const struct leat_stmt *st;
	const struct leat_sink *sink;
	struct leat_binding b;
	const struct leat_tmpl *tmpl; /* NULL: the sink writes no file by name, or the name is wrong */
	const struct leat_word *word;
	const struct leat_codec *codec; /* its literal extension asks for */
	const char *ext;
};

/* The write step itself, behind l->at. */
static int write_step(struct leat_planner *pl, struct leat_line *l, const struct writing *w)
{
	int i = leat_plan_step(pl, l, LEAT_WRITE, w->sink->name, w->st);
	if (i < 0)
		return -1;
	struct leat_step *s = &pl->plan->steps[i];
	struct leat_stepinfo *in = &pl->own->info[i];
	s->sink = w->sink;
	s->params = w->b.params;
	in->given = w->b.given;
	in->tmpl = w->tmpl;
	in->name = w->word;
	leat_plan_exec(pl, s, in, w->st, w->sink->modes);
	if (w->tmpl)
		leat_plan_check_fields(pl, i);
	return i;
}

/* [encode] and write beside a line that carries an image or an array at `at`. */
static int encode_and_write(struct leat_planner *pl, const struct leat_line *l, int at, const struct writing *w)
{
	struct leat_line side = *l;
	side.at = at;
	side.kind = l->at == at ? l->kind : pl->plan->steps[at].out;
	if (w->tmpl && w->ext && !(w->codec && leat_codec_writes(w->codec, LEAT_ANY))) {
		leat_plan_no_format(pl, w->tmpl, w->word, w->ext, side.kind);
		return -1;
	}
	if (w->codec && !leat_codec_writes(w->codec, side.kind)) {
		leat_plan_wrong_format(pl, at, side.kind, w->word, w->codec);
		return -1;
	}
	int enc = imply_encode(pl, &side, w->st, w->codec);
	if (enc < 0)
		return -1;
	side.at = enc;
	side.kind = LEAT_FILE;
	return write_step(pl, &side, w);
}

/* [keep ext=jpg,jpeg,...] or its opposite, so that files which have the format already are copied. */
static int imply_filter(struct leat_planner *pl, const struct leat_line *l, const struct writing *w, bool drop)
{
	struct leat_buf b = {0};
	leat_buf_adds(&b, "ext=");
	for (const char *const *e = w->codec->extensions; *e; e++) {
		leat_buf_addf(&b, "%s%s,", e == w->codec->extensions ? "" : ",", *e);
		for (const char *s = *e; *s; s++)
			leat_buf_addc(&b, *s >= 'a' && *s <= 'z' ? (char)(*s - 32) : *s);
	}
	const char *text = b.failed ? NULL : leat_plan_text(pl, "%s", b.data);
	pl->failed = pl->failed || b.failed;
	leat_buf_free(&b);
	const struct leat_op *op = leat_registry_op(pl->reg, drop ? "drop" : "keep");
	int i = text && op ? leat_plan_step(pl, l, LEAT_FILTER, op->name, w->st) : -1;
	if (i < 0)
		return -1;
	struct leat_word word = {.value = text};
	struct leat_step *s = &pl->plan->steps[i];
	s->op = op;
	s->implied = true;
	s->drop = drop;
	const char *shown = leat_plan_text(pl, "[%s %s]", op->name, text);
	s->text = shown ? shown : "[keep]";
	if (!leat_plan_condition(pl, &word, &s->conditions))
		pl->failed = true;
	leat_plan_exec_implied(pl, s, &pl->own->info[i], op->modes);
	return i;
}

/* Inputs of several formats and one extension: what has it is copied, the others are decoded and encoded. */
static void write_by_name(struct leat_planner *pl, struct leat_line *l, const struct writing *w)
{
	struct leat_line side = *l;
	side.at = imply_filter(pl, l, w, false);
	if (side.at < 0 || write_step(pl, &side, w) < 0)
		return;
	side = *l;
	side.at = imply_filter(pl, l, w, true);
	if (side.at < 0)
		return;
	int loaded = leat_plan_imply_loader(pl, &side, w->st, w->codec->kinds, w->codec);
	if (loaded >= 0)
		(void)encode_and_write(pl, l, loaded, w);
}

/* Bytes of the source under a name: copied when the extension fits. */
static void write_raw(struct leat_planner *pl, struct leat_line *l, const struct writing *w)
{
	enum leat_copying how = w->ext && *w->ext ? leat_plan_copying(pl, w->codec, w->ext) : LEAT_COPY;
	if (how == LEAT_BY_NAME && !leat_registry_op(pl->reg, "keep"))
		how = LEAT_RECODE;
	if (how == LEAT_BY_NAME) {
		write_by_name(pl, l, w);
		return;
	}
	if (how == LEAT_RECODE) {
		if (l->loaded < 0)
			l->loaded = leat_plan_imply_loader(pl, l, w->st, w->codec ? w->codec->kinds : LEAT_IMAGE, NULL);
		if (l->loaded >= 0)
			l->wrote = encode_and_write(pl, l, l->loaded, w);
		return;
	}
	int i = write_step(pl, l, w);
	if (i >= 0)
		l->at = i;
	l->loaded = -1;
}

void leat_plan_write(struct leat_planner *pl, struct leat_line *l, const struct leat_stmt *st,
		     const struct leat_sink *k)
{
	struct writing w = {.st = st, .sink = k};
	w.b = (struct leat_binding){.table = k->params,
				    .size = k->params_size,
				    .name = k->name,
				    .owner = k->name,
				    .example = k->example,
				    .at = st->name_at,
				    .words = st->words,
				    .n_words = st->n_words,
				    .steps = true,
				    .damaged = st->damaged,
				    .check = k->check};
	bool ok = leat_plan_bind(pl, &w.b);
	const struct leat_param *p = leat_plan_name_param(k->params);
	l->sink = true;
	if (ok && p && w.b.given[p - k->params]) {
		w.tmpl = (const void *)((const char *)w.b.params + p->offset);
		w.word = w.b.given[p - k->params];
		w.codec = leat_plan_name_codec(pl, w.tmpl, &w.ext);
	}
	if (l->kind && !(l->kind & LEAT_FILE)) {
		l->wrote = encode_and_write(pl, l, l->at, &w);
		return;
	}
	if (l->kind == LEAT_FILE && l->raw && w.tmpl) {
		write_raw(pl, l, &w);
		return;
	}
	if (l->codec && w.tmpl)
		leat_plan_check_extension(pl, w.tmpl, w.word, l->codec, pl->own->info[l->at].stmt);
	int i = write_step(pl, l, &w);
	if (i >= 0)
		l->at = i;
}
