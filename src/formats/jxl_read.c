/* SPDX-License-Identifier: MIT */
/* See jxl_read.h. */
#include "formats/jxl_read.h"

#include "base/mem.h"
#include "formats/boxes.h"
#include "formats/endian.h"
#include "formats/frame.h"
#include "formats/jxl_calls.h"
#include "formats/limits.h"
#include "formats/metablobs.h"
#include "formats/notes.h"

#include <jxl/version.h>
#include <string.h>

/* An argument that libjxl dropped in 0.9. */
#if JPEGXL_NUMERIC_VERSION < JPEGXL_COMPUTE_NUMERIC_VERSION(0, 9, 0)
#define UNUSED_FORMAT NULL,
#else
#define UNUSED_FORMAT
#endif

enum { BOX_STEP = 64 * 1024, SIGNATURE = 12 };
enum box { BOX_NONE, BOX_EXIF, BOX_XMP };

struct leat_decoder {
	const struct leat_jxl_calls *c;
	JxlDecoder *d;
	const uint8_t *data;
	size_t n;
	JxlBasicInfo info;
	bool known; /* info is */
	enum box box; /* being read into `buffer` */
	struct leat_bytes *buffer;
	size_t room; /* of it that libjxl has */
	struct leat_frame frame;
	bool keep, cut;
	bool cut_box; /* the file ends within a box */
	struct leat_notices notes;
};

static int truncated(struct leat_err *err)
{
	return leat_fail(err, LEAT_CAUSE_TRUNCATED, "truncated jxl: the file ends early");
}

static int corrupt(struct leat_err *err)
{
	return leat_fail(err, LEAT_CAUSE_CORRUPT, "corrupt jxl: libjxl cannot decode it");
}

static int feed(struct leat_decoder *d, int events, struct leat_err *err)
{
	if (d->c->JxlDecoderSubscribeEvents(d->d, events) != JXL_DEC_SUCCESS ||
	    d->c->JxlDecoderSetKeepOrientation(d->d, JXL_TRUE) != JXL_DEC_SUCCESS ||
	    d->c->JxlDecoderSetUnpremultiplyAlpha(d->d, JXL_TRUE) != JXL_DEC_SUCCESS ||
	    d->c->JxlDecoderSetInput(d->d, d->data, d->n) != JXL_DEC_SUCCESS)
		return leat_fail(err, LEAT_CAUSE_INTERNAL, "libjxl refuses to begin");
	return 0;
}

/* Channels beyond color and alpha. */
static int check_extras(struct leat_decoder *d, struct leat_err *err)
{
	unsigned n = d->info.num_extra_channels, others = n - (n && d->info.alpha_bits);
	for (unsigned i = 0; i < n; i++) {
		JxlExtraChannelInfo e;
		if (d->c->JxlDecoderGetExtraChannelInfo(d->d, i, &e) != JXL_DEC_SUCCESS)
			return corrupt(err);
		if (e.type == JXL_CHANNEL_BLACK)
			return leat_fail(err, LEAT_CAUSE_UNSUPPORTED, "jxl of inks (CMYK) is not read");
	}
	if (others)
		leat_notice(&d->notes, "%u extra channel%s left out", others, others == 1 ? " is" : "s are");
	return 0;
}

