/* SPDX-License-Identifier: MIT */
/* Reading the file behind an entry: the very file that was listed, whole, or not at all. */
#ifndef LEAT_IO_ENTRY_H
#define LEAT_IO_ENTRY_H

#include "core/bytes.h"
#include "core/item.h"

/*
 * The whole file. follow: links below the entry's root may lead anywhere. Causes: NOT_FOUND vanished, CHANGED
 * another file, size or time than listed or a change while it was read, PERMISSION, SPECIAL, IO, MEMORY. Never
 * maps memory, never opens a FIFO or device. Any thread.
 */
int leat_entry_read(const struct leat_entry *e, bool follow, struct leat_bytes **out, struct leat_err *err);

/* Its first n bytes: *got of them; *whole: that is all of it. Otherwise as leat_entry_read. */
int leat_entry_peek(const struct leat_entry *e, bool follow, uint8_t *buf, size_t n, size_t *got, bool *whole,
		    struct leat_err *err);

/* The same, and asks the system to read the rest of the file ahead. */
int leat_entry_begin(const struct leat_entry *e, bool follow, uint8_t *buf, size_t n, size_t *got, bool *whole,
		     struct leat_err *err);

/* As leat_entry_read, to memory of e->size bytes. */
int leat_entry_into(const struct leat_entry *e, bool follow, uint8_t *to, struct leat_err *err);

/* As struct leat_source has them: piece by piece. */
struct leat_reading;
int leat_entry_open(const struct leat_entry *e, bool follow, struct leat_reading **r, struct leat_err *err);
int leat_entry_next(struct leat_reading *r, uint8_t *buf, size_t n, size_t *got, struct leat_err *err);
int leat_entry_unchanged(struct leat_reading *r, struct leat_err *err);
void leat_entry_close(struct leat_reading **r);

#endif
