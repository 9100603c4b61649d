/* SPDX-License-Identifier: MIT */
/* See child.h. One poll loop over the child's three pipes; its end is asked for ten times a second at the latest. */
#include "base/child.h"

#include "base/mem.h"
#include "base/sys.h"

#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <pthread.h>
#include <signal.h>
#include <spawn.h>
#include <stdio.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

enum { IN, OUT, ERR, PIPES };

static const int64_t grace_ns = 2000000000;

struct running {
	const struct leat_child *c;
	struct leat_child_end *end;
	pid_t pid;
	int fd[PIPES]; /* ours; -1 closed */
	size_t sent;
	struct leat_buf said;
	int64_t killed_ns; /* when TERM was sent; 0: not yet */
	struct leat_err *err;
	bool failed; /* *err says why it is ended */
};

static void shut(int *fd)
{
	if (*fd >= 0)
		(void)close(*fd); /* a pipe */
	*fd = -1;
}

/* ---- start ---- */

/* Ours end in `names`: is this variable replaced? */
static bool replaced(const char *var, const char *const *env)
{
	size_t n = strcspn(var, "=");
	for (size_t i = 0; env && env[i]; i++)
		if (strncmp(env[i], var, n) == 0 && env[i][n] == '=')
			return true;
	return false;
}

/* The environment of the child; the texts are borrowed. */
static const char **environment(const struct leat_child *c, struct leat_err *err)
{
	size_t n = 0, more = 0, k = 0;
	while (environ && environ[n])
		n++;
	while (c->env && c->env[more])
		more++;
	const char **v = leat_zalloc(n + more + 1, sizeof *v, err);
	for (size_t i = 0; v && i < n; i++)
		if (!replaced(environ[i], c->env))
			v[k++] = environ[i];
	for (size_t i = 0; v && i < more; i++)
		v[k++] = c->env[i];
	return v;
}

static int files(posix_spawn_file_actions_t *f, const struct leat_child *c, const int theirs[PIPES])
{
	int sys = c->input_len ? posix_spawn_file_actions_adddup2(f, theirs[IN], 0)
			       : posix_spawn_file_actions_addopen(f, 0, "/dev/null", O_RDONLY, 0);
	if (!sys)
		sys = posix_spawn_file_actions_adddup2(f, theirs[c->output ? OUT : ERR], 1);
	if (!sys)
		sys = posix_spawn_file_actions_adddup2(f, theirs[ERR], 2);
	if (!sys && c->folder)
		sys = posix_spawn_file_actions_addchdir_np(f, c->folder);
	if (!sys)
		sys = posix_spawn_file_actions_addclosefrom_np(f, 3);
	return sys;
}

static int signals(posix_spawnattr_t *a)
{
	sigset_t all, none;
	sigfillset(&all);
	sigemptyset(&none);
	int sys = posix_spawnattr_setsigdefault(a, &all);
	if (!sys)
		sys = posix_spawnattr_setsigmask(a, &none);
	if (!sys)
		sys = posix_spawnattr_setpgroup(a, 0);
	if (!sys)
		sys = posix_spawnattr_setflags(a,
					       POSIX_SPAWN_SETSIGDEF | POSIX_SPAWN_SETSIGMASK | POSIX_SPAWN_SETPGROUP);
	return sys;
}

/* posix_spawnp does not write to the texts, whatever its prototype says. */
static int spawn(struct running *r, const int theirs[PIPES], const char **env)
{
	posix_spawn_file_actions_t f;
	posix_spawnattr_t a;
	int sys = posix_spawn_file_actions_init(&f);
	if (sys)
		return sys;
	sys = posix_spawnattr_init(&a);
	if (!sys) {
		sys = files(&f, r->c, theirs);
		if (!sys)
			sys = signals(&a);
		if (!sys)
			sys = posix_spawnp(&r->pid, r->c->argv[0], &f, &a, (char *const *)r->c->argv,
					   (char *const *)env);
		posix_spawnattr_destroy(&a);
	}
	posix_spawn_file_actions_destroy(&f);
	return sys;
}

