/* SPDX-License-Identifier: MIT */
/* Parameter tables of the catalogue's steps. See frozen_registry.h. */
#include "frozen_registry.h"

/* ---- sources and sinks */

struct f_read {
	struct leat_strs paths, exclude;
	const char *list;
};
static const struct leat_param read_params[] = {
	LEAT_P(struct f_read, paths, struct leat_strs, LEAT_PT_PATTERNS, "path", NULL, LEAT_POSITIONAL, "what to read"),
	LEAT_P(struct f_read, list, const char *, LEAT_PT_PATH, "list", NULL, 0, "names, one a line"),
	LEAT_P(struct f_read, exclude, struct leat_strs, LEAT_PT_PATTERNS, "exclude", NULL, 0, "what not to read"),
	LEAT_P_END,
};
static const struct leat_source f_read = {
	.name = "read",
	.summary = "read files",
	.example = "read photos/*.jpg",
	.version = 1,
	.params = read_params,
	.params_size = sizeof(struct f_read),
	.out = LEAT_FILE,
	.modes = LEAT_ON_IO,
};
struct f_fetch {
	struct leat_strs urls;
	double rate;
};
static const struct leat_param fetch_params[] = {
	LEAT_P(struct f_fetch, urls, struct leat_strs, LEAT_PT_PATTERNS, "url", NULL, LEAT_POSITIONAL, "what to fetch"),
	LEAT_P(struct f_fetch, rate, double, LEAT_PT_RATE, "rate", NULL, 0, "how many at most"),
	LEAT_P_END,
};
static const struct leat_source f_fetch = {
	.name = "fetch",
	.summary = "fetch files",
	.example = "fetch https://example.org/a.jpg",
	.version = 1,
	.params = fetch_params,
	.params_size = sizeof(struct f_fetch),
	.out = LEAT_FILE,
	.modes = LEAT_ON_IO,
};

struct f_write {
	struct leat_tmpl name;
	int64_t existing, larger, fsync, verify;
	bool replace, keep_times;
	const char *backup, *mode;
};
static const char *const existing[] = {"overwrite", "skip", "update", "fail", NULL};
static const char *const larger[] = {"write", "skip", "original", NULL};
static const char *const fsyncs[] = {"job", "yes", "no", NULL};
static const struct leat_param write_params[] = {
	LEAT_P(struct f_write, name, struct leat_tmpl, LEAT_PT_TEMPLATE, "name", NULL,
	       LEAT_POSITIONAL | LEAT_REQUIRED | LEAT_OWN_PATH, "name of the file"),
	LEAT_P_CHOICE(struct f_write, existing, "existing", "overwrite", existing, 0, "what to do with a file there"),
	LEAT_P_SWITCH(struct f_write, replace, "replace", "no", 0, "may overwrite an input"),
	LEAT_P(struct f_write, backup, const char *, LEAT_PT_TEXT, "backup", "no", 0, "keep the old file"),
	LEAT_P_CHOICE(struct f_write, larger, "larger", "write", larger, 0, "what to do with a larger result"),
	LEAT_P(struct f_write, mode, const char *, LEAT_PT_TEXT, "mode", "0666", 0, "permissions"),
	LEAT_P_SWITCH(struct f_write, keep_times, "keep-times", "no", 0, "keep the input's times"),
	LEAT_P_CHOICE(struct f_write, fsync, "fsync", "job", fsyncs, 0, "durability"),
	LEAT_P_CHOICE(struct f_write, verify, "verify", "job", fsyncs, 0, "read again"),
	LEAT_P_END,
};
static const struct leat_sink f_write = {
	.name = "write",
	.summary = "write files",
	.example = "write out/{stem}.webp",
	.version = 1,
	.params = write_params,
	.params_size = sizeof(struct f_write),
	.in = LEAT_ANY,
	.modes = LEAT_ON_IO,
};

