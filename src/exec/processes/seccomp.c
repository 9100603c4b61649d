/* SPDX-License-Identifier: MIT */
/* The filter of system calls as a table and a small assembler. See seccomp.h. */
#include "exec/processes/seccomp.h"

#include "base/mem.h"

#include <errno.h>
#include <linux/audit.h>
#include <linux/filter.h>
#include <linux/seccomp.h>
#include <signal.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/resource.h>
#include <sys/syscall.h>
#include <unistd.h>

#if defined(__x86_64__)
#define NATIVE AUDIT_ARCH_X86_64
#elif defined(__aarch64__)
#define NATIVE AUDIT_ARCH_AARCH64
#endif

struct call {
	int nr;
	const char *name;
};
/* clang-format off */
#define C(n) {SYS_##n, #n},
/* Never legitimate in a worker: trapped, named, the end. */
static const struct call dangerous[] = {
	C(openat) C(openat2) C(execve) C(execveat) C(clone) C(clone3) C(socket) C(socketpair) C(connect)
	C(bind) C(listen) C(accept) C(accept4) C(sendmsg) C(sendmmsg) C(recvmsg) C(recvmmsg)
	C(setsockopt) C(getsockopt) C(shutdown) C(kill) C(tkill) C(rt_sigqueueinfo) C(rt_tgsigqueueinfo)
	C(pidfd_open) C(pidfd_getfd) C(pidfd_send_signal) C(ptrace) C(process_vm_readv)
	C(process_vm_writev) C(process_madvise) C(kcmp) C(mount) C(umount2) C(pivot_root) C(chroot)
	C(unshare) C(setns) C(open_tree) C(move_mount) C(fsopen) C(fsconfig) C(fsmount) C(fspick) C(bpf)
	C(perf_event_open) C(userfaultfd) C(io_uring_setup) C(io_uring_enter) C(io_uring_register)
	C(io_setup) C(io_submit) C(memfd_create) C(add_key) C(request_key) C(keyctl) C(shmget) C(shmat)
	C(shmctl) C(msgget) C(msgsnd) C(msgctl) C(semget) C(semctl) C(mq_open) C(prctl) C(setuid)
	C(setgid) C(setreuid) C(setregid) C(setresuid) C(setresgid) C(setgroups) C(setfsuid) C(setfsgid)
	C(capset) C(seccomp) C(landlock_create_ruleset) C(landlock_restrict_self) C(personality)
	C(init_module) C(finit_module) C(delete_module) C(kexec_load) C(reboot) C(swapon) C(swapoff)
	C(sethostname) C(setdomainname) C(syslog) C(acct) C(quotactl) C(nfsservctl) C(unlinkat)
	C(mkdirat) C(mknodat) C(renameat2) C(linkat) C(symlinkat) C(fchmodat) C(fchownat) C(fchmod)
	C(fchown) C(truncate) C(ftruncate) C(fallocate) C(utimensat) C(chdir) C(fchdir) C(faccessat)
	C(statfs) C(readlinkat) C(setxattr) C(removexattr) C(name_to_handle_at) C(open_by_handle_at)
	C(fanotify_init) C(inotify_init1) C(dup) C(dup3) C(fcntl) C(pipe2) C(eventfd2) C(signalfd4)
	C(timerfd_create) C(epoll_create1) C(splice) C(tee) C(vmsplice) C(sendfile) C(copy_file_range)
	C(setrlimit) C(settimeofday) C(clock_settime) C(adjtimex) C(remap_file_pages) C(mlock)
	C(mlockall) C(mbind) C(move_pages) C(migrate_pages) C(lookup_dcookie) C(memfd_secret)
	C(setpriority) C(setpgid) C(setsid) C(sched_setaffinity) C(sched_setscheduler) C(sched_setattr)
	C(timer_create)
#ifdef SYS_open
	C(open) C(creat) C(fork) C(vfork) C(unlink) C(mkdir) C(rmdir) C(mknod) C(rename) C(link)
	C(symlink) C(chmod) C(chown) C(lchown) C(stat) C(lstat) C(access) C(readlink) C(utime) C(utimes)
	C(dup2) C(pipe) C(eventfd) C(signalfd) C(epoll_create) C(inotify_init) C(alarm) C(modify_ldt)
	C(iopl) C(ioperm) C(uselib) C(ustat) C(arch_prctl)
#endif
#ifdef SYS_renameat
	C(renameat)
#endif
};
#undef C
/* clang-format on */