static int take_info(struct leat_decoder *d, const struct leat_decode_opts *o, struct leat_meta *m,
		     struct leat_err *err)
{
	JxlBasicInfo *i = &d->info;
	if (d->c->JxlDecoderGetBasicInfo(d->d, i) != JXL_DEC_SUCCESS)
		return corrupt(err);
	if (leat_limit_sides("jxl", i->xsize, i->ysize, err) < 0 ||
	    leat_limit_pixels("jxl", i->xsize, i->ysize, o->max_pixels, err) < 0 || check_extras(d, err) < 0)
		return -1;
	bool alpha = i->alpha_bits != 0, wide = i->exponent_bits_per_sample || i->bits_per_sample > 16;
	d->frame.shape = (struct leat_image_shape){
		.width = i->xsize,
		.height = i->ysize,
		.channels = (uint8_t)((i->num_color_channels < 3 ? 1 : 3) + alpha),
		.alpha = alpha,
		.sample = wide                     ? LEAT_F32
			  : i->bits_per_sample > 8 ? LEAT_U16
						   : LEAT_U8,
		.pages = 1,
	};
	if (i->orientation >= 1 && i->orientation <= 8)
		m->orientation = (uint8_t)i->orientation;
	if (i->have_animation && !o->page)
		leat_notice(&d->notes, "animated jxl: first frame only");
	d->known = true;
	return 0;
}

/* What the samples will mean that this decoder gives. */
static int take_colors(struct leat_decoder *d, struct leat_meta *m, struct leat_err *err)
{
	JxlColorEncoding e;
	size_t n = 0;
	bool gray = d->frame.shape.channels < 3;
	if (d->c->JxlDecoderGetColorAsEncodedProfile(d->d, UNUSED_FORMAT JXL_COLOR_PROFILE_TARGET_DATA, &e) ==
		    JXL_DEC_SUCCESS &&
	    e.white_point == JXL_WHITE_POINT_D65 && e.transfer_function == JXL_TRANSFER_FUNCTION_SRGB &&
	    (gray || e.primaries == JXL_PRIMARIES_SRGB)) {
		m->has_srgb = true;
		m->srgb_intent = (uint8_t)e.rendering_intent;
		return 0;
	}
	if (d->c->JxlDecoderGetICCProfileSize(d->d, UNUSED_FORMAT JXL_COLOR_PROFILE_TARGET_DATA, &n) !=
		    JXL_DEC_SUCCESS ||
	    !n || n > LEAT_LIMIT_BLOB) {
		leat_notice(&d->notes, "the colors of the jxl are not known: taken as sRGB");
		return 0;
	}
	uint8_t *icc = leat_zalloc(n, 1, err);
	if (!icc)
		return -1;
	int ok = 0;
	if (d->c->JxlDecoderGetColorAsICCProfile(d->d, UNUSED_FORMAT JXL_COLOR_PROFILE_TARGET_DATA, icc, n) ==
	    JXL_DEC_SUCCESS)
		ok = leat_meta_take_icc(m, icc, n, gray, &d->notes, err);
	free(icc);
	return ok;
}

/* The box that was being read has come to its end. */
static int end_box(struct leat_decoder *d, struct leat_meta *m, struct leat_err *err)
{
	enum box box = d->box;
	d->box = BOX_NONE;
	if (box == BOX_NONE)
		return 0;
	size_t n = d->buffer->len - d->c->JxlDecoderReleaseBoxBuffer(d->d), skip = 0;
	if (box == BOX_XMP)
		return leat_meta_take_xmp(m, d->buffer->data, n, &d->notes, err);
	if (n >= 4) /* where the TIFF structure begins, after this number */
		skip = leat_size_add(leat_be32(d->buffer->data), 4);
	if (skip >= n || n < 4)
		return 0;
	uint8_t own = m->orientation;
	int ok = leat_meta_take_exif(m, d->buffer->data + skip, n - skip, &d->notes, err);
	m->orientation = own;
	return ok;
}

/* More room for the box; what is larger than a piece of metadata may be is left out. */
static int grow_box(struct leat_decoder *d, struct leat_err *err)
{
	static const uint8_t zeros[BOX_STEP];
	size_t had = d->buffer->len - d->c->JxlDecoderReleaseBoxBuffer(d->d);
	d->buffer->len = had;
	if (had > LEAT_LIMIT_BLOB) {
		leat_notice(&d->notes, "%s of more than 4 MiB is left out", d->box == BOX_EXIF ? "EXIF" : "XMP");
		d->box = BOX_NONE;
		return 0;
	}
	if (leat_bytes_append(d->buffer, zeros, sizeof zeros, err) < 0)
		return -1;
	return d->c->JxlDecoderSetBoxBuffer(d->d, d->buffer->data + had, sizeof zeros) == JXL_DEC_SUCCESS
		       ? 0
		       : leat_fail(err, LEAT_CAUSE_INTERNAL, "libjxl takes no room");
}

