/* SPDX-License-Identifier: MIT */
/* Fields as bytes, and back. See value.h. */
#include "core/value.h"

#include "base/mem.h"

static void add_text(struct leat_buf *b, const char *s)
{
	uint32_t n = (uint32_t)strlen(s);
	leat_buf_add(b, &n, sizeof n);
	leat_buf_add(b, s, n);
}

void leat_fields_pack(const struct leat_fields *f, struct leat_buf *b)
{
	for (size_t i = 0; i < f->n; i++) {
		const struct leat_value *v = &f->v[i].value;
		leat_buf_addc(b, (char)v->type);
		add_text(b, f->v[i].name);
		if (v->type == LEAT_V_TEXT)
			add_text(b, v->s ? v->s : "");
		else
			leat_buf_add(b, &v->i, sizeof v->i); /* i and r lie in one place */
	}
}

struct reader {
	const char *p;
	size_t left;
};

static bool take(struct reader *r, void *to, size_t n)
{
	if (r->left < n)
		return false;
	memcpy(to, r->p, n);
	r->p += n;
	r->left -= n;
	return true;
}

static bool take_text(struct reader *r, const char **s, uint32_t *n)
{
	if (!take(r, n, sizeof *n) || r->left < *n)
		return false;
	*s = r->p;
	r->p += *n;
	r->left -= *n;
	return true;
}

static int take_field(struct reader *r, struct leat_fields *f, struct leat_err *err)
{
	char type;
	const char *name, *text = NULL;
	uint32_t n, len = 0;
	struct leat_value v = {0};
	bool ok = take(r, &type, 1) && take_text(r, &name, &n);
	ok = ok && (type == LEAT_V_TEXT ? take_text(r, &text, &len) : take(r, &v.i, sizeof v.i));
	if (!ok)
		return leat_fail(err, LEAT_CAUSE_CORRUPT, "stored fields are damaged");
	char *own = leat_strndup(name, n, err);
	int done = -1;
	if (own && type == LEAT_V_TEXT)
		done = leat_fields_set_text(f, own, text, len, err);
	else if (own && type == LEAT_V_INT)
		done = leat_fields_set_int(f, own, v.i, err);
	else if (own && type == LEAT_V_REAL)
		done = leat_fields_set_real(f, own, v.r, err);
	else if (own && type == LEAT_V_TIME)
		done = leat_fields_set_time(f, own, v.i, err);
	else if (own)
		leat_fail(err, LEAT_CAUSE_CORRUPT, "stored fields are damaged");
	free(own);
	return done;
}

int leat_fields_unpack(const void *data, size_t n, struct leat_fields *f, struct leat_err *err)
{
	struct reader r = {.p = data, .left = n};
	while (r.left > 0)
		if (take_field(&r, f, err) < 0)
			return -1;
	return 0;
}
