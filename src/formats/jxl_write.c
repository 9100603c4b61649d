/* SPDX-License-Identifier: MIT */
/* See jxl_write.h. */
#include "formats/jxl_write.h"

#include "base/mem.h"
#include "formats/exif.h"
#include "formats/fit.h"
#include "formats/icc.h"
#include "formats/inorder.h"
#include "formats/jxl_calls.h"

#include <string.h>

struct leat_encoder {
	const struct leat_jxl_calls *c;
	const struct leat_jxl_params *p;
	struct leat_fit *fit;
};

int leat_jxl_enc_takes(const void *params, const struct leat_image_shape *in, struct leat_image_shape *want,
		       struct leat_err *err)
{
	const struct leat_jxl_params *p = params;
	*want = *in;
	return leat_fit_check(p->lossless, p->max_bytes, err);
}

int leat_jxl_enc_open(struct leat_encoder **out, const void *params, const struct leat_image_shape *shape,
		      const struct leat_meta *meta, struct leat_err *err)
{
	struct leat_encoder *e = *out = leat_zalloc(1, sizeof *e, err);
	if (!e)
		return -1;
	e->p = params;
	e->c = leat_jxl_calls(err);
	e->fit = e->c ? leat_fit_new(shape, meta, err) : NULL;
	if (e->fit)
		return 0;
	leat_jxl_enc_close(out);
	return -1;
}

int leat_jxl_enc_rows(struct leat_encoder *e, const struct leat_rows *in, struct leat_err *err)
{
	return leat_fit_rows(e->fit, "jxl", in, err);
}

/* The distance from the original in units that the eye just sees, as libjxl's own programs have it. */
static float distance_of(int64_t quality)
{
	double q = (double)quality;
	if (quality >= 100)
		return 0;
	return (float)(quality >= 30 ? 0.1 + (100 - q) * 0.09 : 53.0 / 3000 * q * q - 23.0 / 20 * q + 25);
}

static void fill_info(JxlBasicInfo *info, const struct leat_image *im, bool lossless)
{
	const struct leat_image_shape *s = &im->shape;
	info->xsize = s->width;
	info->ysize = s->height;
	info->bits_per_sample = 8 * (uint32_t)leat_sample_size(s->sample);
	info->exponent_bits_per_sample = s->sample == LEAT_F32 ? 8 : 0;
	info->num_color_channels = s->channels < 3 ? 1 : 3;
	info->num_extra_channels = s->alpha;
	info->alpha_bits = s->alpha ? info->bits_per_sample : 0;
	info->alpha_exponent_bits = s->alpha ? info->exponent_bits_per_sample : 0;
	info->uses_original_profile = lossless;
	info->orientation = im->meta->orientation ? (JxlOrientation)im->meta->orientation : JXL_ORIENT_IDENTITY;
}

/* JXL_ENC_SUCCESS, or what libjxl did not want. */
static JxlEncoderStatus set_colors(const struct leat_jxl_calls *c, JxlEncoder *j, const struct leat_image *im)
{
	JxlColorEncoding color;
	const struct leat_bytes *icc = im->meta->icc;
	bool gray = im->shape.channels < 3;
	if (icc && !leat_icc_fault(icc->data, icc->len, gray))
		return c->JxlEncoderSetICCProfile(j, icc->data, icc->len);
	c->JxlColorEncodingSetToSRGB(&color, gray);
	return c->JxlEncoderSetColorEncoding(j, &color);
}

/* EXIF behind the number that says where it begins, and XMP, in boxes of their own. */
static int add_boxes(const struct leat_jxl_calls *c, JxlEncoder *j, const struct leat_meta *m, struct leat_err *err)
{
	static const uint8_t begins_at_once[4];
	struct leat_bytes *exif = NULL, *box = NULL;
	if (leat_exif_for_output(m, &exif, err) < 0)
		return -1;
	JxlEncoderStatus s = exif || m->xmp ? c->JxlEncoderUseBoxes(j) : JXL_ENC_SUCCESS;
	if (exif) {
		box = leat_bytes_new(leat_size_add(exif->len, sizeof begins_at_once), err);
		if (!box || leat_bytes_append(box, begins_at_once, sizeof begins_at_once, err) < 0 ||
		    leat_bytes_append(box, exif->data, exif->len, err) < 0) {
			leat_bytes_unref(&exif);
			leat_bytes_unref(&box);
			return -1;
		}
		if (s == JXL_ENC_SUCCESS)
			s = c->JxlEncoderAddBox(j, "Exif", box->data, box->len, JXL_FALSE);
	}
	if (m->xmp && s == JXL_ENC_SUCCESS)
		s = c->JxlEncoderAddBox(j, "xml ", m->xmp->data, m->xmp->len, JXL_FALSE);
	leat_bytes_unref(&exif);
	leat_bytes_unref(&box);
	return s == JXL_ENC_SUCCESS ? 0 : leat_fail(err, LEAT_CAUSE_INTERNAL, "writing jxl: no room for metadata");
}

static int failed(const struct leat_jxl_calls *c, JxlEncoder *j, const char *what, struct leat_err *err)
{
	int code = (int)c->JxlEncoderGetError(j);
	if (code == JXL_ENC_ERR_OOM)
		return leat_fail(err, LEAT_CAUSE_MEMORY, "cannot allocate memory for a jxl");
	return leat_fail(err, LEAT_CAUSE_INTERNAL, "writing jxl: libjxl refuses %s (error %d)", what, code);
}

