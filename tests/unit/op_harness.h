/* SPDX-License-Identifier: MIT */
/*
 * Runs one op over one image as the engine would, but stricter, for tests of ops. Every rows() call gets
 * exactly the input rows that need() named, an output window of exactly its rows and scratch of exactly the size asked
 * for, each in an allocation of its own filled with rubbish: under ASan one byte too far is a failure, and what reads
 * stale memory shows.
 *
 *	void *p = op_params(&leat_op_crop, "100x50 left=7 partial=clip");
 *	struct leat_image *out = op_run(&leat_op_crop, p, im, 7, NULL, &err);
 *	free(p);
 */
#ifndef LEAT_TESTS_OP_HARNESS_H
#define LEAT_TESTS_OP_HARNESS_H

#include <ctype.h>
#include <math.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "base/err.h"
#include "base/mem.h"
#include "core/op.h"

/* --- parameters --- */

static inline int op_choice(const struct leat_param *p, const char *word, size_t n)
{
	for (int i = 0; p->choices[i]; i++)
		if (strlen(p->choices[i]) == n && memcmp(p->choices[i], word, n) == 0)
			return i;
	fail_msg("'%s' has no choice '%s'", p->name, word);
	return -1;
}

static inline struct leat_color op_color(const char *t)
{
	struct leat_color c = {0, 0, 0, 255, true};
	unsigned v[8] = {0}, n = (unsigned)strlen(t) - 1;
	if (strcmp(t, "transparent") == 0)
		return (struct leat_color){0, 0, 0, 0, true};
	assert_true(t[0] == '#' && (n == 3 || n == 4 || n == 6 || n == 8));
	for (unsigned i = 0; i < n; i++)
		assert_int_equal(sscanf(t + 1 + i, "%1x", &v[i]), 1);
	uint8_t *part[4] = {&c.r, &c.g, &c.b, &c.a};
	unsigned digits = n > 4 ? 2 : 1;
	for (unsigned i = 0; i < n / digits; i++)
		*part[i] = (uint8_t)(digits == 2 ? v[2 * i] * 16 + v[2 * i + 1] : v[i] * 17);
	return c;
}

static inline struct leat_pixels op_pixels(const char *t)
{
	struct leat_pixels p = {0};
	char *end = NULL;
	if (strchr(t, '%')) {
		p.percent = strtod(t, NULL) / 100;
		return p;
	}
	if (isdigit((unsigned char)*t))
		p.width = (uint32_t)strtoul(t, &end, 10), t = end;
	assert_true(*t == 'x');
	if (t[1])
		p.height = (uint32_t)strtoul(t + 1, NULL, 10);
	return p;
}

/* n zeroed bytes that stay until the program ends: what a plan's arena would hold. */
static inline void *op_keep(size_t n)
{
	static struct op_kept {
		struct op_kept *next;
		max_align_t data[];
	} * kept; /* so that leak checkers find it */
	struct op_kept *k = calloc(1, sizeof *k + n);
	k->next = kept;
	kept = k;
	return k->data;
}

static inline void op_numbers(const char *t, struct leat_numbers *to)
{
	double *v = op_keep((strlen(t) + 1) * sizeof *v);
	char *end = NULL;
	for (to->v = v, to->n = 0; *t; t = *end == ',' ? end + 1 : end)
		v[to->n++] = strtod(t, &end);
}

static inline void op_range(const char *t, struct leat_range *to)
{
	double unit = strchr(t, '%') ? 100 : 1;
	const char *dots = strstr(t, "..");
	assert_non_null(dots);
	*to = (struct leat_range){strtod(t, NULL) / unit, strtod(dots + 2, NULL) / unit, unit > 1};
}

static inline void op_words(const char *t, struct leat_strs *to)
{
	char *copy = strcpy(op_keep(strlen(t) + 1), t), *save = NULL;
	const char **v = op_keep((strlen(t) + 1) * sizeof *v);
	to->v = v;
	to->n = 0;
	for (char *w = strtok_r(copy, ",", &save); w; w = strtok_r(NULL, ",", &save))
		v[to->n++] = w;
}

