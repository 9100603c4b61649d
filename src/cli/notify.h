/* SPDX-License-Identifier: MIT */
/*
 * Tells the service manager that started leat how it goes: the protocol of sd_notify(3), lines in one datagram to the
 * socket that NOTIFY_SOCKET names. Nothing happens without it, and no run depends on it.
 */
#ifndef LEAT_CLI_NOTIFY_H
#define LEAT_CLI_NOTIFY_H

#include <leat/event.h>

/*
 * READY; and from now on WATCHDOG twice in every WATCHDOG_USEC, unless nothing has moved for half an hour: no item
 * may take that long. The variables go out of the environment, so that no program that is started believes they are
 * meant for it.
 */
void notify_begin(void);
/* STATUS, at most once a second: "120 of 4000 items, 3 failed". Callers take turns. */
void notify_event(const struct leat_event *e);
void notify_end(void); /* STOPPING; accepts that nothing was begun */

#endif
