/* SPDX-License-Identifier: MIT */
/*
 * Makes the files that a run wrote durable, many at once: one syncfs() for each file system they went to. A failure is
 * never tried again: the kernel may have dropped the data.
 */
#ifndef LEAT_RUN_RECORD_SYNC_H
#define LEAT_RUN_RECORD_SYNC_H

#include "base/err.h"

#include <pthread.h>

struct leat_record_sync {
	pthread_mutex_t lock;
	struct leat_synced {
		uint64_t dev;
		int fd; /* a folder of it, open since the first file was written there */
		bool dirty;
	} v[16];
	size_t n;
	bool lost; /* a file system could not be taken up: all are synced */
};

void leat_record_sync_init(struct leat_record_sync *s);
void leat_record_sync_free(struct leat_record_sync *s);
/* The file `path` was written, on file system `dev`. Any thread. */
void leat_record_sync_file(struct leat_record_sync *s, const char *path, uint64_t dev);
/* All that was written before is on the disk. -1 with *err (TARGET): it is not. */
int leat_record_sync(struct leat_record_sync *s, struct leat_err *err);

#endif
