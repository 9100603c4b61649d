/* SPDX-License-Identifier: MIT */
/* Names to descriptors. The only room that names the implementations, through the four .def lists. */
#ifndef LEAT_REGISTRY_REGISTRY_H
#define LEAT_REGISTRY_REGISTRY_H

#include "core/codec.h"
#include "core/end.h"
#include "core/executor.h"
#include "core/op.h"

/*
 * A registry is a value: the built-in one, a frozen one for golden tests, one with a program's own steps.
 * Immutable while in use.
 */
struct leat_registry {
	const struct leat_op *const *ops;
	size_t n_ops;
	const struct leat_codec *const *codecs;
	size_t n_codecs;
	const struct leat_source *const *sources;
	size_t n_sources;
	const struct leat_sink *const *sinks;
	size_t n_sinks;
	const struct leat_executor_type *const *executors;
	size_t n_executors;
};

/* The built-in registry, with what leat_registry_add has added. */
const struct leat_registry *leat_registry_default(void);

/*
 * Adds a program's own step before the first run; not thread safe. -1 with *err when the name is taken or the
 * descriptor is incomplete.
 */
int leat_registry_add(const struct leat_op *op, struct leat_err *err);

/* The same for a format. It comes last when bytes are recognized, and formats= does not know it. */
int leat_registry_add_codec(const struct leat_codec *codec, struct leat_err *err);

/* NULL: none; hidden ones too */
const struct leat_op *leat_registry_op(const struct leat_registry *r, const char *name);
const struct leat_source *leat_registry_source(const struct leat_registry *r, const char *name);
const struct leat_sink *leat_registry_sink(const struct leat_registry *r, const char *name);
const struct leat_codec *leat_registry_codec(const struct leat_registry *r, const char *name);
/* any case */
const struct leat_codec *leat_registry_codec_for_extension(const struct leat_registry *r, const char *ext);
const struct leat_codec *leat_registry_sniff(const struct leat_registry *r, const uint8_t *data, size_t n);
/*
 * Of a file with these bytes and this name: by its content; by its extension where the format of that has no mark in
 * its content (text). NULL: neither tells.
 */
const struct leat_codec *leat_registry_codec_of(const struct leat_registry *r, const uint8_t *data, size_t n,
						const char *path);
const struct leat_executor_type *leat_registry_executor(const struct leat_registry *r, const char *name);

/* decode, parse and encode are steps without an op: their parameter tables. */
extern const struct leat_param leat_decode_params[];
enum { LEAT_PAGES_FIRST, LEAT_PAGES_ALL };
struct leat_decode_params {
	int64_t pages, depth, damaged, shrink; /* choice indices */
	bool orient;
	uint64_t max_pixels, formats; /* formats: bit i = leat_registry codec i; 0 all */
	int64_t page; /* of an 'extract-page' behind it: 1 + its index; 0: the first. Set by the plan */
};

extern const struct leat_param leat_parse_params[]; /* of struct leat_parse_params */
int leat_parse_check(const void *params, const struct leat_param **which, struct leat_err *err);
/* The codec that format= names; NULL for auto. */
const struct leat_codec *leat_parse_format(const struct leat_registry *r, const struct leat_parse_params *p);
/* The word of a format that `parse` knows and this program has not built yet, or NULL. */
const char *leat_parse_missing(const struct leat_registry *r, const struct leat_parse_params *p);

/*
 * Checks the tables themselves (duplicate names, defaults in range, docs' form, required functions); for the tests.
 * Returns the number of faults, each appended as a line.
 */
int leat_registry_selfcheck(const struct leat_registry *r, struct leat_buf *out);

#endif
