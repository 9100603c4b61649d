/* SPDX-License-Identifier: MIT */
/* The page of a report as it stands in page.html. */
#ifndef LEAT_REPORT_PAGE_H
#define LEAT_REPORT_PAGE_H

#include <stdint.h>

extern const char leat_page[];
extern const uint64_t leat_page_bytes;

#endif
