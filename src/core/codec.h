/* SPDX-License-Identifier: MIT */
/*
 * The codec contract: byte streams in memory to rows and back. A codec never opens a file. One file exports one
 * const struct leat_codec; it may read, write, or both.
 *
 * Decoding is strict: a truncated or corrupt stream is an error of the item (causes TRUNCATED, CORRUPT),
 * never gray rows, unless opts.keep_damaged. Rows are delivered in order, each once. No call touches anything
 * but its own object: any number of objects may be used in any number of threads.
 */
#ifndef LEAT_CORE_CODEC_H
#define LEAT_CORE_CODEC_H

#include "base/aside.h"
#include "core/param.h"
#include "core/payload.h"

struct leat_decode_opts { /* the parameters of `decode`, as far as codecs see them */
	uint32_t page; /* 1 + index of the page that is wanted; 0: the first, and a notice where there are more */
	bool all; /* every page, where the codec has `pages`: one beneath the other (shape.page_height) */
	bool orient; /* only told: orientation is applied by the engine after decoding */
	int64_t depth; /* 0 keep, 8, 16, 32 (float) */
	bool keep_damaged;
	uint64_t max_pixels;
	/*
	 * Shrink on load, before orientation: a decoder may give any size that is no smaller than this, and then sets
	 * full_width ... of the shape. 0: none.
	 */
	uint32_t target_width, target_height;
	int64_t shrink; /* the image at this fraction, for formats that can: 1 2 4 8, the denominator; 0 none */
	struct leat_aside *aside; /* a thread that may do a part of a large image; NULL: none. The rows are the same */
};

/*
 * The parameters of `parse`; each codec looks at its own. Here and not with the table (registry/parse.c), because
 * codecs read it.
 */
struct leat_parse_params {
	int64_t format; /* 0 auto, else 1 + choice */
	int64_t dtype; /* 0 auto, else 1 + enum leat_dtype */
	int64_t header; /* 0 auto, 1 yes, 2 no */
	const char *sep, *comment; /* NULL or "auto"; NULL: none */
	int64_t skiprows;

	/* Of npz: the name of the array; NULL: the only one. */
	const char *key;

	/* Of raw: order 1 is Fortran's, byteorder 1 big; shape may hold one -1, and n = 0 is one dimension. */
	int64_t order, byteorder;
	uint64_t offset;
	struct leat_numbers shape;

	/* Of text. */
	int64_t decimal, on_bad_lines, encoding;
	int64_t nrows;
	struct leat_strs usecols, na_values;
};

/* What a header tells before anything is decoded. */
struct leat_header {
	const char *format; /* codec name */
	enum leat_kind kind; /* LEAT_IMAGE unless the codec says otherwise: LEAT_ARRAY, LEAT_TABLE */
	struct leat_image_shape shape; /* of an image */
	struct leat_array_shape
		array; /* of an array; of a table an upper bound of the numbers in the bytes looked at */
	uint64_t peak_bytes; /* private memory beyond one strip (the whole image when interlaced or progressive) */
	bool whole; /* rows come only after everything was decoded (interlaced, progressive) */
	uint8_t orientation; /* EXIF 1..8 where the probed bytes told it, 0 not looked for: turning needs all rows */
};

/* Things worth telling that are no failure ("animation: first frame only"); kept in the item's notices. */
struct leat_notices {
	char text[4][120];
	int n;
};
/* Adds one; the same text again and what is past the fourth is dropped, longer ones are cut. n may be NULL. */
void leat_notice(struct leat_notices *n, const char *fmt, ...) LEAT_PRINTF(2, 3);

struct leat_codec;
/* What reading a file of this format makes: one LEAT_IMAGE, LEAT_ARRAY, LEAT_TABLE; 0 when it is only written. */
unsigned leat_codec_gives(const struct leat_codec *c);
/* Can it write one of these kinds? */
bool leat_codec_writes(const struct leat_codec *c, unsigned kinds);

/* Metadata that not every format can hold. */
enum { LEAT_META_EXIF = 1, LEAT_META_XMP = 2, LEAT_META_IPTC = 4 };

/* What all pieces of a file have to know of its beginning. */
struct leat_row_head {
	struct leat_buf shared; /* opaque; goes with every piece, to other processes, too */
	char **names; /* [columns] of the columns that are wanted; owned */
	size_t columns;
	size_t begin; /* where the first row begins: in the bytes, and its line */
	uint64_t line;
};
/* The rows of one piece. */
struct leat_row_piece {
	double *v; /* [rows][columns]; what is no number is NaN. malloc; grows */
	size_t room; /* of v, in numbers */
	uint64_t *words; /* [columns], the caller's: UINT64_MAX where all of the column are numbers */
	uint64_t rows, bad, lines; /* lines: of text, for the piece behind it */
};
/*
 * Files of rows that can be read in pieces, each by itself and by any thread or process. Together the pieces are the
 * file: as many rows, and the same numbers, as dec_run finds in it.
 */
struct leat_row_pieces {
	/*
	 * Looks at the first n bytes (`whole`: that is all). 0; 1 more bytes are needed; 2 it cannot be read in pieces
	 * as these parameters want it; -1 with *err.
	 */
	int (*head)(const struct leat_parse_params *p, const uint8_t *d, size_t n, bool whole,
		    struct leat_row_head *out, struct leat_err *err);
	/* d begins with a row: where the last whole row in it ends; 0: none does. */
	size_t (*cut)(const void *shared, const uint8_t *d, size_t n);
	/* Reads whole rows that begin at this byte and line of the file. -1 with *err, which names a line. */
	int (*read)(const struct leat_parse_params *p, const void *shared, const uint8_t *d, size_t n, uint64_t offset,
		    uint64_t line, struct leat_row_piece *out, struct leat_err *err);
};

