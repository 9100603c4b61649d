/* SPDX-License-Identifier: MIT */
/*
 * A program with steps of its own: own_step PHOTOS OUTPUT
 *
 *	cc -o own_step own_step.c $(pkg-config --cflags --libs leat) -lm
 *
 * `sepia` makes new rows, `sharpness` looks at an image and sets a field. Both run in sandboxed worker processes, which
 * are this program, started again: main adds the steps, then asks leat_worker_hook whether that is what it is now.
 */
#include <leat/leat.h>
#include <leat/step.h>
#include <leat/worker.h>

#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

/* ---- sepia strength=0.8: rows in, rows out. Any rows, by any thread: nothing is kept between calls. */

enum { STRENGTH }; /* the order of the table below is the order of call->value */
static const struct leat_own_param sepia_params[] = {
	{.name = "strength",
	 .type = LEAT_OWN_REAL,
	 .dflt = "1",
	 .min = 0,
	 .max = 1,
	 .doc = "how much of the colors goes"},
	{0},
};

/* Grays become colors: 1 and 2 channels come out as 3 and 4. */
static int sepia_shape(void *context, const union leat_own_value *value, const struct leat_own_shape *in,
		       struct leat_own_shape *out, struct leat_err *err)
{
	(void)context, (void)value;
	if (in->sample != LEAT_U8) /* costs this item only, with this reason */
		return leat_own_fail(err, LEAT_CAUSE_UNSUPPORTED, "sepia is for samples of 8 bits");
	out->channels = in->channels < 3 ? in->channels + 2 : in->channels;
	return 0;
}

static void sepia_pixel(uint8_t *to, const uint8_t *from, uint32_t channels, double strength)
{
	static const double tone[3] = {1.07, 0.95, 0.76};
	uint32_t g = channels < 3 ? 0 : 1, b = channels < 3 ? 0 : 2;
	const uint8_t color[3] = {from[0], from[g], from[b]};
	double light = 0.299 * color[0] + 0.587 * color[1] + 0.114 * color[2];
	for (uint32_t i = 0; i < 3; i++)
		to[i] = (uint8_t)(fmin(255, color[i] + strength * (light * tone[i] - color[i])) + 0.5);
	if (channels == 2 || channels == 4)
		to[3] = from[channels - 1];
}

static int sepia(const struct leat_own_call *c, const struct leat_own_rows *in, const struct leat_own_rows *out,
		 struct leat_err *err)
{
	(void)err; /* nothing can fail here: memory for rows is there, and shapes were accepted before */
	for (uint32_t y = out->y0; y < out->y1; y++) {
		const uint8_t *from = leat_own_row(in, y);
		uint8_t *to = leat_own_row(out, y);
		for (uint32_t x = 0; x < c->in->width; x++)
			sepia_pixel(to + x * c->out->channels, from + x * c->in->channels, c->in->channels,
				    c->value[STRENGTH].r);
	}
	return 0;
}

static const struct leat_own_step sepia_step = {
	.size = sizeof sepia_step,
	.name = "sepia",
	.summary = "give photographs the tone of old ones",
	.example = "sepia strength=0.8",
	.version = 1,
	.params = sepia_params,
	.shape = sepia_shape,
	.rows = sepia,
};

/* ---- sharpness: looks at the whole image; {sharpness} is then there for names, conditions and reports. */

static const struct leat_own_field sharpness_fields[] = {
	{"sharpness", LEAT_OWN_REAL, "mean difference of neighbors, 0 to 255"},
	{0},
};

static int sharpness(const struct leat_own_call *c, const struct leat_own_rows *in, const struct leat_own_rows *out,
		     struct leat_err *err)
{
	(void)out; /* NULL: the image goes on as it is */
	size_t n = (size_t)c->in->width * c->in->channels, step = c->in->channels;
	uint64_t sum = 0;
	if (c->in->sample != LEAT_U8)
		return leat_own_fail(err, LEAT_CAUSE_UNSUPPORTED, "sharpness is for samples of 8 bits");
	for (uint32_t y = in->y0; y < in->y1; y++) {
		const uint8_t *row = leat_own_row(in, y);
		for (size_t i = step; i < n; i++)
			sum += (uint64_t)abs(row[i] - row[i - step]);
	}
	double count = (double)(n - step) * (in->y1 - in->y0);
	return leat_own_set_real(c->results, "sharpness", count > 0 ? (double)sum / count : 0, err);
}

static const struct leat_own_step sharpness_step = {
	.size = sizeof sharpness_step,
	.name = "sharpness",
	.summary = "measure how sharp an image is",
	.version = 1,
	.fields = sharpness_fields,
	.look = sharpness,
};

/* ---- the program */

static const char recipe[] = "let in = .\n"
			     "let out = .\n"
			     "read $in\n"
			     "decode depth=8\n"
			     "resize 640x640 fit=inside\n"
			     "sharpness\n"
			     "sepia strength=0.8\n"
			     "write $out/{reldir}/{stem}-{sharpness}.jpg\n"
			     "report csv=$out/sharpness.csv fields=path,sharpness\n";

static int run(const char *const *set, struct leat_err *err)
{
	struct leat_load_options o = {.set = set};
	struct leat_recipe *r = leat_load_text("own_step", recipe, strlen(recipe), &o, err);
	if (!r)
		return 5;
	int status = leat_plan(r, NULL, err);
	if (status == 0)
		status = leat_run(r, NULL, err);
	char *said = status == 2 ? leat_diagnostics(r, false) : leat_run_summary(r, false);
	fputs(said ? said : "", stdout);
	free(said);
	leat_free(&r);
	return status;
}

int main(int argc, char **argv)
{
	struct leat_err err = {0};
	char in[4096], out[4096];
	const char *const set[] = {in, out, NULL};
	if (leat_own_add(&sepia_step, &err) < 0 || leat_own_add(&sharpness_step, &err) < 0) {
		fprintf(stderr, "%s\n", err.text);
		return 2;
	}
	int worker = leat_worker_hook(argc, argv);
	if (worker >= 0)
		return worker;
	if (argc != 3) {
		fprintf(stderr, "usage: own_step PHOTOS OUTPUT\n");
		return 2;
	}
	snprintf(in, sizeof in, "in=%s", argv[1]);
	snprintf(out, sizeof out, "out=%s", argv[2]);
	int status = run(set, &err);
	if (err.text[0])
		fprintf(stderr, "%s\n", err.text);
	return status;
}