/* Needed, whatever their arguments; the frequent ones first. */
static const int allowed[] = {
	SYS_munmap,
	SYS_brk,
	SYS_clock_gettime,
	SYS_futex,
	SYS_mremap,
	SYS_exit_group,
	/* to abort */
	SYS_exit,
	SYS_rt_sigreturn,
	SYS_restart_syscall,
	SYS_rt_sigprocmask,
	SYS_gettid,
	SYS_getpid,
};

/* A library may try them; it is told no and lives. */
static const int refused[] = {
	SYS_rt_sigaction, SYS_sigaltstack, SYS_uname,     SYS_getrandom, SYS_sched_yield, SYS_sched_getaffinity,
	SYS_getpriority,  SYS_sysinfo,     SYS_close,     SYS_read,      SYS_write,       SYS_readv,
	SYS_writev,       SYS_pread64,     SYS_pwrite64,  SYS_fstat,     SYS_newfstatat,  SYS_ioctl,
	SYS_lseek,        SYS_prlimit64,   SYS_getrusage, SYS_getuid,    SYS_geteuid,     SYS_getgid,
	SYS_getegid,      SYS_getppid,     SYS_mincore,   SYS_msync,     SYS_nanosleep,   SYS_clock_nanosleep,
	SYS_ppoll,        SYS_getrlimit,
#ifdef SYS_poll
	SYS_poll,
#endif
};

const char *leat_seccomp_name(uint32_t nr)
{
	static const struct call with_conditions[] = {
		{SYS_mmap, "mmap"},     {SYS_mprotect, "mprotect"}, {SYS_madvise, "madvise"},
		{SYS_tgkill, "tgkill"}, {SYS_recvfrom, "recvfrom"}, {SYS_sendto, "sendto"},
	};
	for (size_t i = 0; i < LEAT_LEN(dangerous); i++)
		if ((uint32_t)dangerous[i].nr == nr)
			return dangerous[i].name;
	for (size_t i = 0; i < LEAT_LEN(with_conditions); i++)
		if ((uint32_t)with_conditions[i].nr == nr)
			return with_conditions[i].name;
	return NULL;
}

#ifdef NATIVE

enum { X32 = 0x40000000, MAX_INSTRUCTIONS = 1024 };

struct filter {
	struct sock_filter code[MAX_INSTRUCTIONS];
	unsigned n;
};

static void emit(struct filter *f, unsigned code, uint32_t k, unsigned yes, unsigned no)
{
	f->code[f->n++] = (struct sock_filter){(uint16_t)code, (uint8_t)yes, (uint8_t)no, k};
}

static void load(struct filter *f, size_t offset)
{
	emit(f, BPF_LD | BPF_W | BPF_ABS, (uint32_t)offset, 0, 0);
}

static void give(struct filter *f, uint32_t action)
{
	emit(f, BPF_RET | BPF_K, action, 0, 0);
}

/*
 * Call nr ends with this action; other calls go on behind it. The number is in the accumulator before and
 * after.
 */
static void verdict(struct filter *f, int nr, uint32_t action)
{
	emit(f, BPF_JMP | BPF_JEQ | BPF_K, (uint32_t)nr, 0, 1);
	give(f, action);
}

/* The lower half of argument i: descriptors, flags and signals have no more. */
static size_t arg(int i)
{
	size_t low = __BYTE_ORDER__ == __ORDER_BIG_ENDIAN__ ? 4 : 0;
	return offsetof(struct seccomp_data, args) + (size_t)i * 8 + low;
}

/* Call nr is allowed when (argument a & mask_a) == want_a and the same for b; else this action. */
static void when2_else(struct filter *f, int nr, int a, uint32_t mask_a, uint32_t want_a, int b, uint32_t mask_b,
		       uint32_t want_b, uint32_t otherwise)
{
	emit(f, BPF_JMP | BPF_JEQ | BPF_K, (uint32_t)nr, 0, 8);
	load(f, arg(a));
	emit(f, BPF_ALU | BPF_AND | BPF_K, mask_a, 0, 0);
	emit(f, BPF_JMP | BPF_JEQ | BPF_K, want_a, 0, 4);
	load(f, arg(b));
	emit(f, BPF_ALU | BPF_AND | BPF_K, mask_b, 0, 0);
	emit(f, BPF_JMP | BPF_JEQ | BPF_K, want_b, 0, 1);
	give(f, SECCOMP_RET_ALLOW);
	give(f, otherwise);
}

static void when2(struct filter *f, int nr, int a, uint32_t mask_a, uint32_t want_a, int b, uint32_t mask_b,
		  uint32_t want_b)
{
	when2_else(f, nr, a, mask_a, want_a, b, mask_b, want_b, SECCOMP_RET_TRAP);
}

