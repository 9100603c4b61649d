/* SPDX-License-Identifier: MIT */
/*
 * parts FILE.png...: the CPU seconds of what a thumbnail is made of, each part in a bare loop of its own over all
 * files: read, inflate, unfilter, resize to 256 px, encode. No queue, no process, no check but the libraries' own;
 * what leat takes beyond their sum is what leat itself costs.
 */
#include "base/mem.h"
#include "base/sys.h"
#include "core/codec.h"
#include "core/paramvalue.h"
#include "registry/registry.h"
#include "rows/chain.h"

#include <stdio.h>
#include <zlib.h>
#if __has_include(<isa-l.h>)
#include <isa-l.h>
#define WITH_ISAL
#endif

struct picture {
	struct leat_bytes *file;
	uint8_t *idat, *raw; /* compressed; inflated, with filter bytes */
	size_t idat_len, raw_len;
	struct leat_image *image, *small;
};

struct part {
	const char *name;
	int (*run)(struct picture *p, struct leat_err *err);
};

static uint32_t be32(const uint8_t *p)
{
	return (uint32_t)p[0] << 24 | (uint32_t)p[1] << 16 | (uint32_t)p[2] << 8 | p[3];
}

static const char *path; /* of the file at hand */

static int read_file(struct picture *p, struct leat_err *err)
{
	FILE *f = fopen(path, "rb");
	if (!f || fseek(f, 0, SEEK_END) < 0)
		return leat_fail(err, LEAT_CAUSE_NOT_FOUND, "cannot read '%s'", path);
	long n = ftell(f);
	rewind(f);
	p->file = n > 0 ? leat_bytes_new((size_t)n, err) : NULL;
	if (p->file)
		p->file->len = fread(p->file->data, 1, (size_t)n, f);
	fclose(f);
	return p->file && p->file->len == (size_t)n ? 0 : leat_fail(err, LEAT_CAUSE_IO, "cannot read '%s'", path);
}

/* Not a part of its own: the compressed bytes in one piece. */
static int gather(struct picture *p, struct leat_err *err)
{
	const uint8_t *d = p->file->data;
	p->idat = leat_alloc_aligned(p->file->len, err);
	for (size_t at = 8; p->idat && at + 12 <= p->file->len;) {
		uint32_t n = be32(d + at);
		if (n > p->file->len - at - 12)
			break;
		if (memcmp(d + at + 4, "IDAT", 4) == 0) {
			memcpy(p->idat + p->idat_len, d + at + 8, n);
			p->idat_len += n;
		}
		at += 12 + (size_t)n;
	}
	return p->idat_len ? 0 : leat_fail(err, LEAT_CAUSE_FORMAT, "'%s' is no PNG", path);
}

/* With the fastest library that leat itself would use here. */
static bool inflate_all(uint8_t *to, size_t n, uint8_t *from, size_t len)
{
#ifdef WITH_ISAL
	struct inflate_state s;
	isal_inflate_init(&s);
	s.crc_flag = ISAL_ZLIB;
	s.next_in = from;
	s.avail_in = (uint32_t)len;
	s.next_out = to;
	s.avail_out = (uint32_t)n;
	return isal_inflate(&s) == ISAL_DECOMP_OK && s.block_state == ISAL_BLOCK_FINISH && s.avail_out == 0;
#else
	uLongf got = n;
	return uncompress(to, &got, from, len) == Z_OK && got == n;
#endif
}

static int inflate_it(struct picture *p, struct leat_err *err)
{
	const struct leat_image_shape *s = &p->image->shape;
	size_t n = (leat_row_bytes(s) + 1) * s->height;
	p->raw = leat_alloc_aligned(n, err);
	if (!p->raw || !inflate_all(p->raw, n, p->idat, p->idat_len))
		return leat_fail(err, LEAT_CAUSE_CORRUPT, "'%s' does not inflate (8-bit RGB without interlacing?)",
				 path);
	p->raw_len = n;
	return 0;
}

static uint8_t paeth(int a, int b, int c)
{
	int pa = abs(b - c), pb = abs(a - c), pc = abs(a + b - 2 * c);
	return (uint8_t)(pa <= pb && pa <= pc ? a : pb <= pc ? b : c);
}

/* The plain loops of the specification. */
static int unfilter(struct picture *p, struct leat_err *err)
{
	(void)err;
	size_t width = leat_row_bytes(&p->image->shape), pixel = p->image->shape.channels;
	uint8_t *above = leat_zalloc(1, width, NULL), *none = above;
	for (uint32_t y = 0; above && y < p->image->shape.height; y++) {
		uint8_t *row = p->raw + y * (width + 1), filter = *row++;
		for (size_t i = 0; i < width; i++) {
			uint8_t a = i < pixel ? 0 : row[i - pixel], b = above[i], c = i < pixel ? 0 : above[i - pixel];
			row[i] = (uint8_t)(row[i] + (filter == 1   ? a
						     : filter == 2 ? b
						     : filter == 3 ? (a + b) / 2
						     : filter == 4 ? paeth(a, b, c)
								   : 0));
		}
		above = row;
	}
	free(none);
	return 0;
}

