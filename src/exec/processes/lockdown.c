/* SPDX-License-Identifier: MIT */
/*
 * The order matters: files of /proc are read while they can be, root goes before no_new_privs, the signal
 * of the parent's death after the change of user (which clears it), Landlock before the limits take the
 * last descriptors, between the two the planned threads, seccomp last, for all of them.
 */
#include "exec/processes/lockdown.h"

#include "exec/processes/landlock.h"
#include "exec/processes/seccomp.h"

#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <grp.h>
#include <linux/capability.h>
#include <signal.h>
#include <string.h>
#include <sys/prctl.h>
#include <sys/resource.h>
#include <sys/syscall.h>
#include <unistd.h>

enum { NOBODY = 65534, STACK_BYTES = 8 << 20 };

const char *leat_lockdown_off(void)
{
#if defined(__SANITIZE_ADDRESS__)
	return "built with the address sanitizer";
#elif defined(__SANITIZE_THREAD__)
	return "built with the thread sanitizer";
#elif defined(__has_feature)
#if __has_feature(address_sanitizer) || __has_feature(thread_sanitizer) || __has_feature(memory_sanitizer) || \
	__has_feature(undefined_behavior_sanitizer)
	return "built with a sanitizer";
#else
	return NULL;
#endif
#else
	return NULL;
#endif
}

static void count_threads(const struct leat_lockdown *l, struct leat_protection *p)
{
	int n = 0;
	DIR *d = opendir("/proc/self/task");
	for (const struct dirent *e; d && (e = readdir(d));)
		n += e->d_name[0] != '.';
	if (d)
		closedir(d);
	if (n == 1)
		leat_protection_set(p, LEAT_GUARD_THREAD, true,
				    l->threads ? "one thread, and those of its own beside it" : "one thread");
	else
		leat_protection_set(p, LEAT_GUARD_THREAD, false,
				    d ? "it has %d threads" : "/proc/self/task cannot be read", n);
}

/* When memory runs out, a worker is to go before anything else. */
static void offer_to_oom(void)
{
	int fd = open("/proc/self/oom_score_adj", O_WRONLY | O_CLOEXEC);
	if (fd < 0)
		return;
	ssize_t put = write(fd, "500", 3);
	(void)put; /* a refusal costs nothing but the wish */
	close(fd);
}

static void drop_root(struct leat_protection *p)
{
	struct __user_cap_header_struct head = {.version = _LINUX_CAPABILITY_VERSION_3};
	struct __user_cap_data_struct none[2] = {0};
	int uid = (int)getuid();
	if (geteuid() == 0 || uid == 0) {
		bool gone = setgroups(0, NULL) == 0 && setresgid(NOBODY, NOBODY, NOBODY) == 0 &&
			    setresuid(NOBODY, NOBODY, NOBODY) == 0;
		leat_protection_set(p, LEAT_GUARD_USER, gone,
				    gone ? "user %d instead of root" : "root, and user %d was refused", (int)NOBODY);
	} else {
		leat_protection_set(p, LEAT_GUARD_USER, true, "user %d", uid);
	}
	if (syscall(SYS_capset, &head, none) < 0)
		leat_protection_set(p, LEAT_GUARD_USER, false, "its capabilities cannot be dropped");
}

static void drop_privileges(struct leat_protection *p)
{
	bool on = prctl(PR_SET_DUMPABLE, 0) == 0 && prctl(PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0) == 0;
	leat_protection_set(p, LEAT_GUARD_PRIVILEGES, on, on ? "no new privileges, not traceable" : "refused: %s",
			    strerrordesc_np(errno));
}

static bool limit(int what, uint64_t most)
{
	struct rlimit r = {most, most};
	return setrlimit((__rlimit_resource_t)what, &r) == 0;
}

static bool limit_stack(void)
{
	struct rlimit r;
	if (getrlimit(RLIMIT_STACK, &r) < 0)
		return false;
	if (r.rlim_cur == RLIM_INFINITY || r.rlim_cur > STACK_BYTES)
		r.rlim_cur = STACK_BYTES;
	r.rlim_max = r.rlim_cur;
	return setrlimit(RLIMIT_STACK, &r) == 0;
}

static void limits(const struct leat_lockdown *l, struct leat_protection *p)
{
	bool on = limit(RLIMIT_CORE, 0) && limit(RLIMIT_DATA, l->data_limit) && limit_stack();
	if (l->isolate != LEAT_ISOLATE_NO)
		on = on && limit(RLIMIT_FSIZE, 0) && limit(RLIMIT_NPROC, 0) && limit(RLIMIT_MEMLOCK, 0) &&
		     limit(RLIMIT_MSGQUEUE, 0) && limit(RLIMIT_NOFILE, 0);
	if (on)
		leat_protection_set(p, LEAT_GUARD_LIMITS, true, "%llu MiB of memory, no files, no processes",
				    (unsigned long long)(l->data_limit >> 20));
	else
		leat_protection_set(p, LEAT_GUARD_LIMITS, false, "refused: %s", strerrordesc_np(errno));
}

static int die_with_parent(const struct leat_lockdown *l, struct leat_err *err)
{
	if (prctl(PR_SET_PDEATHSIG, SIGKILL) < 0)
		return leat_fail_sys(err, LEAT_CAUSE_INTERNAL, errno, "cannot tie a worker to its parent");
	if (getppid() != l->parent)
		return leat_fail(err, LEAT_CAUSE_INTERNAL, "the parent of a worker is gone");
	return 0;
}

static void all_off(struct leat_protection *p, const char *why)
{
	for (int g = 0; g < LEAT_N_GUARDS; g++)
		leat_protection_set(p, (enum leat_guard)g, false, "%s", why);
}

static void close_others(int sock)
{
	if (sock > 0)
		(void)close_range(0, (unsigned)sock - 1, 0); /* cannot fail with these arguments */
	(void)close_range((unsigned)sock + 1, ~0u, 0);
}

static int start_threads(const struct leat_lockdown *l, struct leat_err *err)
{
	return l->threads ? l->threads(l->ctx, err) : 0;
}

int leat_lockdown(const struct leat_lockdown *l, struct leat_protection *p, struct leat_err *err)
{
	const char *off = leat_lockdown_off();
	offer_to_oom();
	if (off || l->isolate == LEAT_ISOLATE_NO) {
		if (start_threads(l, err) < 0)
			return -1;
		if (!off) {
			limits(l, p);
			off = "isolate=no";
		} else {
			(void)limit(RLIMIT_CORE, 0); /* a sanitizer's core would be terabytes */
		}
		all_off(p, off);
		return die_with_parent(l, err);
	}
	count_threads(l, p);
	close_others(l->sock);
	drop_root(p);
	drop_privileges(p);
	if (die_with_parent(l, err) < 0)
		return -1;
	leat_landlock(p);
	if (start_threads(l, err) < 0)
		return -1;
	limits(l, p);
	const struct leat_seccomp_rules rules = {.sock = l->sock, .moves_limit = l->moves_limit, .strict = l->strict};
	leat_seccomp(&rules, p);
	return 0;
}