static int begin_box(struct leat_decoder *d, const struct leat_meta *m, struct leat_err *err)
{
	JxlBoxType type;
	if (d->c->JxlDecoderGetBoxType(d->d, type, JXL_TRUE) != JXL_DEC_SUCCESS)
		return corrupt(err);
	bool exif = memcmp(type, "Exif", 4) == 0 && !m->exif, xmp = memcmp(type, "xml ", 4) == 0 && !m->xmp;
	if (!exif && !xmp)
		return 0;
	leat_bytes_unref(&d->buffer);
	d->buffer = leat_bytes_new(BOX_STEP, err);
	if (!d->buffer)
		return -1;
	d->box = exif ? BOX_EXIF : BOX_XMP;
	return grow_box(d, err);
}

/* One event on the way through the file. 1: the end. */
static int step(struct leat_decoder *d, const struct leat_decode_opts *o, struct leat_meta *m, struct leat_err *err)
{
	JxlDecoderStatus s = d->c->JxlDecoderProcessInput(d->d);
	switch (s) {
	case JXL_DEC_BASIC_INFO:
		return take_info(d, o, m, err);
	case JXL_DEC_COLOR_ENCODING:
		return take_colors(d, m, err);
	case JXL_DEC_BOX:
		return end_box(d, m, err) < 0 ? -1 : begin_box(d, m, err);
	case JXL_DEC_BOX_NEED_MORE_OUTPUT:
		return d->box ? grow_box(d, err) : corrupt(err);
	case JXL_DEC_SUCCESS:
		return end_box(d, m, err) < 0 ? -1 : 1;
	case JXL_DEC_NEED_MORE_INPUT:
		if (!d->known || (d->cut_box && !o->keep_damaged))
			return truncated(err);
		return end_box(d, m, err) < 0 ? -1 : 1; /* another box could follow: it does not */
	default:
		return corrupt(err);
	}
}

static int start(struct leat_decoder *d, const struct leat_decode_opts *o, struct leat_meta *m, struct leat_err *err)
{
	int r = 0;
	d->c = leat_jxl_calls(err);
	if (!d->c)
		return -1;
	d->d = d->c->JxlDecoderCreate(NULL);
	if (!d->d)
		return leat_fail(err, LEAT_CAUSE_MEMORY, "cannot allocate memory for a jxl");
	d->keep = o->keep_damaged;
	d->cut_box = d->n > 0 && d->data[0] == 0 && leat_boxes_cut(d->data, d->n);
	if (d->n < SIGNATURE || (d->cut_box && !d->keep))
		return truncated(err);
	if (feed(d, JXL_DEC_BASIC_INFO | JXL_DEC_COLOR_ENCODING | JXL_DEC_BOX, err) < 0)
		return -1;
	if (d->c->JxlDecoderSetDecompressBoxes(d->d, JXL_TRUE) != JXL_DEC_SUCCESS)
		leat_notice(&d->notes, "packed metadata are left out");
	while (r == 0)
		r = step(d, o, m, err);
	leat_bytes_unref(&d->buffer);
	if (r > 0 && !d->known)
		return corrupt(err);
	return r < 0 ? -1 : 0;
}

