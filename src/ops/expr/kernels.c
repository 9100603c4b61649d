/* SPDX-License-Identifier: MIT */
/* The loops of expressions for every processor, and the choice between them and those for AVX2. */
#define TARGET
#define TABLE leat_expr_loops_plain
#include "ops/expr/kernels_impl.h"

const struct leat_expr_loops *leat_expr_loops(enum leat_cpu level)
{
	return level >= LEAT_CPU_AVX2 ? &leat_expr_loops_avx2 : &leat_expr_loops_plain;
}
