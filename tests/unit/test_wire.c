/* SPDX-License-Identifier: MIT */
/*
 * What passes between a run and its workers comes out as it went in; and whatever a worker sends instead is either
 * refused or sound.
 */
#include "numbers_kit.h"

#include "plan/plan.h"
#include "run/wire.h"

enum { CAP = 1 << 16 };

static struct leat_program *program;
static struct leat_plan *plan;
static struct leat_diags diags;
static int parse_segment, next_step;

static int make_plan(void **state)
{
	static const char text[] = "read a/*.npy a/*.csv\nparse\nstats on=threads\nwrite o/{stem}.npy\n";
	struct leat_program_opts o = {.cwd = "/"};
	static const struct leat_facts facts = {.cores = 2, .memory = 1 << 30, .pool = true};
	(void)state;
	program = leat_program_parse("x.leat", "/", text, strlen(text), &o, &diags);
	plan = leat_plan_make(program, leat_registry_default(), &facts, &diags);
	assert_non_null(plan);
	assert_int_equal(diags.errors, 0);
	parse_segment = plan->steps[1].segment;
	next_step = 2;
	assert_true(plan->steps[2].segment != parse_segment);
	return 0;
}

static int free_plan(void **state)
{
	(void)state;
	leat_plan_free(&plan);
	leat_program_free(&program);
	leat_diags_free(&diags);
	return 0;
}

static struct leat_payload an_array(enum leat_dtype t, bool fortran)
{
	static const double data[] = {1.5, -2, 3, 4, 5, 6e300, 7, 8, 9, 10, 11, 12};
	const uint64_t dim[] = {2, 3};
	struct leat_payload p = {.kind = LEAT_ARRAY, .array = kit_array(t, 2, dim, fortran, data)};
	return p;
}

static struct leat_payload a_table(void)
{
	static const double data[] = {1, 2, 3, 4};
	static const char *const names[] = {"first", "gr\xc3\xbc\xc3\x9f"
						     "e"};
	const uint64_t dim[] = {2, 2};
	struct leat_err err = {0};
	struct leat_array *a = kit_array(LEAT_DT_F8, 2, dim, false, data);
	struct leat_payload p = {.kind = LEAT_TABLE, .table = leat_table_new(a, names, &err)};
	leat_array_unref(&a);
	return p;
}

static void same_payload(const struct leat_payload *x, const struct leat_payload *y)
{
	assert_int_equal(x->kind, y->kind);
	const struct leat_array *a = leat_payload_numbers(x), *b = leat_payload_numbers(y);
	assert_true(leat_array_shape_equal(&a->shape, &b->shape));
	assert_memory_equal(a->data, b->data, leat_array_bytes(&a->shape));
	assert_int_equal((uintptr_t)b->data % 64, 0);
	for (size_t i = 0; x->kind == LEAT_TABLE && i < x->table->n_columns; i++)
		assert_string_equal(x->table->names[i], y->table->names[i]);
}

static void one_result(struct leat_results *r, const struct leat_payload *p)
{
	struct leat_err err = {0};
	*r = (struct leat_results){.v = calloc(2, sizeof *r->v), .n = 2, .cap = 2};
	r->v[0].type = LEAT_R_NEXT;
	r->v[0].step = next_step;
	r->v[0].payload = leat_payload_ref(p);
	assert_int_equal(leat_fields_set_int(&r->v[0].fields, "rows", 2, &err), 0);
	assert_int_equal(leat_fields_set_text(&r->v[0].fields, "dtype", "float64", 7, &err), 0);
	r->v[1].type = LEAT_R_FAILED;
	r->v[1].step = next_step;
	leat_fail(&r->v[1].err, LEAT_CAUSE_CORRUPT, "made up");
	leat_notice(&r->notes, "a note");
}

static void results_come_back(void **state)
{
	struct leat_payload all[] = {an_array(LEAT_DT_F8, false), an_array(LEAT_DT_F8, true),
				     an_array(LEAT_DT_C16, true), a_table()};
	(void)state;
	for (size_t i = 0; i < LEAT_LEN(all); i++) {
		struct leat_results r, back = {0};
		struct leat_err err = {0};
		uint8_t *slab = malloc(CAP);
		size_t len = 0;
		one_result(&r, &all[i]);
		assert_int_equal(leat_wire_put_results(&r, slab, CAP, CAP, &len, &err), 0);
		assert_int_equal(leat_wire_get_results(plan, parse_segment, slab, len, NULL, &back, &err), 0);
		assert_int_equal(back.n, 2);
		same_payload(&all[i], &back.v[0].payload);
		assert_int_equal(leat_fields_get(&back.v[0].fields, "rows")->i, 2);
		assert_string_equal(back.v[1].err.text, "made up");
		assert_string_equal(back.notes.text[0], "a note");
		assert_int_equal(leat_wire_put_results(&r, slab, len - 1, len - 1, &len, &err), -1);
		leat_results_free(&r);
		leat_results_free(&back);
		leat_payload_clear(&all[i]);
		free(slab);
	}
}