static inline uint64_t op_flags(const struct leat_param *p, const char *t)
{
	uint64_t bits = 0;
	while (*t) {
		size_t n = strcspn(t, ",");
		bits |= UINT64_C(1) << op_choice(p, t, n);
		t += n + (t[n] == ',');
	}
	return bits;
}

/* Stores one value given as text; the types that image ops use. */
static inline void op_set(const struct leat_param *p, void *params, const char *t)
{
	void *at = (char *)params + p->offset;
	if (p->word && strcmp(t, p->word) == 0) {
		if (p->type == LEAT_PT_REAL)
			*(double *)at = NAN;
		else
			memset(at, 0, sizeof(struct leat_range));
		return;
	}
	switch (p->type) {
	case LEAT_PT_INT:
		*(int64_t *)at = strtoll(t, NULL, 10);
		break;
	case LEAT_PT_OPTINT:
		*(struct leat_optint *)at = (struct leat_optint){.v = strtoll(t, NULL, 10), .given = true};
		break;
	case LEAT_PT_REAL:
		*(double *)at = strtod(t, NULL);
		break;
	case LEAT_PT_PERCENT:
		*(double *)at = strtod(t, NULL) / 100;
		break;
	case LEAT_PT_SWITCH:
		*(bool *)at = strcmp(t, "yes") == 0;
		break;
	case LEAT_PT_CHOICE:
		*(int64_t *)at = op_choice(p, t, strlen(t));
		break;
	case LEAT_PT_FLAGS:
		*(uint64_t *)at = op_flags(p, t);
		break;
	case LEAT_PT_PIXELS:
		*(struct leat_pixels *)at = op_pixels(t);
		break;
	case LEAT_PT_COLOR:
		*(struct leat_color *)at = op_color(t);
		break;
	case LEAT_PT_LEVEL:
		((struct leat_level *)at)->percent = strchr(t, '%') != NULL;
		((struct leat_level *)at)->v = strtod(t, NULL) / (strchr(t, '%') ? 100 : 1);
		break;
	case LEAT_PT_RANGE:
		op_range(t, at);
		break;
	case LEAT_PT_NUMBERS:
		op_numbers(t, at);
		break;
	case LEAT_PT_FIELDS:
	case LEAT_PT_WORDS:
		op_words(t, at);
		break;
	case LEAT_PT_TEXT:
		*(const char **)at = strcpy(op_keep(strlen(t) + 1), t);
		break;
	case LEAT_PT_FILE: /* what it holds is given to open() by the test */
		*(struct leat_fileref *)at = (struct leat_fileref){.path = strcpy(op_keep(strlen(t) + 1), t)};
		if ((p->flags & LEAT_OR_NUMBERS) && !strpbrk(t, "abcdfghijklmnopqrstuvwxyz/"))
			op_numbers(t, &((struct leat_fileref *)at)->numbers);
		break;
	default:
		fail_msg("op_harness.h cannot set '%s' yet", p->name);
	}
}

/* Bound parameters from "positional name=value ...", defaults first. The caller frees them. */
static inline void *op_params(const struct leat_op *op, const char *text)
{
	void *params = calloc(1, op->params_size ? op->params_size : 1);
	const struct leat_param *next = op->params;
	for (const struct leat_param *p = op->params; p && p->name; p++)
		if (p->dflt)
			op_set(p, params, p->dflt);
	char *copy = strdup(text), *save = NULL;
	for (char *w = strtok_r(copy, " ", &save); w; w = strtok_r(NULL, " ", &save)) {
		char *eq = strchr(w, '=');
		const struct leat_param *p = op->params;
		while (next && next->name && !(next->flags & LEAT_POSITIONAL))
			next++;
		if (next && next->type == LEAT_PT_TEXT) /* an expression: '=' is its own */
			eq = NULL;
		if (eq) {
			*eq = 0;
			while (p->name && ((p->flags & LEAT_POSITIONAL) || strcmp(p->name, w) != 0))
				p++;
		} else {
			p = next++;
		}
		if (!p->name)
			fail_msg("'%s' has no parameter '%s'", op->name, w);
		op_set(p, params, eq ? eq + 1 : w);
	}
	free(copy);
	return params;
}

