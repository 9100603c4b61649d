/* SPDX-License-Identifier: MIT */
/* The choices of dtype= of steps that make numbers: in the order of enum leat_dtype. */
#ifndef LEAT_OPS_ARRAY_DTYPES_H
#define LEAT_OPS_ARRAY_DTYPES_H

#include "core/array.h"

extern const char *const leat_dtype_words[]; /* NULL-terminated; index: enum leat_dtype */

#endif
