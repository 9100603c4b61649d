/* SPDX-License-Identifier: MIT */
/*
 * Steps of a program's own, by the public headers alone: the three kinds, their values, the same bytes on every
 * executor, what fails, and what cannot be added. This program is its own worker.
 */
#include <stdarg.h>
#include <stddef.h>
#include <setjmp.h>
#include <stdint.h>
#include <cmocka.h>

#include <leat/leat.h>
#include <leat/step.h>
#include <leat/worker.h>

#include "scratch.h"
#include "treehash.h"

/* ---- own-smooth radius=N: the mean of 2N + 1 rows; at the borders of those that are there. ---- */

static const struct leat_own_param smooth_params[] = {
	{"radius", LEAT_OWN_INT, "2", 0, 50, NULL, "px", LEAT_OWN_POSITIONAL, "rows above and below"},
	{.name = NULL},
};

static uint32_t smooth_reach(void *context, const union leat_own_value *value, const struct leat_own_shape *in)
{
	(void)context, (void)in;
	return (uint32_t)value[0].i;
}

/* One mean; also what the test expects. */
static uint8_t mean_of(const struct leat_own_rows *in, size_t at, uint32_t y, uint32_t height, uint32_t radius)
{
	uint32_t top = y < radius ? 0 : y - radius, end = y + radius + 1 > height ? height : y + radius + 1;
	uint32_t sum = 0;
	for (uint32_t k = top; k < end; k++)
		sum += ((uint8_t *)leat_own_row(in, k))[at];
	return (uint8_t)(sum / (end - top));
}

static int smooth(const struct leat_own_call *c, const struct leat_own_rows *in, const struct leat_own_rows *out,
		  struct leat_err *err)
{
	(void)err;
	for (uint32_t y = out->y0; y < out->y1; y++)
		for (size_t i = 0; i < (size_t)c->in->width * c->in->channels; i++)
			((uint8_t *)leat_own_row(out, y))[i] =
				mean_of(in, i, y, c->in->height, (uint32_t)c->value[0].i);
	return 0;
}

/* ---- own-turn: a quarter to the right, whole ---- */

static int turn_shape(void *context, const union leat_own_value *value, const struct leat_own_shape *in,
		      struct leat_own_shape *out, struct leat_err *err)
{
	(void)context, (void)value;
	if (in->width == 13)
		return leat_own_fail(err, LEAT_CAUSE_MISMATCH, "'%u' is an unlucky width", in->width);
	out->width = in->height;
	out->height = in->width;
	return 0;
}

static int turn(const struct leat_own_call *c, const struct leat_own_rows *in, const struct leat_own_rows *out,
		struct leat_err *err)
{
	if (in->y0 != 0 || in->y1 != c->in->height || out->y1 != c->out->height || c->threads < 1)
		return leat_own_fail(err, LEAT_CAUSE_INTERNAL, "not the whole image");
	size_t n = c->in->channels;
	for (uint32_t y = 0; y < c->out->height; y++)
		for (uint32_t x = 0; x < c->out->width; x++)
			memcpy((uint8_t *)leat_own_row(out, y) + x * n,
			       (uint8_t *)leat_own_row(in, c->in->height - 1 - x) + y * n, n);
	return 0;
}

/* ---- own-look: fields of every type, from values of every type, and what prepare and open left ---- */

static const char *const moods[] = {"calm", "wild", NULL};
enum { SHIFT, SCALE, LOUD, MOOD, WORD };
static const struct leat_own_param look_params[] = {
	{.name = "shift", .type = LEAT_OWN_INT, .dflt = "1", .doc = "is added"},
	{.name = "scale", .type = LEAT_OWN_REAL, .dflt = "0.5", .min = -1, .max = 1, .doc = "is multiplied by"},
	{.name = "loud", .type = LEAT_OWN_SWITCH, .dflt = "no", .doc = "whether to shout"},
	{.name = "mood", .type = LEAT_OWN_CHOICE, .dflt = "calm", .words = moods, .doc = "how it feels"},
	{.name = "word", .type = LEAT_OWN_TEXT, .doc = "any"},
	{.name = NULL},
};
static const struct leat_own_field look_fields[] = {
	{"first", LEAT_OWN_INT, "first sample and shift"},
	{"part", LEAT_OWN_REAL, "width by scale"},
	{"said", LEAT_OWN_TEXT, "what was said"},
	{.name = NULL},
};

