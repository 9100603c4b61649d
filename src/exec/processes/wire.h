/* SPDX-License-Identifier: MIT */
/*
 * What goes over the socket between the parent and a worker, and where things lie in the slabs.
 *
 * Everything travels in packets (SOCK_SEQPACKET): one hello there, one ready back, then packets of 64-byte
 * descriptors: requests there, replies back, in the same order. A packet the other side did not ask for
 * ends the worker.
 *
 *	input slab    one page of signs, then what pack() wrote    the worker has it read-only
 *	output slab   one page of progress, then replies           the parent has it read-only
 */
#ifndef LEAT_EXEC_WIRE_H
#define LEAT_EXEC_WIRE_H

#include "core/note.h"
#include "core/protection.h"

#include <stdatomic.h>

#define LEAT_HELLO_MAGIC 0x317461656cull

enum {
	LEAT_WORKER_FD = 3, /* the worker's end of the socket */
	LEAT_PROGRESS_BYTES = 4096, /* the first page of the output slab */
	LEAT_SIGNS_BYTES = 4096, /* the first page of the input slab */
	LEAT_BATCH = 32, /* descriptors in one packet at most */
	LEAT_BUILD_ID = 32,
	LEAT_BUILD_ANY =
		16, /* bytes of it that hold for every program of the same sources; zeros behind them: any such */
	LEAT_REPLY_ROOM = 1024, /* every reply has at least this much room: an error fits, and a question */
};

enum leat_wire_type {
	LEAT_W_TASK = 0x6b736174, /* parent: input and room for the reply */
	LEAT_W_DONE = 0x656e6f64, /* worker: run() was right; the output is for unpack() */
	LEAT_W_FAILED = 0x6c696166, /* worker: run() failed; the output is a struct leat_wire_error */
	LEAT_W_LARGE =
		0x6772616c, /* worker: there is too little room for what run() has made; only where it was likely */
	LEAT_W_ASK = 0x006b7361, /* worker: may it go on? The output says what it found */
	LEAT_W_GO = 0x00006f67, /* parent: yes; out_len is the room for the reply from now on */
	LEAT_W_STOP = 0x706f7473, /* parent: no; the worker replies nevertheless, as it likes */
	LEAT_W_VIOLATION = 0x6c6f6976, /* worker, dying: `value` is the system call it tried */
};

enum { /* bits of a request's value */
       LEAT_TASK_ASKS = 1, /* the worker may ask */
       LEAT_TASK_LIKELY = 2, /* the room for the reply is what is likely: LEAT_W_LARGE is an answer */
};

struct leat_wire {
	uint32_t type;
	/* violation: the number of the system call, bit 31: of another architecture; failed: what was noted last */
	uint32_t value;
	uint64_t seq;
	uint64_t in_off, in_len; /* of the input slab */
	uint64_t out_off, out_len; /* of the output slab; request: the room there is; reply: what was used */
	int64_t busy_ns; /* reply: wall time since the last reply of the packet */
	uint64_t limit; /* request: private memory it may have, to be set by the worker itself; 0: as it is */
};
_Static_assert(sizeof(struct leat_wire) == 64, "descriptors have 64 bytes");

struct leat_wire_error {
	uint32_t cause;
	int32_t sys;
	char text[LEAT_ERR_TEXT];
};
_Static_assert(sizeof(struct leat_wire_error) <= LEAT_REPLY_ROOM, "an error fits in every reply");

/* In the first page of the output slab. Only a hint: the worker can write anything there. */
struct leat_progress {
	_Atomic uint64_t seq; /* the task it began last */
	_Atomic int64_t start_ns; /* when; leat_now_ns() */
	leat_note note; /* what it is at in that task */
};

/* In the first page of the input slab. */
struct leat_signs {
	_Atomic uint32_t spare; /* not 0: a core has nothing to do, and this worker may use it with its second thread */
};

struct leat_hello { /* with three descriptors: input slab (read only), output slab, program */
	uint64_t magic;
	uint32_t descriptor; /* sizeof(struct leat_wire) */
	uint32_t isolate; /* enum leat_isolate */
	uint8_t build[LEAT_BUILD_ID];
	uint64_t slab_bytes; /* of each */
	uint64_t program_len;
	uint64_t data_limit; /* RLIMIT_DATA */
	uint32_t limits_itself; /* 1: the worker moves its soft limit itself, because the parent may not */
	int64_t parent; /* process id */
	uint32_t index; /* of the worker */
	uint32_t probe; /* 1: no program, only say what the protection would be */
	uint32_t aside; /* 1: it has a second thread */
	uint32_t team; /* threads for one item; 0: 1 */
	uint64_t wants; /* leat_executor_opts.wants, as it is now */
};

enum leat_ready_status { LEAT_READY_OK, LEAT_READY_MISMATCH, LEAT_READY_FAILED };
struct leat_ready {
	uint64_t magic;
	uint32_t status;
	uint32_t limited; /* 1: its memory is limited, and the limit may be moved below the first one */
	struct leat_err err; /* where status is not OK */
	struct leat_protection protection;
};

#endif
