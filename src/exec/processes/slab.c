/* SPDX-License-Identifier: MIT */
/* Sparse sealed memfds. See slab.h. */
#include "exec/processes/slab.h"

#include "base/mem.h"

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include <unistd.h>

enum { STEP = 1 << 16 }; /* pages are asked for in pieces of at least this */

int leat_slab_open(struct leat_slab *s, const char *name, size_t size, bool writable, struct leat_err *err)
{
	*s = (struct leat_slab){.size = size, .fd = memfd_create(name, MFD_CLOEXEC | MFD_ALLOW_SEALING)};
	if (s->fd < 0)
		return leat_fail_sys(err, LEAT_CAUSE_LIMIT, errno, "cannot make shared memory for a worker");
	if (ftruncate(s->fd, (off_t)size) == 0 &&
	    fcntl(s->fd, F_ADD_SEALS, F_SEAL_SHRINK | F_SEAL_GROW | F_SEAL_SEAL) == 0) {
		void *map = mmap(NULL, size, writable ? PROT_READ | PROT_WRITE : PROT_READ, MAP_SHARED, s->fd, 0);
		s->map = map == MAP_FAILED ? NULL : map;
	}
	if (s->map)
		return 0;
	leat_fail_sys(err, LEAT_CAUSE_MEMORY, errno, "cannot map %zu bytes of shared memory", size);
	leat_slab_close(s);
	return -1;
}

/*
 * Much at once gets its pages and its place in this process's tables by one call: what is written then meets no fault
 * at every page of it. False: it has to be done the other way.
 */
static bool populate(const struct leat_slab *s, size_t to)
{
#ifdef MADV_POPULATE_WRITE
	enum { MUCH = 1 << 20 };
	return to - s->backed >= MUCH && madvise(s->map + s->backed, to - s->backed, MADV_POPULATE_WRITE) == 0;
#else
	(void)s, (void)to; /* older systems */
	return false;
#endif
}

int leat_slab_back(struct leat_slab *s, size_t end, struct leat_err *err)
{
	if (end <= s->backed)
		return 0;
	size_t to = leat_size_add(end, STEP - 1) & ~(size_t)(STEP - 1);
	if (to > s->size)
		to = s->size;
	if (populate(s, to)) {
		s->backed = to;
		return 0;
	}
	while (fallocate(s->fd, 0, (off_t)s->backed, (off_t)(to - s->backed)) < 0)
		if (errno != EINTR)
			return leat_fail_sys(err, LEAT_CAUSE_MEMORY, errno,
					     "no memory for %zu bytes shared with a worker", end);
	s->backed = to;
	return 0;
}

void leat_slab_trim(struct leat_slab *s, size_t keep)
{
	keep = leat_size_add(keep, STEP - 1) & ~(size_t)(STEP - 1);
	if (keep >= s->size)
		return;
	/* All of it: a worker may have put pages where it was not told to. */
	if (fallocate(s->fd, FALLOC_FL_PUNCH_HOLE | FALLOC_FL_KEEP_SIZE, (off_t)keep, (off_t)(s->size - keep)) == 0 &&
	    s->backed > keep)
		s->backed = keep;
}

uint64_t leat_slab_taken(const struct leat_slab *s)
{
	struct stat st;
	return fstat(s->fd, &st) == 0 ? (uint64_t)st.st_blocks * 512 : 0;
}

static int reopen(int fd, struct leat_err *err)
{
	char path[32];
	snprintf(path, sizeof path, "/proc/self/fd/%d", fd);
	int ro = open(path, O_RDONLY | O_CLOEXEC);
	if (ro < 0)
		leat_fail_sys(err, LEAT_CAUSE_IO, errno, "cannot open shared memory read-only");
	return ro;
}

int leat_slab_readonly(const struct leat_slab *s, struct leat_err *err)
{
	return reopen(s->fd, err);
}

void leat_slab_close(struct leat_slab *s)
{
	if (s->map)
		munmap(s->map, s->size);
	if (s->fd >= 0)
		close(s->fd);
	*s = (struct leat_slab){.fd = -1};
}

int leat_slab_of_bytes(const void *data, size_t len, struct leat_err *err)
{
	int fd = memfd_create("leat-program", MFD_CLOEXEC | MFD_ALLOW_SEALING), ro = -1;
	const uint8_t *at = data;
	size_t left = len;
	ssize_t put = 0;
	while (fd >= 0 && left && (put = write(fd, at, left)) > 0) {
		at += put;
		left -= (size_t)put;
	}
	if (fd >= 0 && !left && fcntl(fd, F_ADD_SEALS, F_SEAL_SHRINK | F_SEAL_GROW | F_SEAL_WRITE | F_SEAL_SEAL) == 0)
		ro = reopen(fd, err);
	else
		leat_fail_sys(err, LEAT_CAUSE_LIMIT, errno, "cannot share %zu bytes with the workers", len);
	if (fd >= 0)
		close(fd);
	return ro;
}
