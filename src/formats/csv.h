/* SPDX-License-Identifier: MIT */
/* Text with separated columns, for the codecs csv and tsv. */
#ifndef LEAT_FORMATS_CSV_H
#define LEAT_FORMATS_CSV_H

#include "core/codec.h"

/*
 * Reads a table, columns of numbers and of text. sep: what stands between two columns unless the parameters say
 * otherwise; 0: found out. Errors name the line.
 */
int leat_csv_read(struct leat_bytes *in, const struct leat_parse_params *p, char sep, struct leat_payload *out,
		  struct leat_notices *notes, struct leat_err *err);
/* leat_codec.probe: a table; its size only when all of it is there. */
int leat_csv_probe(const char *format, const uint8_t *d, size_t n, bool whole, struct leat_header *h,
		   struct leat_err *err);

struct leat_csv_writing {
	char sep;
	bool header; /* the names of a table that has names; arrays have none */
	const char *na_rep; /* what stands for a missing number or text */
	const char *float_format; /* as leat_csv_format_ok has it; NULL: as few digits as read back equal */
	bool gzip; /* the text is packed */
};
/* Writes an array of at most two dimensions or a table, a line for each row. *out: the caller's reference. */
int leat_csv_write(const struct leat_csv_writing *w, const struct leat_payload *in, struct leat_bytes **out,
		   struct leat_err *err);

#endif
