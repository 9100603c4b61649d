/* SPDX-License-Identifier: MIT */
/* For tests: a folder of their own, made before and removed after, and short words for what they put into it. */
#ifndef LEAT_TEST_SCRATCH_H
#define LEAT_TEST_SCRATCH_H

#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <stdarg.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

struct scratch {
	char path[256];
	int fd;
};

#define SCRATCH_MUST(x)                                                                              \
	do {                                                                                         \
		if (!(x)) {                                                                          \
			fprintf(stderr, "%s:%d: %s: %s\n", __FILE__, __LINE__, #x, strerror(errno)); \
			abort();                                                                     \
		}                                                                                    \
	} while (0)

static inline void scratch_open(struct scratch *s)
{
	const char *tmp = getenv("TMPDIR");
	char templ[sizeof s->path], real[4096];
	snprintf(templ, sizeof templ, "%s/leat-test-XXXXXX", tmp ? tmp : "/tmp");
	SCRATCH_MUST(mkdtemp(templ));
	SCRATCH_MUST(realpath(templ, real) && strlen(real) < sizeof s->path);
	strcpy(s->path, real);
	SCRATCH_MUST(chmod(real, 0755) == 0);
	s->fd = open(s->path, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
	SCRATCH_MUST(s->fd >= 0);
}

static inline void scratch_empty(int fd)
{
	DIR *d = fdopendir(dup(fd));
	SCRATCH_MUST(d);
	rewinddir(d);
	const struct dirent *e;
	while ((e = readdir(d))) {
		if (strcmp(e->d_name, ".") == 0 || strcmp(e->d_name, "..") == 0)
			continue;
		int sub = openat(fd, e->d_name, O_RDONLY | O_DIRECTORY | O_NOFOLLOW | O_CLOEXEC);
		if (sub >= 0) {
			scratch_empty(sub);
			close(sub);
		}
		SCRATCH_MUST(unlinkat(fd, e->d_name, sub >= 0 ? AT_REMOVEDIR : 0) == 0);
	}
	closedir(d);
}

static inline void scratch_close(struct scratch *s)
{
	scratch_empty(s->fd);
	close(s->fd);
	rmdir(s->path);
}

/* All folders of a relative path but its last name. */
static inline void scratch_parents(const struct scratch *s, const char *rel)
{
	char part[4096];
	for (const char *p = rel; (p = strchr(p, '/')); p++) {
		snprintf(part, sizeof part, "%.*s", (int)(p - rel), rel);
		SCRATCH_MUST(mkdirat(s->fd, part, 0755) == 0 || errno == EEXIST);
	}
}

static inline void scratch_dir(const struct scratch *s, const char *rel)
{
	scratch_parents(s, rel);
	SCRATCH_MUST(mkdirat(s->fd, rel, 0755) == 0 || errno == EEXIST);
}

static inline void scratch_put(const struct scratch *s, const char *rel, const char *text)
{
	scratch_parents(s, rel);
	int fd = openat(s->fd, rel, O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0644);
	SCRATCH_MUST(fd >= 0);
	SCRATCH_MUST(write(fd, text, strlen(text)) == (ssize_t)strlen(text));
	close(fd);
}

static inline void scratch_link(const struct scratch *s, const char *to, const char *rel)
{
	scratch_parents(s, rel);
	SCRATCH_MUST(symlinkat(to, s->fd, rel) == 0);
}

/* Content as a string, to be freed; NULL when there is no such file. */
static inline char *scratch_get(const struct scratch *s, const char *rel)
{
	int fd = openat(s->fd, rel, O_RDONLY | O_CLOEXEC);
	if (fd < 0)
		return NULL;
	char *text = calloc(1, 65537);
	ssize_t n = text ? read(fd, text, 65536) : -1;
	SCRATCH_MUST(n >= 0);
	close(fd);
	return text;
}

static inline bool scratch_has(const struct scratch *s, const char *rel, const char *text)
{
	char *got = scratch_get(s, rel);
	bool same = got && strcmp(got, text) == 0;
	free(got);
	return same;
}

/* How many names below fd contain `part` (NULL: all)? */
static inline int scratch_count(int fd, const char *part)
{
	int n = 0;
	DIR *d = fdopendir(dup(fd));
	SCRATCH_MUST(d);
	rewinddir(d);
	const struct dirent *e;
	while ((e = readdir(d))) {
		if (strcmp(e->d_name, ".") == 0 || strcmp(e->d_name, "..") == 0)
			continue;
		n += !part || strstr(e->d_name, part);
		int sub = openat(fd, e->d_name, O_RDONLY | O_DIRECTORY | O_NOFOLLOW | O_CLOEXEC);
		if (sub >= 0) {
			n += scratch_count(sub, part);
			close(sub);
		}
	}
	closedir(d);
	return n;
}

static inline void scratch_mtime(const struct scratch *s, const char *rel, time_t seconds)
{
	struct timespec t[2] = {{.tv_sec = seconds}, {.tv_sec = seconds}};
	SCRATCH_MUST(utimensat(s->fd, rel, t, AT_SYMLINK_NOFOLLOW) == 0);
}

#endif
