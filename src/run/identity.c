/* SPDX-License-Identifier: MIT */
/* See identity.h. Every bound value is written out with its name: whoever wrote it how, it reads the same. */
#include "run/identity.h"

#include "core/condition.h"
#include "run/segment.h"

#include <errno.h>
#include <fcntl.h>
#include <unistd.h>

static void add_flags(struct leat_buf *b, const struct leat_param *p, uint64_t bits)
{
	for (int i = 0; p->choices[i]; i++)
		if (bits >> i & 1)
			leat_buf_addf(b, "%s,", p->choices[i]);
}

static void add_texts(struct leat_buf *b, const struct leat_strs *l)
{
	for (size_t i = 0; i < l->n; i++)
		leat_buf_addf(b, "%zu:%s,", strlen(l->v[i]), l->v[i]);
}

static void add_numbers(struct leat_buf *b, const struct leat_numbers *v)
{
	for (size_t i = 0; i < v->n; i++)
		leat_buf_addf(b, "%a,", v->v[i]);
}

static void add_conditions(struct leat_buf *b, const struct leat_conditions *v)
{
	for (size_t i = 0; i < v->n; i++)
		leat_buf_addf(b, "%s\n", leat_condition_text(v->v[i]));
}

/* The content counts, not its name. */
static int add_file(struct leat_buf *b, const char *path, struct leat_err *err)
{
	enum { PIECE = 64 << 10 };
	if (!path)
		return 0;
	struct leat_buf content = {0};
	int fd = open(path, O_RDONLY | O_CLOEXEC | O_NOCTTY), sys = errno;
	ssize_t got = fd < 0 ? -1 : 1;
	while (got > 0 && leat_buf_reserve(&content, PIECE) == 0) {
		got = read(fd, content.data + content.len, PIECE);
		sys = errno;
		content.len += got > 0 ? (size_t)got : 0;
	}
	if (fd >= 0)
		(void)close(fd); /* only read */
	int ok = leat_buf_check(&content, err);
	if (ok == 0 && got < 0)
		ok = leat_fail_sys(err, LEAT_CAUSE_NONE, sys, "cannot read '%.300s'", path);
	uint8_t hash[LEAT_HASH];
	leat_hash(content.data, content.len, hash);
	leat_buf_add(b, hash, sizeof hash);
	leat_buf_free(&content);
	return ok;
}

static int add_value(struct leat_buf *b, const struct leat_param *p, const void *at, struct leat_err *err)
{
	switch (p->type) {
	case LEAT_PT_CHOICE:
		leat_buf_adds(b, p->choices[*(const int64_t *)at]);
		break;
	case LEAT_PT_INT:
	case LEAT_PT_DURATION:
	case LEAT_PT_TIMEOFDAY:
		leat_buf_addf(b, "%lld", (long long)*(const int64_t *)at);
		break;
	case LEAT_PT_OPTINT:
		leat_buf_addf(b, "%d %lld", ((const struct leat_optint *)at)->given,
			      (long long)((const struct leat_optint *)at)->v);
		break;
	case LEAT_PT_REAL:
	case LEAT_PT_RATE:
	case LEAT_PT_PERCENT:
		leat_buf_addf(b, "%a", *(const double *)at);
		break;
	case LEAT_PT_SWITCH:
		leat_buf_addf(b, "%d", *(const bool *)at);
		break;
	case LEAT_PT_FLAGS:
		add_flags(b, p, *(const uint64_t *)at);
		break;
	case LEAT_PT_SIZE:
	case LEAT_PT_PIXCOUNT:
		leat_buf_addf(b, "%llu", (unsigned long long)*(const uint64_t *)at);
		break;
	case LEAT_PT_PIXELS: {
		const struct leat_pixels *v = at;
		leat_buf_addf(b, "%u %u %a", v->width, v->height, v->percent);
		break;
	}
	case LEAT_PT_RANGE: {
		const struct leat_range *v = at;
		leat_buf_addf(b, "%a %a %d", v->a, v->b, v->percent);
		break;
	}
	case LEAT_PT_COLOR: {
		const struct leat_color *v = at;
		leat_buf_addf(b, "%d %d %d %d %d", v->given, v->r, v->g, v->b, v->a);
		break;
	}
	case LEAT_PT_LEVEL:
		leat_buf_addf(b, "%a %d", ((const struct leat_level *)at)->v, ((const struct leat_level *)at)->percent);
		break;
	case LEAT_PT_NUMBERS:
		add_numbers(b, at);
		break;
	case LEAT_PT_PATH:
	case LEAT_PT_TEXT: {
		const char *v = *(const char *const *)at;
		leat_buf_adds(b, v ? v : "");
		break;
	}
	case LEAT_PT_FILE: {
		const struct leat_fileref *v = at;
		if (v->word)
			leat_buf_adds(b, p->choices[v->word - 1]);
		add_numbers(b, &v->numbers);
		return add_file(b, v->path, err);
	}
	case LEAT_PT_PATTERNS:
	case LEAT_PT_FIELDS:
	case LEAT_PT_WORDS:
	case LEAT_PT_ARGS:
		add_texts(b, at);
		break;
	case LEAT_PT_TEMPLATE: {
		const struct leat_tmpl *v = at;
		leat_buf_adds(b, v->text ? v->text : v->shown ? v->shown : "");
		break;
	}
	case LEAT_PT_CONDITIONS:
		add_conditions(b, at);
		break;
	case LEAT_PT_WORKERS: /* these say where and how fast */
	case LEAT_PT_QUEUE:
	case LEAT_PT_MEMORY:
	case LEAT_PT_END:
		break;
	}
	return 0;
}