static int cannot_start(const char *program, int sys, struct leat_err *err)
{
	enum leat_cause cause = sys == ENOENT   ? LEAT_CAUSE_NOT_FOUND
				: sys == EACCES ? LEAT_CAUSE_PERMISSION
						: LEAT_CAUSE_IO;
	if (sys == ENOENT)
		return leat_fail(err, cause, "there is no program '%.200s'", program);
	return leat_fail_sys(err, cause, sys, "cannot start '%.200s'", program);
}

/* Our ends never block, and none of theirs is inherited by accident. */
static int make_pipes(struct running *r, int theirs[PIPES], struct leat_err *err)
{
	for (int i = 0; i < PIPES; i++) {
		int p[2];
		if ((i == IN && !r->c->input_len) || (i == OUT && !r->c->output))
			continue;
		if (pipe2(p, O_CLOEXEC) < 0)
			return leat_fail_sys(err, LEAT_CAUSE_LIMIT, errno, "cannot make a pipe");
		r->fd[i] = p[i == IN];
		theirs[i] = p[i != IN];
		if (fcntl(r->fd[i], F_SETFL, O_NONBLOCK) < 0)
			return leat_fail_sys(err, LEAT_CAUSE_IO, errno, "cannot set up a pipe");
	}
	return 0;
}

static int start(struct running *r, struct leat_err *err)
{
	int theirs[PIPES] = {-1, -1, -1};
	const char **env = environment(r->c, err);
	int ok = env ? make_pipes(r, theirs, err) : -1;
	int sys = ok == 0 ? spawn(r, theirs, env) : 0;
	for (int i = 0; i < PIPES; i++)
		shut(&theirs[i]);
	free(env);
	return sys ? cannot_start(r->c->argv[0], sys, err) : ok;
}

/* ---- while it runs ---- */

static void give_up(struct running *r)
{
	r->failed = true;
	if (r->killed_ns)
		return;
	r->killed_ns = leat_now_ns();
	(void)kill(-r->pid, SIGTERM); /* it may be gone */
}

/* write() without the SIGPIPE that it may raise in this thread; one that waited before still does. */
static ssize_t quiet_write(int fd, const void *data, size_t n)
{
	const struct timespec no_time = {0};
	sigset_t sigpipe, before, pending;
	sigemptyset(&sigpipe);
	sigaddset(&sigpipe, SIGPIPE);
	sigpending(&pending);
	pthread_sigmask(SIG_BLOCK, &sigpipe, &before);
	ssize_t done = write(fd, data, n);
	int sys = errno;
	if (done < 0 && sys == EPIPE && !sigismember(&pending, SIGPIPE))
		(void)sigtimedwait(&sigpipe, NULL, &no_time);
	pthread_sigmask(SIG_SETMASK, &before, NULL);
	errno = sys;
	return done;
}

static void send_input(struct running *r)
{
	ssize_t n = quiet_write(r->fd[IN], (const char *)r->c->input + r->sent, r->c->input_len - r->sent);
	if (n < 0 && (errno == EAGAIN || errno == EINTR))
		return;
	if (n > 0)
		r->sent += (size_t)n;
	if (n < 0 || r->sent == r->c->input_len) /* who wants no more input is no failure: its status decides */
		shut(&r->fd[IN]);
}

/* Keeps the last bytes of what it says. */
static void add_words(struct leat_buf *b, const char *data, size_t n)
{
	leat_buf_add(b, data, n);
	if (b->data && b->len > 2 * (size_t)LEAT_CHILD_WORDS) {
		memmove(b->data, b->data + b->len - LEAT_CHILD_WORDS, LEAT_CHILD_WORDS);
		b->len = LEAT_CHILD_WORDS;
	}
}

static void take(struct running *r, int which)
{
	char buf[65536];
	ssize_t n = read(r->fd[which], buf, sizeof buf);
	if (n < 0 && (errno == EAGAIN || errno == EINTR))
		return;
	if (n <= 0) {
		shut(&r->fd[which]);
	} else if (which == ERR) {
		add_words(&r->said, buf, (size_t)n);
	} else if ((size_t)n > r->c->output_most - r->end->output.len) {
		leat_fail(r->err, LEAT_CAUSE_LIMIT, "'%.200s' gives more than %zu bytes", r->c->argv[0],
			  r->c->output_most);
		shut(&r->fd[which]);
		give_up(r);
	} else {
		leat_buf_add(&r->end->output, buf, (size_t)n);
	}
}

