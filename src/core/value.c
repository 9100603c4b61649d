/* SPDX-License-Identifier: MIT */
/* Typed fields of an item: a small ordered map. See value.h. */
#include "core/value.h"

#include "base/mem.h"
#include "base/num.h"

#include <inttypes.h>
#include <time.h>

static struct leat_field *find(const struct leat_fields *f, const char *name)
{
	for (size_t i = 0; i < f->n; i++) {
		if (strcmp(f->v[i].name, name) == 0)
			return &f->v[i];
	}
	return NULL;
}

static void release(struct leat_value *v)
{
	if (v->type == LEAT_V_TEXT)
		free((char *)v->s); /* texts of a map are its own copies */
}

/* Takes over the text of v, even on failure. */
static int set(struct leat_fields *f, const char *name, struct leat_value v, struct leat_err *err)
{
	struct leat_field *slot = find(f, name);
	if (slot) {
		release(&slot->value);
		slot->value = v;
		return 0;
	}
	struct leat_field *grown = leat_grow(f->v, &f->cap, f->n + 1, sizeof *grown, err);
	if (grown)
		f->v = grown;
	char *copy = grown ? leat_strdup(name, err) : NULL;
	if (!copy) {
		release(&v);
		return -1;
	}
	f->v[f->n++] = (struct leat_field){.name = copy, .value = v};
	return 0;
}

int leat_fields_set(struct leat_fields *f, const char *name, const struct leat_value *value, struct leat_err *err)
{
	if (value->type == LEAT_V_TEXT)
		return leat_fields_set_text(f, name, value->s, strlen(value->s), err);
	return set(f, name, *value, err);
}

int leat_fields_set_int(struct leat_fields *f, const char *name, int64_t v, struct leat_err *err)
{
	return set(f, name, (struct leat_value){.type = LEAT_V_INT, .i = v}, err);
}

int leat_fields_set_real(struct leat_fields *f, const char *name, double v, struct leat_err *err)
{
	return set(f, name, (struct leat_value){.type = LEAT_V_REAL, .r = v}, err);
}

int leat_fields_set_time(struct leat_fields *f, const char *name, int64_t ns, struct leat_err *err)
{
	return set(f, name, (struct leat_value){.type = LEAT_V_TIME, .i = ns}, err);
}

int leat_fields_set_text(struct leat_fields *f, const char *name, const char *s, size_t n, struct leat_err *err)
{
	char *copy = leat_strndup(s, n, err);
	return copy ? set(f, name, (struct leat_value){.type = LEAT_V_TEXT, .s = copy}, err) : -1;
}

const struct leat_value *leat_fields_get(const struct leat_fields *f, const char *name)
{
	const struct leat_field *slot = f ? find(f, name) : NULL;
	return slot ? &slot->value : NULL;
}

int leat_fields_copy(struct leat_fields *to, const struct leat_fields *from, struct leat_err *err)
{
	struct leat_fields copy = {0};
	for (size_t i = 0; from && i < from->n; i++) {
		struct leat_value v = from->v[i].value;
		if (v.type == LEAT_V_TEXT) {
			v.s = leat_strdup(v.s, err);
			if (!v.s)
				goto fail;
		}
		if (set(&copy, from->v[i].name, v, err) < 0)
			goto fail;
	}
	leat_fields_free(to);
	*to = copy;
	return 0;
fail:
	leat_fields_free(&copy);
	return -1;
}

void leat_fields_free(struct leat_fields *f)
{
	for (size_t i = 0; i < f->n; i++) {
		release(&f->v[i].value);
		free(f->v[i].name);
	}
	free(f->v);
	*f = (struct leat_fields){0};
}

/* 2026-01-31T02:30:00+01:00 */
static void print_time(struct leat_buf *b, int64_t ns)
{
	time_t t = (time_t)(ns / 1000000000 - (ns % 1000000000 < 0));
	struct tm tm;
	if (!localtime_r(&t, &tm)) {
		leat_buf_addf(b, "@%" PRId64, (int64_t)t);
		return;
	}
	long off = tm.tm_gmtoff < 0 ? -tm.tm_gmtoff : tm.tm_gmtoff;
	leat_buf_addf(b, "%04d-%02d-%02dT%02d:%02d:%02d%c%02ld:%02ld", tm.tm_year + 1900, tm.tm_mon + 1, tm.tm_mday,
		      tm.tm_hour, tm.tm_min, tm.tm_sec, tm.tm_gmtoff < 0 ? '-' : '+', off / 3600, off / 60 % 60);
}

void leat_value_print(struct leat_buf *b, const struct leat_value *v)
{
	char number[32];
	switch (v->type) {
	case LEAT_V_NONE:
		break;
	case LEAT_V_INT:
		leat_buf_addf(b, "%" PRId64, v->i);
		break;
	case LEAT_V_REAL:
		leat_buf_adds(b, leat_print_real(v->r, number));
		break;
	case LEAT_V_TEXT:
		leat_buf_adds(b, v->s);
		break;
	case LEAT_V_TIME:
		print_time(b, v->i);
		break;
	}
}
