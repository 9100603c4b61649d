/* SPDX-License-Identifier: MIT */
/*
 * The pool from the parent's side, shared by the files of this folder. The way of a task:
 *
 *	pool.c       submit: into the queue, or straight to an idle worker
 *	flight.c     a hand takes some of the queue, packs them into its slab and sends one packet: a flight
 *	answer.c     replies come in, are checked, unpacked, done
 *	watch.c      time limits of what is under way
 *	fate.c       a worker died: why, and what becomes of the tasks it had
 *	birth.c      a worker is started, greeted and waited for
 *	hand.c       the loop of one hand
 *
 * Properties: tasks begin in the order of submission (largest first where that is wanted); short ones go to a worker
 *             together. What a worker's death cost is tried again alone, then failed; nothing is lost, nothing ends
 *             twice.
 * Operation:  submit blocks while the queue is full. refuse frees who waits for room; stop kills the workers, and all
 *             that waits or runs ends as cancelled; close runs what is queued. Workers that cannot live break the
 *             pool: everything then ends with the reason.
 * Safety:     submit, refuse, stop, stats: any thread, done() of a task too. close: one thread, none of the pool's.
 *
 * A hand is a thread of the parent with one worker process, its two slabs and its socket. It owns them
 * alone, but for two moments: a submitter that found the hand idle may claim it and send one flight in its
 * place; and who stops the pool sends SIGKILL to its worker. Both under the pool's lock, which guards
 * everything of struct leat_runner that changes, and a hand's `idle`, `claimed` and `pidfd`. No callback
 * of a task is called under it.
 */
#ifndef LEAT_EXEC_POOL_H
#define LEAT_EXEC_POOL_H

#include "exec/clocks.h"
#include "exec/processes/slab.h"
#include "exec/processes/start.h"
#include "exec/processes/usage.h"

#include <pthread.h>
#include <stdatomic.h>

enum {
	LEAT_STAYS = 3, /* replies of a worker that somebody still reads */
	LEAT_STAY_BYTES = 1 << 20, /* smaller ones are copied */
	LEAT_FLIGHTS = 3, /* two at the worker, one being unpacked */
	LEAT_AT_WORKER = 2,
	LEAT_DIRECT_BYTES = 64 << 10, /* tasks up to here may go to an idle worker from the submitter itself */
	LEAT_BATCH_BYTES = 1 << 20, /* more than one task in a flight only up to here */
	LEAT_LARGE_BYTES = 16 << 20, /* such tasks go to a worker only when it has nothing else */
	LEAT_KEEP_BYTES = 64 << 20, /* of each slab, while idle */
	LEAT_GRACE_NS = 500 * 1000 * 1000, /* between asking a worker to stop and killing it */
	LEAT_OUTSIDE_KILLS = 100, /* of one task, or of workers in a row: then it is no chance any more */
};

struct leat_flight { /* one packet under way */
	struct leat_task *task[LEAT_BATCH];
	uint64_t out_off[LEAT_BATCH], out_cap[LEAT_BATCH];
	int n;
	int answered; /* task[0 … answered-1] are not the flight's any more */
	bool alone; /* nothing else is at the worker: a second try, or a task that asks */
	bool asked, refused; /* it did; the answer was no, for `why` */
	struct leat_err why;
	uint64_t seq; /* of task[0]; the others follow */
	int64_t sent_ns;
	size_t in_off, in_end, out_begin, out_end; /* its part of the slabs */
};

/* A reply that somebody still reads (leat_task.stay): nothing else may lie there. */
struct leat_reply_stay {
	struct leat_stay stay;
	struct leat_runner *ex;
	size_t begin, end; /* of the output slab */
	atomic_bool used;
};

/* Why we killed a worker, or are about to. */
enum leat_verdict {
	LEAT_KILL_NONE,
	LEAT_KILL_TIMEOUT,
	LEAT_KILL_FROZEN,
	LEAT_KILL_NONSENSE,
	LEAT_KILL_VIOLATION,
	LEAT_KILL_SILENT,
	LEAT_KILL_RETIRED,
};

struct leat_hand {
	struct leat_clocks clocks; /* tasks, and how long they took there */
	struct leat_usage usage; /* CPU time: guarded by the pool's lock, like pid to those who are not the hand */
	struct leat_runner *ex;
	int index;
	pthread_t thread;
	struct leat_hand *next_idle;
	bool idle, claimed;
	bool busy; /* for leat_pool_sign */
	bool turn; /* it has one, of leat_executor_opts.turns */
	bool started; /* the thread exists */
	struct leat_slab in, out;
	int in_readonly; /* what workers get of `in` */
	int timer; /* wakes the hand: deadlines, and others who want it awake */
	int64_t armed; /* when the timer goes off; 0: not set */
	/* The worker. */
	int sock, pidfd; /* -1: none */
	pid_t pid;
	uint64_t seq; /* given to the last task sent */
	uint64_t tasks; /* answered by this worker */
	uint64_t rss_first; /* private bytes when it was new */
	uint64_t soft_limit; /* RLIMIT_DATA set last; 0: as born */
	bool limited; /* its memory is limited at all */
	bool retire; /* no more work for it */
	uint64_t has; /* of leat_executor_opts.wants, since its birth */
	enum leat_verdict verdict;
	const char *nonsense; /* what was wrong */
	uint32_t violation; /* the call it tried */
	/* tasks of the first flight that are not at fault although the worker was killed for its answer */
	int blameless;
	uint64_t soft_seq; /* asked to stop this task */
	int64_t soft_ns; /* when */
	bool stopped_seen;
	int64_t last_reply_ns, idle_since;
	int64_t item_ns; /* what a task takes here, there and back; smoothed */
	struct leat_flight *flight[LEAT_FLIGHTS]; /* the oldest first */
	struct leat_flight room[LEAT_FLIGHTS];
	int n_flights;
	struct leat_reply_stay stay[LEAT_STAYS];
};