static void no_release(struct leat_bytes *b)
{
	(void)b; /* it is the slab's */
}

static int released;

static void count_release(struct leat_stay *s)
{
	(void)s;
	released++;
}

/* What lies behind the head of a reply stays there; of a claim outside it nothing is read. */
static void large_results_stay(void **state)
{
	enum { HEAD = 4096, WHOLE = HEAD + (2 << 20) };
	struct leat_err err = {0};
	struct leat_results r = {.v = calloc(1, sizeof *r.v), .n = 1, .cap = 1}, back = {0};
	uint8_t *slab = aligned_alloc(64, WHOLE), *data = slab + HEAD + 64;
	size_t n = (2 << 20) - 64, len = 0;
	(void)state;
	memset(slab, 0, WHOLE);
	memset(data, 7, n);
	r.v[0].type = LEAT_R_NEXT;
	r.v[0].step = next_step;
	struct leat_array_shape s = {.dtype = LEAT_DT_U1, .ndim = 1, .dim = {n}};
	struct leat_bytes *mem = leat_bytes_wrap(data, n, no_release, NULL, &err);
	r.v[0].payload = (struct leat_payload){.kind = LEAT_ARRAY, .array = leat_array_wrap(&s, mem, data, &err)};
	assert_int_equal(leat_wire_put_results(&r, slab, HEAD, WHOLE, &len, &err), 0);
	assert_int_equal(len, WHOLE);
	assert_int_equal(data[0], 7);
	struct leat_stay stay = {count_release}, *offered = &stay;
	assert_int_equal(leat_wire_get_results(plan, parse_segment, slab, len, &offered, &back, &err), 0);
	assert_ptr_equal(offered, &stay); /* numbers for a step are copied: only files stay */
	assert_true((uint8_t *)back.v[0].payload.array->data != data);
	assert_memory_equal(back.v[0].payload.array->data, data, n);
	leat_results_free(&back);
	for (size_t cut = HEAD; cut < WHOLE; cut += 100000)
		assert_int_equal(leat_wire_get_results(plan, parse_segment, slab, cut, &offered, &back, &err), -1);
	assert_int_equal(released, 0);
	leat_results_free(&r);
	leat_bytes_unref(&mem);
	free(slab);
}

static void inputs_come_back(void **state)
{
	struct leat_payload all[] = {an_array(LEAT_DT_F4, false), a_table()};
	struct leat_entry entry = {.path = "a/b.npy", .root = "a", .rel = "b.npy", .reldir = ""}, entry_back;
	struct leat_fields none = {0}, fields;
	(void)state;
	for (size_t i = 0; i < LEAT_LEN(all); i++) {
		struct leat_segment_in in = {.segment = parse_segment, .step = 1, .entry = &entry, .fields = &none},
				       back = {0};
		struct leat_arena arena = {0};
		struct leat_err err = {0};
		size_t len = 0, bound, late_at = 0;
		in.payload = all[i];
		bound = leat_wire_input_bound(&in);
		uint8_t *slab = aligned_alloc(64, (bound + 63) / 64 * 64);
		fields = (struct leat_fields){0};
		assert_int_equal(leat_wire_put_input(&in, slab, bound, &len, &late_at, &err), 0);
		assert_int_equal(late_at, 0);
		assert_int_equal(leat_wire_get_input(slab, len, &arena, &back, &entry_back, &fields, &err), 0);
		same_payload(&all[i], &back.payload);
		assert_string_equal(back.entry->path, "a/b.npy");
		const uint8_t *at = leat_payload_numbers(&back.payload)->data;
		assert_true(at > slab && at < slab + len); /* where it came, without a copy */
		leat_payload_clear(&back.payload);
		leat_payload_clear(&all[i]);
		leat_arena_free(&arena);
		leat_fields_free(&fields);
		free(slab);
	}
}

/* Whatever comes must be refused, or be sound all over: a sanitizer looks on. */
static void look_at(const uint8_t *slab, size_t len)
{
	struct leat_results back = {0};
	struct leat_err err = {0};
	uint8_t *exact = malloc(len ? len : 1);
	if (len)
		memcpy(exact, slab, len);
	int ok = leat_wire_get_results(plan, parse_segment, exact, len, NULL, &back, &err);
	free(exact);
	assert_true(ok == 0 || (err.cause == LEAT_CAUSE_CRASH && back.n == 0) || err.cause == LEAT_CAUSE_MEMORY);
	for (size_t i = 0; i < back.n; i++) {
		const struct leat_array *a = leat_payload_numbers(&back.v[i].payload);
		uint8_t sum = 0;
		for (size_t k = 0, n = a ? leat_array_bytes(&a->shape) : 0; k < n; k++)
			sum ^= ((const uint8_t *)a->data)[k];
		assert_true(!a || a->shape.dtype != LEAT_DT_B1 || sum <= 1);
	}
	leat_results_free(&back);
}

