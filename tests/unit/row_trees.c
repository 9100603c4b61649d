/* SPDX-License-Identifier: MIT */
/* See row_trees.h. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "base/mem.h"
#include "row_trees.h"

int tree_add(struct tree *t, enum tree_kind kind, int parent, const struct leat_op *op, int64_t n)
{
	t->v[t->n] = (struct tree_node){
		.kind = kind,
		.parent = parent,
		.op = op,
		.p = {.n = n, .fail_at = FAKE_NEVER},
		.enc = {.fail_at = FAKE_NEVER},
	};
	return t->n++;
}

struct tree *tree_new(uint32_t width, uint32_t height, unsigned channels, uint64_t seed)
{
	struct tree *t = calloc(1, sizeof *t);
	assert_non_null(t);
	t->n = 1;
	t->source = fake_image(width, height, channels, &seed);
	return t;
}

void tree_free(struct tree *t)
{
	for (int i = 0; i < t->n; i++)
		leat_image_unref(&t->image[i]);
	leat_image_unref(&t->source);
	free(t);
}

/* --- the reference: each step once over the whole image --- */

static void whole_op(struct tree *t, int i)
{
	const struct tree_node *s = &t->v[i];
	struct fake_params p = s->p;
	p.fail_at = FAKE_NEVER;
	p.fail_end = false;
	p.raise = NULL;
	struct leat_image *in = t->image[s->parent];
	struct leat_shape is = {.kind = LEAT_IMAGE, .image = in->shape}, os = {0};
	struct leat_fields f = {0};
	struct leat_err err = {0};
	void *item = NULL, *scratch = leat_alloc_aligned(4096, &err);
	assert_int_equal(s->op->shape(&p, &is, &os, &err), 0);
	struct leat_meta *meta = leat_meta_ref(in->meta);
	struct leat_op_begin b = {.params = &p, .in = &is, .out = &os, .meta = meta, .meta_out = &meta};
	assert_int_equal(s->op->begin(&b, &item, &err), 0);
	struct leat_rows from = {in->pixels, in->stride, 0, in->shape.height};
	if (s->op->measures) {
		for (uint32_t y = 0; y < in->shape.height; y += LEAT_BLOCK_ROWS) {
			uint32_t y1 = y + LEAT_BLOCK_ROWS < in->shape.height ? y + LEAT_BLOCK_ROWS : in->shape.height;
			assert_int_equal(s->op->rows(item, &from, NULL, y, y1, scratch, &err), 0);
		}
		t->image[i] = leat_image_ref(in);
	} else {
		t->image[i] = leat_image_new(&os.image, meta, &err);
		struct leat_rows out = {t->image[i]->pixels, t->image[i]->stride, 0, os.image.height};
		assert_int_equal(s->op->rows(item, &from, &out, 0, os.image.height, scratch, &err), 0);
	}
	assert_int_equal(s->op->end(item, &f, &err), 0);
	t->sum[i] = leat_fields_get(&f, "sum")->i;
	leat_fields_free(&f);
	leat_meta_unref(&meta);
	free(scratch);
}

static bool wanted(const struct tree *t, int i)
{
	if (t->v[i].kind != TREE_OP || t->v[i].op->measures)
		return true;
	for (int k = i + 1; k < t->n; k++)
		if (t->v[k].parent == i && wanted(t, k))
			return true;
	return false;
}

static bool fails_itself(const struct tree *t, int i)
{
	const struct tree_node *s = &t->v[i];
	int64_t h = t->image[i]->shape.height;
	return (s->kind == TREE_ENCODE && s->enc.fail_at >= 0 && s->enc.fail_at < h) ||
	       (s->kind == TREE_OP && s->p.fail_at >= 0 && s->p.fail_at < h && wanted(t, i));
}

void tree_reference(struct tree *t)
{
	t->image[0] = leat_image_ref(t->source);
	t->failing[0] = -1;
	for (int i = 1; i < t->n; i++) {
		int up = t->v[i].parent;
		if (t->v[i].kind == TREE_OP)
			whole_op(t, i);
		else
			t->image[i] = leat_image_ref(t->image[up]);
		t->failing[i] = t->failing[up] >= 0 ? t->failing[up] : fails_itself(t, i) ? i : -1;
	}
}

