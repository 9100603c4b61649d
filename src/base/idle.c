/* SPDX-License-Identifier: MIT */
#include "base/idle.h"

/* LLVM's; libgomp has no such function. */
extern void kmp_set_blocktime(int ms) __attribute__((weak));

void leat_idle_team_sleeps(void)
{
	if (kmp_set_blocktime)
		kmp_set_blocktime(0);
}