int leat_jxl_dec_open(struct leat_decoder **out, const uint8_t *data, size_t n, const struct leat_decode_opts *o,
		      struct leat_image_shape *shape, struct leat_meta **meta, struct leat_notices *notes,
		      struct leat_err *err)
{
	struct leat_decoder *d = *out = leat_zalloc(1, sizeof *d, err);
	*meta = d ? leat_meta_new(err) : NULL;
	if (*meta) {
		d->data = data;
		d->n = n;
	}
	if (!*meta || start(d, o, *meta, err) < 0) {
		leat_meta_unref(meta);
		leat_jxl_dec_close(out);
		return -1;
	}
	leat_notes_move(notes, &d->notes);
	*shape = d->frame.shape;
	return 0;
}

/* The rows, and what libjxl keeps: floats of every channel, up to twice (measured: 5 to 15 bytes a pixel). */
void leat_jxl_dec_header(const struct leat_decoder *d, struct leat_header *h)
{
	enum { LIBRARY = 8 << 20, FLOATS = 2 };
	const struct leat_image_shape *s = &d->frame.shape;
	size_t pixels = leat_size_mul(s->width, s->height);
	size_t own = leat_size_mul(leat_size_mul(pixels, s->channels + 1u), FLOATS * sizeof(float));
	h->whole = true;
	h->peak_bytes = leat_size_add(leat_size_add(leat_image_bytes(s), own), LIBRARY);
}

static int give_room(struct leat_decoder *d, struct leat_err *err)
{
	static const JxlDataType types[] = {
		[LEAT_U8] = JXL_TYPE_UINT8, [LEAT_U16] = JXL_TYPE_UINT16, [LEAT_F32] = JXL_TYPE_FLOAT};
	const struct leat_image_shape *s = &d->frame.shape;
	JxlPixelFormat f = {s->channels, types[s->sample], JXL_NATIVE_ENDIAN, 0};
	size_t n = 0;
	if (d->c->JxlDecoderImageOutBufferSize(d->d, &f, &n) != JXL_DEC_SUCCESS || n != leat_image_bytes(s) ||
	    d->c->JxlDecoderSetImageOutBuffer(d->d, &f, d->frame.pixels, n) != JXL_DEC_SUCCESS)
		return leat_fail(err, LEAT_CAUSE_CORRUPT, "corrupt jxl: its image is another than its header says");
	return 0;
}

static int decode(struct leat_decoder *d, struct leat_err *err)
{
	d->c->JxlDecoderRewind(d->d);
	if (leat_frame_alloc(&d->frame, err) < 0 || feed(d, JXL_DEC_FULL_IMAGE, err) < 0)
		return -1;
	for (;;) {
		switch (d->c->JxlDecoderProcessInput(d->d)) {
		case JXL_DEC_NEED_IMAGE_OUT_BUFFER:
			if (give_room(d, err) < 0)
				return -1;
			break;
		case JXL_DEC_FULL_IMAGE: /* the first frame */
			return 0;
		case JXL_DEC_NEED_MORE_INPUT:
			if (!d->keep)
				return truncated(err);
			(void)d->c->JxlDecoderFlushImage(d->d); /* what there is, maybe nothing: then it stays zero */
			d->cut = true;
			return 0;
		default:
			return corrupt(err);
		}
	}
}

int leat_jxl_dec_rows(struct leat_decoder *d, struct leat_rows *out, struct leat_err *err)
{
	if (!d->frame.pixels && decode(d, err) < 0)
		return -1;
	return leat_frame_give(&d->frame, "jxl", out, err);
}

int leat_jxl_dec_finish(struct leat_decoder *d, struct leat_notices *notes, struct leat_err *err)
{
	(void)err; /* there is nothing behind the image */
	if (d->cut)
		leat_notice(&d->notes, "damaged: the file ends early, what is missing is guessed or zero");
	leat_notes_move(notes, &d->notes);
	return 0;
}

void leat_jxl_dec_close(struct leat_decoder **dp)
{
	struct leat_decoder *d = *dp;
	*dp = NULL;
	if (!d)
		return;
	if (d->d)
		d->c->JxlDecoderDestroy(d->d);
	leat_bytes_unref(&d->buffer);
	leat_frame_free(&d->frame);
	free(d);
}
