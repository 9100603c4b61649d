/* SPDX-License-Identifier: MIT */
/* See notify.h. */
#include "notify.h"

#include <pthread.h>
#include <signal.h>
#include <stdatomic.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/un.h>
#include <time.h>
#include <unistd.h>

enum { STILL = 1800, LONGEST = 3600 }; /* seconds */

static struct {
	int fd; /* connected; 0: there is nobody to tell */
	pthread_t watchdog;
	bool watched;
	long beat; /* seconds between two signs of life */
	atomic_long moved, told; /* seconds of the clock */
	pthread_mutex_t lock;
	pthread_cond_t ended;
	bool over;
} state;

static long now(void)
{
	struct timespec t;
	clock_gettime(CLOCK_MONOTONIC, &t);
	return (long)t.tv_sec;
}

/* A manager that does not listen is no reason to fail. */
static void say(const char *text)
{
	if (state.fd > 0)
		(void)send(state.fd, text, strlen(text), MSG_NOSIGNAL | MSG_DONTWAIT);
}

/* "@name" is an abstract socket. */
static int connect_to(const char *name)
{
	struct sockaddr_un to = {.sun_family = AF_UNIX};
	size_t n = strlen(name);
	if ((name[0] != '/' && name[0] != '@') || n >= sizeof to.sun_path)
		return 0;
	memcpy(to.sun_path, name, n);
	if (name[0] == '@')
		to.sun_path[0] = 0;
	int fd = socket(AF_UNIX, SOCK_DGRAM | SOCK_CLOEXEC, 0);
	socklen_t len = (socklen_t)(offsetof(struct sockaddr_un, sun_path) + n);
	if (fd > 0 && connect(fd, (const struct sockaddr *)&to, len) == 0)
		return fd;
	if (fd >= 0)
		(void)close(fd); /* nothing was sent */
	return 0;
}

/* Seconds between two signs of life: half of what the manager waits; 0: it does not wait, or not for this process. */
static long beat_of(const char *usec, const char *pid)
{
	long long v = 0, whose = getpid();
	char more;
	if (!usec || sscanf(usec, "%18lld%c", &v, &more) != 1 || (pid && sscanf(pid, "%18lld%c", &whose, &more) != 1))
		return 0;
	v /= 2000000;
	return whose != getpid() || v < 1 ? 0 : v > LONGEST ? LONGEST : (long)v;
}

static void *watch(void *arg)
{
	(void)arg;
	pthread_mutex_lock(&state.lock);
	while (!state.over) {
		struct timespec until;
		if (now() - atomic_load(&state.moved) < STILL)
			say("WATCHDOG=1");
		clock_gettime(CLOCK_REALTIME, &until);
		until.tv_sec += state.beat;
		(void)pthread_cond_timedwait(&state.ended, &state.lock, &until); /* woken or late: it looks again */
	}
	pthread_mutex_unlock(&state.lock);
	return NULL;
}

void notify_begin(void)
{
	const char *name = getenv("NOTIFY_SOCKET");
	if (name)
		state.fd = connect_to(name);
	if (state.fd > 0) {
		state.beat = beat_of(getenv("WATCHDOG_USEC"), getenv("WATCHDOG_PID"));
		atomic_store(&state.moved, now());
		pthread_mutex_init(&state.lock, NULL);
		pthread_cond_init(&state.ended, NULL);
		say("READY=1\nSTATUS=looking for inputs");
	}
	(void)unsetenv("NOTIFY_SOCKET");
	(void)unsetenv("WATCHDOG_USEC");
	(void)unsetenv("WATCHDOG_PID");
	sigset_t all, before;
	sigfillset(&all); /* signals are for the thread that waits for them */
	pthread_sigmask(SIG_SETMASK, &all, &before);
	state.watched = state.beat > 0 && pthread_create(&state.watchdog, NULL, watch, NULL) == 0;
	pthread_sigmask(SIG_SETMASK, &before, NULL);
}

void notify_event(const struct leat_event *e)
{
	unsigned long long ended = 0;
	char text[200];
	long t = now();
	if (state.fd <= 0)
		return;
	atomic_store(&state.moved, t);
	if (t == atomic_load(&state.told) && e->type != LEAT_EV_END)
		return;
	atomic_store(&state.told, t);
	for (int i = LEAT_DONE; i < LEAT_N_STATES; i++)
		ended += e->counts->state[i];
	snprintf(text, sizeof text, "STATUS=%llu of %llu items, %llu failed", ended,
		 (unsigned long long)e->counts->matched, (unsigned long long)e->counts->state[LEAT_FAILED]);
	say(text);
}

void notify_end(void)
{
	if (state.fd <= 0)
		return;
	if (state.watched) {
		pthread_mutex_lock(&state.lock);
		state.over = true;
		pthread_cond_signal(&state.ended);
		pthread_mutex_unlock(&state.lock);
		pthread_join(state.watchdog, NULL);
	}
	say("STOPPING=1");
	(void)close(state.fd); /* datagrams are sent */
	state.fd = 0;
}
