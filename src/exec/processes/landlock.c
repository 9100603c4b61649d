/* SPDX-License-Identifier: MIT */
/*
 * Landlock by its three system calls; the constants newer than the headers are written out. See landlock.h.
 */
#include "exec/processes/landlock.h"

#include <errno.h>
#include <string.h>
#include <sys/syscall.h>
#include <unistd.h>

#ifdef SYS_landlock_create_ruleset

enum {
	VERSION = 1, /* flag: say which version the kernel has */
	FILES_1 = 0x1fff, /* version 1: read, write, execute, make, remove, of every kind */
	REFER_2 = 1 << 13, /* link and rename across directories */
	TRUNCATE_3 = 1 << 14,
	DEVICES_5 = 1 << 15,
	TCP_4 = 3, /* bind and connect */
	SCOPE_6 = 3, /* abstract sockets and signals stay inside */
};

struct ruleset { /* grew with the versions: the kernel is told how much of it we mean */
	uint64_t files, net, scope;
};

static const char *covers(long version)
{
	return version >= 6 ? "files, TCP, abstract sockets, signals" : version >= 4 ? "files, TCP" : "files";
}

void leat_landlock(struct leat_protection *p)
{
	long version = syscall(SYS_landlock_create_ruleset, NULL, 0, VERSION);
	if (version < 1) {
		leat_protection_set(p, LEAT_GUARD_LANDLOCK, false, "%s",
				    errno == EOPNOTSUPP ? "switched off in this kernel"
							: "this kernel does not have it");
		return;
	}
	struct ruleset r = {.files = FILES_1};
	r.files |= version >= 2 ? REFER_2 : 0;
	r.files |= version >= 3 ? TRUNCATE_3 : 0;
	r.files |= version >= 5 ? DEVICES_5 : 0;
	r.net = version >= 4 ? TCP_4 : 0;
	r.scope = version >= 6 ? SCOPE_6 : 0;
	size_t size = version >= 6 ? 24 : version >= 4 ? 16 : 8;
	int fd = (int)syscall(SYS_landlock_create_ruleset, &r, size, 0);
	long done = fd < 0 ? -1 : syscall(SYS_landlock_restrict_self, fd, 0);
	if (done < 0)
		leat_protection_set(p, LEAT_GUARD_LANDLOCK, false, "refused: %s", strerrordesc_np(errno));
	else
		leat_protection_set(p, LEAT_GUARD_LANDLOCK, true, "version %ld: %s", version, covers(version));
	if (fd >= 0)
		close(fd);
}

#else

void leat_landlock(struct leat_protection *p)
{
	leat_protection_set(p, LEAT_GUARD_LANDLOCK, false, "not known where this program was built");
}

#endif
