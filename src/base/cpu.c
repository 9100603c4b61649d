/* SPDX-License-Identifier: MIT */
/* What the processor can do. See cpu.h. */
#include "base/cpu.h"

#include <stdbool.h>
#include <stdlib.h>
#include <string.h>

enum leat_cpu leat_cpu_level(void)
{
#if defined(__x86_64__)
	const char *word = getenv("LEAT_CPU");
	bool least = word && strcmp(word, "baseline") == 0, less = word && strcmp(word, "avx2") == 0;
	if (!least && !less && __builtin_cpu_supports("avx512bw"))
		return LEAT_CPU_AVX512;
	if (!least && __builtin_cpu_supports("avx2"))
		return LEAT_CPU_AVX2;
#endif
	return LEAT_CPU_BASE;
}
