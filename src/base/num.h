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

/* Number + B KB MB GB TB (1000) or KiB MiB GiB TiB (1024), bytes. */
bool leat_parse_size(const char *s, size_t n, uint64_t *out);

/* 1d 2h 30m 5s 500ms combined, in nanoseconds. */
bool leat_parse_duration(const char *s, size_t n, int64_t *out);

/* "1 204": digits grouped by blanks as all messages write them. buf must hold 32 bytes; returns buf. */
char *leat_group_digits(uint64_t v, char buf[static 32]);

/* "64MiB", "1.5 GiB"-style short size for people: three significant digits, binary units. buf of 32 bytes; returns buf. */
char *leat_human_size(uint64_t bytes, char buf[static 32]);

/* "1h02m", "3.2s", "40ms" for people. buf of 32 bytes; returns buf. */
char *leat_human_time(double seconds, char buf[static 32]);

#endif
