/* SPDX-License-Identifier: MIT */
/*
 * One parameter table serves everything: ops, codecs, executors, job lines and command-line options are rows of
 * struct leat_param. Binding, messages, help, man pages, schema and completion are made from them.
 *
 *	struct blur { double sigma; int64_t edge; };
 *	static const struct leat_param params[] = {
 *		LEAT_P_REAL(struct blur, sigma, "sigma", NULL, 0.01, 1000, "px", LEAT_POSITIONAL | LEAT_REQUIRED,
 *		            "standard deviation of the Gaussian"),
 *		LEAT_P_CHOICE(struct blur, edge, "edge", "nearest", edges, 0, "border rule"),
 *		LEAT_P_END };
 *
 * The value type in the struct is fixed by the row macro and checked at compile time with _Generic.
 * Defaults are text, exactly as a user would write them, and parsed by the same parser; NULL means: stays zero,
 * and `given` in leat_bound tells that it was not written.
 */
#ifndef LEAT_CORE_PARAM_H
#define LEAT_CORE_PARAM_H

#include "core/item.h"
#include "core/template.h"

/* clang-format off */
enum leat_ptype { /* language 6.4        C type in the params struct */
	LEAT_PT_END,
	LEAT_PT_INT,       /* whole number      int64_t */
	LEAT_PT_OPTINT,    /* whole number      struct leat_optint: where 0 and "not written" differ */
	LEAT_PT_REAL,      /* number            double */
	LEAT_PT_SWITCH,    /* yes no            bool */
	LEAT_PT_CHOICE,    /* one word          int64_t (index into choices) */
	LEAT_PT_FLAGS,     /* words, commas     uint64_t (bit i = choices[i]) */
	LEAT_PT_SIZE,      /* bytes             uint64_t */
	LEAT_PT_DURATION,  /* time              int64_t nanoseconds */
	LEAT_PT_RATE,      /* N/s N/m N/h       double, per second */
	LEAT_PT_PERCENT,   /* N%                double (50% = 0.5) */
	LEAT_PT_PIXELS,    /* 800x600 800x N%   struct leat_pixels */
	LEAT_PT_RANGE,     /* a..b              struct leat_range */
	LEAT_PT_COLOR,     /* #rgb, names       struct leat_color */
	LEAT_PT_PIXCOUNT,  /* 268MP             uint64_t */
	LEAT_PT_LEVEL,     /* N% or raw         struct leat_level */
	LEAT_PT_NUMBERS,   /* 1,0,0,1           struct leat_numbers */
	LEAT_PT_TIMEOFDAY, /* HH:MM             int64_t seconds after midnight */
	LEAT_PT_PATH,      /* one path          const char * (absolute) */
	LEAT_PT_FILE,      /* a file whose content the step uses   struct leat_fileref */
	LEAT_PT_PATTERNS,  /* paths, patterns   struct leat_strs (each absolute; one or more words) */
	LEAT_PT_TEMPLATE,  /* {field} text      struct leat_tmpl */
	LEAT_PT_CONDITIONS,/* FIELD OP VALUE …  struct leat_conditions (one or more words) */
	LEAT_PT_TEXT,      /* anything          const char * */
	LEAT_PT_WORKERS,   /* N, N%, auto       struct leat_workers */
	LEAT_PT_QUEUE,     /* N or size, auto   struct leat_queue_opt */
	LEAT_PT_FIELDS,    /* field names       struct leat_strs */
	LEAT_PT_WORDS,     /* list of words     struct leat_strs */
	LEAT_PT_MEMORY,    /* size or N%        struct leat_memory_opt */
	LEAT_PT_ARGS,      /* words             struct leat_strs (each as it is; any number of words) */
};
/* clang-format on */

struct leat_optint {
	int64_t v; /* 0 unless given */
	bool given;
};
struct leat_pixels { /* 0 = this side is free; percent > 0 instead of sides */
	uint32_t width, height;
	double percent; /* 0.5 for 50% */
};
struct leat_range {
	double a, b; /* a < b; 0..1 when percent */
	bool percent;
};
struct leat_color {
	uint8_t r, g, b, a;
	bool given; /* false where the default "depends" (transparent / #ffffff) */
};
struct leat_level {
	double v; /* 0..1 when percent, else a raw sample value */
	bool percent;
};
struct leat_numbers {
	const double *v;
	size_t n;
};
struct leat_strs {
	const char **v;
	size_t n;
};
struct leat_tmpl {
	const char *text; /* path templates: absolute, literal beginning made absolute by the place it was written */
	const char *shown; /* as written, for messages and plan */
	struct leat_template *t;
};
struct leat_condition;
struct leat_conditions {
	struct leat_condition **v;
	size_t n;
};
struct leat_workers { /* all zero: auto */
	int64_t n; /* > 0: that many */
	double percent; /* > 0: of the cores */
};
struct leat_queue_opt { /* all zero: auto */
	uint64_t items;
	uint64_t bytes;
};
struct leat_memory_opt { /* all zero: not given */
	uint64_t bytes;
	double percent; /* > 0: of what this process may use; 0.5 for 50% */
};
struct leat_fileref {
	const char *path; /* absolute; NULL when not given, or a word stands there */
	int resource; /* index into leat_op_open.resources, -1 when not given */
	int word; /* 1 + index of the choices that the parameter allows instead of a path; 0: a path */
	struct leat_numbers numbers; /* a list that stands there instead of a path (LEAT_OR_NUMBERS); n 0: a path */
};