static void look_at_clock(struct running *r)
{
	int64_t now = leat_now_ns();
	if (r->killed_ns) {
		if (now - r->killed_ns > grace_ns)
			(void)kill(-r->pid, SIGKILL);
	} else if (r->c->stop && r->c->stop(r->c->ctx)) {
		leat_fail(r->err, LEAT_CAUSE_CANCELLED, "stopped while '%.200s' was at work", r->c->argv[0]);
		give_up(r);
	} else if (r->c->deadline_ns && now > r->c->deadline_ns) {
		leat_fail(r->err, LEAT_CAUSE_TIMEOUT, "'%.200s' took longer than it may", r->c->argv[0]);
		give_up(r);
	}
}

static void move(struct running *r, int timeout_ms)
{
	struct pollfd p[PIPES];
	for (int i = 0; i < PIPES; i++)
		p[i] = (struct pollfd){.fd = r->fd[i], .events = i == IN ? POLLOUT : POLLIN};
	if (poll(p, PIPES, timeout_ms) <= 0)
		return;
	for (int i = 0; i < PIPES; i++)
		if (p[i].revents && r->fd[i] >= 0) {
			if (i == IN)
				send_input(r);
			else
				take(r, i);
		}
}

/* Has it ended? It stays a zombie, so that its number and that of its group are nobody else's yet. */
static bool ended(const struct running *r, siginfo_t *info)
{
	*info = (siginfo_t){0};
	return waitid(P_PID, (id_t)r->pid, info, WEXITED | WNOHANG | WNOWAIT) < 0 || info->si_pid == r->pid;
}

/*
 * A program that closes its outputs has nothing more to say, but may still be at work; its end is looked for at once
 * when a pipe moved, and otherwise ever less often, up to ten times a second.
 */
static void watch(struct running *r, siginfo_t *info)
{
	for (int nap = 1; !ended(r, info); nap = nap < 50 ? 2 * nap : 100) {
		bool open = r->fd[OUT] >= 0 || r->fd[ERR] >= 0 || r->fd[IN] >= 0;
		move(r, open && !r->killed_ns ? 100 : nap);
		look_at_clock(r);
	}
	while (r->fd[OUT] >= 0) { /* what is in the pipe still counts; who else holds it open does not */
		size_t before = r->end->output.len;
		move(r, 0);
		if (r->end->output.len == before)
			break;
	}
	if (r->fd[ERR] >= 0)
		take(r, ERR);
}

/* The last line of what it said. */
static void last_words(const struct leat_buf *said, char words[LEAT_CHILD_WORDS])
{
	size_t end = said->len;
	while (end && strchr(" \t\r\n", said->data[end - 1]))
		end--;
	size_t from = end;
	while (from && said->data[from - 1] != '\n' && end - from < LEAT_CHILD_WORDS - 1)
		from--;
	(void)snprintf(words, LEAT_CHILD_WORDS, "%.*s", (int)(end - from), said->data ? said->data + from : "");
}

int leat_child_run(const struct leat_child *c, struct leat_child_end *end, struct leat_err *err)
{
	struct running r = {.c = c, .end = end, .fd = {-1, -1, -1}, .err = err};
	siginfo_t info = {0};
	*end = (struct leat_child_end){0};
	int ok = start(&r, err);
	if (ok == 0) {
		watch(&r, &info);
		(void)kill(-r.pid, SIGKILL); /* what it left behind */
		(void)waitpid(r.pid, NULL, 0);
		end->status = info.si_code == CLD_EXITED ? info.si_status : -1;
		end->signal = info.si_code == CLD_EXITED ? 0 : info.si_status;
		last_words(&r.said, end->words);
		ok = r.failed ? -1 : leat_buf_check(&end->output, err);
		if (ok == 0 && info.si_pid != r.pid) /* a host that ignores SIGCHLD */
			ok = leat_fail(err, LEAT_CAUSE_IO, "cannot tell how '%.200s' ended", c->argv[0]);
	}
	for (int i = 0; i < PIPES; i++)
		shut(&r.fd[i]);
	leat_buf_free(&r.said);
	if (ok < 0)
		leat_buf_free(&end->output);
	return ok;
}
