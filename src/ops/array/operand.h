/* SPDX-License-Identifier: MIT */
/* The second operand of a step: the numbers of a file, read once by each worker. Thread safe. */
#ifndef LEAT_OPS_ARRAY_OPERAND_H
#define LEAT_OPS_ARRAY_OPERAND_H

#include "core/op.h"

/*
 * open() and close() of steps whose parameters begin with a leat_fileref: the state is the content of its file as
 * float64 in C order (struct leat_array). -1 with *err.
 */
int leat_operand_open(const struct leat_op_open *o, void **state, struct leat_err *err);
void leat_operand_close(void *state);

#endif