struct leat_decoder; /* each codec's own */
struct leat_encoder;

struct leat_codec {
	const char *name; /* "png": also the word after encode */
	const char *suffix; /* usual extension without dot: {suffix} */
	const char *const *extensions; /* NULL-terminated, lower case */
	const char *summary;
	int version; /* rises when output bytes change */
	unsigned kinds; /* LEAT_IMAGE, LEAT_ARRAY, LEAT_TABLE it gives or takes */
	unsigned gives; /* what dec_run makes: LEAT_ARRAY or LEAT_TABLE */
	unsigned modes; /* LEAT_ON_* of its encoder */
	/*
	 * Which descriptions of colors it can hold; of images with another the pixels become sRGB before encoding. An
	 * ICC profile; the code points of cICP; PNG's gAMA and cHRM. as_color: gray is written as color, so that the
	 * profile of a gray image has no place in it.
	 */
	bool keeps_icc, keeps_cicp, keeps_chunks, as_color;
	unsigned keeps_meta; /* LEAT_META_*: what of an image it has no place for is told */
	bool pages; /* its decoder gives any page, and all of them; without, only the first */
	bool writes_pages; /* its encoder takes images of several pages (page_height) */
	bool exact; /* what its encoder was given, its decoder gives back: shape and every sample */
	const struct leat_param *params; /* of encode NAME, besides the format word; NULL: none or no encoder */
	size_t params_size;

	/*
	 * Loads the library (a module), once per process and before anything is locked down. Cheap when called again;
	 * any thread. After a failure its files fail with this text, and `encode NAME` is refused at check. May be
	 * NULL.
	 */
	int (*prepare)(struct leat_err *err);

	/* Does it begin so? n bytes are there (at least 16 or the whole file). */
	bool (*sniff)(const uint8_t *data, size_t n);

	/*
	 * The header, from the first n bytes (`whole`: that is the file). Own bounded code, no library,
	 * fuzzed: the parent process calls it on untrusted bytes. 0; -1 with *err; or 1 when more bytes are
	 * needed. NULL: only the library can read it. Then the worker process that opens it asks for the go before it
	 * decodes (run/go.c).
	 */
	int (*probe)(const uint8_t *data, size_t n, bool whole, struct leat_header *h, struct leat_err *err);

	/* Decoder. `data` stays valid until close. meta: a new reference for the caller. */
	int (*dec_open)(struct leat_decoder **d, const uint8_t *data, size_t n, const struct leat_decode_opts *o,
			struct leat_image_shape *shape, struct leat_meta **meta, struct leat_notices *notes,
			struct leat_err *err);
	/*
	 * For formats without a probe: what this decoder, just opened, will take (peak_bytes, whole, orientation; the
	 * rest is filled in). NULL: the whole image.
	 */
	void (*dec_header)(const struct leat_decoder *d, struct leat_header *h);
	/* Fills out->y0 … y1, the next rows. */
	int (*dec_rows)(struct leat_decoder *d, struct leat_rows *out, struct leat_err *err);
	/* After the last row: trailer checks. */
	int (*dec_finish)(struct leat_decoder *d, struct leat_notices *notes, struct leat_err *err);
	void (*dec_close)(struct leat_decoder **d);

	/*
	 * For formats of numbers without a probe: the header of what dec_run would make, by the library and where that
	 * runs. A worker process asks for the go with it before it decodes. NULL: there is a probe, or the size is the
	 * file's.
	 */
	int (*dec_head)(struct leat_bytes *bytes, const struct leat_parse_params *params, struct leat_header *h,
			struct leat_err *err);
	/*
	 * Whole-payload decode for codecs without rows (arrays). NULL for images. `data` may be shared: out->array
	 * may refer to `bytes` (a reference of its own) instead of copying, where alignment and byte order allow it.
	 */
	int (*dec_run)(struct leat_bytes *bytes, const struct leat_parse_params *params, struct leat_payload *out,
		       struct leat_notices *notes, struct leat_err *err);

	const struct leat_row_pieces *pieces; /* large files of it can be read in pieces; NULL: they cannot */

	/*
	 * Encoder. `takes`: the nearest shape it can encode (fewer bits, no alpha ...); the engine converts to
	 * it first and tells.
	 */
	int (*enc_takes)(const void *params, const struct leat_image_shape *in, struct leat_image_shape *want,
			 struct leat_err *err);
	/*
	 * The usual size in bytes of such an image so encoded, for what `leat plan` says about the disk: a guess from
	 * many pictures. NULL: nobody knows, it counts as large as its samples.
	 */
	uint64_t (*enc_guess)(const void *params, const struct leat_image_shape *s);
	/* Bytes of memory an encoder of this shape takes besides its result. NULL: no more than 1 MiB. */
	size_t (*enc_cost)(const void *params, const struct leat_image_shape *s);
	/*
	 * Told once, while the plan is made: were the images resized on their way? May change params. NULL: no
	 * matter.
	 */
	void (*enc_hint)(void *params, bool resized);
	int (*enc_open)(struct leat_encoder **e, const void *params, const struct leat_image_shape *shape,
			const struct leat_meta *meta, struct leat_err *err);
	/* The next rows, in order. */
	int (*enc_rows)(struct leat_encoder *e, const struct leat_rows *in, struct leat_err *err);
	/* All bytes; the caller's reference. */
	int (*enc_finish)(struct leat_encoder *e, struct leat_bytes **out, struct leat_err *err);
	void (*enc_close)(struct leat_encoder **e);
	/* Whole-payload encode for codecs without rows (arrays). NULL for images. */
	int (*enc_run)(const void *params, const struct leat_payload *in, struct leat_bytes **out,
		       struct leat_err *err);
};

#endif