/* leat_param.flags */
enum {
	LEAT_POSITIONAL = 1, /* has no KEY=; positionals come in table order */
	LEAT_REQUIRED = 2,
	LEAT_HIDDEN = 4, /* not in help: for tests */
	LEAT_OWN_PATH = 8, /* TEMPLATE: names a file or folder (made absolute, wildcards refused) */
	LEAT_ANYPERCENT = 16, /* PIXELS: "50%" is allowed */
	LEAT_PENDING_OPT = 32, /* in the language, not built yet: given by the user it is refused with a message */
	LEAT_NOT_WORK = 64, /* how, not what: another value makes the same outputs */
	LEAT_OR_NUMBERS = 128, /* FILE: a list of numbers may stand there instead */
};

struct leat_param {
	const char *name;
	enum leat_ptype type;
	size_t offset;
	int64_t imin, imax; /* INT, OPTINT; both 0: no bound */
	double rmin, rmax; /* REAL; both 0: no bound */
	const char *dflt; /* text, or NULL */
	const char *const *choices; /* CHOICE, FLAGS: NULL-terminated; FILE: words instead of a path */
	const char *unit; /* "px", "degrees", NULL */
	const char *word; /* REAL, RANGE: may be written instead and gives NaN, or a range of a = b = 0; NULL: none */
	unsigned flags;
	const char *doc; /* one sentence, lower case start, no full stop */
};

#define LEAT_OFF_(S, f, T) _Generic(((S *)0)->f, T : offsetof(S, f))
#define LEAT_P_INT(S, f, nm, df, lo, hi, un, fl, dc)                                                         \
	{                                                                                                    \
		.name = nm, .type = LEAT_PT_INT, .offset = LEAT_OFF_(S, f, int64_t), .imin = lo, .imax = hi, \
		.dflt = df, .unit = un, .flags = fl, .doc = dc                                               \
	}
#define LEAT_P_OPTINT(S, f, nm, lo, hi, un, fl, dc)                                                            \
	{                                                                                                      \
		.name = nm, .type = LEAT_PT_OPTINT, .offset = LEAT_OFF_(S, f, struct leat_optint), .imin = lo, \
		.imax = hi, .unit = un, .flags = fl, .doc = dc                                                 \
	}
#define LEAT_P_REAL(S, f, nm, df, lo, hi, un, fl, dc)                                                        \
	{                                                                                                    \
		.name = nm, .type = LEAT_PT_REAL, .offset = LEAT_OFF_(S, f, double), .rmin = lo, .rmax = hi, \
		.dflt = df, .unit = un, .flags = fl, .doc = dc                                               \
	}
/* A number, or this word: NaN. */
#define LEAT_P_REAL_OR(S, f, nm, df, wd, dc)                                                                           \
	{                                                                                                              \
		.name = nm, .type = LEAT_PT_REAL, .offset = LEAT_OFF_(S, f, double), .dflt = df, .word = wd, .doc = dc \
	}
/* A range, or this word: a = b = 0. */
#define LEAT_P_RANGE_OR(S, f, nm, df, wd, dc)                                                                \
	{                                                                                                    \
		.name = nm, .type = LEAT_PT_RANGE, .offset = LEAT_OFF_(S, f, struct leat_range), .dflt = df, \
		.word = wd, .doc = dc                                                                        \
	}
#define LEAT_P_SWITCH(S, f, nm, df, fl, dc)                                                                   \
	{                                                                                                     \
		.name = nm, .type = LEAT_PT_SWITCH, .offset = LEAT_OFF_(S, f, bool), .dflt = df, .flags = fl, \
		.doc = dc                                                                                     \
	}
#define LEAT_P_CHOICE(S, f, nm, df, ch, fl, dc)                                                                    \
	{                                                                                                          \
		.name = nm, .type = LEAT_PT_CHOICE, .offset = LEAT_OFF_(S, f, int64_t), .dflt = df, .choices = ch, \
		.flags = fl, .doc = dc                                                                             \
	}
#define LEAT_P_FLAGS(S, f, nm, df, ch, fl, dc)                                                                     \
	{                                                                                                          \
		.name = nm, .type = LEAT_PT_FLAGS, .offset = LEAT_OFF_(S, f, uint64_t), .dflt = df, .choices = ch, \
		.flags = fl, .doc = dc                                                                             \
	}
/* Every other type: LEAT_P(struct blur, size, struct leat_pixels, LEAT_PT_PIXELS, "size", "800x600", flags, "doc") */
#define LEAT_P(S, f, CT, pt, nm, df, fl, dc)                                                              \
	{                                                                                                 \
		.name = nm, .type = pt, .offset = LEAT_OFF_(S, f, CT), .dflt = df, .flags = fl, .doc = dc \
	}
#define LEAT_P_END                                \
	{                                         \
		.name = NULL, .type = LEAT_PT_END \
	}

/* Number of rows before the end row; NULL has none. */
size_t leat_param_count(const struct leat_param *table);
/* Row by name, or NULL. Positionals are not found by name. */
const struct leat_param *leat_param_find(const struct leat_param *table, const char *name);

#endif