/* Not a part: the pixels that the later ones work on, by leat's own decoder. */
static int decode(struct picture *p, struct leat_err *err)
{
	const struct leat_codec *png = leat_registry_codec(leat_registry_default(), "png");
	const struct leat_decode_opts o = {.max_pixels = UINT32_MAX};
	struct leat_decoder *d = NULL;
	struct leat_image_shape shape;
	struct leat_meta *meta = NULL;
	if (png->dec_open(&d, p->file->data, p->file->len, &o, &shape, &meta, NULL, err) < 0)
		return -1;
	p->image = leat_image_new(&shape, meta, err);
	struct leat_rows all = {.y1 = shape.height};
	if (p->image) {
		all.pixels = p->image->pixels;
		all.stride = p->image->stride;
	}
	int ok = p->image ? png->dec_rows(d, &all, err) : -1;
	png->dec_close(&d);
	leat_meta_unref(&meta);
	return ok;
}

static void *defaults(const struct leat_param *table, size_t bytes, struct leat_arena *arena, struct leat_err *err)
{
	void *params = leat_arena_alloc(arena, bytes);
	return params && leat_param_defaults(table, params, arena, err) == 0 ? params : NULL;
}

static void *state; /* of the op, as a worker keeps it; ends with the process */

/* One op or encoder over a whole image, as the row engine runs it. */
static int through(struct picture *p, const char *op, const char *size, struct leat_err *err)
{
	const struct leat_registry *reg = leat_registry_default();
	struct leat_arena arena = {0};
	struct leat_chain *c = leat_chain_new(&(struct leat_chain_opts){.team = 1}, err);
	int node = c ? leat_chain_image(c, op ? p->image : p->small, err) : -1;
	void *params = NULL;
	int kept = -1, coded = -1;
	if (node >= 0 && op) {
		const struct leat_op *resize = leat_registry_op(reg, op);
		params = defaults(resize->params, resize->params_size, &arena, err);
		struct leat_value_error e = {0};
		if (!params || leat_param_parse(&resize->params[0], size, params, &arena, &e) < 0)
			node = leat_fail(err, LEAT_CAUSE_INTERNAL, "no '%s'", op);
		else if (!state && resize->open &&
			 resize->open(&(struct leat_op_open){.params = params}, &state, err) < 0)
			node = -1;
		else
			node = leat_chain_op(c, 0, resize, params, state, &(struct leat_view){0}, err);
		kept = node < 0 ? -1 : leat_chain_keep(c, node, err);
	} else if (node >= 0) {
		const struct leat_codec *png = leat_registry_codec(reg, "png");
		params = defaults(png->params, png->params_size, &arena, err);
		coded = params ? leat_chain_encode(c, 0, png, params, err) : -1;
	}
	int ok = kept < 0 && coded < 0 ? -1 : leat_chain_run(c, NULL, err);
	if (ok == 0 && kept >= 0)
		p->small = leat_chain_take_image(c, kept);
	struct leat_bytes *b = ok == 0 && coded >= 0 ? leat_chain_take_bytes(c, coded) : NULL;
	leat_bytes_unref(&b);
	leat_chain_free(&c);
	leat_arena_free(&arena);
	return ok;
}

static int resize(struct picture *p, struct leat_err *err)
{
	return through(p, "resize", "256x256", err);
}

static int encode(struct picture *p, struct leat_err *err)
{
	return through(p, NULL, NULL, err);
}

static int all(const struct part *part, struct picture *v, char **paths, int n, double *seconds)
{
	struct leat_err err = {0};
	int64_t began = leat_thread_cpu_ns();
	for (int i = 0; i < n; i++) {
		path = paths[i];
		if (part->run(&v[i], &err) < 0) {
			fprintf(stderr, "parts: %s: %s: %s\n", part->name, path, err.text);
			return -1;
		}
	}
	*seconds = (double)(leat_thread_cpu_ns() - began) * 1e-9;
	return 0;
}

int main(int argc, char **argv)
{
	static const struct part parts[] = {{"read", read_file},     {NULL, gather},         {NULL, decode},
					    {"inflate", inflate_it}, {"unfilter", unfilter}, {"resize", resize},
					    {"encode", encode}};
	if (argc < 2) {
		fprintf(stderr, "usage: parts FILE.png...\n");
		return 2;
	}
	struct picture *v = calloc((size_t)argc, sizeof *v);
	double sum = 0, seconds = 0;
	for (size_t i = 0; v && i < sizeof parts / sizeof *parts; i++) {
		if (all(&parts[i], v, argv + 1, argc - 1, &seconds) < 0)
			return 1;
		if (!parts[i].name)
			continue;
		printf("%-9s %8.3f CPU s\n", parts[i].name, seconds);
		sum += seconds;
	}
	printf("%-9s %8.3f CPU s of %d files\n", "sum", sum, argc - 1);
	return 0; /* the pictures end with the process */
}
