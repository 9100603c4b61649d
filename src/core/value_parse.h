/* SPDX-License-Identifier: MIT */
/* Between the files that parse values; nobody else includes it. The way in is paramvalue.h. */
#ifndef LEAT_CORE_VALUE_PARSE_H
#define LEAT_CORE_VALUE_PARSE_H

#include "core/paramvalue.h"

/* One value being parsed. */
struct leat_vp {
	const struct leat_param *p;
	const char *s;
	size_t n;
	struct leat_arena *a;
	struct leat_value_error *e;
};

/* Starts the error: code and message. Returns -1, so that parsers can end with it. */
int leat_vp_fail(struct leat_vp *v, int code, const char *fmt, ...) LEAT_PRINTF(3, 4);
/* As leat_vp_fail after it: sets the label, adds a help line. Return -1. */
int leat_vp_label(struct leat_vp *v, const char *fmt, ...) LEAT_PRINTF(2, 3);
int leat_vp_help(struct leat_vp *v, const char *fmt, ...) LEAT_PRINTF(2, 3);

/* E043: "quality=820 is out of range", or "'820' is out of range" for a positional; label "quality is WHAT". */
int leat_vp_out_of_range(struct leat_vp *v, const char *what);

/* The value without its blanks and with every ',' as '.', in the arena. NULL when memory is out. */
char *leat_vp_unblank(struct leat_vp *v);
char *leat_vp_point(struct leat_vp *v);

/* Length of the number ([+-]digits[.digits]) that the text begins with; 0: none. */
size_t leat_vp_number(const char *s, size_t n);

/* "N%" as a fraction (50% = 0.5). False: it is something else. */
bool leat_vp_percent(const char *s, size_t n, double *out);

/* One parser a type: 0, or -1 with the error filled; *out is written on success only. */
int leat_vp_int(struct leat_vp *v, int64_t *out);
int leat_vp_real(struct leat_vp *v, double *out);
int leat_vp_size(struct leat_vp *v, uint64_t *out);
int leat_vp_memory(struct leat_vp *v, struct leat_memory_opt *out);
int leat_vp_queue(struct leat_vp *v, struct leat_queue_opt *out);
int leat_vp_workers(struct leat_vp *v, struct leat_workers *out);
int leat_vp_duration(struct leat_vp *v, int64_t *out);
int leat_vp_time_of_day(struct leat_vp *v, int64_t *out);
int leat_vp_fraction(struct leat_vp *v, double *out);
int leat_vp_rate(struct leat_vp *v, double *out);
int leat_vp_level(struct leat_vp *v, struct leat_level *out);
int leat_vp_pixel_count(struct leat_vp *v, uint64_t *out);
int leat_vp_range(struct leat_vp *v, struct leat_range *out);
int leat_vp_pixels(struct leat_vp *v, struct leat_pixels *out);
int leat_vp_color(struct leat_vp *v, struct leat_color *out);
int leat_vp_switch(struct leat_vp *v, bool *out);
int leat_vp_choice(struct leat_vp *v, int64_t *out);
int leat_vp_flags(struct leat_vp *v, uint64_t *out);
int leat_vp_numbers(struct leat_vp *v, struct leat_numbers *out);
int leat_vp_strings(struct leat_vp *v, struct leat_strs *out);

#endif
