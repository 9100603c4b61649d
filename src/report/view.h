/* SPDX-License-Identifier: MIT */
/* A report as the values that page.html shows: every text ready for the eye. Private to this room. */
#ifndef LEAT_REPORT_VIEW_H
#define LEAT_REPORT_VIEW_H

#include "report/morning.h"

#include <jansson.h>

/* Sets a text with what could hide or mislead written out (base/text.h); the page escapes it once more. */
void leat_view_text(json_t *to, const char *name, const char *s);
void leat_view_textf(json_t *to, const char *name, const char *fmt, ...) LEAT_PRINTF(3, 4);

void leat_view_head(json_t *v, const struct leat_morning *m); /* view_head.c: verdict, totals */
void leat_view_changes(json_t *v, const struct leat_morning *m); /* view_lists.c: changes, failures, slowest, notices */
void leat_view_lists(json_t *v, const struct leat_morning *m);
void leat_view_time(json_t *v, const struct leat_morning *m); /* view_time.c: steps, workers, the timeline */

/* "2026-01-31 02:30", local time. buf of 32 bytes; returns it. */
char *leat_view_when(int64_t ns, char *buf);
/* How it went in one line: "11 998 of 12 000 items done, 2 failed in 5m12s". */
void leat_view_headline(const struct leat_morning *m, struct leat_buf *out);

#endif
