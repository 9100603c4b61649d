/* SPDX-License-Identifier: MIT */
/* The parameters of `parse`, a step without an op: the codec follows the bytes and the name. */
#include "registry/registry.h"

#include <ctype.h>
#include <string.h>

#define S struct leat_parse_params
/* format, dtype, header: 0 is auto. dtype: then enum leat_dtype. */
static const char *const formats[] = {"auto", "npy", "npz", "csv", "tsv", "raw", NULL};
static const char *const dtypes[] = {"auto",    "bool",      "int8",       "uint8",  "int16",   "uint16",
				     "int32",   "uint32",    "int64",      "uint64", "float16", "float32",
				     "float64", "complex64", "complex128", NULL};
static const char *const headers[] = {"auto", "yes", "no", NULL};
static const char *const decimals[] = {"point", "comma", NULL};
static const char *const bad_lines[] = {"error", "skip", NULL};
static const char *const encodings[] = {"utf-8", "latin-1", NULL};
static const char *const orders[] = {"c", "f", NULL};
static const char *const byteorders[] = {"little", "big", NULL};

const struct leat_param leat_parse_params[] = {
	LEAT_P_CHOICE(S, format, "format", "auto", formats, 0,
		      "format of the file; auto: by its content, text by its extension"),
	LEAT_P_CHOICE(S, dtype, "dtype", "auto", dtypes, 0, "type of the elements; auto: as stored, float64 for text"),
	LEAT_P_CHOICE(
		S, header, "header", "auto", headers, 0,
		"does the first row of text hold the names of the columns; auto: when something in it is no number"),
	LEAT_P(S, sep, const char *, LEAT_PT_TEXT, "sep", "auto", 0,
	       "what stands between two columns of text, one character; auto: a comma, semicolon, tab or blanks"),
	LEAT_P_CHOICE(S, decimal, "decimal", "point", decimals, 0, "decimal sign of text"),
	LEAT_P(S, comment, const char *, LEAT_PT_TEXT, "comment", NULL, 0,
	       "what begins a comment in text, one character; none unless given"),
	LEAT_P_INT(S, skiprows, "skiprows", "0", 0, INT64_MAX, "lines", 0, "what is skipped at the beginning of text"),
	LEAT_P_INT(S, nrows, "nrows", NULL, 1, INT64_MAX, NULL, 0, "rows that are read, all unless given"),
	LEAT_P(S, usecols, struct leat_strs, LEAT_PT_WORDS, "usecols", NULL, 0,
	       "columns of text that are read, by name or number from 0; all unless given"),
	LEAT_P(S, na_values, struct leat_strs, LEAT_PT_WORDS, "na-values", NULL, 0,
	       "words that stand for a missing number, besides those of pandas"),
	LEAT_P_CHOICE(S, on_bad_lines, "on-bad-lines", "error", bad_lines, 0,
		      "what becomes of a line with another number of columns; skip: it is left out and counted"),
	LEAT_P_CHOICE(S, encoding, "encoding", "utf-8", encodings, 0, "encoding of text"),
	LEAT_P(S, key, const char *, LEAT_PT_TEXT, "key", NULL, LEAT_PENDING_OPT, "which array of an npz file"),
	LEAT_P(S, shape, struct leat_numbers, LEAT_PT_NUMBERS, "shape", NULL, LEAT_PENDING_OPT, "shape of a raw file"),
	LEAT_P(S, offset, uint64_t, LEAT_PT_SIZE, "offset", "0B", LEAT_PENDING_OPT, "where a raw file begins"),
	LEAT_P_CHOICE(S, order, "order", "c", orders, LEAT_PENDING_OPT, "order of the elements of a raw file"),
	LEAT_P_CHOICE(S, byteorder, "byteorder", "little", byteorders, LEAT_PENDING_OPT, "byte order of a raw file"),
	LEAT_P_END,
};

static const struct leat_param *row(const char *name)
{
	return leat_param_find(leat_parse_params, name);
}

/* What can be part of a number, or of a word for none, cannot stand between two. */
static bool separates(const char *s)
{
	return strlen(s) == 1 && !strchr("\"\r\n.+-", *s) && !isalnum((unsigned char)*s);
}

int leat_parse_check(const void *params, const struct leat_param **which, struct leat_err *err)
{
	const S *p = params;
	bool given = strcmp(p->sep, "auto") != 0;
	*which = row("sep");
	if (given && !separates(p->sep))
		return leat_fail(err, LEAT_CAUSE_USAGE,
				 "sep is one character that is part of no number, or auto; a tab is sep=\"\\t\"");
	*which = row("decimal");
	if (p->decimal == 1 && strcmp(p->sep, ",") == 0)
		return leat_fail(err, LEAT_CAUSE_USAGE,
				 "a decimal comma cannot separate the columns, too: write sep=\";\"");
	*which = row("comment");
	if (p->comment && (!separates(p->comment) || strcmp(p->comment, p->sep) == 0))
		return leat_fail(err, LEAT_CAUSE_USAGE,
				 "comment is one character that is part of no number and no sep");
	*which = NULL;
	return 0;
}

const struct leat_codec *leat_parse_format(const struct leat_registry *r, const S *p)
{
	return p->format > 0 ? leat_registry_codec(r, formats[p->format]) : NULL;
}

const char *leat_parse_missing(const struct leat_registry *r, const S *p)
{
	const struct leat_codec *c = leat_parse_format(r, p);
	return p->format > 0 && !(c && c->dec_run) ? formats[p->format] : NULL;
}
