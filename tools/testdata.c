/* SPDX-License-Identifier: MIT */
/*
 * Makes the small files of testdata/: pictures of every depth and number of channels, a tree with blanks and umlauts
 * in its names, and one broken file; matrices, one of them without an inverse. Deterministic; nothing of it is
 * committed. usage: testdata DIR
 */
#include "core/image.h"
#include "core/paramvalue.h"
#include "registry/registry.h"

#include <errno.h>
#include <math.h>
#include <stdio.h>
#include <sys/stat.h>

struct picture {
	const char *name, *format;
	uint32_t width, height;
	uint8_t channels;
	enum leat_sample sample;
	uint8_t orientation;
};

static const struct picture pictures[] = {
	{"good/sunrise.png", "png", 160, 120, 3, LEAT_U8, 1},
	{"good/gray ramp.png", "png", 97, 41, 1, LEAT_U8, 1},
	{"good/deep.png", "png", 120, 90, 1, LEAT_U16, 1},
	{"good/deep color.png", "png", 64, 64, 3, LEAT_U16, 1},
	{"good/glass.png", "png", 80, 100, 4, LEAT_U8, 1},
	{"good/gray glass.png", "png", 50, 33, 2, LEAT_U16, 1},
	{"good/tiny.png", "png", 1, 1, 3, LEAT_U8, 1},
	{"good/thin.png", "png", 300, 1, 3, LEAT_U8, 1},
	{"good/2024 Urlaub/k\xc3\xbcste.jpg", "jpeg", 200, 150, 3, LEAT_U8, 1},
	{"good/2024 Urlaub/hochkant.JPG", "jpeg", 120, 80, 3, LEAT_U8, 6},
	{"good/2024 Urlaub/gray.jpeg", "jpeg", 75, 60, 1, LEAT_U8, 1},
	{"good/netpbm/plain.ppm", "pnm", 33, 44, 3, LEAT_U8, 1},
	{"good/netpbm/deep.pgm", "pnm", 21, 22, 1, LEAT_U16, 1},
};

/* A smooth picture with some edges: waves, a disk and stripes, different per channel. */
static double value(const struct picture *p, uint32_t x, uint32_t y, int c)
{
	double u = (x + 0.5) / p->width, v = (y + 0.5) / p->height;
	double wave = 0.5 + 0.25 * sin(6.3 * (u * (c + 1) + v)) + 0.2 * cos(9.0 * v * (c + 2) - u);
	double disk = hypot(u - 0.6, v - 0.4) < 0.2 ? 0.35 : 0;
	double stripe = (x / 4 + y / 6) % 5 == 0 ? -0.15 : 0;
	double s = wave + disk + stripe;
	return s < 0 ? 0 : s > 1 ? 1 : s;
}

static void paint(const struct picture *p, struct leat_image *im)
{
	for (uint32_t y = 0; y < p->height; y++)
		for (uint32_t x = 0; x < p->width; x++)
			for (int c = 0; c < p->channels; c++) {
				uint8_t *row = im->pixels + y * im->stride;
				double v = value(p, x, y, c);
				if (p->sample == LEAT_U8)
					row[x * p->channels + (unsigned)c] = (uint8_t)lrint(v * 255);
				else
					((uint16_t *)(void *)row)[x * p->channels + (unsigned)c] =
						(uint16_t)lrint(v * 65535);
			}
}

static int make_folders(char *path)
{
	for (char *s = strchr(path + 1, '/'); s; s = strchr(s + 1, '/')) {
		*s = 0;
		if (mkdir(path, 0777) < 0 && errno != EEXIST) {
			perror(path);
			return -1;
		}
		*s = '/';
	}
	return 0;
}

static int save(const char *dir, const char *name, const uint8_t *data, size_t n)
{
	char path[4096];
	snprintf(path, sizeof path, "%s/%s", dir, name);
	FILE *f = make_folders(path) < 0 ? NULL : fopen(path, "wb");
	if (!f || fwrite(data, 1, n, f) != n) {
		perror(path);
		if (f)
			fclose(f);
		return -1;
	}
	return fclose(f);
}

/* An EXIF block that says nothing but the orientation. */
static struct leat_bytes *exif(uint8_t orientation, struct leat_err *err)
{
	const uint8_t block[] = {'I', 'I', 42, 0, 8, 0,           0, 0, 1, 0, 0x12, 1, 3,
				 0,   1,   0,  0, 0, orientation, 0, 0, 0, 0, 0,    0, 0};
	struct leat_bytes *b = leat_bytes_new(sizeof block, err);
	if (b && leat_bytes_append(b, block, sizeof block, err) < 0)
		leat_bytes_unref(&b);
	return b;
}

static struct leat_bytes *encode(const struct picture *p, struct leat_image *im, struct leat_err *err)
{
	const struct leat_codec *c = leat_registry_codec(leat_registry_default(), p->format);
	struct leat_bytes *out = NULL;
	struct leat_encoder *e = NULL;
	struct leat_arena arena = {0};
	void *params = leat_arena_alloc(&arena, c->params_size + 1);
	struct leat_rows rows = {.pixels = im->pixels, .stride = im->stride, .y0 = 0, .y1 = p->height};
	if (params && leat_param_defaults(c->params, params, &arena, err) == 0 &&
	    c->enc_open(&e, params, &im->shape, im->meta, err) == 0 && c->enc_rows(e, &rows, err) == 0)
		(void)c->enc_finish(e, &out, err); /* a failure leaves out NULL and err set */
	if (e)
		c->enc_close(&e);
	leat_arena_free(&arena);
	return out;
}

