/* SPDX-License-Identifier: MIT */
/* stats against numbers computed once with NumPy on the same noise; strips, threads, refusals. */
#include "op_harness.h"

#include <math.h>
#include <pthread.h>

extern const struct leat_op leat_op_stats;

/* Fields of one run; the caller frees them. */
static struct leat_fields measured(const char *text, struct leat_image *im, uint32_t strip)
{
	struct leat_err err = {0};
	struct leat_fields f = {0};
	void *params = op_params(&leat_op_stats, text);
	struct leat_image *same = op_run(&leat_op_stats, params, im, strip, &f, &err);
	if (!same)
		fail_msg("stats %s: %s", text, err.text);
	leat_image_unref(&same);
	free(params);
	return f;
}

static double number(const struct leat_fields *f, const char *name)
{
	const struct leat_value *v = leat_fields_get(f, name);
	if (!v)
		fail_msg("no field '%s'", name);
	return v->type == LEAT_V_INT ? (double)v->i : v->r;
}

struct expected {
	const char *name;
	double value;
};

/* Percentiles have NumPy's very bits; its means and deviations carry rounding of their own. */
static void compare(const char *text, struct leat_image *im, const struct expected *want)
{
	struct leat_fields f = measured(text, im, 0);
	for (; want->name; want++) {
		double allowed = want->name[0] == 'p' ? 0 : 1e-13 * fabs(want->value);
		if (!(fabs(number(&f, want->name) - want->value) <= allowed))
			fail_msg("%s is %.17g, not %.17g", want->name, number(&f, want->name), want->value);
	}
	leat_fields_free(&f);
}

/* 37x129 RGBA noise, seed 19; a.mean() and the like of the first three channels, of channels 0 and 3. */
static void numbers_of_8_bit(void **state)
{
	static const struct expected all[] = {{"min", 0},
					      {"max", 255},
					      {"mean", 127.75326489279978},
					      {"std", 73.61444097286638},
					      {"sum", 1829299},
					      {"median", 129},
					      {"p01", 2},
					      {"p37", 94.65999999999985},
					      {"p99", 252},
					      {"entropy", 7.62006777268714},
					      {"saturated", 0.3003003003003003},
					      {NULL, 0}};
	static const struct expected channels[] = {{"min_0", 0},
						   {"max_0", 255},
						   {"mean_0", 127.40791954745443},
						   {"std_0", 73.35888377527044},
						   {"sum_0", 608118},
						   {"median_0", 128},
						   {"p05_0", 13},
						   {"entropy_0", 7.960861456717406},
						   {"saturated_0", 0.29331657238633985},
						   {"min_3", 0},
						   {"max_3", 255},
						   {"mean_3", 126.66163838256861},
						   {"std_3", 74.57766070772725},
						   {"sum_3", 604556},
						   {"median_3", 127},
						   {"p05_3", 11.600000000000023},
						   {"entropy_3", 7.96174238411869},
						   {"saturated_3", 0.4818772260632726},
						   {NULL, 0}};
	(void)state;
	struct leat_image_shape s = op_shape(37, 129, 4, LEAT_U8);
	struct leat_image *im = op_noise(&s, 19);
	compare("fields=min,max,mean,std,sum,median,p01,p37,p99,entropy,saturated", im, all);
	compare("per=page fields=min,max,mean,std,sum,median,p01,p37,p99,entropy,saturated", im, all);
	compare("per=channel fields=min,max,mean,std,sum,median,p05,entropy,saturated", im, channels);
	leat_image_unref(&im);
}

static void numbers_of_16_bit(void **state)
{
	static const struct expected all[] = {{"min", 13},
					      {"max", 65535},
					      {"mean", 32797.53160136881},
					      {"std", 19010.71007953556},
					      {"sum", 469627855},
					      {"median", 32685},
					      {"p01", 691.72},
					      {"p37", 24031.98},
					      {"p99", 64909.02},
					      {"entropy", 7.624778011887603},
					      {"saturated", 0.006983727913960472},
					      {NULL, 0}};
	static const struct expected channels[] = {{"min_0", 16},
						   {"max_0", 65535},
						   {"mean_0", 33006.61219358894},
						   {"std_0", 18922.47750462076},
						   {"sum_0", 157540560},
						   {"median_0", 33240},
						   {"p05_0", 3514.6000000000004},
						   {"entropy_0", 7.956806577343395},
						   {"saturated_0", 0.020951183741881416},
						   {"min_3", 6},
						   {"max_3", 65519},
						   {"mean_3", 32858.65954326419},
						   {"std_3", 18977.167820595492},
						   {"sum_3", 156834382},
						   {"median_3", 33303},
						   {"p05_3", 2918.2},
						   {"entropy_3", 7.964334889114259},
						   {"saturated_3", 0},
						   {NULL, 0}};
	(void)state;
	struct leat_image_shape s = op_shape(37, 129, 4, LEAT_U16);
	struct leat_image *im = op_noise(&s, 19);
	compare("fields=min,max,mean,std,sum,median,p01,p37,p99,entropy,saturated", im, all);
	compare("fields=max,mean,std", im, (struct expected[]){all[1], all[2], all[3], {NULL, 0}});
	compare("per=channel fields=min,max,mean,std,sum,median,p05,entropy,saturated", im, channels);
	leat_image_unref(&im);
}

