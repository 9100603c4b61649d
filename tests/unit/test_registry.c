/* SPDX-License-Identifier: MIT */
/* The tables of the built-in registry, and what their check finds in broken ones. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "registry/registry.h"

#include <string.h>

static void the_tables_are_sound(void **state)
{
	(void)state;
	struct leat_buf faults = {0};
	int n = leat_registry_selfcheck(leat_registry_default(), &faults);
	if (n)
		print_message("%s", faults.data);
	assert_int_equal(n, 0);
	leat_buf_free(&faults);
}

static void look_ups(void **state)
{
	(void)state;
	const struct leat_registry *r = leat_registry_default();
	assert_string_equal(leat_registry_op(r, "resize")->name, "resize");
	assert_non_null(leat_registry_op(r, "to-srgb"));
	assert_null(leat_registry_op(r, "Resize"));
	assert_null(leat_registry_op(r, "read"));
	assert_string_equal(leat_registry_source(r, "read")->name, "read");
	assert_string_equal(leat_registry_sink(r, "report")->name, "report");
	assert_string_equal(leat_registry_executor(r, "openmp")->name, "openmp");
	assert_string_equal(leat_registry_executor(r, "processes")->name, "processes");
	assert_string_equal(leat_registry_executor(r, "async")->name, "async");
	assert_null(leat_registry_executor(r, "cluster"));
	assert_string_equal(leat_registry_codec_for_extension(r, "JPG")->name, "jpeg");
	assert_string_equal(leat_registry_codec_for_extension(r, "pgm")->name, "pnm");
	assert_null(leat_registry_codec_for_extension(r, ""));
	assert_string_equal(leat_registry_sniff(r, (const uint8_t *)"\x89PNG\r\n\x1a\n\0\0\0\rIHDR", 16)->name, "png");
	assert_null(leat_registry_sniff(r, (const uint8_t *)"only text here..", 16));
}

struct broken {
	int64_t n, word;
};
static int rows(void *item, const struct leat_rows *in, struct leat_rows *out, uint32_t y0, uint32_t y1, void *scratch,
		struct leat_err *err)
{
	(void)item, (void)in, (void)out, (void)y0, (void)y1, (void)scratch, (void)err;
	return 0;
}
static int run(void *item, const struct leat_payload *in, struct leat_payload *out, struct leat_err *err)
{
	(void)item, (void)in, (void)out, (void)err;
	return 0;
}
static int begin(const struct leat_op_begin *b, void **item, struct leat_err *err)
{
	(void)b, (void)item, (void)err;
	return 0;
}
static int end(void *item, struct leat_fields *fields, struct leat_err *err)
{
	(void)item, (void)fields, (void)err;
	return 0;
}
static const char *const few[] = {"a", "b", NULL};
static const struct leat_param good_params[] = {
	LEAT_P_INT(struct broken, n, "n", "3", 1, 5, NULL, 0, "a number"),
	LEAT_P_CHOICE(struct broken, word, "word", "a", few, 0, "a word"),
	LEAT_P_END,
};
static const struct leat_op good = {
	.name = "own-step",
	.group = "filter",
	.summary = "a step of somebody's own",
	.example = "own-step n=3",
	.version = 1,
	.params = good_params,
	.params_size = sizeof(struct broken),
	.in = LEAT_IMAGE,
	.modes = LEAT_ON_CPU,
	.shape = leat_shape_same,
	.begin = begin,
	.rows = rows,
	.end = end,
};

/* The faults found in `good` with one row replaced, or in op itself. */
static void finds(const struct leat_op *op, const struct leat_param *row, const char *fault)
{
	struct leat_param table[] = {good_params[0], good_params[1], LEAT_P_END};
	struct leat_op copy = *op;
	if (row) {
		table[1] = *row;
		copy.params = table;
	}
	const struct leat_op *list[] = {&copy};
	struct leat_registry r = {.ops = list, .n_ops = 1};
	struct leat_buf out = {0};
	int n = leat_registry_selfcheck(&r, &out);
	if (!fault)
		assert_int_equal(n, 0);
	else if (n == 0 || !strstr(out.data, fault))
		fail_msg("no '%s' among:\n%s", fault, out.data ? out.data : "");
	leat_buf_free(&out);
}

static void broken_rows_are_found(void **state)
{
	(void)state;
	struct leat_param p = good_params[0];
	p.name = "m";
	p.dflt = "9";
	finds(&good, &p, "default m=9");
	p.dflt = "3";
	p.name = "n";
	finds(&good, &p, "'n' is there twice");
	p.name = "queue";
	finds(&good, &p, "execution option");
	p.name = "Bad_name";
	finds(&good, &p, "no proper name");
	p.name = "m";
	p.offset = 12;
	finds(&good, &p, "does not lie in the parameters' struct");
	p = good_params[1];
	p.dflt = "c";
	finds(&good, &p, "default word=c");
	p.choices = NULL;
	finds(&good, &p, "no list of words");
	p = good_params[1];
	p.dflt = NULL;
	finds(&good, &p, "neither required nor has a default");
	p = good_params[1];
	p.doc = "Ends with a stop.";
	finds(&good, &p, "full stop");
	finds(&good, &p, "capital letter");
}

static void field_called_order(const void *params, unsigned kind, leat_field_fn *fn, void *ctx)
{
	(void)params, (void)kind;
	fn(ctx, "order", LEAT_V_INT, "a number");
}

static void broken_ops_are_found(void **state)
{
	(void)state;
	struct leat_op op = good;
	finds(&op, NULL, NULL);
	op.run = run;
	finds(&op, NULL, "exactly one of rows, run and reduction");
	op = good;
	op.shape = NULL;
	finds(&op, NULL, "no shape");
	op = good;
	op.example = "other n=3";
	finds(&op, NULL, "an example that begins with its name");
	op = good;
	op.point = true;
	op.need = leat_need_all;
	finds(&op, NULL, "remove need");
	op = good;
	op.fields = field_called_order;
	finds(&op, NULL, "its field 'order' has the name of an execution option");
	op = good;
	op.name = "branch";
	finds(&op, NULL, "the name is not its own");
}

static void own_steps_join(void **state)
{
	(void)state;
	struct leat_err err = {0};
	assert_int_equal(leat_registry_add(&good, &err), 0);
	assert_ptr_equal(leat_registry_op(leat_registry_default(), "own-step"), &good);
	assert_int_equal(leat_registry_add(&good, &err), -1);
	assert_string_equal(err.text, "there is a step 'own-step' already");
	static struct leat_op bad;
	bad = good;
	bad.name = "other-step";
	bad.end = NULL;
	err = (struct leat_err){0};
	assert_int_equal(leat_registry_add(&bad, &err), -1);
	assert_non_null(strstr(err.text, "cannot be added"));
	assert_null(leat_registry_op(leat_registry_default(), "other-step"));
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(the_tables_are_sound),  cmocka_unit_test(look_ups),
		cmocka_unit_test(broken_rows_are_found), cmocka_unit_test(broken_ops_are_found),
		cmocka_unit_test(own_steps_join),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