struct f_report {
	const char *csv;
	struct leat_strs fields;
};
static const struct leat_param report_params[] = {
	LEAT_P(struct f_report, csv, const char *, LEAT_PT_PATH, "csv", NULL, 0, "a CSV file"),
	LEAT_P(struct f_report, fields, struct leat_strs, LEAT_PT_FIELDS, "fields", NULL, 0, "its columns"),
	LEAT_P_END,
};
static const struct leat_sink f_report = {
	.name = "report",
	.summary = "one row per item",
	.example = "report csv=out.csv",
	.version = 1,
	.params = report_params,
	.params_size = sizeof(struct f_report),
	.in = LEAT_ANY,
	.modes = LEAT_ON_IO,
	.rows = true,
};

/* ---- ops */

static int rows(void *item, const struct leat_rows *in, struct leat_rows *out, uint32_t y0, uint32_t y1, void *scratch,
		struct leat_err *err)
{
	(void)item, (void)in, (void)out, (void)y0, (void)y1, (void)scratch;
	return leat_fail(err, LEAT_CAUSE_INTERNAL, "frozen");
}

struct f_resize {
	struct leat_pixels size;
	int64_t fit;
};
static const char *const fits[] = {"inside", "cover", "contain", "fill", "outside", NULL};
static const struct leat_param resize_params[] = {
	LEAT_P(struct f_resize, size, struct leat_pixels, LEAT_PT_PIXELS, "size", NULL,
	       LEAT_POSITIONAL | LEAT_REQUIRED | LEAT_ANYPERCENT, "size to fit into"),
	LEAT_P_CHOICE(struct f_resize, fit, "fit", "inside", fits, 0, "how the image fits the size"),
	LEAT_P_END,
};
/* Sizes from 1 to 65535 as written; enough for plans. */
static int resize_shape(const void *params, const struct leat_shape *in, struct leat_shape *out, struct leat_err *err)
{
	const struct f_resize *p = params;
	(void)err;
	*out = *in;
	out->image.width = p->size.width ? p->size.width : in->image.width;
	out->image.height = p->size.height ? p->size.height : in->image.height;
	return 0;
}
static const struct leat_op f_resize = {
	.name = "resize",
	.summary = "change the size",
	.example = "resize 800x600",
	.version = 1,
	.params = resize_params,
	.params_size = sizeof(struct f_resize),
	.in = LEAT_IMAGE,
	.modes = LEAT_ON_CPU,
	.shape = resize_shape,
	.rows = rows,
};

struct f_sharpen {
	double sigma, amount, threshold;
};
static const struct leat_param sharpen_params[] = {
	LEAT_P_REAL(struct f_sharpen, sigma, "sigma", "1", 0.01, 100, "px", 0, "radius"),
	LEAT_P_REAL(struct f_sharpen, amount, "amount", "1", 0, 10, NULL, 0, "strength"),
	LEAT_P_REAL(struct f_sharpen, threshold, "threshold", "0", 0, 1, NULL, 0, "least difference"),
	LEAT_P_END,
};
/* Both or neither, so that a rule between parameters can be seen. */
static int sharpen_check(const void *params, const struct leat_param **which, struct leat_err *err)
{
	const struct f_sharpen *p = params;
	if (p->amount > 5 && p->threshold == 0) {
		*which = &sharpen_params[1];
		return leat_fail(err, LEAT_CAUSE_USAGE, "amount=%g needs a threshold", p->amount);
	}
	return 0;
}
static const struct leat_op f_sharpen = {
	.name = "sharpen",
	.summary = "sharpen",
	.example = "sharpen sigma=1.5",
	.version = 1,
	.params = sharpen_params,
	.params_size = sizeof(struct f_sharpen),
	.in = LEAT_IMAGE,
	.modes = LEAT_ON_CPU,
	.check = sharpen_check,
	.shape = leat_shape_same,
	.rows = rows,
};

