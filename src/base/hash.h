/* SPDX-License-Identifier: MIT */
/*
 * Are these the same bytes as then? A fast hash of 128 bits (XXH3): it tells changes, it is no proof against somebody
 * who makes two files with one hash on purpose. Thread safe.
 */
#ifndef LEAT_BASE_HASH_H
#define LEAT_BASE_HASH_H

#include <stddef.h>
#include <stdint.h>

enum { LEAT_HASH = 16 };

void leat_hash(const void *data, size_t n, uint8_t out[static LEAT_HASH]);
/* For tables: of a text, 64 bits. */
uint64_t leat_hash_text(const char *s);

#endif
