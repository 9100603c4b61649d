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

/* The one thing here that is not constant: leat_registry_add writes behind the built-in ops, before the first run. */
static const struct leat_op *ops[N_BUILT_IN_OPS + N_ADDED_OPS] = {
#define OP(x) &leat_op_##x,
#include "registry/ops.def"
#undef OP
};

static const struct leat_codec *const codecs[] = {
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
	.n_codecs = LEAT_LEN(codecs),
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

int leat_registry_add(const struct leat_op *op, struct leat_err *err)
{
	struct leat_buf faults = {0};
	if (taken(op->name))
		return leat_fail(err, LEAT_CAUSE_USAGE, "there is a step '%s' already", op->name);
	if (built_in.n_ops == LEAT_LEN(ops))
		return leat_fail(err, LEAT_CAUSE_LIMIT, "no room for step '%s': %d own steps at most", op->name,
				 N_ADDED_OPS);
	struct leat_registry one = {.ops = &op, .n_ops = 1};
	if (leat_registry_selfcheck(&one, &faults) > 0) {
		leat_fail(err, LEAT_CAUSE_USAGE, "the step '%s' cannot be added: %s", op->name,
			  faults.data ? faults.data : "");
		leat_buf_free(&faults);
		return -1;
	}
	leat_buf_free(&faults);
	ops[built_in.n_ops++] = op;
	return 0;
}