static void known_small_images(void **state)
{
	static const uint8_t gray[] = {1, 2, 3, 4, 100}, lone[] = {255};
	const struct expected five[] = {{"min", 1},
					{"max", 100},
					{"mean", 22},
					{"median", 3},
					{"p25", 2},
					{"p75", 4},
					{"p90", 61.60000000000001},
					{"sum", 110},
					{"std", sqrt(1522)},
					{"entropy", log2(5)},
					{"saturated", 0},
					{NULL, 0}};
	static const struct expected one[] = {{"min", 255}, {"mean", 255},  {"std", 0},         {"median", 255},
					      {"p01", 255}, {"entropy", 0}, {"saturated", 100}, {NULL, 0}};
	(void)state;
	struct leat_image_shape s = op_shape(5, 1, 1, LEAT_U8);
	struct leat_image *im = op_image(&s, gray);
	compare("fields=min,max,mean,median,p25,p75,p90,sum,std,entropy,saturated", im, five);
	compare("fields=min,max,mean,median,p25,p75,p90,sum,std,entropy,saturated nan=propagate", im, five);
	leat_image_unref(&im);
	s = op_shape(1, 1, 1, LEAT_U8);
	im = op_image(&s, lone);
	compare("fields=min,mean,std,median,p01,entropy,saturated", im, one);
	leat_image_unref(&im);
}

static void dominant_is(unsigned channels, enum leat_sample sample, const char *want)
{
	struct leat_image_shape s = op_shape(37, 129, channels, sample);
	struct leat_image *im = op_noise(&s, 19);
	struct leat_fields f = measured("fields=dominant", im, 0);
	assert_string_equal(leat_fields_get(&f, "dominant")->s, want);
	leat_fields_free(&f);
	leat_image_unref(&im);
}

static void dominant_colors(void **state)
{
	static const uint8_t px[] = {200, 10, 30, 20, 200, 9, 207, 5, 16, 20, 201, 8};
	(void)state;
	dominant_is(4, LEAT_U8, "#18b828");
	dominant_is(4, LEAT_U16, "#38c868");
	struct leat_image_shape s = op_shape(4, 1, 3, LEAT_U8);
	struct leat_image *im = op_image(&s, px);
	struct leat_fields f = measured("fields=dominant", im, 0);
	assert_string_equal(leat_fields_get(&f, "dominant")->s, "#18c808"); /* two greens; the reds differ in blue */
	assert_int_equal(f.n, 1);
	leat_fields_free(&f);
	leat_image_unref(&im);
}

#define ALL "fields=min,max,mean,std,sum,median,p01,p50,p99,entropy,saturated"

static void assert_same_fields(const struct leat_fields *a, const struct leat_fields *b)
{
	assert_int_equal(a->n, b->n);
	for (size_t i = 0; i < a->n; i++) {
		assert_string_equal(a->v[i].name, b->v[i].name);
		assert_int_equal(a->v[i].value.type, b->v[i].value.type);
		assert_int_equal(a->v[i].value.i, b->v[i].value.i); /* bits */
	}
}

static void strips_give_the_same_bits(void **state)
{
	static const char *const texts[] = {ALL, ALL " per=channel"};
	(void)state;
	for (unsigned channels = 1; channels <= 4; channels++)
		for (int wide = 0; wide < 2; wide++)
			for (size_t t = 0; t < LEAT_LEN(texts); t++) {
				struct leat_image_shape s = op_shape(53, 200, channels, wide ? LEAT_U16 : LEAT_U8);
				struct leat_image *im = op_noise(&s, 4);
				struct leat_fields whole = measured(texts[t], im, 0);
				for (uint32_t strip = 1; strip < 65; strip += strip < 7 ? 6 : 57) {
					struct leat_fields part = measured(texts[t], im, strip);
					assert_same_fields(&whole, &part);
					leat_fields_free(&part);
				}
				assert_int_equal(whole.n, 11 * (t ? channels : 1));
				leat_fields_free(&whole);
				leat_image_unref(&im);
			}
}

struct worker {
	void *item;
	const struct leat_image *im;
	uint32_t first; /* block */
};

