/* SPDX-License-Identifier: MIT */
/* See record_sync.h. */
#include "run/record_sync.h"

#include "base/mem.h"
#include "base/publish.h"

#include <errno.h>
#include <fcntl.h>
#include <unistd.h>

void leat_record_sync_init(struct leat_record_sync *s)
{
	*s = (struct leat_record_sync){.n = 0};
	pthread_mutex_init(&s->lock, NULL);
}

void leat_record_sync_free(struct leat_record_sync *s)
{
	for (size_t i = 0; i < s->n; i++)
		(void)close(s->v[i].fd); /* a folder */
	pthread_mutex_destroy(&s->lock);
}

static int open_folder(const char *path)
{
	struct leat_err ignored = {0};
	const char *slash = strrchr(path, '/');
	size_t n = !slash ? 0 : slash == path ? 1 : (size_t)(slash - path);
	char *folder = leat_strndup(path, n, &ignored);
	int fd = folder ? open(folder, O_RDONLY | O_DIRECTORY | O_CLOEXEC) : -1;
	free(folder);
	return fd;
}

void leat_record_sync_file(struct leat_record_sync *s, const char *path, uint64_t dev)
{
	size_t i = 0;
	pthread_mutex_lock(&s->lock);
	while (i < s->n && s->v[i].dev != dev)
		i++;
	if (i == s->n && i < LEAT_LEN(s->v)) {
		int fd = open_folder(path);
		if (fd >= 0)
			s->v[s->n++] = (struct leat_synced){.dev = dev, .fd = fd};
	}
	if (i < s->n)
		s->v[i].dirty = true;
	else
		s->lost = true;
	pthread_mutex_unlock(&s->lock);
}

int leat_record_sync(struct leat_record_sync *s, struct leat_err *err)
{
	struct leat_synced v[LEAT_LEN(s->v)];
	pthread_mutex_lock(&s->lock);
	size_t n = s->n;
	memcpy(v, s->v, sizeof v);
	for (size_t i = 0; i < n; i++)
		s->v[i].dirty = false;
	if (s->lost)
		sync();
	s->lost = false;
	pthread_mutex_unlock(&s->lock);
	for (size_t i = 0; i < n; i++)
		if (v[i].dirty && syncfs(v[i].fd) < 0)
			return leat_fail_sys(err, leat_target_cause(errno), errno, "cannot make the outputs durable");
	return 0;
}