/*
 * madvise that can only give memory back or change page sizes: MADV_REMOVE would punch holes into the slab
 * under the parent.
 */
static void advice(struct filter *f)
{
	static const uint32_t harmless[] = {MADV_DONTNEED,   MADV_FREE,     MADV_HUGEPAGE,
					    MADV_NOHUGEPAGE, MADV_DONTDUMP, MADV_WILLNEED};
	unsigned n = (unsigned)LEAT_LEN(harmless);
	emit(f, BPF_JMP | BPF_JEQ | BPF_K, SYS_madvise, 0, n + 3);
	load(f, arg(2));
	for (unsigned i = 0; i < n; i++)
		emit(f, BPF_JMP | BPF_JEQ | BPF_K, harmless[i], n - i, 0);
	give(f, SECCOMP_RET_TRAP);
	give(f, SECCOMP_RET_ALLOW);
}

/* The two calls of every hand-off: they come first. */
static void own_socket(struct filter *f, int sock)
{
	when2(f, SYS_recvfrom, 0, UINT32_MAX, (uint32_t)sock, 0, UINT32_MAX, (uint32_t)sock);
	when2(f, SYS_sendto, 0, UINT32_MAX, (uint32_t)sock, 5, UINT32_MAX, 0);
}

/*
 * mmap: private, anonymous, not executable, and none of the kinds that RLIMIT_DATA does not count.
 * mprotect: not executable. tgkill: only SIGABRT to itself, to end by it.
 */
static void conditions(struct filter *f, bool moves_limit)
{
	if (moves_limit) /* of this process (0), and only of memory */
		when2_else(f, SYS_prlimit64, 0, UINT32_MAX, 0, 1, UINT32_MAX, RLIMIT_DATA, SECCOMP_RET_ERRNO | EPERM);

	when2(f, SYS_mmap, 2, PROT_EXEC, 0, 3, MAP_TYPE | MAP_ANONYMOUS | MAP_GROWSDOWN | MAP_LOCKED | MAP_HUGETLB,
	      MAP_PRIVATE | MAP_ANONYMOUS);
	when2(f, SYS_mprotect, 2, PROT_EXEC, 0, 2, PROT_GROWSDOWN | PROT_GROWSUP, 0);
	when2(f, SYS_tgkill, 0, UINT32_MAX, (uint32_t)getpid(), 2, UINT32_MAX, SIGABRT);
	advice(f);
}

static void build(struct filter *f, const struct leat_seccomp_rules *r)
{
	f->n = 0;
	load(f, offsetof(struct seccomp_data, arch));
	emit(f, BPF_JMP | BPF_JEQ | BPF_K, NATIVE, 1, 0);
	give(f, SECCOMP_RET_TRAP);
	load(f, offsetof(struct seccomp_data, nr));
	emit(f, BPF_JMP | BPF_JGE | BPF_K, X32, 0, 1);
	give(f, SECCOMP_RET_TRAP);
	own_socket(f, r->sock);
	for (size_t i = 0; i < LEAT_LEN(allowed); i++)
		verdict(f, allowed[i], SECCOMP_RET_ALLOW);
	conditions(f, r->moves_limit);
	for (size_t i = 0; i < LEAT_LEN(refused); i++)
		verdict(f, refused[i], r->strict ? SECCOMP_RET_TRAP : SECCOMP_RET_ERRNO | EPERM);
	for (size_t i = 0; i < LEAT_LEN(dangerous); i++)
		verdict(f, dangerous[i].nr, SECCOMP_RET_TRAP);
	give(f, r->strict ? SECCOMP_RET_TRAP : SECCOMP_RET_ERRNO | ENOSYS);
}

void leat_seccomp(const struct leat_seccomp_rules *r, struct leat_protection *p)
{
	struct filter f;
	build(&f, r);
	struct sock_fprog program = {(unsigned short)f.n, f.code};
	long done = syscall(SYS_seccomp, SECCOMP_SET_MODE_FILTER, SECCOMP_FILTER_FLAG_TSYNC, &program);
	if (done == 0)
		leat_protection_set(p, LEAT_GUARD_SECCOMP, true, "only memory, time and its own socket");
	else if (done > 0)
		leat_protection_set(p, LEAT_GUARD_SECCOMP, false, "a thread has a filter of its own");
	else
		leat_protection_set(p, LEAT_GUARD_SECCOMP, false, "refused: %s", strerrordesc_np(errno));
}

#else

void leat_seccomp(const struct leat_seccomp_rules *r, struct leat_protection *p)
{
	(void)r;
	leat_protection_set(p, LEAT_GUARD_SECCOMP, false, "no filter is written for this kind of processor");
}

#endif
