/* SPDX-License-Identifier: MIT */
/*
 * Attempts to get out of the sandbox, each from inside a worker's run(): none may succeed, and the same
 * attempts must succeed with the sandbox off, or they would prove nothing. As root and, from root, once
 * more as an ordinary user.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include <cmocka.h>
#include <errno.h>
#include <fcntl.h>
#include <grp.h>
#include <linux/landlock.h>
#include <linux/seccomp.h>
#include <netinet/in.h>
#include <pthread.h>
#include <sched.h>
#include <signal.h>
#include <sys/ioctl.h>
#include <sys/mman.h>
#include <sys/prctl.h>
#include <sys/ptrace.h>
#include <sys/resource.h>
#include <sys/shm.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <sys/uio.h>
#include <sys/un.h>
#include <sys/wait.h>

#include "base/mem.h"
#include "base/sys.h"
#include "exec/processes/lockdown.h"
#include "exec/processes/processes.h"
#include "exec/processes/seccomp.h"
#include "exec/processes/wire.h"
#include "exec/processes/worker.h"

extern const struct leat_executor_type leat_executor_processes;
static const struct leat_executor_type *const type = &leat_executor_processes;

/* What the attempts have to work with; in the worker. */
static char scene[256]; /* a directory that everybody may write to */
static int leaked = -1; /* a file left open by careless code before the lock-down */
static const uint8_t *input;
static uint8_t *output;
static pid_t parent;

static const char *at(const char *name)
{
	static char path[512];
	snprintf(path, sizeof path, "%s/%s", scene, name);
	return path;
}

static struct sockaddr_in here(int port)
{
	return (struct sockaddr_in){
		.sin_family = AF_INET, .sin_port = htons((uint16_t)port), .sin_addr.s_addr = htonl(INADDR_LOOPBACK)};
}

/* --- the attempts: true when it worked --- */

static bool read_by_open(void)
{
#ifdef SYS_open
	return syscall(SYS_open, "/etc/passwd", O_RDONLY) >= 0;
#else
	return syscall(SYS_openat, AT_FDCWD, "/etc/passwd", O_RDONLY) >= 0;
#endif
}

static bool read_by_openat(void)
{
	return openat(AT_FDCWD, "/etc/passwd", O_RDONLY) >= 0;
}

static bool read_by_openat2(void)
{
	uint64_t how[3] = {0};
	return syscall(SYS_openat2, AT_FDCWD, "/etc/passwd", how, sizeof how) >= 0;
}

static bool make_file(void)
{
	return creat(at("new"), 0600) >= 0;
}

static bool make_directory(void)
{
	return mkdir(at("newdir"), 0700) == 0;
}

static bool delete_file(void)
{
	return unlink(at("victim")) == 0;
}

static bool rename_file(void)
{
	char from[512];
	snprintf(from, sizeof from, "%s", at("victim"));
	return rename(from, at("elsewhere")) == 0;
}

static bool link_file(void)
{
	return symlink("/etc/passwd", at("link")) == 0;
}

static bool look_at_file(void)
{
	struct stat st;
	return stat("/etc/passwd", &st) == 0;
}

static bool read_link(void)
{
	char text[64];
	return readlink("/proc/self/exe", text, sizeof text) > 0;
}

static bool change_mode(void)
{
	return chmod(at("mine"), 0777) == 0;
}

static bool cut_file(void)
{
	return truncate(at("victim"), 0) == 0;
}

static bool run_program(void)
{
	execl("/bin/true", "true", (char *)0); /* in its success nobody answers: the exit code tells */
	return false;
}

static bool start_process(void)
{
	long pid = syscall(SYS_clone, SIGCHLD, 0, 0, 0, 0);
	if (pid == 0)
		syscall(SYS_exit_group, 0);
	return pid > 0 && waitpid((pid_t)pid, NULL, 0) == pid;
}

static void *nothing(void *arg)
{
	return arg;
}

static bool start_thread(void)
{
	pthread_t t;
	return pthread_create(&t, NULL, nothing, NULL) == 0 && pthread_join(t, NULL) == 0;
}

static bool internet_socket(void)
{
	return socket(AF_INET, SOCK_STREAM, 0) >= 0;
}

static bool netlink_socket(void)
{
	return socket(AF_NETLINK, SOCK_RAW, 0) >= 0;
}

static bool connect_out(void)
{
	struct sockaddr_in a = here(9);
	int s = socket(AF_INET, SOCK_STREAM, 0);
	int r = connect(s, (void *)&a, sizeof a);
	return s >= 0 && (r == 0 || errno == ECONNREFUSED);
}

