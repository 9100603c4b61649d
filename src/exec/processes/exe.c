/* SPDX-License-Identifier: MIT */
/* Which program this is. See exe.h. */
#include "exec/processes/exe.h"

#include <errno.h>
#include <fcntl.h>
#include <link.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

int leat_exe_open(const char *path, struct leat_err *err)
{
	int fd = open(path ? path : "/proc/self/exe", O_PATH | O_CLOEXEC);
	int high = fd < 0 ? -1
			  : fcntl(fd, F_DUPFD_CLOEXEC, 10); /* out of the way of what the child's descriptors become */
	if (high < 0)
		leat_fail_sys(err, LEAT_CAUSE_NONE, errno, "cannot open '%s' to start workers",
			      path ? path : "/proc/self/exe");
	if (fd >= 0)
		close(fd);
	return high;
}

struct note_id {
	const uint8_t *bytes;
	size_t n;
};

static void find_build_id(const uint8_t *p, size_t len, struct note_id *id)
{
	while (len >= sizeof(ElfW(Nhdr))) {
		const ElfW(Nhdr) *n = (const void *)p;
		size_t name = ((size_t)n->n_namesz + 3) & ~(size_t)3, desc = ((size_t)n->n_descsz + 3) & ~(size_t)3;
		size_t all = sizeof *n + name + desc;
		if (all > len)
			return;
		if (n->n_type == NT_GNU_BUILD_ID && n->n_namesz == 4 && memcmp(p + sizeof *n, "GNU", 4) == 0) {
			id->bytes = p + sizeof *n + name;
			id->n = n->n_descsz;
			return;
		}
		p += all;
		len -= all;
	}
}

/* dl_iterate_phdr's callback; the first object is the program itself, and 1 ends the walk. */
static int look(struct dl_phdr_info *info, size_t size, void *ctx)
{
	(void)size;
	struct note_id *id = ctx;
	for (int i = 0; i < info->dlpi_phnum && !id->bytes; i++) {
		const ElfW(Phdr) *h = &info->dlpi_phdr[i];
		if (h->p_type == PT_NOTE)
			find_build_id((const uint8_t *)(info->dlpi_addr + h->p_vaddr), h->p_memsz, id);
	}
	return 1;
}

/* What the Makefile computes over all files of the library; a build without it is told by its version alone. */
#ifndef LEAT_SOURCE_ID
#define LEAT_SOURCE_ID ""
#endif

static void put(uint8_t *out, size_t room, const void *text, size_t n)
{
	memcpy(out, text, n < room ? n : room);
}

void leat_exe_build(bool own, uint8_t out[static LEAT_BUILD_ID])
{
	static const char version[] = LEAT_VERSION, source[] = LEAT_SOURCE_ID;
	uint8_t *tail = out + LEAT_BUILD_ANY;
	const size_t half = LEAT_BUILD_ANY / 2, room = LEAT_BUILD_ID - LEAT_BUILD_ANY;
	struct note_id id = {0};
	struct stat st;
	memset(out, 0, LEAT_BUILD_ID);
	put(out, half, version, sizeof version);
	put(out + half, half, source, sizeof source - 1);
	if (!own)
		return;
	dl_iterate_phdr(look, &id);
	if (id.bytes) {
		put(tail, room, id.bytes, id.n);
	} else if (stat("/proc/self/exe", &st) == 0) {
		int64_t is[2] = {(int64_t)st.st_size, (int64_t)st.st_mtim.tv_sec * 1000000000 + st.st_mtim.tv_nsec};
		put(tail, room, is, sizeof is);
	}
}
