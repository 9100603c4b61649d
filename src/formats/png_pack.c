/* SPDX-License-Identifier: MIT */
#include "formats/png_pack.h"

#include "base/mem.h"
#include "formats/endian.h"
#include "formats/exif.h"
#include "formats/icc.h"
#include "formats/png_frame.h"
#include "formats/zblob.h"

#include <math.h>

struct writing {
	const struct leat_meta *m;
	struct leat_bytes *to;
	struct leat_err *err;
};

static int put(struct writing *w, const char name[static 4], const uint8_t *data, size_t n)
{
	return leat_png_put_chunk(w->to, name, data, n, w->err);
}

/* PNG's fixed point; what does not fit is zero, which no decoder takes for a value. */
static uint32_t fixed(double v)
{
	return v > 0 && v < 21474 ? (uint32_t)lround(v * 1e5) : 0;
}

/* "iCCP": name, zero, method zero, packed profile. */
static int put_iccp(struct writing *w)
{
	static const char name[] = "ICC profile";
	struct leat_bytes *b = leat_bytes_new(w->m->icc->len / 2 + 64, w->err);
	int r = !b || leat_bytes_append(b, name, sizeof name, w->err) < 0 || leat_bytes_append(b, "", 1, w->err) < 0 ||
				leat_zblob_pack(b, w->m->icc->data, w->m->icc->len, w->err) < 0
			? -1
			: put(w, "iCCP", b->data, b->len);
	leat_bytes_unref(&b);
	return r;
}

/* "iTXt": keyword, zero, not packed, method zero, no language, no translated keyword, text. */
static int put_itxt(struct writing *w, const char *key, const void *text, size_t n)
{
	struct leat_bytes *b = leat_bytes_new(leat_size_add(n, 64), w->err);
	int r = !b || leat_bytes_append(b, key, strlen(key) + 1, w->err) < 0 ||
				leat_bytes_append(b, "\0\0\0", 4, w->err) < 0 ||
				leat_bytes_append(b, text, n, w->err) < 0
			? -1
			: put(w, "iTXt", b->data, b->len);
	leat_bytes_unref(&b);
	return r;
}

static int put_gama_chrm(struct writing *w)
{
	uint8_t b[32];
	leat_put_be32(b, fixed(w->m->gamma));
	if (w->m->has_gamma && put(w, "gAMA", b, 4) < 0)
		return -1;
	for (int i = 0; i < 8; i++)
		leat_put_be32(b + 4 * i, fixed(w->m->chrm[i]));
	return w->m->has_chrm ? put(w, "cHRM", b, sizeof b) : 0;
}

static int put_color(struct writing *w, bool gray)
{
	if (w->m->has_cicp && put(w, "cICP", w->m->cicp, 4) < 0)
		return -1;
	bool icc = w->m->icc && !leat_icc_fault(w->m->icc->data, w->m->icc->len, gray);
	if (icc && put_iccp(w) < 0)
		return -1;
	if (!icc && w->m->has_srgb && put(w, "sRGB", &w->m->srgb_intent, 1) < 0)
		return -1;
	return put_gama_chrm(w);
}

static int put_phys(struct writing *w)
{
	double x = w->m->density_x / 0.0254, y = w->m->density_y / 0.0254;
	if (!(x >= 1 && x < INT32_MAX && y >= 1 && y < INT32_MAX))
		return 0;
	uint8_t b[9];
	leat_put_be32(b, (uint32_t)lround(x));
	leat_put_be32(b + 4, (uint32_t)lround(y));
	b[8] = 1; /* per metre */
	return put(w, "pHYs", b, sizeof b);
}

static int put_exif(struct writing *w)
{
	if (!w->m->exif && w->m->orientation <= 1)
		return 0;
	/*
	 * A copyright that EXIF lacks goes into a chunk of its own, so EXIF is not made longer
	 * here.
	 */
	struct leat_meta plain = *w->m;
	plain.copyright = NULL;
	struct leat_bytes *b;
	if (leat_exif_for_output(&plain, &b, w->err) < 0)
		return -1;
	int r = b ? put(w, "eXIf", b->data, b->len) : 0;
	leat_bytes_unref(&b);
	return r;
}

static int put_copyright(struct writing *w)
{
	struct leat_err local = {0};
	char *held = w->m->exif ? leat_exif_copyright(w->m->exif->data, w->m->exif->len, &local) : NULL;
	if (local.cause)
		return leat_fail(w->err, local.cause, "%s", local.text);
	bool skip = !w->m->copyright || held;
	free(held);
	return skip ? 0 : put_itxt(w, "Copyright", w->m->copyright, strlen(w->m->copyright));
}

int leat_png_meta_write(struct leat_bytes *to, const struct leat_meta *meta, bool gray, struct leat_err *err)
{
	struct writing w = {.m = meta, .to = to, .err = err};
	if (!meta)
		return 0;
	if (put_color(&w, gray) < 0 || put_phys(&w) < 0 || put_exif(&w) < 0)
		return -1;
	if (meta->xmp && put_itxt(&w, "XML:com.adobe.xmp", meta->xmp->data, meta->xmp->len) < 0)
		return -1;
	return put_copyright(&w);
}
