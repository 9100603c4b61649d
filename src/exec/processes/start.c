/* SPDX-License-Identifier: MIT */
/* posix_spawn of this program by a descriptor. See start.h. */
#include "exec/processes/start.h"

#include "base/mem.h"

#include <errno.h>
#include <fcntl.h>
#include <linux/capability.h>
#include <signal.h>
#include <spawn.h>
#include <stdio.h>
#include <sys/pidfd.h>
#include <sys/socket.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <unistd.h>

enum { EXE_FD = 4, ABOVE = 10 };

static bool is_wanted(const char *entry)
{
	static const char *const wanted[] = {
		"LD_LIBRARY_PATH=",
		"LD_PRELOAD=",
		"LANG=",
		"LC_",
		"TZ=",
		"GLIBC_TUNABLES=",
		"JSIMD_",
		"OPENBLAS_CORETYPE=",
		"LEAT_",
		"ASAN_OPTIONS=",
		"UBSAN_OPTIONS=",
		"TSAN_OPTIONS=",
		"LSAN_OPTIONS=",
		"GCOV_PREFIX",
		"LLVM_PROFILE_FILE=",
	};
	for (size_t i = 0; i < LEAT_LEN(wanted); i++)
		if (strncmp(entry, wanted[i], strlen(wanted[i])) == 0)
			return true;
	return false;
}

char **leat_start_env(struct leat_err *err)
{
	static char *const ours[] = {
		(char *)"OMP_NUM_THREADS=1",
		(char *)"OPENBLAS_NUM_THREADS=1",
		(char *)"MALLOC_ARENA_MAX=1",
		/* Its default by name: libc looks again at the file of an unnamed zone, as no locked worker can. */
		(char *)"TZ=:/etc/localtime",
	};
	size_t n = 0, bytes = 0, own = LEAT_LEN(ours) - (getenv("TZ") != NULL);
	for (char **e = environ; e && *e; e++)
		if (is_wanted(*e)) {
			n++;
			bytes += strlen(*e) + 1;
		}
	size_t pointers = (n + own + 1) * sizeof(char *);
	char **env = leat_zalloc(1, pointers + bytes, err); /* one block: the pointers, then the text */
	if (!env)
		return NULL;
	char *at = (char *)env + pointers;
	size_t i = 0;
	for (; i < own; i++)
		env[i] = ours[i];
	for (char **e = environ; e && *e; e++)
		if (is_wanted(*e)) {
			env[i++] = at;
			at = stpcpy(at, *e) + 1;
		}
	return env;
}

static int child_files(posix_spawn_file_actions_t *f, int exe, int sock)
{
	int sys = 0;
	for (int i = 0; i < 3 && !sys; i++)
		sys = posix_spawn_file_actions_addopen(f, i, "/dev/null", O_RDWR, 0);
	if (!sys)
		sys = posix_spawn_file_actions_adddup2(f, sock, LEAT_WORKER_FD);
	if (!sys)
		sys = posix_spawn_file_actions_adddup2(f, exe, EXE_FD);
	if (!sys)
		sys = posix_spawn_file_actions_addclosefrom_np(f, EXE_FD + 1);
	return sys;
}

static int child_signals(posix_spawnattr_t *a)
{
	sigset_t all, none;
	sigfillset(&all);
	sigemptyset(&none);
	int sys = posix_spawnattr_setsigdefault(a, &all);
	if (!sys)
		sys = posix_spawnattr_setsigmask(a, &none);
	if (!sys)
		sys = posix_spawnattr_setflags(a, POSIX_SPAWN_SETSIGDEF | POSIX_SPAWN_SETSIGMASK);
	return sys;
}

bool leat_start_may_limit(void)
{
	struct __user_cap_header_struct head = {.version = _LINUX_CAPABILITY_VERSION_3};
	struct __user_cap_data_struct has[2] = {0};
	if (getuid() != 0 && geteuid() == getuid())
		return true;
	return syscall(SYS_capget, &head, has) == 0 && (has[0].effective >> CAP_SYS_RESOURCE & 1);
}

/* With the child's end of the socket; an errno, or 0. */
static int spawn(struct leat_start *s, int theirs)
{
	static char name[] = "leat-worker", word[] = LEAT_WORKER_WORD;
	char path[32], *argv[] = {name, word, NULL};
	posix_spawn_file_actions_t files;
	posix_spawnattr_t attr;
	snprintf(path, sizeof path, "/proc/self/fd/%d", (int)EXE_FD);
	int sys = posix_spawn_file_actions_init(&files);
	if (sys)
		return sys;
	sys = posix_spawnattr_init(&attr);
	if (!sys) {
		sys = child_files(&files, s->exe, theirs);
		if (!sys)
			sys = child_signals(&attr);
		if (!sys)
			sys = posix_spawn(&s->pid, path, &files, &attr, argv, s->env);
		posix_spawnattr_destroy(&attr);
	}
	posix_spawn_file_actions_destroy(&files);
	return sys;
}

int leat_start(struct leat_start *s, struct leat_err *err)
{
	int pair[2];
	if (socketpair(AF_UNIX, SOCK_SEQPACKET | SOCK_CLOEXEC, 0, pair) < 0)
		return leat_fail_sys(err, LEAT_CAUSE_LIMIT, errno, "cannot make a socket for a worker");
	int theirs = fcntl(pair[1], F_DUPFD_CLOEXEC, ABOVE);
	int sys = theirs < 0 ? errno : spawn(s, theirs);
	close(pair[1]);
	if (theirs >= 0)
		close(theirs);
	s->sock = pair[0];
	s->pidfd = -1;
	if (!sys) {
		s->pidfd = pidfd_open(s->pid, 0);
		sys = s->pidfd < 0 ? errno : 0;
		if (sys) { /* nobody would notice its end: it does not begin */
			(void)kill(s->pid, SIGKILL);
			(void)waitpid(s->pid, NULL, 0);
		}
	}
	if (!sys)
		return 0;
	close(s->sock);
	return leat_fail_sys(err, LEAT_CAUSE_LIMIT, sys, "cannot start a worker process");
}

int leat_start_hello(int sock, const struct leat_hello *h, const int fd[static 3], struct leat_err *err)
{
	union {
		struct cmsghdr head;
		char room[CMSG_SPACE(3 * sizeof(int))];
	} control = {0};
	struct iovec data = {(void *)(uintptr_t)h, sizeof *h};
	struct msghdr m = {
		.msg_iov = &data, .msg_iovlen = 1, .msg_control = &control, .msg_controllen = sizeof control};
	struct cmsghdr *c = CMSG_FIRSTHDR(&m);
	c->cmsg_level = SOL_SOCKET;
	c->cmsg_type = SCM_RIGHTS;
	c->cmsg_len = CMSG_LEN(3 * sizeof(int));
	memcpy(CMSG_DATA(c), fd, 3 * sizeof(int));
	if (sendmsg(sock, &m, MSG_NOSIGNAL) != sizeof *h)
		return leat_fail_sys(err, LEAT_CAUSE_CRASH, errno, "a worker does not take the greeting");
	return 0;
}