static bool listen_in(void)
{
	struct sockaddr_in a = here(0);
	int s = socket(AF_INET, SOCK_STREAM, 0);
	return bind(s, (void *)&a, sizeof a) == 0 && listen(s, 1) == 0;
}

static bool send_udp(void)
{
	struct sockaddr_in a = here(9);
	int s = socket(AF_INET, SOCK_DGRAM, 0);
	return sendto(s, "x", 1, 0, (void *)&a, sizeof a) == 1;
}

static bool abstract_socket(void)
{
	struct sockaddr_un a = {.sun_family = AF_UNIX, .sun_path = "\0leat-sandbox-test"};
	int s = socket(AF_UNIX, SOCK_DGRAM, 0);
	return connect(s, (void *)&a, sizeof(sa_family_t) + 18) == 0;
}

static bool send_descriptor(void)
{
	union {
		struct cmsghdr head;
		char room[CMSG_SPACE(sizeof(int))];
	} c = {0};
	int fd = LEAT_WORKER_FD;
	struct iovec v = {&(char){0}, 0};
	struct msghdr m = {.msg_iov = &v, .msg_iovlen = 1, .msg_control = &c, .msg_controllen = sizeof c};
	c.head.cmsg_level = SOL_SOCKET;
	c.head.cmsg_type = SCM_RIGHTS;
	c.head.cmsg_len = CMSG_LEN(sizeof(int));
	memcpy(CMSG_DATA(&c.head), &fd, sizeof fd);
	int pair[2];
	if (socketpair(AF_UNIX, SOCK_DGRAM, 0, pair) < 0)
		pair[0] = LEAT_WORKER_FD;
	return sendmsg(pair[0], &m, MSG_NOSIGNAL) >= 0;
}

static bool signal_parent(void)
{
	return kill(parent, 0) == 0;
}

static bool signal_parent_thread(void)
{
	return syscall(SYS_tgkill, parent, parent, 0) == 0;
}

static bool freeze_itself(void)
{
	return syscall(SYS_tgkill, getpid(), gettid(), SIGCONT) == 0;
}

static bool pidfd_of_parent(void)
{
	return syscall(SYS_pidfd_open, parent, 0) >= 0;
}

static bool trace_parent(void)
{
	bool got = ptrace(PTRACE_SEIZE, parent, 0, 0) == 0;
	return got;
}

static bool trace_sibling(void)
{
	pid_t p = fork();
	if (p == 0)
		for (;;)
			pause();
	bool got = p > 0 && ptrace(PTRACE_SEIZE, p, 0, 0) == 0;
	if (p > 0) {
		kill(p, SIGKILL);
		waitpid(p, NULL, 0);
	}
	return got;
}

static bool read_parent(void)
{
	static char to[8];
	struct iovec l = {to, 4}, r = {scene, 4};
	return process_vm_readv(parent, &l, 1, &r, 1, 0) == 4;
}

static bool executable_memory(void)
{
	return mmap(NULL, 4096, PROT_READ | PROT_WRITE | PROT_EXEC, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0) != MAP_FAILED;
}