struct f_normalize {
	struct leat_range range;
};
static const struct leat_param normalize_params[] = {
	LEAT_P(struct f_normalize, range, struct leat_range, LEAT_PT_RANGE, "range", "0%..100%", 0,
	       "from where to where"),
	LEAT_P_END,
};
static const struct leat_op f_normalize = {
	.name = "normalize",
	.summary = "stretch the values",
	.example = "normalize range=1%..99%",
	.version = 1,
	.params = normalize_params,
	.params_size = sizeof(struct f_normalize),
	.in = LEAT_IMAGE | LEAT_ARRAY | LEAT_TABLE,
	.modes = LEAT_ON_CPU,
	.shape = leat_shape_same,
	.rows = rows,
};

struct f_extend {
	struct leat_pixels size;
	struct leat_color background;
	struct leat_level level;
	struct leat_numbers matrix;
};
static const struct leat_param extend_params[] = {
	LEAT_P(struct f_extend, size, struct leat_pixels, LEAT_PT_PIXELS, "size", NULL, LEAT_POSITIONAL, "new size"),
	LEAT_P(struct f_extend, background, struct leat_color, LEAT_PT_COLOR, "background", NULL, 0, "color"),
	LEAT_P(struct f_extend, level, struct leat_level, LEAT_PT_LEVEL, "level", NULL, 0, "level"),
	LEAT_P(struct f_extend, matrix, struct leat_numbers, LEAT_PT_NUMBERS, "matrix", NULL, 0, "numbers"),
	LEAT_P_END,
};
static const struct leat_op f_extend = {
	.name = "extend",
	.summary = "enlarge",
	.example = "extend 800x800",
	.version = 1,
	.params = extend_params,
	.params_size = sizeof(struct f_extend),
	.in = LEAT_IMAGE,
	.modes = LEAT_ON_CPU,
	.shape = leat_shape_same,
	.rows = rows,
};

static const struct leat_op f_flip = {
	.name = "flip",
	.summary = "top to bottom",
	.example = "flip",
	.version = 1,
	.in = LEAT_IMAGE,
	.modes = LEAT_ON_CPU,
	.shape = leat_shape_same,
	.need = leat_need_all,
	.rows = rows,
};

struct f_matmul {
	struct leat_fileref with;
};
static const struct leat_param matmul_params[] = {
	LEAT_P(struct f_matmul, with, struct leat_fileref, LEAT_PT_FILE, "with", NULL, LEAT_REQUIRED, "second operand"),
	LEAT_P_END,
};
static const struct leat_op f_matmul = {
	.name = "matmul",
	.summary = "matrix product",
	.example = "matmul with=w.npy",
	.version = 1,
	.params = matmul_params,
	.params_size = sizeof(struct f_matmul),
	.in = LEAT_ARRAY | LEAT_TABLE,
	.out = LEAT_ARRAY,
	.modes = LEAT_ON_CPU,
	.rows = rows,
};

struct f_optimize {
	int64_t effort;
};
static const struct leat_param optimize_params[] = {
	LEAT_P_INT(struct f_optimize, effort, "effort", "2", 0, 6, NULL, 0, "effort"),
	LEAT_P_END,
};
static const struct leat_op f_optimize = {
	.name = "png-optimize",
	.summary = "smaller PNG files",
	.example = "png-optimize effort=4",
	.version = 1,
	.params = optimize_params,
	.params_size = sizeof(struct f_optimize),
	.in = LEAT_FILE,
	.out = LEAT_FILE,
	.modes = LEAT_ON_CPU,
};

static void stats_fields(const void *params, unsigned kind, leat_field_fn *fn, void *ctx)
{
	(void)kind; /* the same for all */
	(void)params;
	fn(ctx, "mean", LEAT_V_REAL, "mean of all samples");
	fn(ctx, "std", LEAT_V_REAL, "standard deviation");
}
static const struct leat_op f_stats = {
	.name = "stats",
	.summary = "measure",
	.example = "stats",
	.version = 1,
	.in = LEAT_IMAGE,
	.modes = LEAT_ON_CPU,
	.measures = true,
	.shape = leat_shape_same,
	.rows = rows,
	.fields = stats_fields,
};

