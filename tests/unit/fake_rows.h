/* SPDX-License-Identifier: MIT */
/*
 * Made-up steps and a made-up codec for tests of how rows move: every kind of need(), cheap sums as
 * kernels, and failures on demand. They check by themselves that rows come in order and inside their
 * windows.
 */
#ifndef LEAT_TESTS_FAKE_ROWS_H
#define LEAT_TESTS_FAKE_ROWS_H

#include "core/cancel.h"
#include "core/codec.h"
#include "core/op.h"

enum { FAKE_NEVER = -1 };

struct fake_params {
	int64_t n; /* reach of smear and edge, rows of border */
	int64_t fail_at; /* the call that makes this row fails; FAKE_NEVER */
	bool fail_all; /* every row from fail_at on fails, some calls later than others; each names its first bad row */
	bool fail_end;
	struct leat_cancel *raise; /* raised when this row is made */
	int64_t raise_at;
};

/* Counts of what happened, of all fake ops together. Reset by the test. */
struct fake_counts {
	atomic_int begun, ended, ended_with_fields, calls, in_place;
};
extern struct fake_counts fake_counts;

/*
 * smear: n rows above and below. turn: upside down, needs all. shrink: a tenth as high, overlapping.
 * enlarge: three times as high. border: n rows above and below made of nothing. jump: whole blocks of
 * 97 rows, later more. tint: point, may work in place. widen: point, more channels. sum: measures rows.
 * edge: measures with neighbors. backward: need() goes back, a bug.
 */
extern const struct leat_op fake_smear, fake_turn, fake_shrink, fake_enlarge, fake_border, fake_jump, fake_tint,
	fake_widen, fake_sum, fake_edge, fake_backward, fake_simple;

struct leat_decoder {
	const struct leat_image *from;
	uint32_t next;
	int64_t fail_at; /* row, or FAKE_NEVER */
	bool fail_finish;
	int *closed; /* counted here, or NULL */
	bool finished;
};
/* A decoder on the heap over an image, which must live longer. */
struct leat_decoder *fake_decoder(const struct leat_image *im);

struct fake_enc_params {
	int64_t fail_at; /* FAKE_NEVER */
	bool fail_open, fail_finish;
};
/* Its encoder writes packed rows one behind the other. */
extern const struct leat_codec fake_codec;

/* An image of random bytes; no float. */
struct leat_image *fake_image(uint32_t width, uint32_t height, unsigned channels, uint64_t *seed);
uint32_t fake_random(uint64_t *seed);

#endif
