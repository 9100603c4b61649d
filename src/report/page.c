/* SPDX-License-Identifier: MIT */
/* The bytes of page.html, taken in by the assembler: the page stays a file that people can read and try. */
#include "report/page.h"

__asm__(".pushsection .rodata\n"
	".global leat_page\n"
	".hidden leat_page\n"
	"leat_page:\n"
	".incbin \"src/report/page.html\"\n"
	".global leat_page_end\n"
	".hidden leat_page_end\n"
	"leat_page_end:\n"
	".byte 0\n"
	".popsection\n");