/* --- images --- */

static inline struct leat_image_shape op_shape(uint32_t width, uint32_t height, unsigned channels,
					       enum leat_sample sample)
{
	return (struct leat_image_shape){.width = width,
					 .height = height,
					 .channels = (uint8_t)channels,
					 .alpha = channels == 2 || channels == 4,
					 .sample = sample,
					 .pages = 1};
}

/* A new image from packed samples (NULL: zeros). */
static inline struct leat_image *op_image(const struct leat_image_shape *s, const void *packed)
{
	struct leat_err err = {0};
	struct leat_image *im = leat_image_new(s, NULL, &err);
	assert_non_null(im);
	size_t n = leat_row_bytes(s);
	for (uint32_t y = 0; y < s->height; y++) {
		if (packed)
			memcpy(im->pixels + y * im->stride, (const uint8_t *)packed + y * n, n);
		else
			memset(im->pixels + y * im->stride, 0, n);
	}
	return im;
}

/* A small generator, the same on every machine. */
static inline uint32_t op_random(uint64_t *state)
{
	*state = *state * UINT64_C(6364136223846793005) + UINT64_C(1442695040888963407);
	return (uint32_t)(*state >> 33);
}

/* A new image of random bytes. */
static inline struct leat_image *op_noise(const struct leat_image_shape *s, uint64_t seed)
{
	struct leat_image *im = op_image(s, NULL);
	for (uint32_t y = 0; y < s->height; y++)
		for (size_t i = 0; i < leat_row_bytes(s); i++)
			im->pixels[y * im->stride + i] = (uint8_t)op_random(&seed);
	return im;
}

/* A U16 image with its samples as floats, divided by `full`. */
static inline struct leat_image *op_as_float(const struct leat_image *im, double full)
{
	struct leat_image_shape s = im->shape;
	s.sample = LEAT_F32;
	struct leat_image *out = op_image(&s, NULL);
	for (uint32_t y = 0; y < s.height; y++) {
		const uint16_t *from = (const void *)(im->pixels + y * im->stride);
		float *to = (void *)(out->pixels + y * out->stride);
		for (size_t i = 0; i < (size_t)s.width * s.channels; i++)
			to[i] = (float)(from[i] / full);
	}
	return out;
}

/* One sample as a number. */
static inline double op_at(const struct leat_image *im, uint32_t x, uint32_t y, unsigned c)
{
	const uint8_t *row = im->pixels + y * im->stride;
	size_t i = (size_t)x * im->shape.channels + c;
	uint16_t wide;
	float f;
	if (im->shape.sample == LEAT_U8)
		return row[i];
	if (im->shape.sample == LEAT_U16)
		return memcpy(&wide, row + 2 * i, 2), wide;
	return memcpy(&f, row + 4 * i, 4), f;
}

/*
 * Is `real` the same as `wide` but for `most` levels of 0 .. full? Clamped for that; color counts as far as its alpha
 * shows it.
 */
static inline void op_same_as_float(const struct leat_image *wide, const struct leat_image *real, double full,
				    double most)
{
	assert_int_equal(real->shape.sample, LEAT_F32);
	assert_int_equal(wide->shape.width, real->shape.width);
	assert_int_equal(wide->shape.height, real->shape.height);
	unsigned n = wide->shape.channels;
	for (uint32_t y = 0; y < wide->shape.height; y++)
		for (uint32_t x = 0; x < wide->shape.width; x++)
			for (unsigned c = 0; c < n; c++) {
				double v = op_at(real, x, y, c), a = wide->shape.alpha ? op_at(real, x, y, n - 1) : 1;
				v = (v < 0 ? 0 : v > 1 ? 1 : v) * full;
				a = c + 1 == n || !wide->shape.alpha || a > 1 ? 1 : a < 0 ? 0 : a;
				if (fabs(v - op_at(wide, x, y, c)) * a > most)
					fail_msg("pixel %u,%u, channel %u: %g as float, %g as whole number", x, y, c, v,
						 op_at(wide, x, y, c));
			}
}

