/* SPDX-License-Identifier: MIT */
/*
 * Tells the service manager that started leat how it goes: the protocol of sd_notify(3), lines in one datagram to the socket
 * that NOTIFY_SOCKET names. Nothing happens without it. No message of this is ever needed for a run to go on.
 */
#ifndef LEAT_CLI_NOTIFY_H
#define LEAT_CLI_NOTIFY_H

#include <leat/event.h>

/*
 * READY, and from now on WATCHDOG twice in every WATCHDOG_USEC, by a thread of its own, as long as the run moves or has less
 * than `LEAT_STILL` seconds without a sign of life. Takes the variables out of the environment, so that no program
 * that is started believes that it is meant.
 */
void notify_begin(void);
/* What the manager shows: "120 of 4 000 items, 3 failed". At most once a second. */
void notify_event(const struct leat_event *e);
void notify_end(void); /* STOPPING */

#endif
