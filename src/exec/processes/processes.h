/* SPDX-License-Identifier: MIT */
/* on=processes: what it offers beside the executor contract. */
#ifndef LEAT_EXEC_PROCESSES_H
#define LEAT_EXEC_PROCESSES_H

#include "core/executor.h"

/*
 * Starts one worker that locks itself down, says what is in force and ends: what `plan` and `version` tell
 * of this machine. The program must answer leat_worker_wanted(). path as opts.worker_path. -1 with *err
 * when no worker can live, or when `require` is not met.
 */
int leat_processes_probe(const char *path, enum leat_isolate isolate, struct leat_protection *out,
			 struct leat_err *err);

#endif