/* --- the chain against it --- */

struct leat_chain *tree_chain(const struct tree *t, const struct leat_chain_opts *o, bool decode)
{
	struct leat_err err = {0};
	struct leat_chain *c = leat_chain_new(o, &err);
	assert_non_null(c);
	if (decode)
		assert_int_equal(leat_chain_decoder(c, &fake_codec, fake_decoder(t->source), &t->source->shape,
						    t->source->meta, &err),
				 0);
	else
		assert_int_equal(leat_chain_image(c, t->source, &err), 0);
	for (int i = 1; i < t->n; i++) {
		const struct tree_node *s = &t->v[i];
		int n = s->kind == TREE_OP       ? leat_chain_op(c, s->parent, s->op, &s->p, NULL, NULL, &err)
			: s->kind == TREE_ENCODE ? leat_chain_encode(c, s->parent, &fake_codec, &s->enc, &err)
						 : leat_chain_keep(c, s->parent, &err);
		assert_int_equal(n, i);
	}
	return c;
}

void same_image(const struct leat_image *a, const struct leat_image *b)
{
	assert_true(leat_image_shape_equal(&a->shape, &b->shape));
	for (uint32_t y = 0; y < a->shape.height; y++)
		assert_memory_equal(a->pixels + y * a->stride, b->pixels + y * b->stride, leat_row_bytes(&a->shape));
}

void same_bytes(const struct leat_bytes *b, const struct leat_image *im)
{
	size_t row = leat_row_bytes(&im->shape);
	assert_int_equal(b->len, row * im->shape.height);
	for (uint32_t y = 0; y < im->shape.height; y++)
		assert_memory_equal(b->data + y * row, im->pixels + y * im->stride, row);
}

static void check_failed(const struct tree *t, struct leat_chain *c, int i)
{
	struct leat_err err = {0};
	struct leat_fields f = {0};
	int at = -1, who = t->failing[i];
	char text[64];
	const struct leat_err *e = leat_chain_error(c, i, &at);
	assert_non_null(e);
	assert_int_equal(at, who);
	snprintf(text, sizeof text, t->v[who].kind == TREE_OP ? "row %lld is bad" : "no room for row %lld",
		 (long long)(t->v[who].kind == TREE_OP ? t->v[who].p.fail_at : t->v[who].enc.fail_at));
	assert_string_equal(e->text, text);
	if (t->v[i].kind == TREE_OP)
		assert_int_equal(leat_chain_end(c, i, &f, &err), -1);
	assert_int_equal(f.n, 0);
	assert_null(leat_chain_take_bytes(c, i));
	assert_null(leat_chain_take_image(c, i));
}

static void check_node(const struct tree *t, struct leat_chain *c, int i)
{
	struct leat_err err = {0};
	int at = -1;
	if (t->failing[i] >= 0) {
		check_failed(t, c, i);
		return;
	}
	const struct leat_err *e = leat_chain_error(c, i, &at);
	if (e)
		fail_msg("node %d failed at %d: %s", i, at, e->text);
	assert_true(leat_image_shape_equal(leat_chain_shape(c, i), &t->image[i]->shape));
	if (t->v[i].kind == TREE_OP) {
		struct leat_fields f = {0};
		assert_int_equal(leat_chain_end(c, i, &f, &err), 0);
		assert_true(leat_fields_get(&f, "sum")->i == t->sum[i]);
		leat_fields_free(&f);
	} else if (t->v[i].kind == TREE_ENCODE) {
		struct leat_bytes *b = leat_chain_take_bytes(c, i);
		same_bytes(b, t->image[i]);
		leat_bytes_unref(&b);
	} else {
		struct leat_image *im = leat_chain_take_image(c, i);
		same_image(im, t->image[i]);
		leat_image_unref(&im);
	}
}

