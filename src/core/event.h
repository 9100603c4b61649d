/* SPDX-License-Identifier: MIT */
/* Events are public as they are: see leat/event.h. */
#ifndef LEAT_CORE_EVENT_H
#define LEAT_CORE_EVENT_H

#include <leat/event.h>

#endif
