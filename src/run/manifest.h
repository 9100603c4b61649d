/* SPDX-License-Identifier: MIT */
/*
 * `manifest=sha256`: after a run, all files that the ledger knows as outputs of inputs that are there, with their
 * SHA-256, in the file manifest.sha256 beside the report: lines as sha256sum writes and checks them, by path. Names
 * below the folder of the recipe are relative to it. What has been hashed once is not read again until it is made anew.
 */
#ifndef LEAT_RUN_MANIFEST_H
#define LEAT_RUN_MANIFEST_H

#include "run/engine.h"

/* Writes it, where the job asks for one. The recorder is closed. 0, or -1 with *err. */
int leat_manifest(struct leat_run *r, struct leat_err *err);

#endif
