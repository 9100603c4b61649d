/* SPDX-License-Identifier: MIT */
/* The bytes of page.html, taken in by the assembler: the page stays a file that people can read and try. */
#include "report/page.h"

__asm__(".pushsection .rodata\n"
	".global leat_page\n"
	".hidden leat_page\n"
	"leat_page:\n"
	".incbin \"src/report/page.html\"\n"
	".Lend_of_page:\n"
	".balign 8\n"
	".global leat_page_bytes\n"
	".hidden leat_page_bytes\n"
	"leat_page_bytes:\n"
	".quad .Lend_of_page - leat_page\n"
	".popsection\n");