/* Outlives every call: loaded before a worker is locked down. */
struct loaded {
	bool ready;
};

static int look_prepare(void *context, const union leat_own_value *value, struct leat_err *err)
{
	struct loaded *l = context;
	(void)value;
	FILE *f = fopen("/proc/self/comm", "re"); /* a locked-down worker cannot */
	if (!f)
		return leat_own_fail(err, LEAT_CAUSE_IO, "cannot open '/proc/self/comm'");
	l->ready = fgetc(f) != EOF;
	fclose(f);
	return 0;
}

static int look_open(void *context, const union leat_own_value *value, void **state, struct leat_err *err)
{
	(void)context;
	char *s = malloc(64);
	if (!s)
		return leat_own_fail(err, LEAT_CAUSE_MEMORY, "out of memory");
	snprintf(s, 64, "%s%s%s", value[LOUD].on ? "!" : "", moods[value[MOOD].i],
		 value[WORD].text ? value[WORD].text : "");
	*state = s;
	return 0;
}

static void look_close(void *context, void *state)
{
	(void)context;
	free(state);
}

static int look(const struct leat_own_call *c, const struct leat_own_rows *in, const struct leat_own_rows *out,
		struct leat_err *err)
{
	const struct loaded *l = c->context;
	if (out || c->out || !l->ready || !strstr(c->path, ".p"))
		return leat_own_fail(err, LEAT_CAUSE_INTERNAL, "not called as promised");
	if (strstr(c->path, "refused"))
		return leat_own_fail(err, LEAT_CAUSE_CORRUPT, "'%s' is refused", c->path);
	if (strstr(c->path, "mute"))
		return -1;
	const uint8_t *first = leat_own_row(in, 0);
	if (leat_own_set_int(c->results, "first", first[0] + c->value[SHIFT].i, err) < 0 ||
	    leat_own_set_real(c->results, "part", c->in->width * c->value[SCALE].r, err) < 0)
		return -1;
	return leat_own_set_text(c->results, "said", c->state, err);
}

static struct loaded loaded;
static const struct leat_own_step smooth_step = {
	.size = sizeof smooth_step,
	.name = "own-smooth",
	.summary = "mix every row with its neighbors",
	.example = "own-smooth 3",
	.version = 1,
	.params = smooth_params,
	.reach = smooth_reach,
	.rows = smooth,
};
static const struct leat_own_step turn_step = {
	.size = sizeof turn_step,
	.name = "own-turn",
	.summary = "turn to the right",
	.version = 1,
	.shape = turn_shape,
	.whole = turn,
};
static const struct leat_own_step look_step = {
	.size = sizeof look_step,
	.name = "own-look",
	.summary = "say something",
	.version = 1,
	.params = look_params,
	.fields = look_fields,
	.context = &loaded,
	.prepare = look_prepare,
	.open = look_open,
	.close = look_close,
	.look = look,
};

/* ---- inputs, runs ---- */

enum { WIDTH = 37, HEIGHT = 211 };
static struct scratch here;

static void make_input(const char *name, unsigned width, unsigned height)
{
	char path[512];
	snprintf(path, sizeof path, "%s/in/%s.pgm", here.path, name);
	FILE *f = fopen(path, "wbe");
	assert_non_null(f);
	fprintf(f, "P5\n%u %u\n255\n", width, height);
	for (unsigned i = 0; i < width * height; i++)
		fputc((int)((i * 2654435761u) >> 24), f);
	assert_int_equal(fclose(f), 0);
}

