/* SPDX-License-Identifier: MIT */
/* Numbers from text, whole text or nothing, locale-independent. The only place where strtol and friends may stand. */
#ifndef LEAT_BASE_NUM_H
#define LEAT_BASE_NUM_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/* [+-]?digits, decimal only ("010" is 10). False when the text of n bytes is anything else or does not fit. */
bool leat_parse_int(const char *s, size_t n, int64_t *out);

/* [+-]?digits[.digits][e[+-]digits], decimal point whatever the locale; no inf, nan, hex. */
bool leat_parse_real(const char *s, size_t n, double *out);

/*
 * As numbers stand in files: as leat_parse_real, also ".5" and "5."; too large is infinite. Rounded to nearest, ties to
 * even.
 */
bool leat_read_real(const char *s, size_t n, double *out);

/*
 * The same of the longest number at the beginning of [s, end), `point` standing before its fraction: returns where the
 * number ends, NULL where there is none. At most one double is nearest: the last bit is right, whatever the length.
 */
const char *leat_scan_real(const char *s, const char *end, char point, double *out);

/*
 * Number + B KB MB GB TB (1000) or KiB MiB GiB TiB (1024), bytes. The number may have a fraction ("1.5GiB",
 * rounded down).
 */
bool leat_parse_size(const char *s, size_t n, uint64_t *out);

/* 1d 2h 30m 5s 500ms combined from large to small ("1h30m", "0.5s"), in nanoseconds. */
bool leat_parse_duration(const char *s, size_t n, int64_t *out);

/*
 * A moment in local time: 2026-01-31, 2026-01-31T02:30 or 2026-01-31T02:30:05 (a blank may stand for the T), as
 * nanoseconds since the epoch in *ns; *unit: how long the written moment lasts (a day, a minute, a second), so
 * that "=" can mean "within".
 */
bool leat_parse_moment(const char *s, size_t n, int64_t *ns, int64_t *unit);

/*
 * The number with the fewest digits that read back as the same double; decimal point whatever the locale;
 * "nan", "inf", "-inf". buf of 32 bytes; returns buf.
 */
char *leat_print_real(double v, char buf[static 32]);

/* The same of a float: the fewest digits that read back as the same float. */
char *leat_print_float(float v, char buf[static 32]);

/* As these two, for what writes many: where the text ends; no NUL behind it. At least 32 bytes at buf. */
char *leat_put_real(double v, char *buf);
char *leat_put_float(float v, char *buf);
/* The same of whole numbers. */
char *leat_put_uint(uint64_t v, char *buf);
char *leat_put_int(int64_t v, char *buf);

/*
 * v rounded to `digits` (0 to 17) places behind the decimal point, whatever the locale. buf of 352 bytes;
 * returns buf.
 */
char *leat_print_fixed(double v, int digits, char buf[static 352]);

/* The same in printf's styles: 'f', 'e' or 'g', whatever the locale. */
char *leat_print_style(double v, char style, int digits, char buf[static 352]);

/* "1 204": digits grouped by blanks as all messages write them. buf must hold 32 bytes; returns buf. */
char *leat_group_digits(uint64_t v, char buf[static 32]);

/*
 * "64 MiB", "9.7 GiB", "310 MiB", "17 B": a short size for people, binary units, at most three or four digits.
 * buf of 32 bytes; returns buf.
 */
char *leat_human_size(uint64_t bytes, char buf[static 32]);

/* "1h02m", "2m05s", "3.2s", "40ms", "85us" for people. buf of 32 bytes; returns buf. */
char *leat_human_time(double seconds, char buf[static 32]);

#endif
