/* SPDX-License-Identifier: MIT */
/*
 * Fuzz target: the decoder for fractions of a JPEG against libjpeg-turbo, pixel for pixel, on what ours takes to its
 * end; and what it gave before it gave up, where libjpeg has no complaint.
 */
#include "core/image.h"
#include "formats/jpeg_small.h"

#include <setjmp.h>
#include <stdlib.h>
#include <string.h>

enum { MOST_PIXELS = 1 << 20 };

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t n);

struct judge {
	struct jpeg_error_mgr mgr;
	jmp_buf jmp;
	int warnings;
};

struct picture {
	uint8_t *px;
	size_t stride;
	uint32_t height, rows; /* rows that are there */
	bool whole;
};

_Noreturn static void on_error(j_common_ptr c)
{
	longjmp(((struct judge *)c->err)->jmp, 1);
}

static void on_message(j_common_ptr c, int level)
{
	((struct judge *)c->err)->warnings += level < 0;
}

static void demand(bool ok, const char *what)
{
	if (ok)
		return;
	fprintf(stderr, "fuzz_jpeg: %s\n", what);
	abort();
}

static void begin(struct jpeg_decompress_struct *c, struct judge *j, const uint8_t *d, size_t n, unsigned by)
{
	jpeg_create_decompress(c);
	jpeg_mem_src(c, d, n);
	(void)jpeg_read_header(c, TRUE);
	if (c->num_components == 4 || (uint64_t)c->image_width * c->image_height > MOST_PIXELS)
		longjmp(j->jmp, 1);
	c->out_color_space = c->num_components == 1 ? JCS_GRAYSCALE : JCS_RGB;
	c->scale_num = 1;
	c->scale_denom = by;
	jpeg_calc_output_dimensions(c);
	j->warnings = 0; /* of the header: the same for both */
}

static void lay_out(struct picture *p, const struct jpeg_decompress_struct *c)
{
	p->stride = (size_t)c->output_width * (c->num_components == 1 ? 1 : 3);
	p->height = c->output_height;
	p->px = malloc(p->stride * p->height);
	demand(p->px != NULL, "no memory");
}

static void by_libjpeg(struct jpeg_decompress_struct *c, struct picture *p)
{
	(void)jpeg_start_decompress(c);
	while (c->output_scanline < c->output_height) {
		JSAMPROW row = p->px + c->output_scanline * p->stride;
		(void)jpeg_read_scanlines(c, &row, 1);
		p->rows = c->output_scanline;
	}
	(void)jpeg_finish_decompress(c);
	p->whole = true;
}

static void by_leat(struct jpeg_decompress_struct *c, const uint8_t *end, struct picture *p)
{
	struct leat_jpeg_small *s = NULL;
	struct leat_err err = {0};
	demand(leat_jpeg_small_open(&s, c, end, &err) == 0, "no memory");
	for (bool ok = s != NULL; ok && p->rows < p->height;) {
		struct leat_rows rows = {p->px + p->rows * p->stride, p->stride, p->rows, p->rows + 1};
		ok = leat_jpeg_small_rows(s, &rows);
		p->rows += ok;
	}
	p->whole = s && p->rows == p->height && leat_jpeg_small_ends_well(s);
	leat_jpeg_small_close(&s);
}

/* Warnings, or -1 for an error; *p has what came. */
static int decode(const uint8_t *d, size_t n, unsigned by, bool own, struct picture *p)
{
	struct jpeg_decompress_struct c;
	struct judge j = {.warnings = 0};
	*p = (struct picture){0};
	c.err = jpeg_std_error(&j.mgr);
	j.mgr.error_exit = on_error;
	j.mgr.emit_message = on_message;
	if (setjmp(j.jmp)) {
		jpeg_destroy_decompress(&c);
		return -1;
	}
	begin(&c, &j, d, n, by);
	lay_out(p, &c);
	if (own)
		by_leat(&c, d + n, p);
	else
		by_libjpeg(&c, p);
	jpeg_destroy_decompress(&c);
	return j.warnings;
}

static void check(const uint8_t *d, size_t n, unsigned by)
{
	struct picture ours, theirs = {0};
	(void)decode(d, n, by, true, &ours);
	int warnings = ours.rows ? decode(d, n, by, false, &theirs) : 0;
	if (ours.whole) {
		demand(theirs.whole, "taken, but libjpeg refuses it");
		demand(warnings == 0, "taken, but libjpeg warns");
	}
	uint32_t rows = theirs.whole ? ours.rows : 0;
	demand(!rows || memcmp(ours.px, theirs.px, rows * ours.stride) == 0, "other pixels");
	free(ours.px);
	free(theirs.px);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t n)
{
	if (n < 4 || memcmp(data, "\xff\xd8\xff", 3) != 0)
		return 0;
	for (unsigned by = 8; by > 1; by /= 2)
		check(data, n, by);
	return 0;
}