void tree_check(const struct tree *t, uint32_t strip, int team, bool decode)
{
	struct leat_chain_opts o = {.strip_rows = strip, .team = team};
	struct leat_notices notes = {0};
	struct leat_err err = {0};
	int begun = fake_counts.begun, ended = fake_counts.ended;
	struct leat_chain *c = tree_chain(t, &o, decode);
	assert_int_equal(leat_chain_run(c, &notes, &err), 0);
	assert_int_equal(notes.n, decode ? 1 : 0);
	for (int i = 1; i < t->n; i++)
		check_node(t, c, i);
	leat_chain_free(&c);
	assert_null(c);
	assert_int_equal(fake_counts.begun - begun, fake_counts.ended - ended);
}

const uint32_t tree_strips[TREE_STRIPS] = {1, 7, 64, 0, UINT32_MAX};

void tree_check_all(const struct tree *t)
{
	for (size_t s = 0; s < TREE_STRIPS; s++)
		for (int team = 1; team <= 4; team++) {
			tree_check(t, tree_strips[s], team, true);
			tree_check(t, tree_strips[s], team, false);
		}
}

/* One of each, behind one another and beside each other. */
struct tree *tree_big(void)
{
	struct tree *t = tree_new(5, 203, 3, 1);
	int sum = tree_add(t, TREE_OP, 0, &fake_sum, 0);
	int smear = tree_add(t, TREE_OP, sum, &fake_smear, 3);
	int tint = tree_add(t, TREE_OP, smear, &fake_tint, 0);
	tree_add(t, TREE_ENCODE, tint, NULL, 0);
	int edge = tree_add(t, TREE_OP, 0, &fake_edge, 2);
	int shrink = tree_add(t, TREE_OP, edge, &fake_shrink, 0);
	int border = tree_add(t, TREE_OP, shrink, &fake_border, 5);
	tree_add(t, TREE_KEEP, border, NULL, 0);
	int turn = tree_add(t, TREE_OP, edge, &fake_turn, 0);
	int enlarge = tree_add(t, TREE_OP, turn, &fake_enlarge, 0);
	int widen = tree_add(t, TREE_OP, enlarge, &fake_widen, 0);
	tree_add(t, TREE_OP, widen, &fake_sum, 0);
	tree_add(t, TREE_ENCODE, widen, NULL, 0);
	int jump = tree_add(t, TREE_OP, 0, &fake_jump, 0);
	tree_add(t, TREE_KEEP, jump, NULL, 0);
	assert_int_equal(t->n, TREE_NODES);
	return t;
}

static const struct leat_op *random_op(uint64_t *seed, uint32_t height)
{
	static const struct leat_op *const ops[] = {&fake_smear, &fake_turn, &fake_shrink, &fake_border,
						    &fake_jump,  &fake_tint, &fake_widen,  &fake_sum,
						    &fake_edge,  &fake_tint, &fake_enlarge};
	return ops[fake_random(seed) % (LEAT_LEN(ops) - (height > 600))];
}

struct tree *tree_random(uint64_t *seed, bool failures)
{
	struct tree *t =
		tree_new(1 + fake_random(seed) % 7, 1 + fake_random(seed) % 300, 1 + fake_random(seed) % 4, *seed);
	uint32_t height[TREE_NODES] = {t->source->shape.height};
	int n = 2 + (int)(fake_random(seed) % (TREE_NODES - 2));
	while (t->n < n) {
		int parent = (int)(fake_random(seed) % (unsigned)t->n);
		uint32_t what = fake_random(seed) % 10;
		if (parent && t->v[parent].kind != TREE_OP)
			continue;
		const struct leat_op *op = random_op(seed, height[parent]);
		int i = tree_add(t,
				 what < 6   ? TREE_OP
				 : what < 8 ? TREE_ENCODE
					    : TREE_KEEP,
				 parent, op, fake_random(seed) % 9);
		int64_t h = height[parent];
		if (t->v[i].kind == TREE_OP)
			h = op == &fake_enlarge  ? 3 * h
			    : op == &fake_shrink ? (h + 9) / 10
			    : op == &fake_border ? h + 2 * t->v[i].p.n
						 : h;
		height[i] = (uint32_t)h;
		if (failures && fake_random(seed) % 4 == 0)
			t->v[i].p.fail_at = t->v[i].enc.fail_at = fake_random(seed) % 300;
		t->v[i].p.fail_all = fake_random(seed) % 2;
	}
	return t;
}
