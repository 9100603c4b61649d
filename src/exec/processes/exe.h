/* SPDX-License-Identifier: MIT */
/*
 * Which program this is: a descriptor that starts the same one again, and an id that tells two builds
 * apart.
 */
#ifndef LEAT_EXEC_EXE_H
#define LEAT_EXEC_EXE_H

#include "exec/processes/wire.h"
#include "base/err.h"

/*
 * A descriptor (close-on-exec, 10 or higher) of the program to start: `path`, or where NULL this running
 * program, which stays the same even if its file is replaced. The caller closes it. -1 with *err.
 */
int leat_exe_open(const char *path, struct leat_err *err);

/*
 * The id of this running program: its version, the checksum of the sources it was made from, and (where `own`: parent
 * and worker are one program) the linker's build id, or without one its file's size and time.
 */
void leat_exe_build(bool own, uint8_t id[static LEAT_BUILD_ID]);

#endif
