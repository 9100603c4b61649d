/* SPDX-License-Identifier: MIT */
/* See live.h. The text stands between two lines with the same number, "N\n" text "N\n". */
#include "state/live.h"

#include "base/mem.h"
#include "state/lock.h"

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <time.h>
#include <unistd.h>

enum { MOST = 1 << 20, TRIES = 50 };

struct leat_live {
	int fd;
	char *path;
	uint64_t number;
	struct leat_buf text;
};

static char *path_of(const char *state, struct leat_err *err)
{
	struct leat_buf b = {0};
	leat_buf_addf(&b, "%s.live", state);
	char *path = leat_buf_detach(&b, err);
	leat_buf_free(&b);
	return path;
}

int leat_live_open(struct leat_live **out, const char *state, struct leat_err *err)
{
	struct leat_live *l = *out = leat_zalloc(1, sizeof *l, err);
	if (!l)
		return -1;
	l->fd = -1;
	l->path = path_of(state, err);
	if (l->path && leat_state_make_folder(state, err) == 0) {
		l->fd = open(l->path, O_RDWR | O_CREAT | O_TRUNC | O_CLOEXEC | O_NOFOLLOW, 0644);
		if (l->fd >= 0)
			return 0;
		leat_fail_sys(err, LEAT_CAUSE_TARGET, errno, "cannot open '%.200s'", l->path);
	}
	leat_live_close(out);
	return -1;
}

void leat_live_write(struct leat_live *l, const char *text, size_t n)
{
	struct leat_buf *b = &l->text;
	leat_buf_clear(b);
	leat_buf_addf(b, "%llu\n", (unsigned long long)++l->number);
	leat_buf_add(b, text, n);
	leat_buf_addf(b, "%llu\n", (unsigned long long)l->number);
	if (!b->failed && pwrite(l->fd, b->data, b->len, 0) == (ssize_t)b->len)
		(void)!ftruncate(l->fd, (off_t)b->len); /* a longer end is not shown: the numbers do not fit */
}

void leat_live_close(struct leat_live **lp)
{
	struct leat_live *l = *lp;
	*lp = NULL;
	if (!l)
		return;
	if (l->fd >= 0) {
		(void)unlink(l->path); /* what stays is told from a running one by its process */
		close(l->fd);
	}
	leat_buf_free(&l->text);
	free(l->path);
	free(l);
}

/* Once. 1: it was being written. */
static int read_once(int fd, struct leat_buf *text, struct leat_err *err)
{
	leat_buf_clear(text);
	if (leat_buf_reserve(text, MOST) < 0)
		return leat_buf_check(text, err);
	ssize_t n = pread(fd, text->data, MOST, 0);
	if (n < 0)
		return leat_fail_sys(err, LEAT_CAUSE_IO, errno, "cannot read the live file");
	const char *first = n > 0 ? memchr(text->data, '\n', (size_t)n) : NULL;
	size_t k = first ? (size_t)(first + 1 - text->data) : 0;
	if (!k || (size_t)n < 2 * k || memcmp(text->data, text->data + n - k, k) != 0)
		return 1;
	text->len = (size_t)n - 2 * k;
	memmove(text->data, text->data + k, text->len);
	text->data[text->len] = 0;
	return 0;
}

int leat_live_read(const char *state, struct leat_buf *text, struct leat_err *err)
{
	char *path = path_of(state, err);
	if (!path)
		return -1;
	int fd = open(path, O_RDONLY | O_CLOEXEC | O_NOFOLLOW | O_NONBLOCK);
	int result = fd >= 0 ? 1 : errno == ENOENT || errno == ENOTDIR ? 1 : -1;
	if (result < 0)
		leat_fail_sys(err, LEAT_CAUSE_NONE, errno, "cannot open '%.200s'", path);
	for (int i = 0; fd >= 0 && result == 1 && i < TRIES; i++) {
		struct timespec pause = {.tv_nsec = 2 * 1000 * 1000};
		if (i > 0)
			nanosleep(&pause, NULL);
		result = read_once(fd, text, err);
	}
	if (fd >= 0)
		close(fd);
	free(path);
	return result;
}