static void *count_blocks(void *arg)
{
	struct worker *w = arg;
	struct leat_err err = {0};
	for (uint32_t y = w->first * 64; y < w->im->shape.height; y += 4 * 64)
		for (uint32_t k = y; k < y + 64 && k < w->im->shape.height; k += 16) {
			uint32_t y1 = k + 16 < w->im->shape.height ? k + 16 : w->im->shape.height;
			struct leat_rows in = {w->im->pixels + k * w->im->stride, w->im->stride, k, y1};
			if (leat_op_stats.rows(w->item, &in, NULL, k, y1, NULL, &err))
				return w;
		}
	return NULL;
}

static void threads_give_the_same_bits(void **state)
{
	struct leat_err err = {0};
	(void)state;
	struct leat_image_shape s = op_shape(301, 1000, 3, LEAT_U16);
	struct leat_image *im = op_noise(&s, 8);
	struct leat_fields one = measured(ALL, im, 0), many = {0};
	void *params = op_params(&leat_op_stats, ALL), *worker_state = NULL;
	struct leat_shape shape = {.kind = LEAT_IMAGE, .image = s};
	struct worker w[4];
	pthread_t thread[4];
	void *item, *failed = NULL;
	assert_int_equal(leat_op_stats.open(&(struct leat_op_open){.params = params}, &worker_state, &err), 0);
	struct leat_op_begin b = {.params = params, .state = worker_state, .in = &shape, .out = &shape};
	assert_int_equal(leat_op_stats.begin(&b, &item, &err), 0);
	for (uint32_t i = 0; i < 4; i++) {
		w[i] = (struct worker){item, im, i};
		assert_int_equal(pthread_create(&thread[i], NULL, count_blocks, &w[i]), 0);
	}
	for (int i = 0; i < 4; i++) {
		pthread_join(thread[i], &failed);
		assert_null(failed);
	}
	assert_int_equal(leat_op_stats.end(item, &many, &err), 0);
	leat_op_stats.close(worker_state);
	assert_same_fields(&one, &many);
	leat_fields_free(&one);
	leat_fields_free(&many);
	free(params);
	leat_image_unref(&im);
}

/* Products beyond 64 bits. */
static void large_sums_are_exact(void **state)
{
	(void)state;
	struct leat_image_shape s = op_shape(4096, 2048, 1, LEAT_U16);
	struct leat_image *im = op_image(&s, NULL);
	for (uint32_t y = 0; y < s.height; y++)
		memset(im->pixels + y * im->stride, 0xFF, leat_row_bytes(&s));
	memset(im->pixels, 0, 2);
	double n = 4096.0 * 2048, mean = (n - 1) * 65535 / n;
	compare("", im,
		(struct expected[]){
			{"min", 0}, {"max", 65535}, {"mean", mean}, {"std", 65535 * sqrt(n - 1) / n}, {NULL, 0}});
	leat_image_unref(&im);
}

struct told {
	char text[400];
};

static void tell(void *ctx, const char *name, enum leat_vtype type, const char *doc)
{
	struct told *t = ctx;
	size_t n = strlen(t->text);
	assert_true(doc && *doc);
	snprintf(t->text + n, sizeof t->text - n, "%s:%d ", name, type);
}

static void fields_are_told_before(void **state)
{
	struct told t = {""};
	(void)state;
	void *params = op_params(&leat_op_stats, "fields=min,p07,dominant");
	leat_op_stats.fields(params, LEAT_IMAGE, tell, &t);
	assert_string_equal(t.text, "min:1 p07:2 dominant:3 ");
	free(params);
	t.text[0] = 0;
	params = op_params(&leat_op_stats, "fields=mean per=channel");
	leat_op_stats.fields(params, LEAT_IMAGE, tell, &t);
	assert_string_equal(t.text, "mean_0:2 mean_1:2 mean_2:2 mean_3:2 ");
	free(params);
}

static void refusals(void **state)
{
	(void)state;
	struct leat_image_shape s = op_shape(4, 4, 1, LEAT_U8);
	struct leat_image *im = op_image(&s, NULL);
	op_refused(&leat_op_stats, "fields=mean,average", im, "'average' is not a field");
	op_refused(&leat_op_stats, "fields=p00", im, "'p00' is not a field");
	op_refused(&leat_op_stats, "fields=p5", im, "'p5' is not a field");
	op_refused(&leat_op_stats, "fields=mean,mean", im, "twice");
	op_refused(&leat_op_stats, "fields=dominant per=channel", im, "whole image");
	leat_image_unref(&im);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(numbers_of_8_bit),
		cmocka_unit_test(numbers_of_16_bit),
		cmocka_unit_test(known_small_images),
		cmocka_unit_test(dominant_colors),
		cmocka_unit_test(strips_give_the_same_bits),
		cmocka_unit_test(threads_give_the_same_bits),
		cmocka_unit_test(large_sums_are_exact),
		cmocka_unit_test(fields_are_told_before),
		cmocka_unit_test(refusals),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
