/* SPDX-License-Identifier: MIT */
/* Files named by options: read once, hashed into the identity of the work, shared with every worker. */
#include "run/engine.h"

#include <errno.h>
#include <fcntl.h>
#include <sha256.h>
#include <sys/stat.h>
#include <unistd.h>

static int read_all(int fd, struct leat_bytes *b, size_t size, const char *path, struct leat_err *err)
{
	while (b->len < size) {
		ssize_t n = read(fd, b->data + b->len, size - b->len);
		if (n < 0 && errno == EINTR)
			continue;
		if (n < 0)
			return leat_fail_sys(err, LEAT_CAUSE_NONE, errno, "cannot read '%s'", path);
		if (n == 0)
			return leat_fail(err, LEAT_CAUSE_CHANGED, "'%s' became shorter while it was read", path);
		b->len += (size_t)n;
	}
	return 0;
}

static struct leat_bytes *read_file(const char *path, struct leat_err *err)
{
	struct stat st;
	int fd = open(path, O_RDONLY | O_CLOEXEC | O_NONBLOCK);
	if (fd < 0) {
		leat_fail_sys(err, LEAT_CAUSE_NONE, errno, "cannot open '%s'", path);
		return NULL;
	}
	struct leat_bytes *b = NULL;
	if (fstat(fd, &st) < 0)
		leat_fail_sys(err, LEAT_CAUSE_NONE, errno, "cannot read '%s'", path);
	else if (!S_ISREG(st.st_mode))
		leat_fail(err, LEAT_CAUSE_SPECIAL, "'%s' is not a regular file", path);
	else
		b = leat_bytes_new((size_t)st.st_size, err);
	if (b && read_all(fd, b, (size_t)st.st_size, path, err) < 0)
		leat_bytes_unref(&b);
	(void)close(fd); /* opened for reading: nothing can be lost */
	return b;
}

int leat_resources_load(struct leat_run *r, struct leat_err *err)
{
	const struct leat_plan *p = r->plan;
	r->resources = leat_zalloc(p->n_files, sizeof *r->resources, err);
	if (!r->resources)
		return -1;
	for (r->n_resources = 0; r->n_resources < p->n_files; r->n_resources++) {
		struct leat_resource *res = &r->resources[r->n_resources];
		res->path = p->files[r->n_resources];
		res->bytes = read_file(res->path, err);
		if (!res->bytes)
			return -1;
		if (!SHA256Data(res->bytes->data, res->bytes->len, res->sha256))
			return leat_fail(err, LEAT_CAUSE_INTERNAL, "cannot compute the SHA-256 of '%s'", res->path);
	}
	return 0;
}

void leat_resources_free(struct leat_run *r)
{
	for (size_t i = 0; i < r->n_resources; i++)
		leat_bytes_unref(&r->resources[i].bytes);
	free(r->resources);
	r->resources = NULL;
	r->n_resources = 0;
}