struct f_keep {
	struct leat_conditions conditions;
};
static const struct leat_param keep_params[] = {
	LEAT_P(struct f_keep, conditions, struct leat_conditions, LEAT_PT_CONDITIONS, "condition", NULL,
	       LEAT_POSITIONAL | LEAT_REQUIRED, "what must hold"),
	LEAT_P_END,
};
static const struct leat_op f_keep = {
	.name = "keep",
	.summary = "keep items",
	.example = "keep width>=800",
	.version = 1,
	.params = keep_params,
	.params_size = sizeof(struct f_keep),
	.in = LEAT_ANY,
	.modes = LEAT_ON_CPU,
};
static const struct leat_op f_drop = {
	.name = "drop",
	.summary = "drop items",
	.example = "drop width<800",
	.version = 1,
	.params = keep_params,
	.params_size = sizeof(struct f_keep),
	.in = LEAT_ANY,
	.modes = LEAT_ON_CPU,
};

static const struct leat_reduction montage_reduction = {.init = NULL};
struct f_montage {
	int64_t columns;
	struct leat_tmpl label, by;
};
static const struct leat_param montage_params[] = {
	LEAT_P_INT(struct f_montage, columns, "columns", "8", 1, 1000, NULL, 0, "images in a row"),
	LEAT_P(struct f_montage, label, struct leat_tmpl, LEAT_PT_TEMPLATE, "label", NULL, 0, "text below each"),
	LEAT_P(struct f_montage, by, struct leat_tmpl, LEAT_PT_TEMPLATE, "by", NULL, 0, "one sheet for each"),
	LEAT_P_END,
};
static const struct leat_op f_montage = {
	.name = "montage",
	.summary = "many images in one",
	.example = "montage columns=4",
	.version = 1,
	.params = montage_params,
	.params_size = sizeof(struct f_montage),
	.in = LEAT_IMAGE,
	.modes = LEAT_ON_CPU,
	.reduction = &montage_reduction,
};

/* ---- formats */

static int enc_open(struct leat_encoder **e, const void *params, const struct leat_image_shape *shape,
		    const struct leat_meta *meta, struct leat_err *err)
{
	(void)e, (void)params, (void)shape, (void)meta;
	return leat_fail(err, LEAT_CAUSE_INTERNAL, "frozen");
}

struct f_lossy {
	int64_t quality, effort, alpha_quality;
	uint64_t max_bytes;
	bool lossless;
};
static const struct leat_param jpeg_params[] = {
	LEAT_P_INT(struct f_lossy, quality, "quality", "80", 1, 100, NULL, 0, "quality"),
	LEAT_P(struct f_lossy, max_bytes, uint64_t, LEAT_PT_SIZE, "max-bytes", NULL, LEAT_PENDING_OPT,
	       "largest result"),
	LEAT_P_END,
};
static const struct leat_param webp_params[] = {
	LEAT_P_INT(struct f_lossy, quality, "quality", "80", 1, 100, NULL, 0, "quality"),
	LEAT_P_SWITCH(struct f_lossy, lossless, "lossless", "no", 0, "keep every pixel"),
	LEAT_P_INT(struct f_lossy, effort, "effort", "4", 0, 6, NULL, 0, "effort"),
	LEAT_P_INT(struct f_lossy, alpha_quality, "alpha-quality", "100", 0, 100, NULL, 0, "quality of alpha"),
	LEAT_P(struct f_lossy, max_bytes, uint64_t, LEAT_PT_SIZE, "max-bytes", NULL, 0, "largest result"),
	LEAT_P_END,
};

#define EXTENSIONS(id, ...) static const char *const ext_##id[] = {__VA_ARGS__, NULL}
EXTENSIONS(jpeg, "jpg", "jpeg");
EXTENSIONS(png, "png");
EXTENSIONS(webp, "webp");
EXTENSIONS(avif, "avif");
EXTENSIONS(jxl, "jxl");
EXTENSIONS(tiff, "tif", "tiff");
EXTENSIONS(pnm, "pnm", "ppm", "pgm", "pbm");
EXTENSIONS(pam, "pam");
EXTENSIONS(pfm, "pfm");
EXTENSIONS(bmp, "bmp");
EXTENSIONS(qoi, "qoi");
EXTENSIONS(npy, "npy");
EXTENSIONS(npz, "npz");
EXTENSIONS(csv, "csv");
EXTENSIONS(tsv, "tsv");
EXTENSIONS(jsonl, "jsonl");