static int set_up(void **state)
{
	char path[512];
	(void)state;
	scratch_open(&here);
	snprintf(path, sizeof path, "%s/in", here.path);
	assert_int_equal(mkdir(path, 0777), 0);
	for (int i = 0; i < 6; i++) {
		snprintf(path, sizeof path, "a%d", i);
		make_input(path, WIDTH + (unsigned)i, HEIGHT + (unsigned)i * 31);
	}
	return 0;
}

static int tear_down(void **state)
{
	(void)state;
	scratch_close(&here);
	return 0;
}

static uint32_t strip_rows; /* of the next runs */

/* Runs a recipe over $in, into $out, with $on; the status must be `want`. What was told; good until the next run. */
static const char *run(const char *recipe, const char *on, const char *out, int want)
{
	char text[2048], set[3][512];
	const char *const sets[] = {set[0], set[1], set[2], NULL};
	struct leat_load_options o = {.set = sets};
	struct leat_err err = {0};
	snprintf(text, sizeof text, "let in = .\nlet out = .\nlet on = auto\n%s\n", recipe);
	snprintf(set[0], sizeof set[0], "in=%s/in", here.path);
	snprintf(set[1], sizeof set[1], "out=%s/%s", here.path, out);
	snprintf(set[2], sizeof set[2], "on=%s", on);
	struct leat_recipe *r = leat_load_text("own", text, strlen(text), &o, &err);
	assert_non_null(r);
	int status = leat_plan(r, NULL, &err);
	if (status == 0)
		status = leat_run(r, &(struct leat_run_options){.strip_rows = strip_rows}, &err);
	static char said[8192];
	char *faults = leat_diagnostics(r, false), *summary = leat_run_summary(r, false);
	snprintf(said, sizeof said, "%s%s%s", faults, summary, err.text);
	free(faults);
	free(summary);
	leat_free(&r);
	if (status != want)
		fail_msg("on=%s: status %d: %s", on, status, said);
	return said;
}

static void read_output(const char *out, const char *name, uint8_t *to, size_t n)
{
	char path[512];
	snprintf(path, sizeof path, "%s/%s/%s", here.path, out, name);
	FILE *f = fopen(path, "rbe");
	assert_non_null(f);
	assert_int_equal(fseek(f, -(long)n, SEEK_END), 0);
	assert_int_equal(fread(to, 1, n, f), n);
	fclose(f);
}

/* ---- tests ---- */

/* In strips of any height. */
static void rows_are_right(void **state)
{
	static const uint32_t strips[] = {1, 7, 64, UINT32_MAX};
	static uint8_t out[WIDTH * HEIGHT], in[WIDTH * HEIGHT];
	struct leat_own_rows all = {in, WIDTH, 0, HEIGHT};
	(void)state;
	read_output("in", "a0.pgm", in, sizeof in);
	for (size_t i = 0; i < 4; i++) {
		strip_rows = strips[i];
		run("read $in/a0.pgm | own-smooth 7 on=$on | write $out/{stem}.pgm existing=overwrite", "threads",
		    "rows", 0);
		read_output("rows", "a0.pgm", out, sizeof out);
		for (uint32_t y = 0; y < HEIGHT; y++)
			for (uint32_t x = 0; x < WIDTH; x++)
				assert_int_equal(out[y * WIDTH + x], mean_of(&all, x, y, HEIGHT, 7));
	}
	strip_rows = 0;
}

/* Its size is known behind it, too. */
static void whole_is_right(void **state)
{
	static uint8_t out[WIDTH * HEIGHT], in[WIDTH * HEIGHT];
	(void)state;
	run("read $in/a0.pgm | own-turn on=$on | keep width=211 | write $out/{stem}-{height}.pgm", "threads", "whole",
	    0);
	read_output("whole", "a0-37.pgm", out, sizeof out);
	read_output("in", "a0.pgm", in, sizeof in);
	for (uint32_t y = 0; y < WIDTH; y++)
		for (uint32_t x = 0; x < HEIGHT; x++)
			assert_int_equal(out[y * HEIGHT + x], in[(HEIGHT - 1 - x) * WIDTH + y]);
}

