/* SPDX-License-Identifier: MIT */
/* What the processor can do, for kernels that have more than one version. All versions give the same bytes. */
#ifndef LEAT_BASE_CPU_H
#define LEAT_BASE_CPU_H

enum leat_cpu {
	LEAT_CPU_PLAIN, /* plain C; on x86-64 nothing less than LEAT_CPU_BASE is ever chosen */
	LEAT_CPU_BASE, /* what every processor of this kind has: SSE2 on x86-64 */
	LEAT_CPU_AVX2,
	LEAT_CPU_AVX512, /* with its instructions on bytes and words; for the few loops that gain by it */
};

/*
 * The highest level that this processor has; less where the environment says LEAT_CPU=baseline or LEAT_CPU=avx2. Any
 * thread.
 */
enum leat_cpu leat_cpu_level(void);

#endif