#define CODEC(id, suf, kind, table)                    \
	static const struct leat_codec c_##id = {      \
		.name = #id,                           \
		.suffix = suf,                         \
		.extensions = ext_##id,                \
		.summary = #id " files",               \
		.version = 1,                          \
		.kinds = kind,                         \
		.modes = LEAT_ON_CPU,                  \
		.enc_open = enc_open,                  \
		.params = table,                       \
		.params_size = sizeof(struct f_lossy), \
	}
CODEC(jpeg, "jpg", LEAT_IMAGE, jpeg_params);
CODEC(png, "png", LEAT_IMAGE, NULL);
CODEC(webp, "webp", LEAT_IMAGE, webp_params);
CODEC(avif, "avif", LEAT_IMAGE, webp_params);
CODEC(jxl, "jxl", LEAT_IMAGE, webp_params);
CODEC(tiff, "tif", LEAT_IMAGE | LEAT_ARRAY, NULL);
CODEC(pnm, "pnm", LEAT_IMAGE, NULL);
CODEC(pam, "pam", LEAT_IMAGE, NULL);
CODEC(pfm, "pfm", LEAT_IMAGE, NULL);
CODEC(bmp, "bmp", LEAT_IMAGE, NULL);
CODEC(qoi, "qoi", LEAT_IMAGE, NULL);
CODEC(npy, "npy", LEAT_ARRAY, NULL);
CODEC(npz, "npz", LEAT_ARRAY, NULL);
CODEC(csv, "csv", LEAT_ARRAY | LEAT_TABLE, NULL);
CODEC(tsv, "tsv", LEAT_ARRAY | LEAT_TABLE, NULL);
CODEC(jsonl, "jsonl", LEAT_ARRAY | LEAT_TABLE, NULL);

/* ---- executors */

static const struct leat_executor_type e_inline = {.name = "inline", .mode = LEAT_ON_INLINE, .summary = "here"};
static const struct leat_executor_type e_threads = {.name = "threads", .mode = LEAT_ON_THREADS, .summary = "threads"};
static const struct leat_executor_type e_processes = {
	.name = "processes", .mode = LEAT_ON_PROCESSES, .summary = "processes"};
static const struct leat_executor_type e_openmp = {.name = "openmp", .mode = LEAT_ON_OPENMP, .summary = "a team"};

static const struct leat_op *const ops[] = {
	&f_resize,   &f_sharpen, &f_normalize, &f_extend, &f_flip,    &f_matmul,
	&f_optimize, &f_stats,   &f_keep,      &f_drop,   &f_montage,
};
static const struct leat_codec *const codecs[] = {
	&c_jpeg, &c_png, &c_webp, &c_avif, &c_jxl, &c_tiff, &c_pnm, &c_pam,
	&c_pfm,  &c_bmp, &c_qoi,  &c_npy,  &c_npz, &c_csv,  &c_tsv, &c_jsonl,
};
static const struct leat_source *const sources[] = {&f_read, &f_fetch};
static const struct leat_sink *const sinks[] = {&f_write, &f_report};
static const struct leat_executor_type *const executors[] = {&e_inline, &e_threads, &e_processes, &e_openmp};

const struct leat_registry leat_frozen_registry = {
	.ops = ops,
	.n_ops = LEAT_LEN(ops),
	.codecs = codecs,
	.n_codecs = LEAT_LEN(codecs),
	.sources = sources,
	.n_sources = LEAT_LEN(sources),
	.sinks = sinks,
	.n_sinks = LEAT_LEN(sinks),
	.executors = executors,
	.n_executors = LEAT_LEN(executors),
};