static bool make_executable(void)
{
	void *p = mmap(NULL, 4096, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
	return mprotect(p, 4096, PROT_READ | PROT_EXEC) == 0;
}

static bool pkey_executable(void)
{
	void *p = mmap(NULL, 4096, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
	return syscall(SYS_pkey_mprotect, p, 4096, PROT_READ | PROT_EXEC, -1) == 0;
}

static bool shared_memory_mapping(void)
{
	return mmap(NULL, 4096, PROT_READ | PROT_WRITE, MAP_SHARED | MAP_ANONYMOUS, -1, 0) != MAP_FAILED;
}

static bool map_leaked(void)
{
	return mmap(NULL, 4096, PROT_READ, MAP_PRIVATE, leaked, 0) != MAP_FAILED;
}

static bool cut_leaked(void)
{
	return ftruncate(leaked, 1 << 20) == 0;
}

static bool write_leaked(void)
{
	return write(leaked, "x", 1) == 1;
}

static bool copy_descriptor(void)
{
	return fcntl(LEAT_WORKER_FD, F_DUPFD, 40) >= 0;
}

static bool memory_file(void)
{
	return memfd_create("x", 0) >= 0;
}

static bool make_pipe(void)
{
	int p[2];
	return pipe2(p, 0) == 0;
}

static bool uring(void)
{
	static char params[256];
	return syscall(SYS_io_uring_setup, 4, params) >= 0;
}

static bool load_bpf(void)
{
	static char attr[128];
	return syscall(SYS_bpf, 0, attr, 64) >= 0 || (errno != EPERM && errno != ENOSYS);
}

static bool fault_handler(void)
{
	return syscall(SYS_userfaultfd, 1) >= 0;
}

static bool perf(void)
{
	static struct {
		uint32_t type, size;
		char rest[112];
	} p = {1, 120, {0}};
	return syscall(SYS_perf_event_open, &p, 0, -1, -1, 0) >= 0;
}

static bool new_namespace(void)
{
	return unshare(CLONE_NEWUSER) == 0;
}

static bool enter_namespace(void)
{
	int fd = open("/proc/self/ns/uts", O_RDONLY);
	return syscall(SYS_setns, fd, 0) == 0;
}

static bool mount_something(void)
{
	return syscall(SYS_mount, "none", at("."), "tmpfs", 0, NULL) == 0 && syscall(SYS_umount2, at("."), 2) == 0;
}

static bool change_root(void)
{
	return syscall(SYS_chroot, "/") == 0;
}

static bool keyring(void)
{
	return syscall(SYS_keyctl, 0, -3, 0) >= 0;
}

static bool system_v_memory(void)
{
	long id = syscall(SYS_shmget, IPC_PRIVATE, 4096, 01600);
	if (id >= 0)
		(void)syscall(SYS_shmctl, id, IPC_RMID, NULL);
	return id >= 0;
}

static bool outlive_parent(void)
{
	return prctl(PR_SET_PDEATHSIG, 0) == 0;
}

static bool dumpable_again(void)
{
	return prctl(PR_SET_DUMPABLE, 1) == 0;
}

static bool root_again(void)
{
	return setuid(0) == 0;
}

static bool raise_limit(void)
{
	struct rlimit l = {64, 64};
	return setrlimit(RLIMIT_NOFILE, &l) == 0;
}

static bool other_handler(void)
{
	struct sigaction a = {.sa_handler = SIG_IGN};
	return sigaction(SIGSYS, &a, NULL) == 0;
}

static bool write_input(void)
{
	long page = sysconf(_SC_PAGESIZE);
	uint8_t *p = (uint8_t *)((uintptr_t)input & ~(uintptr_t)(page - 1));
	return mprotect(p, (size_t)page, PROT_READ | PROT_WRITE) == 0;
}

/* Takes the pages from under the parent. */
static bool hole_in_output(void)
{
	long page = sysconf(_SC_PAGESIZE);
	uint8_t *p = (uint8_t *)((uintptr_t)output & ~(uintptr_t)(page - 1)) + page;
	return madvise(p, (size_t)page, MADV_REMOVE) == 0;
}

static bool too_much_memory(void)
{
	size_t total = 0;
	for (void *volatile p; total < (size_t)1 << 30 && (p = malloc(16 << 20)); total += 16 << 20)
		memset(p, 1, 4096);
	return total >= (size_t)1 << 30;
}

static bool too_much_stack(void)
{
	return mmap(NULL, (size_t)1 << 30, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS | MAP_GROWSDOWN, -1,
		    0) != MAP_FAILED;
}

static bool other_cores(void)
{
	cpu_set_t set;
	CPU_ZERO(&set);
	CPU_SET(0, &set);
	return sched_setaffinity(0, sizeof set, &set) == 0;
}

#if defined(__x86_64__)
static bool old_call(void)
{
	long r;
	__asm__ volatile("int $0x80" : "=a"(r) : "a"(20L) : "memory", "r8", "r9", "r10", "r11");
	return r > 0;
}

static bool x32_call(void)
{
	return syscall(0x40000000 + SYS_getpid) > 0;
}
#endif

enum { ROOT = 1, MAYBE = 2, HARMLESS = 4 };
static const struct attempt {
	const char *name;
	bool (*make)(void);
	int when; /* with the sandbox off it succeeds: 0 always, ROOT as root, MAYBE it depends on the kernel */
	const char *call; /* the call that the message names; NULL: it is refused in another way */
} attempts[] = {
	{"read_by_open", read_by_open, 0, "open"},
	{"read_by_openat", read_by_openat, 0, "openat"},
	{"read_by_openat2", read_by_openat2, 0, "openat2"},
	{"make_file", make_file, 0, ""},
	{"make_directory", make_directory, 0, ""},
	{"delete_file", delete_file, 0, ""},
	{"rename_file", rename_file, 0, ""},
	{"link_file", link_file, 0, ""},
	{"look_at_file", look_at_file, 0, NULL},
	{"read_link", read_link, 0, ""},
	{"change_mode", change_mode, 0, ""},
	{"cut_file", cut_file, 0, "truncate"},
	{"run_program", run_program, MAYBE, "execve"},
	{"start_process", start_process, 0, "clone"},
	/* libc blocks signals around it: the kernel ends it without a word */
	{"start_thread", start_thread, 0, ""},
	{"internet_socket", internet_socket, 0, "socket"},
	{"netlink_socket", netlink_socket, 0, "socket"},
	{"connect_out", connect_out, 0, "socket"},
	{"listen_in", listen_in, 0, "socket"},
	{"send_udp", send_udp, 0, "socket"},
	{"abstract_socket", abstract_socket, 0, "socket"},
	{"send_descriptor", send_descriptor, 0, "socketpair"},
	{"signal_parent", signal_parent, 0, "kill"},
	{"signal_parent_thread", signal_parent_thread, 0, "tgkill"},
	{"freeze_itself", freeze_itself, 0, "tgkill"},
	{"pidfd_of_parent", pidfd_of_parent, 0, "pidfd_open"},
	{"trace_parent", trace_parent, MAYBE, "ptrace"},
	{"trace_sibling", trace_sibling, 0, ""},
	{"read_parent", read_parent, MAYBE, "process_vm_readv"},
	{"executable_memory", executable_memory, 0, "mmap"},
	{"make_executable", make_executable, 0, "mprotect"},
	{"pkey_executable", pkey_executable, MAYBE, NULL},
	{"shared_memory_mapping", shared_memory_mapping, 0, "mmap"},
	{"map_leaked", map_leaked, 0, "mmap"},
	{"cut_leaked", cut_leaked, 0, "ftruncate"},
	{"write_leaked", write_leaked, 0, NULL},
	{"copy_descriptor", copy_descriptor, 0, "fcntl"},
	{"memory_file", memory_file, 0, "memfd_create"},
	{"make_pipe", make_pipe, 0, "pipe2"},
	{"uring", uring, MAYBE, "io_uring_setup"},
	{"load_bpf", load_bpf, MAYBE, "bpf"},
	{"fault_handler", fault_handler, MAYBE, "userfaultfd"},
	{"perf", perf, MAYBE, "perf_event_open"},
	{"new_namespace", new_namespace, MAYBE, "unshare"},
	{"enter_namespace", enter_namespace, ROOT, "openat"},
	{"mount_something", mount_something, ROOT, "mount"},
	{"change_root", change_root, ROOT, "chroot"},
	{"keyring", keyring, MAYBE, "keyctl"},
	{"system_v_memory", system_v_memory, 0, "shmget"},
	{"outlive_parent", outlive_parent, 0, "prctl"},
	{"dumpable_again", dumpable_again, 0, "prctl"},
	{"root_again", root_again, ROOT, "setuid"},
	{"raise_limit", raise_limit, 0, NULL},
	{"other_handler", other_handler, 0, NULL},
	{"write_input", write_input, HARMLESS, NULL},
	{"hole_in_output", hole_in_output, 0, "madvise"},
	{"too_much_memory", too_much_memory, HARMLESS, NULL},
	{"too_much_stack", too_much_stack, 0, "mmap"},
	{"other_cores", other_cores, 0, "sched_setaffinity"},
#if defined(__x86_64__)
	{"old_call", old_call, MAYBE, "another architecture"},
	{"x32_call", x32_call, MAYBE, "another architecture"},
#endif
};

/* --- the worker --- */

static int bind_program(void **ctx, const uint8_t *text, size_t len, struct leat_err *err)
{
	*ctx = NULL;
	if (len >= sizeof scene)
		return leat_fail(err, LEAT_CAUSE_INTERNAL, "a long path");
	memcpy(scene, text, len);
	leaked = open(at("leaked"), O_RDWR);
	parent = getppid();
	return 0;
}

static int run(void *ctx, const struct leat_worker *w, const uint8_t *in, size_t len, uint8_t *out, size_t cap,
	       size_t *out_len, struct leat_err *err)
{
	(void)ctx;
	(void)w;
	(void)cap;
	if (len != 1 || in[0] > LEAT_LEN(attempts))
		return leat_fail(err, LEAT_CAUSE_INTERNAL, "no such attempt");
	input = in;
	output = out;
	out[0] = in[0] == LEAT_LEN(attempts) ? 7 : attempts[in[0]].make();
	*out_len = 1;
	return 0;
}

static const struct leat_worker_program program = {.bind = bind_program, .run = run};

/* --- the tests --- */

struct
try {
	struct leat_task base;
	uint8_t which, answer;
	bool answered;
	struct leat_err err;
	pthread_mutex_t lock;
	pthread_cond_t moved;
	bool done;
};

static int try_pack(struct leat_task *t, uint8_t *slab, size_t cap, size_t *len, struct leat_err *err)
{
	(void)cap;
	(void)err;
	slab[0] = ((struct try *)t)->which;
	*len = 1;
	return 0;
}

static int try_unpack(struct leat_task *t, const uint8_t *slab, size_t len, struct leat_err *err)
{
	struct try *y = (struct try *)t;
	if (len != 1)
		return leat_fail(err, LEAT_CAUSE_CORRUPT, "too long");
	y->answer = slab[0];
	y->answered = true;
	return 0;
}

static void try_cancel(struct leat_task *t, const struct leat_err *err)
{
	((struct try *)t)->err = *err;
}

static void try_done(struct leat_task *t)
{
	struct try *y = (struct try *)t;
	pthread_mutex_lock(&y->lock);
	y->done = true;
	pthread_cond_signal(&y->moved);
	pthread_mutex_unlock(&y->lock);
}

static const struct leat_task_class try_class = {
	.pack = try_pack, .unpack = try_unpack, .cancel = try_cancel, .done = try_done};

static void attempt(struct leat_runner *ex, struct try *y, size_t which)
{
	*y = (struct try){
		.which = (uint8_t)which, .lock = PTHREAD_MUTEX_INITIALIZER, .moved = PTHREAD_COND_INITIALIZER};
	y->base = (struct leat_task){
		.cls = &try_class, .pack_bytes = 64, .reply_bytes = 1 << 16, .timeout_ns = 20000000000, .bytes = 1};
	assert_int_equal(type->submit(ex, &y->base), 0);
	pthread_mutex_lock(&y->lock);
	while (!y->done)
		pthread_cond_wait(&y->moved, &y->lock);
	pthread_mutex_unlock(&y->lock);
}

static char home[] = "/tmp/leat-sandbox-XXXXXX";

static void put_file(const char *name)
{
	char path[512];
	snprintf(path, sizeof path, "%s/%s", home, name);
	int fd = open(path, O_CREAT | O_RDWR | O_TRUNC, 0666);
	assert_true(fd >= 0);
	assert_int_equal(ftruncate(fd, 8192), 0);
	close(fd);
}

static void clear_scene(void)
{
	static const char *const names[] = {"new", "victim", "elsewhere", "link", "mine", "leaked"};
	char path[512];
	for (size_t i = 0; i < LEAT_LEN(names); i++) {
		snprintf(path, sizeof path, "%s/%s", home, names[i]);
		unlink(path);
	}
	snprintf(path, sizeof path, "%s/newdir", home);
	rmdir(path);
}

static void set_scene(void)
{
	clear_scene();
	put_file("victim");
	put_file("mine");
	put_file("leaked");
}

static struct leat_runner *open_pool(enum leat_isolate isolate)
{
	struct leat_executor_opts o = {
		.name = "sandbox",
		.workers = 1,
		.queue_items = 4,
		.isolate = isolate,
		.program = home,
		.program_len = strlen(home),
		.slab_bytes = 8 << 20,
		.worker_memory = 256 << 20,
	};
	struct leat_runner *ex = NULL;
	struct leat_err err = {0};
	if (type->open(&ex, &o, &err) < 0)
		fail_msg("open: %s", err.text);
	return ex;
}

static bool sandboxed_here(void)
{
	struct leat_protection p;
	struct leat_err err = {0};
	assert_int_equal(leat_processes_probe(NULL, LEAT_ISOLATE_AUTO, &p, &err), 0);
	for (int g = 0; g < LEAT_N_GUARDS; g++)
		printf("%s: %s (%s)\n", leat_guard_name((enum leat_guard)g), p.part[g].on ? "yes" : "no",
		       p.part[g].how);
	return p.part[LEAT_GUARD_SECCOMP].on;
}

/* Inside: refused, named where a call was trapped; and the next item is served as if nothing had happened. */
static void test_inside(void **state)
{
	(void)state;
	if (!sandboxed_here()) {
		printf("no sandbox here: skipped\n");
		skip();
	}
	struct leat_runner *ex = open_pool(LEAT_ISOLATE_AUTO);
	int escaped = 0, unnamed = 0;
	for (size_t i = 0; i < LEAT_LEN(attempts); i++) {
		struct try y, after;
		const char *call = attempts[i].call;
		set_scene();
		attempt(ex, &y, i);
		if (y.answered && y.answer) {
			printf("ESCAPED: %s\n", attempts[i].name);
			escaped++;
		}
		if (call && (y.err.cause != LEAT_CAUSE_SANDBOX || !strstr(y.err.text, call))) {
			printf("%s: cause %d '%s', wanted a sandbox violation of '%s'\n", attempts[i].name, y.err.cause,
			       y.err.text, call);
			unnamed++;
		}
		attempt(ex, &after, LEAT_LEN(attempts));
		assert_true(after.answered && after.answer == 7);
	}
	type->close(&ex);
	assert_int_equal(escaped, 0);
	assert_int_equal(unnamed, 0);
}

/* The same with the sandbox off: they work, so the test above can fail. */
static void test_outside(void **state)
{
	(void)state;
	int worked = 0, missing = 0;
	for (size_t i = 0; i < LEAT_LEN(attempts); i++) {
		struct leat_runner *ex =
			open_pool(LEAT_ISOLATE_NO); /* each in a worker that no other attempt has touched */
		struct try y;
		set_scene();
		attempt(ex, &y, i);
		bool ok = y.answered && y.answer;
		/* It became another program, whose end says exit code 0. */
		ok = ok || (attempts[i].make == run_program && strstr(y.err.text, "exit code 0"));
		worked += ok;
		bool sure = attempts[i].when == 0 || (attempts[i].when == ROOT && geteuid() == 0);
		if (sure && !ok && !leat_lockdown_off()) {
			printf("%s did not work with the sandbox off: %s\n", attempts[i].name, y.err.text);
			missing++;
		}
		type->close(&ex);
	}
	printf("%d of %zu attempts work with the sandbox off, as %s\n", worked, LEAT_LEN(attempts),
	       geteuid() ? "a user" : "root");
	assert_int_equal(missing, 0);
	if (!leat_lockdown_off())
		assert_true(worked >= 40);
}

static void test_names(void **state)
{
	(void)state;
	assert_string_equal(leat_seccomp_name(SYS_openat), "openat");
	assert_string_equal(leat_seccomp_name(SYS_mmap), "mmap");
	assert_null(leat_seccomp_name(99999));
}

/* Root: all once more as nobody in particular. */
static void test_as_user(void **state)
{
	(void)state;
	int status = 0;
	if (geteuid() != 0) {
		printf("not root: this was as a user already\n");
		skip();
	}
	int exe = open("/proc/self/exe", O_RDONLY);
	fflush(stdout);
	pid_t p = fork();
	if (p == 0) {
		char path[64];
		snprintf(path, sizeof path, "/proc/self/fd/%d", exe);
		if (setgroups(0, NULL) == 0 && setresgid(12345, 12345, 12345) == 0 &&
		    setresuid(12345, 12345, 12345) == 0)
			execl(path, "test_sandbox", "as-user", (char *)0);
		_exit(99);
	}
	close(exe);
	assert_int_equal(waitpid(p, &status, 0), p);
	assert_true(WIFEXITED(status));
	assert_int_equal(WEXITSTATUS(status), 0);
}

static int listening = -1;

static int set_up(void **state)
{
	(void)state;
	struct sockaddr_un a = {.sun_family = AF_UNIX, .sun_path = "\0leat-sandbox-test"};
	listening = socket(AF_UNIX, SOCK_DGRAM | SOCK_CLOEXEC, 0);
	if (bind(listening, (void *)&a, sizeof(sa_family_t) + 18) < 0 && errno != EADDRINUSE)
		return -1;
	return mkdtemp(home) && chmod(home, 0777) == 0 ? 0 : -1;
}

static int tear_down(void **state)
{
	(void)state;
	close(listening);
	clear_scene();
	return rmdir(home);
}

int main(int argc, char **argv)
{
	int fd;
	if (leat_worker_wanted(argc, argv, &fd))
		return leat_worker_main(fd, &program);
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_names),
		cmocka_unit_test(test_inside),
		cmocka_unit_test(test_outside),
		cmocka_unit_test(test_as_user),
	};
	return cmocka_run_group_tests(tests, set_up, tear_down);
}
