/* SPDX-License-Identifier: MIT */
/* What the files behind <leat/executor.h> share. */
#ifndef LEAT_API_FUTURES_H
#define LEAT_API_FUTURES_H

#include "flow/future.h"

#include <leat/executor.h>

#endif