/* Shape and pixels are equal; padding and metadata are not looked at. */
static inline bool op_same_pixels(const struct leat_image *a, const struct leat_image *b)
{
	if (!leat_image_shape_equal(&a->shape, &b->shape))
		return false;
	for (uint32_t y = 0; y < a->shape.height; y++)
		if (memcmp(a->pixels + y * a->stride, b->pixels + y * b->stride, leat_row_bytes(&a->shape)) != 0)
			return false;
	return true;
}

/* --- running --- */

/* `bytes` of rubbish, exactly; as floats they are NaN. */
static inline uint8_t *op_rubbish(size_t bytes)
{
	uint8_t *p = NULL;
	if (posix_memalign((void **)&p, 64, bytes ? bytes : 1))
		abort();
	memset(p, 0xff, bytes);
	return p;
}

static inline uint32_t op_clamp(int64_t v, uint32_t max)
{
	return v < 0 ? 0 : v > max ? max : (uint32_t)v;
}

/* One rows() call with windows of exactly the rows it may touch. `out` NULL for measures. */
static inline int op_call(const struct leat_op *op, void *item, const struct leat_image *in, struct leat_image *out,
			  uint32_t y0, uint32_t y1, struct leat_err *err)
{
	int64_t a = y0, b = y1;
	if (op->need)
		op->need(item, y0, y1, &a, &b);
	uint32_t i0 = op_clamp(a, in->shape.height), i1 = op_clamp(b, in->shape.height);
	assert_true(i0 <= i1);
	size_t in_bytes = leat_row_bytes(&in->shape), out_bytes = out ? leat_row_bytes(&out->shape) : 0;
	struct leat_rows from = {op_rubbish((i1 - i0) * in_bytes), in_bytes, i0, i1};
	struct leat_rows to = {op_rubbish((y1 - y0) * out_bytes), out_bytes, y0, y1};
	uint8_t *scratch = op_rubbish(op->scratch ? op->scratch(item) : 0);
	for (uint32_t y = i0; y < i1; y++)
		memcpy(leat_row(&from, y), in->pixels + y * in->stride, in_bytes);
	int r = op->rows(item, &from, out ? &to : NULL, y0, y1, scratch, err);
	for (uint32_t y = y0; r == 0 && out && y < y1; y++)
		memcpy(out->pixels + y * out->stride, leat_row(&to, y), out_bytes);
	free(from.pixels);
	free(to.pixels);
	free(scratch);
	return r;
}

/* Also asserts that need() never decreases. */
static inline int op_strips(const struct leat_op *op, void *item, const struct leat_image *in, struct leat_image *out,
			    uint32_t strip, struct leat_err *err)
{
	uint32_t height = out ? out->shape.height : in->shape.height;
	int64_t last_a = INT64_MIN, last_b = INT64_MIN;
	for (uint32_t y = 0; y < height;) {
		uint32_t step = strip && strip < height - y ? strip : height - y;
		if (op->measures && step > LEAT_BLOCK_ROWS - y % LEAT_BLOCK_ROWS)
			step = LEAT_BLOCK_ROWS - y % LEAT_BLOCK_ROWS;
		int64_t a = y, b = y + step;
		if (op->need)
			op->need(item, y, y + step, &a, &b);
		assert_true(a >= last_a && b >= last_b && a <= b);
		last_a = a;
		last_b = b;
		if (op_call(op, item, in, out, y, y + step, err))
			return -1;
		y += step;
	}
	return 0;
}

