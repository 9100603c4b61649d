/* SPDX-License-Identifier: MIT */
/*
 * A run in progress, shared by the files of this room. The way of an item:
 *
 *	admit.c    the main thread lists items into the first segment, as fast as the window and the budget let it
 *	task.c     a worker runs one segment for one item and sends the results on
 *	stream.c   a large file of text, read and measured in pieces
 *	turns.c    who may compute, where there are more groups than cores
 *	go.c       when an item may be decoded
 *	resend.c   tasks that are tried again later
 *	item.c     the item's fate; when nothing of it is under way any more it ends
 *	order.c    ended items, put back into input order: reports, summary
 *	watch.c    who works on what, for records and for those who look on
 *	effort.c   how much there is to do and how much is done, in pixels
 *	reduce.c   what goes into reductions, in input order, and what comes out of them
 *	record.c   what became of them goes into the ledger
 *	engine.c   opens and closes all of it
 */
#ifndef LEAT_RUN_ENGINE_H
#define LEAT_RUN_ENGINE_H

#include "base/nameset.h"
#include "core/event.h"
#include "flow/budget.h"
#include "flow/future.h"
#include "flow/reorder.h"
#include "flow/turns.h"
#include "report/night.h"
#include "report/summary.h"
#include "run/pace.h"
#include "run/segment.h"
#include "run/watch.h"

#include <pthread.h>
#include <stdatomic.h>

enum {
	LEAT_REPLY_SLACK = 1 << 20, /* of a reply, beyond what its data are predicted to take */
	LEAT_TRACE_SAMPLE = 16, /* of so many items the steps of one are timed, where only a report asks */
	LEAT_WINDOW =
		4096, /* items between the oldest one under way and the newest: bounds what ordered ends can pile up */
};

struct leat_run;

/* May it be decoded, though only a worker process could read its header? */
enum leat_go { LEAT_GO_UNKNOWN, LEAT_GO_WAITS, LEAT_GO_GIVEN, LEAT_GO_NEVER };

/* One item under way. Freed when its end was delivered in order. */
struct leat_run_item {
	struct leat_run *run;
	const struct leat_entry *entry; /* NULL behind a reduction */
	uint64_t seq; /* within its stage */
	int stage;
	int reduce_step; /* the reduction it came from, -1: the source */
	atomic_int pending; /* tasks, and things waiting for a reduction */
	int64_t started_ns;
	pthread_mutex_t lock; /* of what follows */
	enum leat_state state;
	struct leat_err err; /* its failure: of the earliest step of the recipe that failed */
	int err_step;
	uint64_t ahead_bytes; /* held in the budget's read-ahead pool */
	uint64_t active_bytes; /* held in the budget's active pool */
	uint64_t reply_bytes; /* what will come of it, as its header lets guess; 0: not known */
	atomic_bool begun; /* more than read ahead: a stop lets it come to its end */
	atomic_bool passed; /* it came to an end of the recipe: something was written, merged, or reported last */
	double work; /* in pixels, once its header was read; 0: not known (effort.c) */
	uint64_t pixels; /* by its header; 0: not known */
	int64_t worked_ns; /* by workers, where the run is watched */
	char *output; /* the first file written of it, where the run is watched; or NULL */
	bool turn_taken; /* it has asked the active pool, and needs not again */
	bool turn_lost; /* it asks without a turn: that was given up while its reading waited for the next try */
	bool counted; /* among the bytes read */
	enum leat_go go;
	struct leat_budget_wait wait; /* while go is WAITS */
	struct leat_run_task *parked; /* and who is to be sent then */
	bool *reduced; /* by plan step: it took its turn at that reduction, or at that order=keep */
	struct leat_fields *rows; /* by plan step: fields as they were at that report; NULL until first used */
	struct leat_fields fields; /* what it starts with: {bytes_in}, or {count} {key} behind a reduction */
	struct leat_put_result *outputs; /* the files that came of it, where a ledger wants to know */
	size_t n_outputs, cap_outputs;
	bool quarantined;
	bool hashed; /* its bytes were read, and have this hash */
	uint8_t hash[LEAT_HASH];
};

/* A segment to run for an item. */
struct leat_run_task {
	struct leat_future future;
	struct leat_ended ended;
	struct leat_run_item *item;
	int segment, step;
	struct leat_payload payload;
	struct leat_fields fields;
	const char *format;
	struct leat_results results;
	/* The next try of a task that failed; the pool may have tried each of them twice. */
	int tries; /* before this one */
	struct leat_err why; /* the last one failed */
	int why_step;
	int64_t due_ns;
	struct leat_run_task *next; /* of those that wait with it */
	struct leat_run_task *again; /* what is sent in its place where its worker must wait for the go */
	bool parks; /* it must */
	bool trace; /* its steps are told */
	bool unread; /* its file, which came late, could not be read */
	/* watch.c, under its lock: */
	int64_t sent_ns, begun_ns; /* 0: not yet */
	int seat; /* of its group */
	struct leat_run_task *older, *newer; /* at work */
};

