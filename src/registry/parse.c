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
	LEAT_P(S, key, const char *, LEAT_PT_TEXT, "key", NULL, 0,
	       "name of the array of an npz file; needed where it holds several"),
	LEAT_P(S, shape, struct leat_numbers, LEAT_PT_NUMBERS, "shape", NULL, 0,
	       "shape of a raw file, -1 for what is left; one dimension unless given"),
	LEAT_P(S, offset, uint64_t, LEAT_PT_SIZE, "offset", "0B", 0, "where the elements of a raw file begin"),
	LEAT_P_CHOICE(S, order, "order", "c", orders, 0, "order of the elements of a raw file"),
	LEAT_P_CHOICE(S, byteorder, "byteorder", "little", byteorders, 0, "byte order of a raw file"),
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

static bool is_dimension(double v)
{
	return v == -1 || (v >= 0 && v <= 9e15 && v == (double)(int64_t)v);
}

/* What only raw files need to be told, and they all need a type. */
static int check_raw(const S *p, const struct leat_param **which, struct leat_err *err)
{
	bool raw = p->format > 0 && strcmp(formats[p->format], "raw") == 0;
	const char *odd = p->shape.n     ? "shape"
			  : p->offset    ? "offset"
			  : p->order     ? "order"
			  : p->byteorder ? "byteorder"
					 : NULL;
	size_t open = 0;
	*which = odd ? row(odd) : NULL;
	if (!raw && odd)
		return leat_fail(err, LEAT_CAUSE_USAGE, "%s is for format=raw: other files tell it themselves", odd);
	*which = row("format");
	if (raw && p->dtype == 0)
		return leat_fail(err, LEAT_CAUSE_USAGE, "a raw file does not tell its type: dtype= is needed");
	*which = row("shape");
	if (p->shape.n > LEAT_MAX_DIMS)
		return leat_fail(err, LEAT_CAUSE_USAGE, "shape has up to %d dimensions", LEAT_MAX_DIMS);
	for (size_t i = 0; i < p->shape.n; i++) {
		open += p->shape.v[i] == -1;
		if (!is_dimension(p->shape.v[i]) || open > 1)
			return leat_fail(err, LEAT_CAUSE_USAGE, "shape is whole numbers, one of which may be -1");
	}
	*which = row("key");
	if (p->key && p->format > 0 && strcmp(formats[p->format], "npz") != 0)
		return leat_fail(err, LEAT_CAUSE_USAGE, "key is for npz files");
	*which = NULL;
	return 0;
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
	return check_raw(p, which, err);
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