static int describe(const struct leat_encoder *e, JxlEncoder *j, const struct leat_image *im, struct leat_err *err)
{
	JxlBasicInfo info;
	const struct leat_jxl_calls *c = e->c;
	c->JxlEncoderInitBasicInfo(&info);
	fill_info(&info, im, e->p->lossless);
	if (add_boxes(c, j, im->meta, err) < 0)
		return -1;
	if (c->JxlEncoderSetBasicInfo(j, &info) != JXL_ENC_SUCCESS)
		return failed(c, j, "such an image", err);
	if (c->JxlEncoderGetRequiredCodestreamLevel(j) == 10 &&
	    c->JxlEncoderSetCodestreamLevel(j, 10) != JXL_ENC_SUCCESS)
		return failed(c, j, "the level of such an image", err);
	return set_colors(c, j, im) == JXL_ENC_SUCCESS ? 0 : failed(c, j, "its profile", err);
}

static int add_image(const struct leat_encoder *e, JxlEncoder *j, int64_t quality, const struct leat_image *im,
		     struct leat_err *err)
{
	static const JxlDataType types[] = {
		[LEAT_U8] = JXL_TYPE_UINT8, [LEAT_U16] = JXL_TYPE_UINT16, [LEAT_F32] = JXL_TYPE_FLOAT};
	enum { ALIGN = 64 };
	const struct leat_jxl_calls *c = e->c;
	const struct leat_image_shape *s = &im->shape;
	size_t row = leat_row_bytes(s), n = im->stride * (s->height - 1) + row;
	JxlPixelFormat f = {s->channels, types[s->sample], JXL_NATIVE_ENDIAN, ALIGN};
	JxlEncoderFrameSettings *o = c->JxlEncoderFrameSettingsCreate(j, NULL);
	if (!o || im->stride != (row + ALIGN - 1) / ALIGN * ALIGN)
		return failed(c, j, "these rows", err);
	JxlEncoderStatus ok = c->JxlEncoderFrameSettingsSetOption(o, JXL_ENC_FRAME_SETTING_EFFORT, e->p->effort);
	if (ok == JXL_ENC_SUCCESS)
		ok = e->p->lossless ? c->JxlEncoderSetFrameLossless(o, JXL_TRUE)
				    : c->JxlEncoderSetFrameDistance(o, distance_of(quality));
	if (ok != JXL_ENC_SUCCESS || c->JxlEncoderAddImageFrame(o, &f, im->pixels, n) != JXL_ENC_SUCCESS)
		return failed(c, j, "the image", err);
	c->JxlEncoderCloseInput(j);
	return 0;
}

static int collect(const struct leat_jxl_calls *c, JxlEncoder *j, struct leat_bytes **out, struct leat_err *err)
{
	uint8_t step[16 * 1024];
	JxlEncoderStatus s;
	*out = leat_bytes_new(sizeof step, err);
	if (!*out)
		return -1;
	do {
		uint8_t *next = step;
		size_t left = sizeof step;
		s = c->JxlEncoderProcessOutput(j, &next, &left);
		if (leat_bytes_append(*out, step, sizeof step - left, err) < 0) {
			leat_bytes_unref(out);
			return -1;
		}
	} while (s == JXL_ENC_NEED_MORE_OUTPUT);
	if (s == JXL_ENC_SUCCESS)
		return 0;
	leat_bytes_unref(out);
	return failed(c, j, "to go on", err);
}

/* leat_fit_encode */
static int encode_at(const void *ctx, int64_t quality, const struct leat_image *im, struct leat_bytes **out,
		     struct leat_err *err)
{
	const struct leat_encoder *e = ctx;
	JxlEncoder *j = e->c->JxlEncoderCreate(NULL);
	if (!j)
		return leat_fail(err, LEAT_CAUSE_MEMORY, "cannot allocate memory for a jxl");
	int ok = describe(e, j, im, err);
	if (ok == 0)
		ok = add_image(e, j, quality, im, err);
	if (ok == 0)
		ok = collect(e->c, j, out, err);
	e->c->JxlEncoderDestroy(j);
	return ok;
}

int leat_jxl_enc_finish(struct leat_encoder *e, struct leat_bytes **out, struct leat_err *err)
{
	uint64_t most = e->p->max_bytes ? e->p->max_bytes : UINT64_MAX;
	return leat_fit_finish(e->fit, "jxl", e->p->quality, most, encode_at, e, out, err);
}

void leat_jxl_enc_close(struct leat_encoder **ep)
{
	struct leat_encoder *e = *ep;
	*ep = NULL;
	if (!e)
		return;
	leat_fit_free(&e->fit);
	free(e);
}

/*
 * The image, and what libjxl keeps: floats of every channel, several times. Measured of RGB: 43 bytes a pixel up to
 * effort 4, 65 to 80 without loss, 87 at effort 7.
 */
size_t leat_jxl_enc_cost(const void *params, const struct leat_image_shape *s)
{
	enum { LIBRARY = 8 << 20, LITTLE = 4, PER_SAMPLE = 16, PER_SAMPLE_MORE = 32 };
	const struct leat_jxl_params *p = params;
	size_t each = p->effort <= LITTLE && !p->lossless ? PER_SAMPLE : PER_SAMPLE_MORE;
	size_t samples = leat_size_mul(leat_size_mul(s->width, s->height), s->channels + 1u);
	return leat_size_add(leat_size_add(leat_size_mul(samples, each), leat_image_bytes(s)), LIBRARY);
}