static int add_table(struct leat_buf *b, const struct leat_param *table, const void *params, struct leat_err *err)
{
	for (const struct leat_param *p = table; p && p->name && params; p++) {
		if (p->flags & LEAT_NOT_WORK)
			continue;
		leat_buf_addf(b, "\n%s=", p->name);
		if (add_value(b, p, (const char *)params + p->offset, err) < 0)
			return -1;
	}
	return 0;
}

/* A report shows what was measured; what it shows changes nothing about the items. */
static int add_step(struct leat_buf *b, const struct leat_plan *p, int i, struct leat_err *err)
{
	const struct leat_step *s = &p->steps[i];
	const struct leat_param *table = s->op                    ? s->op->params
					 : s->role == LEAT_WRITE  ? s->sink->params
					 : s->role == LEAT_DECODE ? leat_decode_params
					 : s->role == LEAT_PARSE  ? leat_parse_params
					 : s->codec               ? s->codec->params
								  : NULL;
	int version = s->op ? s->op->version : s->codec ? s->codec->version : s->sink ? s->sink->version : 0;
	leat_buf_addf(b, "\n\n%d %d %s %s %s v%d drop=%d", i, s->parent, s->name, s->codec ? s->codec->name : "",
		      s->branch ? s->branch : "", version, s->drop);
	add_conditions(b, &s->conditions);
	return add_table(b, table, s->params, err);
}

static bool looks_at_time(const struct leat_step *s)
{
	static const char *const fields[] = {"age", "date", "time"};
	for (size_t i = 0; i < s->conditions.n; i++)
		for (size_t k = 0; k < LEAT_LEN(fields); k++)
			for (size_t f = 0; leat_condition_field(s->conditions.v[i], f); f++)
				if (strcmp(leat_condition_field(s->conditions.v[i], f), fields[k]) == 0)
					return true;
	return false;
}

static bool is_stdout(const struct leat_step *s)
{
	for (const struct leat_param *p = s->sink ? s->sink->params : NULL; p && p->name; p++) {
		const struct leat_tmpl *t = (const void *)((const char *)s->params + p->offset);
		if (p->type == LEAT_PT_TEMPLATE && t->shown && strcmp(t->shown, "-") == 0)
			return true;
	}
	return false;
}

static void look_at(struct leat_identity *id, const struct leat_step *s)
{
	id->clock = id->clock || looks_at_time(s);
	id->reduces = id->reduces || s->role == LEAT_REDUCE;
	if (s->role != LEAT_WRITE)
		return;
	id->to_stdout = id->to_stdout || is_stdout(s);
	id->writes += s->stage == 0;
}

int leat_identity_make(struct leat_identity *id, const struct leat_plan *p, struct leat_err *err)
{
	struct leat_buf items = {0}, behind = {0};
	int ok = 0;
	*id = (struct leat_identity){.index = leat_plan_names_field(p, "index"),
				     .reldir = leat_plan_names_field(p, "reldir")};
	for (size_t i = 1; ok == 0 && i < p->n_steps; i++) {
		const struct leat_step *s = &p->steps[i];
		look_at(id, s);
		ok = add_step(s->stage > 0 || s->role == LEAT_REDUCE ? &behind : &items, p, (int)i, err);
	}
	if (ok == 0)
		ok = leat_buf_check(&items, err);
	leat_hash(items.data, items.len, id->items);
	leat_buf_add(&behind, id->items, LEAT_HASH);
	if (ok == 0)
		ok = leat_buf_check(&behind, err);
	leat_hash(behind.data, behind.len, id->all);
	leat_buf_free(&items);
	leat_buf_free(&behind);
	return ok;
}

void leat_identity_of(const struct leat_identity *id, const struct leat_registry *r, const struct leat_entry *e,
		      uint8_t out[static LEAT_HASH])
{
	struct {
		uint8_t items[LEAT_HASH], reldir[LEAT_HASH];
		uint64_t index;
		int64_t codec;
	} key;
	const char *slash = strrchr(e->path, '/'), *dot = strrchr(slash ? slash : e->path, '.');
	const struct leat_codec *c = dot ? leat_registry_codec_for_extension(r, dot + 1) : NULL;
	memset(&key, 0, sizeof key);
	memcpy(key.items, id->items, LEAT_HASH);
	if (id->reldir)
		leat_hash(e->reldir, strlen(e->reldir), key.reldir);
	key.index = id->index ? e->index + 1 : 0;
	key.codec = c ? c->version : 0;
	leat_hash(&key, sizeof key, out);
}

void leat_identity_failed(uint8_t work[static LEAT_HASH], const char *recipe)
{
	struct leat_buf b = {0};
	leat_buf_add(&b, work, LEAT_HASH);
	leat_buf_addf(&b, "%s %s", LEAT_VERSION, recipe);
	if (!b.failed)
		leat_hash(b.data, b.len, work);
	leat_buf_free(&b);
}