struct leat_run_group {
	const struct leat_group *plan;
	struct leat_executor *ex;
	struct leat_states *states; /* one per worker */
	size_t n_states;
	char why[sizeof((struct leat_group_time *)0)
			 ->paced]; /* how the number of its workers was changed on the way; "" it was not (pace.c) */
	bool enough; /* more of them were tried, and gained nothing (pace.c) */
};

struct leat_deadline;
struct leat_reducer;
struct leat_resend;
struct leat_recorder;

struct leat_run {
	const struct leat_plan *plan;
	const struct leat_program *program;
	const struct leat_facts *facts;
	struct leat_env env;
	_Atomic uint64_t wants; /* env.wants points here */
	struct leat_cancel cancel;
	const char *worker_path; /* see leat_run_opts */
	leat_event_fn *event;
	void *event_ctx;
	bool trace, look; /* see leat_run_opts */
	uint64_t trace_every; /* steps are told of every so many items; 0: of none */
	struct leat_night *night; /* what is recorded beside the outputs; NULL: nothing */
	_Atomic(struct leat_watch *) watch; /* NULL: nobody looks */
	struct leat_effort *effort; /* under lock */
	int64_t started_ns, told_ns;

	struct leat_resource *resources;
	size_t n_resources;
	struct leat_run_group *groups;
	struct leat_resend *resend;
	struct leat_recorder *recorder; /* NULL: the job has no ledger */
	int64_t kept; /* see leat_run_opts */
	struct leat_nameset *names; /* final names that this run has written */
	void **sinks; /* by plan step */
	struct leat_budget *budget;
	struct leat_turns turns;
	struct leat_pace *pace;
	_Atomic int64_t memory_wait_ns; /* that items of the source spent waiting for the budget */
	struct leat_reorder *ended; /* items of stage 0, in input order */
	struct leat_reorder **inorder; /* by plan step with order=keep: tasks wait here for their turn */
	struct leat_reducer **reducers; /* by plan step; NULL where the step is none */

	pthread_mutex_t executors; /* groups and budget against leat_run_stop from another thread */
	pthread_mutex_t lock; /* counts, summary, stop reasons, open */
	/* items were delivered, or none is open any more: for the window and for the end of a stage */
	pthread_cond_t moved;
	uint64_t open; /* items under way in the current stage */
	uint64_t delivered; /* items of stage 0 delivered in order */
	struct leat_summary *summary;
	atomic_int stop_signal; /* leat_run_stop came with it; 0: it did not */
	struct leat_deadline *deadline;
	atomic_bool deadline_over; /* what was not admitted by then is not reached */
	bool too_many_failed; /* more than max-errors= */
	bool target_broken; /* exit 5 */
	struct leat_err target_err;
	struct leat_err internal; /* memory ran out where nothing else could be told */
};

/* item.c */
struct leat_run_item *leat_item_new(struct leat_run *r, const struct leat_entry *e, uint64_t seq, int stage,
				    int reduce_step, struct leat_err *err);
void leat_item_hold(struct leat_run_item *it);
void leat_item_drop(struct leat_run_item *it); /* the last drop ends the item */
void leat_item_fail(struct leat_run_item *it, int step, const struct leat_err *e);
void leat_item_free(struct leat_run_item *it);
uint64_t leat_item_turn(const struct leat_run_item *it); /* for the active pool of the budget */
void leat_run_fatal(struct leat_run *r, const struct leat_err *e); /* cannot go on: drains, exit 5 */
void leat_run_internal(struct leat_run *r, const struct leat_err *e); /* memory ran out outside any item */

/* Raises the stop flag and wakes those who wait for a time. Any thread. */
void leat_run_raise(struct leat_run *r, enum leat_stop s);

/* observe.c */
int leat_observe_open(struct leat_run *r, struct leat_err *err); /* behind the sinks: names are claimed */
bool leat_trace_wants(const struct leat_run_item *it); /* are its steps told? */

/* effort.c: leat_counts.work, under r->lock */
int leat_effort_begin(struct leat_run *r, struct leat_err *err); /* all inputs are to be done */
void leat_effort_known(struct leat_run_item *it, const struct leat_header *h); /* its header was read */
void leat_effort_ended(struct leat_run_item *it);
void leat_effort_sum(struct leat_run *r); /* into the counts */

/* resend.c */
struct leat_resend *leat_resend_new(struct leat_run *r, struct leat_err *err);
int leat_resend_start(struct leat_resend *s, struct leat_err *err);
/* Takes the task over: sent at due_ns, or given up when the run stops before. Any thread, never waits. */
void leat_resend_at(struct leat_resend *s, struct leat_run_task *t, int64_t due_ns);
void leat_resend_look(struct leat_resend *s); /* the stop flag has risen */
void leat_resend_free(struct leat_resend **s); /* nothing waits in it any more */