static void a_worker_is_not_trusted(void **state)
{
	struct leat_payload all[] = {an_array(LEAT_DT_F8, false), an_array(LEAT_DT_U1, true), a_table()};
	(void)state;
	for (size_t i = 0; i < LEAT_LEN(all); i++) {
		struct leat_results r;
		struct leat_err err = {0};
		uint8_t *slab = malloc(CAP);
		size_t len = 0;
		one_result(&r, &all[i]);
		assert_int_equal(leat_wire_put_results(&r, slab, CAP, CAP, &len, &err), 0);
		for (size_t n = 0; n < len; n++)
			look_at(slab, n);
		for (size_t at = 0; at < len; at++)
			for (int v = 0; v < 6; v++) {
				static const uint8_t odd[] = {0, 1, 4, 8, 0x80, 0xff};
				uint8_t kept = slab[at];
				slab[at] = odd[v];
				look_at(slab, len);
				slab[at] = kept;
			}
		leat_results_free(&r);
		leat_payload_clear(&all[i]);
		free(slab);
	}
}

static void only_what_the_plan_expects(void **state)
{
	struct leat_err err = {0};
	struct leat_payload file = {.kind = LEAT_FILE, .bytes = kit_blob("abc", 3)},
			    array = an_array(LEAT_DT_B1, false);
	struct leat_results r, back = {0};
	uint8_t *slab = malloc(CAP);
	size_t len = 0;
	(void)state;
	one_result(&r, &file); /* bytes for a step on arrays */
	assert_int_equal(leat_wire_put_results(&r, slab, CAP, CAP, &len, &err), 0);
	assert_int_equal(leat_wire_get_results(plan, parse_segment, slab, len, NULL, &back, &err), -1);
	assert_int_equal(err.cause, LEAT_CAUSE_CRASH);
	leat_results_free(&r);
	memset(array.array->data, 2, 6); /* neither true nor false */
	one_result(&r, &array);
	assert_int_equal(leat_wire_put_results(&r, slab, CAP, CAP, &len, &err), 0);
	assert_int_equal(leat_wire_get_results(plan, parse_segment, slab, len, NULL, &back, &err), -1);
	leat_results_free(&r);
	leat_payload_clear(&file);
	leat_payload_clear(&array);
	free(slab);
}

/* What a worker says of a header is sound or refused: cut anywhere, or with any byte changed. */
static void questions_are_not_trusted(void **state)
{
	(void)state;
	struct leat_header h = {.format = "png", .kind = LEAT_IMAGE, .peak_bytes = 77, .whole = true, .orientation = 6},
			   back;
	h.shape = (struct leat_image_shape){.width = 640,
					    .height = 480,
					    .channels = 4,
					    .alpha = true,
					    .pages = 1,
					    .full_width = 1280,
					    .full_height = 960,
					    .shrink = 2};
	uint8_t slab[LEAT_WIRE_HEADER], copy[LEAT_WIRE_HEADER];
	struct leat_err err = {0};
	size_t n = leat_wire_put_header(&h, slab);
	assert_int_equal(leat_wire_get_header(slab, n, &back, &err), 0);
	assert_string_equal(back.format, "png");
	assert_true(leat_image_shape_equal(&back.shape, &h.shape));
	assert_true(back.peak_bytes == 77 && back.whole && back.orientation == 6 && back.kind == LEAT_IMAGE);
	for (size_t cut = 0; cut < n; cut++) {
		err = (struct leat_err){0};
		assert_int_equal(leat_wire_get_header(slab, cut, &back, &err), -1);
		assert_int_equal(err.cause, LEAT_CAUSE_CRASH);
	}
	for (size_t at = 0; at < n; at++)
		for (int v = 0; v < 256; v++) {
			memcpy(copy, slab, n);
			copy[at] = (uint8_t)v;
			if (leat_wire_get_header(copy, n, &back, &err) < 0)
				continue;
			if (back.kind != LEAT_IMAGE)
				continue;
			assert_true(back.format && back.shape.width && back.shape.height && back.shape.channels);
			assert_true(back.shape.channels <= 4 && back.shape.sample <= LEAT_F32 && back.orientation <= 8);
		}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(large_results_stay),         cmocka_unit_test(results_come_back),
		cmocka_unit_test(inputs_come_back),           cmocka_unit_test(a_worker_is_not_trusted),
		cmocka_unit_test(only_what_the_plan_expects), cmocka_unit_test(questions_are_not_trusted),
	};
	return cmocka_run_group_tests(tests, make_plan, free_plan);
}
