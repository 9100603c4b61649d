/* SPDX-License-Identifier: MIT */
/* See lock.h. */
#include "state/lock.h"

#include "base/buf.h"
#include "base/mem.h"
#include "base/num.h"

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <sys/file.h>
#include <unistd.h>

enum { TEXT = 64 };

/* "PID NANOSECONDS\n"; anything else: not known. */
static void read_holder(int fd, struct leat_lock_holder *h)
{
	char text[TEXT];
	int64_t pid, since;
	*h = (struct leat_lock_holder){0};
	ssize_t n = pread(fd, text, sizeof text, 0);
	if (n <= 0 || text[n - 1] != '\n')
		return;
	const char *blank = memchr(text, ' ', (size_t)n);
	if (!blank || !leat_parse_int(text, (size_t)(blank - text), &pid) ||
	    !leat_parse_int(blank + 1, (size_t)(text + n - 1 - (blank + 1)), &since))
		return;
	*h = (struct leat_lock_holder){.pid = pid, .since_ns = since};
}

static int write_holder(int fd, int64_t now_ns)
{
	char text[TEXT];
	int n = snprintf(text, sizeof text, "%lld %lld\n", (long long)getpid(), (long long)now_ns);
	return ftruncate(fd, 0) == 0 && pwrite(fd, text, (size_t)n, 0) == n ? 0 : -1;
}

static int open_lock(const char *state, struct leat_err *err)
{
	struct leat_buf path = {0};
	leat_buf_addf(&path, "%s.lock", state);
	int fd = -1;
	if (leat_buf_check(&path, err) == 0 && leat_state_make_folder(state, err) == 0) {
		fd = open(path.data, O_RDWR | O_CREAT | O_CLOEXEC | O_NOFOLLOW, 0600);
		if (fd < 0)
			leat_fail_sys(err, LEAT_CAUSE_NONE, errno, "cannot open the lock '%.200s'", path.data);
	}
	leat_buf_free(&path);
	return fd;
}

int leat_state_lock(const char *state, int64_t now_ns, int *out, struct leat_lock_holder *holder, struct leat_err *err)
{
	*out = -1;
	int fd = open_lock(state, err);
	if (fd < 0)
		return -1;
	int result = 0;
	if (flock(fd, LOCK_EX | LOCK_NB) < 0) {
		result = errno == EWOULDBLOCK ? 1 : -1;
		if (result < 0)
			leat_fail_sys(err, LEAT_CAUSE_NONE, errno, "cannot lock '%.200s.lock'", state);
		else
			read_holder(fd, holder);
	} else if (write_holder(fd, now_ns) < 0) {
		result = leat_fail_sys(err, LEAT_CAUSE_TARGET, errno, "cannot write '%.200s.lock'", state);
	}
	if (result != 0)
		close(fd);
	else
		*out = fd;
	return result;
}

void leat_state_unlock(int *fd)
{
	if (*fd >= 0)
		close(*fd);
	*fd = -1;
}