static int make(const char *dir, const struct picture *p, struct leat_err *err)
{
	struct leat_image_shape shape = {.width = p->width,
					 .height = p->height,
					 .channels = p->channels,
					 .alpha = p->channels % 2 == 0,
					 .sample = p->sample,
					 .pages = 1};
	struct leat_image *im = leat_image_new(&shape, NULL, err);
	if (!im)
		return -1;
	paint(p, im);
	im->meta->orientation = p->orientation;
	if (p->orientation != 1)
		im->meta->exif = exif(p->orientation, err);
	struct leat_bytes *b = encode(p, im, err);
	int ok = b ? save(dir, p->name, b->data, b->len) : -1;
	if (ok == 0 && p == pictures) /* half of the first one, as an interrupted copy leaves it */
		ok = save(dir, "broken.png", b->data, b->len / 2);
	leat_bytes_unref(&b);
	leat_image_unref(&im);
	return ok;
}

enum { MATRICES = 12, SIDE = 24 };

/* Random numbers with a heavy diagonal; the last one has a row that is twice another. */
static struct leat_array *matrix(unsigned index, struct leat_err *err)
{
	const struct leat_array_shape shape = {.dtype = LEAT_DT_F8, .ndim = 2, .dim = {SIDE, SIDE}};
	struct leat_array *a = leat_array_new(&shape, err);
	uint64_t state = index + 1;
	for (size_t i = 0; a && i < SIDE * SIDE; i++) {
		state = state * UINT64_C(6364136223846793005) + UINT64_C(1442695040888963407);
		((double *)a->data)[i] = (double)(state >> 40) * 0x1p-24 - 0.5 + (i % (SIDE + 1) == 0 ? index + 1 : 0);
	}
	for (size_t i = 0; a && index + 1 == MATRICES && i < SIDE; i++)
		((double *)a->data)[5 * SIDE + i] = 2 * ((double *)a->data)[9 * SIDE + i];
	return a;
}

enum { SIGNALS = 6, SAMPLES = 1000 };

/* A rising line, a wave with a few more periods each time, and some noise. */
static struct leat_array *signal_of(unsigned index, struct leat_err *err)
{
	const struct leat_array_shape shape = {.dtype = LEAT_DT_F4, .ndim = 1, .dim = {SAMPLES}};
	struct leat_array *a = leat_array_new(&shape, err);
	uint64_t state = index + 1;
	for (size_t i = 0; a && i < SAMPLES; i++) {
		double turns = (double)(10 + 7 * index) * (double)i / SAMPLES, at = turns - floor(turns);
		state = state * UINT64_C(6364136223846793005) + UINT64_C(1442695040888963407);
		double noise = (double)(state >> 40) * 0x1p-24 - 0.5, wave = 16 * at * (1 - at) - 8.0 / 3;
		((float *)a->data)[i] = (float)(wave + 0.3 * noise + 0.002 * (double)i);
	}
	return a;
}

/* The array, which is released, as an npy file. */
static int save_array(const char *dir, const char *name, struct leat_array *a, struct leat_err *err)
{
	const struct leat_codec *c = leat_registry_codec(leat_registry_default(), "npy");
	struct leat_payload p = {.kind = LEAT_ARRAY, .array = a};
	struct leat_arena arena = {0};
	struct leat_bytes *out = NULL;
	void *params = leat_arena_alloc(&arena, c->params_size + 1);
	if (a && params && leat_param_defaults(c->params, params, &arena, err) == 0)
		(void)c->enc_run(params, &p, &out, err); /* a failure leaves out NULL and err set */
	int ok = out ? save(dir, name, out->data, out->len) : -1;
	leat_bytes_unref(&out);
	leat_payload_clear(&p);
	leat_arena_free(&arena);
	return ok;
}

static int make_arrays(const char *dir, struct leat_err *err)
{
	char name[64];
	for (unsigned i = 0; i < MATRICES; i++) {
		snprintf(name, sizeof name, "matrices/m%02u.npy", i);
		if (save_array(dir, name, matrix(i, err), err) < 0)
			return -1;
	}
	for (unsigned i = 0; i < SIGNALS; i++) {
		snprintf(name, sizeof name, "signals/s%02u.npy", i);
		if (save_array(dir, name, signal_of(i, err), err) < 0)
			return -1;
	}
	return 0;
}

/* Two tables with missing numbers. */
static int make_tables(const char *dir)
{
	static const char boxes[] = "width,height,weight\n2,3,1.5\n4,5,\n1,10,2.25\n3,,0.5\n";
	static const char sheets[] = "width,height,weight\n21,29.7,5\n42,29.7,10\n14.8,21,2.5\n";
	if (save(dir, "tables/boxes.csv", (const uint8_t *)boxes, strlen(boxes)) < 0)
		return -1;
	return save(dir, "tables/sheets.csv", (const uint8_t *)sheets, strlen(sheets));
}

int main(int argc, char **argv)
{
	if (argc != 2) {
		fputs("usage: testdata DIR\n", stderr);
		return 2;
	}
	for (size_t i = 0; i < sizeof pictures / sizeof *pictures; i++) {
		struct leat_err err = {0};
		if (make(argv[1], &pictures[i], &err) < 0) {
			fprintf(stderr, "testdata: %s: %s\n", pictures[i].name, err.text);
			return 1;
		}
	}
	struct leat_err err = {0};
	if (make_arrays(argv[1], &err) < 0 || make_tables(argv[1]) < 0) {
		fprintf(stderr, "testdata: arrays: %s\n", err.text);
		return 1;
	}
	return 0;
}
