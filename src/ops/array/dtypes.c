/* SPDX-License-Identifier: MIT */
/* See dtypes.h. */
#include "ops/array/dtypes.h"

const char *const leat_dtype_words[] = {
	[LEAT_DT_B1] = "bool",      [LEAT_DT_I1] = "int8",        [LEAT_DT_U1] = "uint8",   [LEAT_DT_I2] = "int16",
	[LEAT_DT_U2] = "uint16",    [LEAT_DT_I4] = "int32",       [LEAT_DT_U4] = "uint32",  [LEAT_DT_I8] = "int64",
	[LEAT_DT_U8] = "uint64",    [LEAT_DT_F2] = "float16",     [LEAT_DT_F4] = "float32", [LEAT_DT_F8] = "float64",
	[LEAT_DT_C8] = "complex64", [LEAT_DT_C16] = "complex128", [LEAT_N_DTYPES] = NULL,
};