static void looks_become_fields(void **state)
{
	static uint8_t out[WIDTH * HEIGHT], in[WIDTH * HEIGHT];
	(void)state;
	run("read $in/a0.pgm | own-look shift=-3 scale=-0.5 loud=yes mood=wild word=cat on=$on | "
	    "write $out/{first}{part}{said}.pgm",
	    "processes", "look", 0);
	read_output("in", "a0.pgm", in, sizeof in);
	char name[64];
	snprintf(name, sizeof name, "%d-18.5!wildcat.pgm", in[0] - 3);
	read_output("look", name, out, sizeof out);
	assert_memory_equal(in, out, sizeof in); /* looking changes nothing */
}

/* Alone and together with decode and encode, on every executor. */
static void same_bytes_everywhere(void **state)
{
	static const char alone[] = "read $in\ndecode\nown-look on=$on\nown-smooth 5 on=$on\nown-turn on=$on\n"
				    "own-smooth 1 on=$on\nwrite $out/{stem}-{said}.png";
	static const char together[] =
		"read $in\ndecode on=$on\nown-look on=$on\nown-smooth 5 on=$on\nown-turn on=$on\n"
		"own-smooth 1 on=$on\nencode png on=$on\nwrite $out/{stem}-{said}.png";
	static const struct {
		const char *recipe, *on;
	} ways[] = {
		{alone, "inline"},  {alone, "threads"},    {alone, "openmp"},       {alone, "processes"},
		{together, "auto"}, {together, "threads"}, {together, "processes"},
	};
	char *want = NULL, folder[512], out[16];
	(void)state;
	for (size_t i = 0; i < sizeof ways / sizeof *ways; i++) {
		snprintf(out, sizeof out, "same%zu", i);
		run(ways[i].recipe, ways[i].on, out, 0);
		snprintf(folder, sizeof folder, "%s/%s", here.path, out);
		assert_int_equal(tree_count(folder), 6);
		char *hash = tree_hash(folder);
		if (want)
			assert_string_equal(hash, want);
		else
			want = strdup(hash);
		free(hash);
	}
	free(want);
}

static void a_failure_costs_its_item(void **state)
{
	(void)state;
	make_input("refused", 5, 5);
	make_input("mute", 5, 5);
	make_input("unlucky", 13, 5);
	const char *said = run("read $in | own-look on=$on | own-turn | write $out/{stem}.png", "processes", "fail", 1);
	assert_non_null(strstr(said, "6 of 9 items done, 3 failed"));
	assert_non_null(strstr(said, "refused.pgm' is refused"));
	assert_non_null(strstr(said, "look() of 'own-look' failed without a reason"));
	assert_non_null(strstr(said, "'13' is an unlucky width"));
}

static void wrong(const char *recipe, const char *word)
{
	const char *said = run(recipe, "auto", "wrong", 2);
	if (!strstr(said, word))
		fail_msg("no '%s' in: %s", word, said);
}

static void the_recipe_is_checked(void **state)
{
	(void)state;
	wrong("read $in | own-smooth 51 | write $out/{stem}.png", "0 to 50");
	wrong("read $in | own-look mood=mild | write $out/{stem}.png", "mood is one of: calm, wild");
	wrong("read $in | own-look scale=2 | write $out/{stem}.png", "E043");
	wrong("read $in | own-smoth | write $out/{stem}.png", "did you mean 'own-smooth'?");
	wrong("read $in | write $out/{stem}{said}.png", "E051");
}

/* whole() has both images at once; rows() only strips of them. */
static double predicted(const char *step)
{
	char text[512];
	double mib = 0;
	struct leat_err err = {0};
	snprintf(text, sizeof text, "read %s/in/large.pgm | %s | write /nowhere/{stem}.pgm", here.path, step);
	struct leat_recipe *r = leat_load_text("own", text, strlen(text), NULL, &err);
	assert_int_equal(leat_plan(r, &(struct leat_plan_options){.headers = true, .cores = 1}, &err), 0);
	char *plan = leat_describe_plan(r, &err), *at = strstr(plan, "the largest item takes ");
	assert_non_null(at);
	assert_int_equal(sscanf(at, "the largest item takes %lf MiB", &mib), 1);
	free(plan);
	leat_free(&r);
	return mib;
}