struct leat_runner {
	struct leat_executor_opts o;
	char name[16];
	int exe, program; /* descriptors */
	char **env;
	bool own; /* workers are this very program */
	bool probe;
	bool limits_itself; /* workers move their own limit of memory */
	struct leat_hand *hands;
	int n;
	pthread_mutex_t lock;
	pthread_cond_t room; /* for submitters */
	pthread_cond_t changed; /* for open, close and claimed hands */
	struct leat_task *head, *tail; /* the queue; with largest_first not strictly in order: flow/queue.h */
	struct leat_task *again; /* for a second try, each alone */
	struct leat_hand *idle; /* the last one first: its caches are warm */
	_Atomic uint64_t count; /* of the queue; written under the lock */
	uint64_t bytes, peak;
	bool closed, aborted, broken;
	atomic_bool generous; /* a reply was larger than foreseen: from now on all get the most room */
	struct leat_err why; /* of broken */
	int early, early_kills; /* deaths in a row before the first answer */
	int ready; /* workers that ever were */
	int aborting;
	uint64_t oom_kills;
	struct leat_protection protection;
};

/* hand.c: the thread of a hand. */
void *leat_hand_main(void *hand);
/* hand.c: wakes it. Any thread. */
void leat_hand_poke(struct leat_hand *h);
/* hand.c: the timer goes off at `at` or earlier. By the hand, or by who claimed it. */
void leat_hand_arm(struct leat_hand *h, int64_t at);

/* birth.c: a worker that has answered. 0; -1 the pool ends, is broken or stopped. */
int leat_birth(struct leat_hand *h);

/* flight.c: fills the worker's slots from the queue. */
void leat_flight_feed(struct leat_hand *h);
/*
 * flight.c: sends one task that nobody queued; the hand is claimed. 0 sent (or lost with the worker), 1 the
 * task is done.
 */
int leat_flight_direct(struct leat_hand *h, struct leat_task *t);
/* flight.c: answers the question of the only task at the worker: `what` is still the worker's. */
void leat_flight_question(struct leat_hand *h, struct leat_flight *f, const uint8_t *what, size_t n);
/* flight.c: flights that are not answered in full. */
int leat_flights_open(const struct leat_hand *h);
/* flight.c: nothing is at the worker: others may have this hand's turn. */
void leat_flight_give_turn(struct leat_hand *h);
/* flight.c: takes flight i off the hand's list. */
void leat_flight_drop(struct leat_hand *h, int i);

/* stay.c: one for the reply at [begin, end) of the output slab; NULL: it must be copied. By the hand. */
struct leat_stay *leat_stay_offer(struct leat_hand *h, size_t begin, size_t end);
/* stay.c: where [begin, end) meets a reply that stays, the end of that; else `begin`. */
size_t leat_stay_behind(const struct leat_hand *h, size_t begin, size_t end);
/* stay.c: waits until no reply stays at `from` or behind it. By the hand, with nothing at the worker but one task. */
void leat_stay_wait(struct leat_hand *h, size_t from);

/* answer.c: takes one packet. 1 taken, 0 none there, -1 the worker is gone or at fault (h->verdict). */
int leat_answer(struct leat_hand *h);

/*
 * watch.c: looks at the time; kills or warns; sets the timer for the next look. -1 when the worker is to be
 * buried.
 */
int leat_watch(struct leat_hand *h);
/* watch.c: when to look first at a flight that the worker begins at `from`. */
int64_t leat_watch_at(const struct leat_flight *f, int64_t from);

/*
 * fate.c: ends the worker (SIGKILL unless it is dead), finds out why, and gives its tasks back, to be tried
 * again or as failed.
 */
void leat_fate(struct leat_hand *h);
/* fate.c: why it died, in words. True when the kill came from outside. `early`: it had no item yet. */
bool leat_fate_why(struct leat_hand *h, bool early, struct leat_err *err);
/* fate.c: ends a worker that has nothing to do. */
void leat_retire(struct leat_hand *h);

/*
 * pool.c: this hand's worker has something to do from now on, or not. Workers that have, and a thread aside, are told
 * that they may use it, as many of them as there are workers that have not.
 */
void leat_pool_sign(struct leat_hand *h, bool busy);
/* pool.c: no worker can live: what waits is cancelled with *err, which is kept. */
void leat_pool_break(struct leat_runner *ex, const struct leat_err *err);
/* pool.c: cancels and ends a list of tasks. */
void leat_pool_cancel(struct leat_task *list, const struct leat_err *err);
/*
 * pool.c: a task goes back: to the head of the queue, or `alone` to those who get a second try. Cancels it
 * where the pool has ended.
 */
void leat_pool_return(struct leat_runner *ex, struct leat_task *t, bool alone);

/*
 * pool.c: the executor's own calls, as in struct leat_executor_type. `probe`: the worker only locks itself
 * down and says so.
 */
int leat_pool_open(struct leat_runner **ex, const struct leat_executor_opts *o, bool probe, struct leat_err *err);
int leat_pool_submit(struct leat_runner *ex, struct leat_task *t);
void leat_pool_refuse(struct leat_runner *ex);
void leat_pool_stop(struct leat_runner *ex);
void leat_pool_close(struct leat_runner **ex);
void leat_pool_stats(struct leat_runner *ex, struct leat_executor_stats *out);
bool leat_pool_protection(struct leat_runner *ex, struct leat_protection *out);

#endif
