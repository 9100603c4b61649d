/* SPDX-License-Identifier: MIT */
/* png-optimize: PNG files made smaller without a change to any pixel. It is about one format, so it lives with it. */
#include "base/mem.h"
#include "core/op.h"
#include "formats/png_repack.h"

struct optimize {
	int64_t effort, strip;
	bool reduce, verify;
};

static const char *const strips[] = {"safe", "all", "none", NULL};

static const struct leat_param params[] = {
	LEAT_P_INT(struct optimize, effort, "effort", "2", 0, LEAT_REPACK_MOST, NULL, 0,
		   "how long to look for the smallest file; 3 packs about as small as oxipng, 6 tries everything"),
	LEAT_P_CHOICE(struct optimize, strip, "strip", "safe", strips, 0,
		      "metadata that goes; safe keeps color, density, orientation and copyright, all takes even those"),
	LEAT_P_SWITCH(struct optimize, reduce, "lossless-reduce", "yes", 0,
		      "store gray, a palette or fewer bits where that holds the same pixels"),
	LEAT_P_SWITCH(struct optimize, verify, "verify", "yes", 0, "decode the result and compare every pixel"),
	LEAT_P_END,
};

static struct leat_repack repack_of(const void *params_)
{
	const struct optimize *p = params_;
	return (struct leat_repack){.effort = (int)p->effort,
				    .strip = (enum leat_png_strip)p->strip,
				    .reduce = p->reduce,
				    .verify = p->verify};
}

static size_t file_cost(const void *p, const struct leat_header *h, uint64_t bytes)
{
	const struct leat_repack how = repack_of(p);
	return leat_png_repack_cost(&how, h, bytes);
}

static int begin(const struct leat_op_begin *b, void **item, struct leat_err *err)
{
	struct leat_repack *how = leat_zalloc(1, sizeof *how, err);
	*item = how;
	if (!how)
		return -1;
	*how = repack_of(b->params);
	return 0;
}

static int run(void *item, const struct leat_payload *in, struct leat_payload *out, struct leat_err *err)
{
	struct leat_bytes *b = NULL;
	if (leat_png_repack(item, in->bytes, &b, err) < 0)
		return -1;
	*out = (struct leat_payload){.kind = LEAT_FILE, .format = in->format, .bytes = b};
	return 0;
}

static int end(void *item, struct leat_fields *f, struct leat_err *err)
{
	(void)f; /* the engine tells how large the result is */
	(void)err;
	free(item);
	return 0;
}

const struct leat_op leat_op_png_optimize = {
	.name = "png-optimize",
	.group = "format",
	.summary = "make PNG files smaller without changing any pixel; animated ones stay as they are",
	.example = "png-optimize effort=3",
	.version = 1,
	.params = params,
	.params_size = sizeof(struct optimize),
	.in = LEAT_FILE,
	.out = LEAT_FILE,
	.modes = LEAT_ON_CPU,
	.shape = leat_shape_same,
	.file_cost = file_cost,
	.begin = begin,
	.run = run,
	.end = end,
};
