/* SPDX-License-Identifier: MIT */
/*
 * The built-in registry, made from the four lists. They are X-macros: a line without its file is a link error,
 * and unlike constructors nothing vanishes when the program is linked from an archive.
 */
#include "registry/registry.h"

#include <string.h>

#define OP(x) extern const struct leat_op leat_op_##x;
#include "registry/ops.def"
#undef OP
#define CODEC(x) extern const struct leat_codec leat_codec_##x;
#include "registry/codecs.def"
#undef CODEC
#define SOURCE(x) extern const struct leat_source leat_source_##x;
#define SINK(x) extern const struct leat_sink leat_sink_##x;
#include "registry/ends.def"
#undef SOURCE
#undef SINK
#define EXECUTOR(x) extern const struct leat_executor_type leat_executor_##x;
#include "registry/executors.def"
#undef EXECUTOR

enum {
#define OP(x) OP_##x,
#include "registry/ops.def"
#undef OP
	N_BUILT_IN_OPS,
	N_ADDED_OPS = 64, /* room for a program's own steps */
};

enum {
#define CODEC(x) CODEC_##x,
#include "registry/codecs.def"
#undef CODEC
	N_BUILT_IN_CODECS,
	N_ADDED_CODECS = 8,
};

/* These two are not constant: leat_registry_add and _add_codec write behind the built-in ones, before the first run. */
static const struct leat_op *ops[N_BUILT_IN_OPS + N_ADDED_OPS] = {
#define OP(x) &leat_op_##x,
#include "registry/ops.def"
#undef OP
};

static const struct leat_codec *codecs[N_BUILT_IN_CODECS + N_ADDED_CODECS] = {
#define CODEC(x) &leat_codec_##x,
#include "registry/codecs.def"
#undef CODEC
};

static const struct leat_source *const sources[] = {
#define SOURCE(x) &leat_source_##x,
#define SINK(x)
#include "registry/ends.def"
#undef SOURCE
#undef SINK
};

static const struct leat_sink *const sinks[] = {
#define SOURCE(x)
#define SINK(x) &leat_sink_##x,
#include "registry/ends.def"
#undef SOURCE
#undef SINK
};

static const struct leat_executor_type *const executors[] = {
#define EXECUTOR(x) &leat_executor_##x,
#include "registry/executors.def"
#undef EXECUTOR
};

static struct leat_registry built_in = {
	.ops = ops,
	.n_ops = N_BUILT_IN_OPS,
	.codecs = codecs,
	.n_codecs = N_BUILT_IN_CODECS,
	.sources = sources,
	.n_sources = LEAT_LEN(sources),
	.sinks = sinks,
	.n_sinks = LEAT_LEN(sinks),
	.executors = executors,
	.n_executors = LEAT_LEN(executors),
};

const struct leat_registry *leat_registry_default(void)
{
	return &built_in;
}

static bool taken(const char *name)
{
	return leat_registry_op(&built_in, name) || leat_registry_source(&built_in, name) ||
	       leat_registry_sink(&built_in, name) || strcmp(name, "decode") == 0 || strcmp(name, "parse") == 0 ||
	       strcmp(name, "encode") == 0;
}

/* What the tables' own check says of one descriptor. */
static int check_one(const struct leat_registry *one, const char *what, const char *name, struct leat_err *err)
{
	struct leat_buf faults = {0};
	int ok = leat_registry_selfcheck(one, &faults) > 0 ? -1 : 0;
	if (ok < 0)
		leat_fail(err, LEAT_CAUSE_USAGE, "the %s '%s' cannot be added: %s", what, name,
			  faults.data ? faults.data : "");
	leat_buf_free(&faults);
	return ok;
}

int leat_registry_add(const struct leat_op *op, struct leat_err *err)
{
	if (taken(op->name))
		return leat_fail(err, LEAT_CAUSE_USAGE, "there is a step '%s' already", op->name);
	if (built_in.n_ops == LEAT_LEN(ops))
		return leat_fail(err, LEAT_CAUSE_LIMIT, "no room for step '%s': %d own steps at most", op->name,
				 N_ADDED_OPS);
	struct leat_registry one = {.ops = &op, .n_ops = 1};
	if (check_one(&one, "step", op->name, err) < 0)
		return -1;
	ops[built_in.n_ops++] = op;
	return 0;
}

int leat_registry_add_codec(const struct leat_codec *codec, struct leat_err *err)
{
	struct leat_registry one = {.codecs = &codec, .n_codecs = 1};
	if (leat_registry_codec(&built_in, codec->name))
		return leat_fail(err, LEAT_CAUSE_USAGE, "there is a format '%s' already", codec->name);
	if (built_in.n_codecs == LEAT_LEN(codecs))
		return leat_fail(err, LEAT_CAUSE_LIMIT, "no room for format '%s': %d own formats at most", codec->name,
				 N_ADDED_CODECS);
	if (check_one(&one, "format", codec->name, err) < 0)
		return -1;
	codecs[built_in.n_codecs++] = codec;
	return 0;
}
