/* SPDX-License-Identifier: MIT */
/*
 * Signals, taken by a thread of their own, so that what they ask for may take locks. INT and TERM: the first drains,
 * the second aborts, the third leaves at once. All other threads have the signals blocked.
 */
#include "cli.h"

#include <pthread.h>
#include <signal.h>
#include <stdatomic.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

static struct {
	pthread_t thread;
	struct leat_recipe *recipe;
	const struct progress *progress;
	atomic_bool over;
} state;

static void tell(const char *text)
{
	progress_clear(state.progress);
	fputs(text, stderr);
	fflush(stderr);
}

static void tell_status(void)
{
	char *text = leat_status(state.recipe, false);
	if (text && *text)
		tell(text);
	free(text);
}

static void *wait_for_signals(void *set)
{
	for (int n = 1, sig; sigwait(set, &sig) == 0 && !atomic_load(&state.over);) {
		if (sig == SIGUSR1)
			tell_status();
		else if (sig == SIGHUP)
			leat_reopen_log(state.recipe);
		if (sig != SIGINT && sig != SIGTERM)
			continue;
		if (n == 3)
			_exit(128 + sig);
		leat_stop(state.recipe, sig);
		tell(n == 1 ? "leat: stopping: items in hand are finished first (again: abort them)\n"
			    : "leat: aborting (again: exit at once)\n");
		n++;
	}
	return NULL;
}

void signals_hold(void)
{
	sigset_t set;
	sigemptyset(&set);
	sigaddset(&set, SIGUSR1);
	sigaddset(&set, SIGHUP);
	(void)pthread_sigmask(SIG_BLOCK, &set, NULL); /* cannot fail with these */
}

int signals_begin(struct leat_recipe *r, const struct progress *p)
{
	static sigset_t set;
	sigset_t hangup;
	state.recipe = r;
	state.progress = p;
	atomic_store(&state.over, false);
	sigemptyset(&set);
	sigaddset(&set, SIGINT);
	sigaddset(&set, SIGTERM);
	sigaddset(&set, SIGUSR1);
	sigemptyset(&hangup);
	sigaddset(&hangup, SIGHUP);
	if (leat_keeps_log(r))
		sigaddset(&set, SIGHUP);
	else /* it means what it means everywhere: the terminal is gone */
		(void)pthread_sigmask(SIG_UNBLOCK, &hangup, NULL);
	sigaddset(&set, SIGUSR2); /* ends the thread itself */
	int failed = pthread_sigmask(SIG_BLOCK, &set, NULL);
	if (!failed)
		failed = pthread_create(&state.thread, NULL, wait_for_signals, &set);
	if (failed)
		fprintf(stderr, "leat: cannot wait for signals: %s\n", strerror(failed));
	return failed ? -1 : 0;
}

void signals_end(void)
{
	atomic_store(&state.over, true);
	pthread_kill(state.thread, SIGUSR2);
	pthread_join(state.thread, NULL);
}