/* task.c */
struct leat_run_task *leat_task_new(struct leat_run_item *it, int step, struct leat_err *err);
/* to the executor of its segment; never fails: a refused task ends as cancelled */
void leat_task_send(struct leat_run_task *t);
void leat_task_give_up(struct leat_run_task *t); /* never sent: its item failed for t->why, before */
/* Another one for the same step of the same item; its payload follows when t ends. */
struct leat_run_task *leat_task_next(struct leat_run_task *t, struct leat_err *err);
void leat_task_measure(struct leat_run_task *t); /* what its executor must know of its size, as it is known now */

/* go.c */
/*
 * leat_env.admit: waits for the budget; read-ahead is exchanged for the item's predicted peak. h NULL: its worker will
 * ask.
 */
int leat_run_admit(void *item, const struct leat_header *h, uint64_t file_bytes, struct leat_err *err);
/* The same of an item that takes so many bytes, whatever its header says. */
int leat_run_admit_bytes(struct leat_run_item *it, const struct leat_header *h, uint64_t file_bytes, uint64_t need,
			 struct leat_err *err);
/* What the item has reserved; *asks: nothing yet. */
uint64_t leat_go_reserved(struct leat_run_item *it, bool *asks);
/* A worker asks (leat_future_class.ask). -1 with *err: no; t->parks: not now. Never waits. */
int leat_go_ask(struct leat_run_task *t, const uint8_t *what, size_t n, struct leat_err *err);
void leat_go_park(struct leat_run_task *t); /* takes it over: it is sent as soon as its item may go on */

/* inorder.c */
int leat_inorder_open(struct leat_run *r, struct leat_err *err);
void leat_inorder_close(struct leat_run *r);
/* To its executor, in input order where the step asks for it. Takes the task over. */
void leat_inorder_send(struct leat_run_task *t);
/* An ended item gives up its turns at the steps it never came to. */
void leat_inorder_absent(struct leat_run_item *it);

/* order.c */
/* leat_reorder's callback: rows and summary; frees the item */
void leat_order_deliver(void *run, uint64_t seq, void *item);
void leat_order_not_reached(struct leat_run *r, uint64_t from);
void leat_run_tell(struct leat_run *r, const struct leat_event *e); /* with r->lock held */

/* sinks.c */
int leat_sinks_open(struct leat_run *r, struct leat_err *err);
int leat_sinks_close(struct leat_run *r, bool aborted, struct leat_err *err);
int leat_sinks_put(void *item, int step, const struct leat_view *v, const struct leat_payload *in,
		   struct leat_put_result *res, struct leat_err *err);

/*
 * Does everything that would come of it stand there, and is to be left (existing=)? Then it need not even be read: the
 * files were counted as left. The main thread, before it is sent.
 */
bool leat_sinks_leave(const struct leat_run_item *it);

/* reduce.c */
int leat_reducers_open(struct leat_run *r, struct leat_err *err);
void leat_reducers_close(struct leat_run *r);
/* Takes payload and fields over. The item is held until it was merged. */
void leat_reduce_give(struct leat_run_item *it, struct leat_result *res);
void leat_reduce_absent(struct leat_run_item *it); /* gives up its turns at the reductions it never came to */
int leat_reduce_ended(struct leat_run_item *it, struct leat_err *err); /* a result came to its end: back into order */
/* Is step `step` fed by the items of reduction `reduce_step` (-1: of the source), with no other reduction between? */
bool leat_fed_by(const struct leat_plan *p, int step, int reduce_step);
int leat_reduce_emit(struct leat_run *r, int step, struct leat_err *err); /* results of one reduction start their way */

/* record.c: what became of the items goes into the ledger of the job */
/* Opens it and begins: what was known before is noted first. 0, also where the job has none; -1 with *err. */
int leat_record_open(struct leat_run *r, struct leat_err *err);
/* The item's input was read. leat_env.got. Any thread. */
void leat_record_got(void *item, const struct leat_bytes *b);
/* A file came of it: takes over the path in *put. Any thread. */
void leat_record_wrote(struct leat_run_item *it, struct leat_put_result *put);
/* leat_sink_open.intend; ctx: the recorder. */
int leat_record_intend(void *ctx, const char *path, uint64_t size, const uint8_t hash[static LEAT_HASH],
		       struct leat_err *err);
/* The item has ended. Any thread; waits while very much is to be written. */
void leat_record_ended(struct leat_run_item *it);
/* Row fields of an item that is left alone, as they were when it was done. The main thread. -1 with *err. */
int leat_record_rows(struct leat_run_item *it, struct leat_err *err);
/* Everything is written. -1 with *err: something could not be. Nothing is under way any more. */
int leat_record_close(struct leat_run *r, struct leat_err *err);

/* resources.c */
int leat_resources_load(struct leat_run *r, struct leat_err *err);
void leat_resources_free(struct leat_run *r);

/* admit.c */
int leat_admit_all(struct leat_run *r, uint64_t *admitted, struct leat_err *err);
void leat_run_wait(struct leat_run *r); /* until no item is under way */

#endif