static void the_plan_counts_whole_images(void **state)
{
	(void)state;
	make_input("large", 4096, 4096); /* 16 MiB, like the file and what comes out of the encoder */
	double strips = predicted("own-smooth 3"), both = predicted("own-turn");
	if (strips > 16 * 3 || both < 16 * 4)
		fail_msg("strips %g MiB, whole %g MiB", strips, both);
}

static void help_has_a_page(void **state)
{
	struct leat_err err = {0};
	(void)state;
	char *page = leat_help("own-look", &err);
	assert_non_null(page);
	assert_non_null(strstr(page, "own-look: say something"));
	assert_non_null(strstr(page, "{said}"));
	assert_non_null(strstr(page, "how it feels"));
	free(page);
	page = leat_help("steps", &err);
	assert_non_null(strstr(page, "own-smooth"));
	free(page);
}

/* What cannot be added; tried before main calls the hook. */
enum { N_BAD = 11 };
static struct {
	int ok;
	struct leat_err err;
} bad[N_BAD];

static void try_bad_steps(void)
{
	static const struct leat_own_param rows[] = {{"x", LEAT_OWN_INT, "9", 0, 5, NULL, NULL, 0, "x"},
						     {.name = NULL}};
	static const struct leat_own_param typeless[] = {{.name = "x", .doc = "x"}, {.name = NULL}};
	struct leat_own_step s[N_BAD];
	for (int i = 0; i < N_BAD; i++) {
		s[i] = smooth_step;
		s[i].name = "own-bad";
	}
	s[0].name = "own-smooth";
	s[1].name = "resize";
	s[2].name = "Own";
	s[3].whole = turn;
	s[4].fields = look_fields;
	s[5].size = 8;
	s[6].open = look_open;
	s[7].version = 0;
	s[8].params = rows;
	s[9].params = typeless;
	s[10].name = NULL;
	for (int i = 0; i < N_BAD; i++)
		bad[i].ok = leat_own_add(&s[i], &bad[i].err);
}

static void what_is_not_whole_is_refused(void **state)
{
	static const char *const want[N_BAD] = {
		"there is a step 'own-smooth' already",
		"there is a step 'resize' already",
		"is no proper name",
		"it has not exactly one of rows, whole and look",
		"only look() has fields",
		"a step of 8 bytes cannot be added: leat 0.",
		"open and close belong together",
		"versions begin at 1",
		"default x=9",
		"a parameter has no type",
		"a step without a name",
	};
	(void)state;
	for (int i = 0; i < N_BAD; i++)
		if (bad[i].ok != -1 || !strstr(bad[i].err.text, want[i]))
			fail_msg("%d: no '%s' in: %s", i, want[i], bad[i].err.text);
	struct leat_err err = {0};
	struct leat_own_step late = smooth_step;
	late.name = "own-late";
	assert_int_equal(leat_own_add(&late, &err), -1);
	assert_non_null(strstr(err.text, "leat_worker_hook was called before"));
}

int main(int argc, char **argv)
{
	struct leat_err err = {0};
	if (leat_own_add(&smooth_step, &err) < 0 || leat_own_add(&turn_step, &err) < 0 ||
	    leat_own_add(&look_step, &err) < 0) {
		printf("Bail out! %s\n", err.text);
		return 1;
	}
	try_bad_steps();
	int worker = leat_worker_hook(argc, argv);
	if (worker >= 0)
		return worker;
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(rows_are_right),
		cmocka_unit_test(whole_is_right),
		cmocka_unit_test(looks_become_fields),
		cmocka_unit_test(same_bytes_everywhere),
		cmocka_unit_test(a_failure_costs_its_item),
		cmocka_unit_test(the_recipe_is_checked),
		cmocka_unit_test(the_plan_counts_whole_images),
		cmocka_unit_test(help_has_a_page),
		cmocka_unit_test(what_is_not_whole_is_refused),
	};
	return cmocka_run_group_tests(tests, set_up, tear_down);
}