/* As op_run, with the view and the worker's resources given too (both may be NULL). */
static inline struct leat_image *op_run_with(const struct leat_op *op, const void *params, struct leat_image *in,
					     uint32_t strip, const struct leat_view *view,
					     const struct leat_resource *resources, struct leat_fields *fields,
					     struct leat_err *err)
{
	const struct leat_param *which = NULL;
	if (op->check && op->check(params, &which, err))
		return NULL;
	struct leat_shape si = {.kind = LEAT_IMAGE, .image = in->shape}, so = si;
	if (op->shape_meta ? op->shape_meta(params, &si, in->meta, &so, err) : op->shape(params, &si, &so, err))
		return NULL;
	void *state = NULL, *item = NULL;
	if (op->open && op->open(&(struct leat_op_open){.params = params, .resources = resources}, &state, err))
		return NULL;
	struct leat_meta *meta = leat_meta_ref(in->meta);
	struct leat_op_begin b = {params, state, &si, &so, in->meta, &meta, view, NULL, 0, 1};
	struct leat_image *out = NULL;
	int r = op->begin ? op->begin(&b, &item, err) : 0;
	if (r == 0) {
		out = leat_image_new(&so.image, meta, err);
		assert_non_null(out);
		r = op_strips(op, item, in, op->measures ? NULL : out, strip, err);
		if (op->end && op->end(item, r ? NULL : fields, err))
			r = -1;
	}
	leat_meta_unref(&meta);
	if (op->close)
		op->close(state);
	if (r)
		leat_image_unref(&out);
	else if (op->measures) /* the item goes on unchanged */
		leat_image_unref(&out), out = leat_image_ref(in);
	return r ? NULL : out;
}

/*
 * Runs the op over the image in strips of `strip` output rows (0: all at once); measured fields go to
 * `fields` unless it is NULL. Returns a new reference, or NULL with *err.
 */
static inline struct leat_image *op_run(const struct leat_op *op, const void *params, struct leat_image *in,
					uint32_t strip, struct leat_fields *fields, struct leat_err *err)
{
	return op_run_with(op, params, in, strip, NULL, NULL, fields, err);
}

/* op_params + op_run that must succeed. */
static inline struct leat_image *op_do(const struct leat_op *op, const char *text, struct leat_image *in,
				       uint32_t strip)
{
	struct leat_err err = {0};
	void *params = op_params(op, text);
	struct leat_image *out = op_run(op, params, in, strip, NULL, &err);
	if (!out)
		fail_msg("%s %s: %s", op->name, text, err.text);
	free(params);
	return out;
}

/* op_params + op_run that must fail with a text that contains `part`. */
static inline void op_refused(const struct leat_op *op, const char *text, struct leat_image *in, const char *part)
{
	struct leat_err err = {0};
	void *params = op_params(op, text);
	struct leat_image *out = op_run(op, params, in, 0, NULL, &err);
	if (out)
		fail_msg("%s %s was accepted", op->name, text);
	if (err.cause == LEAT_CAUSE_NONE || !strstr(err.text, part))
		fail_msg("%s %s: '%s' does not say '%s'", op->name, text, err.text, part);
	free(params);
}

/* The op gives the same bytes in strips of 1, 7 and 64 rows and as a whole. */
static inline void op_same_in_strips(const struct leat_op *op, const char *text, struct leat_image *in)
{
	static const uint32_t strips[] = {1, 7, 64};
	struct leat_image *whole = op_do(op, text, in, 0);
	for (size_t i = 0; i < LEAT_LEN(strips); i++) {
		struct leat_image *part = op_do(op, text, in, strips[i]);
		if (!op_same_pixels(whole, part))
			fail_msg("%s %s: strips of %u rows give other bytes", op->name, text, strips[i]);
		leat_image_unref(&part);
	}
	leat_image_unref(&whole);
}

#endif
