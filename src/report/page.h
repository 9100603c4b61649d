/* SPDX-License-Identifier: MIT */
/* The page of a report as it stands in page.html. */
#ifndef LEAT_REPORT_PAGE_H
#define LEAT_REPORT_PAGE_H

extern const char leat_page[], leat_page_end[]; /* one behind the other */

#endif
