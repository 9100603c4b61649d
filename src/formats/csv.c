/* SPDX-License-Identifier: MIT */
/* CSV: text with separated columns, read as a table of numbers, written from arrays and tables. */
#include "formats/csv.h"
#include "formats/csv_pieces.h"

#include "core/op.h"

#include <string.h>

struct params {
	bool header;
	const char *float_format, *na_rep, *sep;
	int64_t compress;
};

static const char *const packings[] = {"none", "gzip", NULL};
static const char *const extensions[] = {"csv", NULL};

static const struct leat_param params[] = {
	LEAT_P_SWITCH(struct params, header, "header", "yes", 0,
		      "write the names of the columns first, where there are any: arrays have none"),
	LEAT_P(struct params, float_format, const char *, LEAT_PT_TEXT, "float-format", NULL, 0,
	       "how numbers are written, as %.3f, %.3e or %.3g; as few digits as read back equal unless given"),
	LEAT_P(struct params, na_rep, const char *, LEAT_PT_TEXT, "na-rep", "", 0,
	       "what stands for a missing number or text"),
	LEAT_P(struct params, sep, const char *, LEAT_PT_TEXT, "sep", ",", 0,
	       "what stands between two columns, one character"),
	LEAT_P_CHOICE(struct params, compress, "compress", "none", packings, 0, "how the text is compressed"),
	LEAT_P_END,
};

static int probe(const uint8_t *d, size_t n, bool whole, struct leat_header *h, struct leat_err *err)
{
	return leat_csv_probe("csv", d, n, whole, h, err);
}

static int dec_run(struct leat_bytes *b, const struct leat_parse_params *p, struct leat_payload *out,
		   struct leat_notices *notes, struct leat_err *err)
{
	return leat_csv_read(b, p, 0, out, notes, err);
}

static int enc_run(const void *p, const struct leat_payload *in, struct leat_bytes **out, struct leat_err *err)
{
	const struct params *c = p;
	if (strlen(c->sep) != 1 || strchr("\"\r\n.+-0123456789", c->sep[0]))
		return leat_fail(err, LEAT_CAUSE_USAGE, "'%s' cannot stand between two columns: write one character",
				 c->sep);
	struct leat_csv_writing w = {.sep = c->sep[0],
				     .header = c->header,
				     .na_rep = c->na_rep,
				     .float_format = c->float_format,
				     .gzip = c->compress == 1};
	return leat_csv_write(&w, in, out, err);
}

const struct leat_codec leat_codec_csv = {
	.name = "csv",
	.suffix = "csv",
	.extensions = extensions,
	.summary = "CSV: text with columns of numbers and words, separated by commas",
	.version = 1,
	.kinds = LEAT_ARRAY | LEAT_TABLE,
	.gives = LEAT_TABLE,
	.modes = LEAT_ON_CPU,
	.params = params,
	.params_size = sizeof(struct params),
	.probe = probe,
	.dec_run = dec_run,
	.pieces = &leat_csv_pieces,
	.enc_run = enc_run,
};
