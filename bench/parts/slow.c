/* SPDX-License-Identifier: MIT */
/* A slow disk to be preloaded: every read of more than a page takes 20 ms longer; what is kept of a job is elsewhere. */
#include <dlfcn.h>
#include <sys/types.h>
#include <time.h>

typedef ssize_t read_fn(int fd, void *b, size_t n, off_t at);

ssize_t pread(int fd, void *b, size_t n, off_t at);
ssize_t pread64(int fd, void *b, size_t n, off_t at);

ssize_t pread(int fd, void *b, size_t n, off_t at)
{
	const struct timespec delay = {.tv_nsec = 20 * 1000 * 1000};
	union {
		void *symbol;
		read_fn *call;
	} real = {.symbol = dlsym(RTLD_NEXT, "pread")};
	if (n > 4096)
		(void)nanosleep(&delay, NULL); /* cut short: a little less slow */
	return real.call(fd, b, n, at);
}

ssize_t pread64(int fd, void *b, size_t n, off_t at)
{
	return pread(fd, b, n, at);
}
