/* SPDX-License-Identifier: MIT */
/* What the processor can do. See cpu.h. */
#include "base/cpu.h"

#include <stdlib.h>
#include <string.h>

enum leat_cpu leat_cpu_level(void)
{
#if defined(__x86_64__)
	const char *word = getenv("LEAT_CPU");
	if (__builtin_cpu_supports("avx2") && !(word && strcmp(word, "baseline") == 0))
		return LEAT_CPU_AVX2;
#endif
	return LEAT_CPU_BASE;
}
