/* SPDX-License-Identifier: MIT */
/*
 * The op contract (design 4). An op is one file that exports one const struct leat_op. It never sees a queue,
 * a file, a thread or an executor. Only `shape` and one of `rows`/`run` are required.
 *
 * Threads: open/close are called once per worker; begin … end once per item, by one thread; rows() of one
 *          item may be called by several threads at once on disjoint row ranges, each with its own scratch.
 *          `params` is shared and read-only.
 */
#ifndef LEAT_CORE_OP_H
#define LEAT_CORE_OP_H

#include "core/modes.h"
#include "core/param.h"
#include "core/payload.h"

struct leat_cancel;
struct leat_header;

/* A file named by a parameter of type FILE: read once by the run, hashed into the identity of the work. */
struct leat_resource {
	const char *path;
	struct leat_bytes *bytes;
	char sha256[65]; /* lower-case hex; "" until hashed */
};

struct leat_op_open {
	const void *params;
	const struct leat_resource *resources; /* indexed by leat_fileref.resource */
	/*
	 * The content of a resource as an array (of a table its numbers), by the format that it has; the caller's
	 * reference. NULL with *err. For use in open() alone; NULL where there is nothing that can.
	 */
	struct leat_array *(*array)(const struct leat_op_open *o, int resource, struct leat_err *err);
	const void *ctx; /* of whoever offers array() */
};

/* What begin() gets. Everything is borrowed for the item's time. */
struct leat_op_begin {
	const void *params;
	void *state; /* from open(), or NULL */
	const struct leat_shape *in, *out;
	const struct leat_meta *meta; /* of the input; NULL for arrays */
	/* preset to a reference of meta; an op that changes it unrefs it and puts its own there */
	struct leat_meta **meta_out;
	const struct leat_view *view;
	const struct leat_cancel *cancel; /* for what can take long; NULL: nobody stops it */
	int64_t deadline_ns; /* of leat_now_ns(); 0: none */
	int team; /* threads that run() may use inside this item: more than 1 only on=openmp */
};

/*
 * Called by leat_op.fields once for every field the step provides. name and doc are good during the call only. A name
 * that ends with '*' stands for all names that begin so, where only the data tell them ("mean_*").
 */
typedef void leat_field_fn(void *ctx, const char *name, enum leat_vtype type, const char *doc);

/* A table that was measured in pieces. */
struct leat_row_folded {
	uint64_t rows;
	size_t columns;
	char *const *names;
	const bool *words; /* the column is one of text: what was measured of it does not count */
};

/*
 * Measures that can be taken of a table piece by piece: the same numbers for any division of the work, as long as the
 * pieces are the same. All pure, any thread. The state of a column is plain bytes; zeros are that of no row.
 */
struct leat_row_fold {
	bool (*can)(const void *params); /* with these parameters */
	size_t size; /* of the state of one column: a multiple of 8 */
	/* Measures one piece, v[rows][columns], into states[columns] of its own, which are zeros; -1: MEMORY. */
	int (*add)(const void *params, const double *v, uint64_t rows, size_t columns, void *states,
		   struct leat_err *err);
	void (*merge)(void *states, const void *later, size_t columns); /* later's rows follow */
	int (*fields)(const void *params, const struct leat_row_folded *t, const void *states, struct leat_fields *f,
		      struct leat_err *err);
};

/* Where the kernels read and write: row windows with absolute row numbers, or whole payloads. */
struct leat_op {
	const char *name; /* as the user writes it */
	const char *group; /* "geometry", "color", "filter", "measure", "item", ... for help */
	const char *summary; /* one sentence, no full stop */
	const char *example; /* one line that works */
	const char *notes; /* more about it, for its page of help: lines with their line breaks; NULL: nothing */
	int version; /* rises when the output bytes change */
	const struct leat_param *params; /* ends with LEAT_P_END; NULL: no parameters */
	size_t params_size;
	/* params_size bytes that params begin as, before defaults and values: leat_op_preset. NULL: zeros */
	const void *preset;
	unsigned in, out; /* masks of enum leat_kind; out == 0: same as in */
	unsigned modes; /* masks LEAT_ON_*: where it may run */
	/*
	 * rows() only looks: out is NULL, and each call stays within one aligned block of LEAT_BLOCK_ROWS rows; one
	 * thread does all of a block, in order.
	 */
	bool measures;
	bool point; /* output row y needs input row y alone and has its shape's width: may work in place */
	/* rows() is much faster with so many output rows at a time: strips wait until they are ready. 0: any number */
	uint8_t batch;
	bool resamples; /* changes the size of images: what comes out is smooth (leat_codec.enc_hint) */
	bool hidden; /* not in help: inserted by the engine, or for tests */
	/*
	 * It runs programs of this machine: only where that is allowed. The format of its result is what run() says,
	 * held against the bytes, or NULL: what they are.
	 */
	bool program;

	/*
	 * Rules between parameters. 0, or -1 with *err (USAGE; UNSUPPORTED: not built yet) and *which = the row at
	 * fault. May be NULL.
	 */
	int (*check)(const void *params, const struct leat_param **which, struct leat_err *err);

	/*
	 * As check, where the rules depend on the kind of data that the step gets (one bit of enum leat_kind):
	 * asked once the plan knows it. May be NULL.
	 */
	int (*check_kind)(const void *params, unsigned kind, const struct leat_param **which, struct leat_err *err);

	/* Output shape from the input shape alone (an upper bound where the data decide). Cheap, no allocation. */
	int (*shape)(const void *params, const struct leat_shape *in, struct leat_shape *out, struct leat_err *err);

	/*
	 * As shape, where the input's metadata decide too (orient, strip): called instead of it when the header
	 * is there. May be NULL.
	 */
	int (*shape_meta)(const void *params, const struct leat_shape *in, const struct leat_meta *meta,
			  struct leat_shape *out, struct leat_err *err);

	/*
	 * For steps that scale: the size to which they will scale the whole of such an image, where a decoder may
	 * do the first part of it. False, or NULL: every pixel is wanted.
	 */
	bool (*target)(const void *params, const struct leat_image_shape *in, uint32_t *width, uint32_t *height);

	/*
	 * Does it take images of several pages (page_height) as a whole? False, or NULL: every page passes by itself,
	 * as if it were an image alone; point steps get them whole in any case. A measure has it, or takes one page
	 * only; where it says false, its calls may begin and end within a block.
	 */
	bool (*paged)(const void *params);

	/* Fields that the step will set of this kind of data (0: not known, all). May be NULL. */
	void (*fields)(const void *params, unsigned kind, leat_field_fn *fn, void *ctx);

	/*
	 * Bytes of private memory a begin()+rows() of this shape takes besides rows and scratch (coefficient
	 * tables …). May be NULL: 0.
	 */
	size_t (*cost)(const void *params, const struct leat_shape *in, const struct leat_shape *out);

	/*
	 * The same of a step that takes files and decodes them itself (header: what the input's own says; its shape
	 * may be empty). Besides the bytes that come in. May be NULL: 0.
	 */
	size_t (*file_cost)(const void *params, const struct leat_header *h, uint64_t bytes);

	/*
	 * Loads what the step needs from outside the program (a shared library), once per process and before
	 * anything is locked down: at check, so that what is missing is told at once, and in every worker. Cheap
	 * when called again; any thread. May be NULL.
	 */
	int (*prepare)(const void *params, struct leat_err *err);

	/*
	 * run() calls BLAS or LAPACK: in how many threads where it may use `team`, as things are now in this process.
	 * NULL: it calls none. Asked after prepare().
	 */
	int (*blas)(int team);

	int (*open)(const struct leat_op_open *o, void **state, struct leat_err *err); /* once per worker */
	int (*begin)(const struct leat_op_begin *b, void **item, struct leat_err *err); /* once per item */

	/*
	 * Input rows [*in_y0, *in_y1) that output rows [y0, y1) need; never decreasing in y0 and y1. May reach
	 * outside the image: the engine clamps to [0, height). NULL: the same rows.
	 */
	void (*need)(const void *item, uint32_t y0, uint32_t y1, int64_t *in_y0, int64_t *in_y1);

	/* Bytes of scratch a rows() call wants (64-byte aligned, content undefined). NULL: 0. */
	size_t (*scratch)(const void *item);

	/* Output rows [y0, y1) from the input window, which holds at least what need() said (clamped). */
	int (*rows)(void *item, const struct leat_rows *in, struct leat_rows *out, uint32_t y0, uint32_t y1,
		    void *scratch, struct leat_err *err);

	/*
	 * Whole payload at once, for what has no rows; or filters: *out stays LEAT_NONE = the item ends here
	 * (done with zero outputs). An op with rows and run gets images by rows and everything else by run.
	 */
	int (*run)(void *item, const struct leat_payload *in, struct leat_payload *out, struct leat_err *err);

	/*
	 * Results become fields; then the item's memory is released. Called once after begin() succeeded, even
	 * when rows() failed (then fields is NULL).
	 */
	int (*end)(void *item, struct leat_fields *fields, struct leat_err *err);
	void (*close)(void *state);

	const struct leat_row_fold *fold; /* of a measure: it can also be taken piece by piece; NULL: it cannot */
	const struct leat_reduction *reduction; /* N -> 1 steps, instead of rows/run */
};

enum { LEAT_BLOCK_ROWS = 64 };

/*
 * Rows of an image that must be there at once and take LEAT_FAR_ROWS bytes or more are kept in a window of
 * LEAT_FAR_WINDOW at least, as far as the image has so many; others in one of twice what is needed.
 */
enum { LEAT_FAR_ROWS = 1 << 20, LEAT_FAR_WINDOW = 12 << 20 };

/*
 * A reduction merges many items into one, in the order of their sequence numbers, always in the main process; calls
 * are made by one thread at a time.
 */
struct leat_reduction {
	int (*init)(const struct leat_op_open *o, void **acc, struct leat_err *err);
	int (*add)(void *acc, uint64_t seq, const struct leat_payload *in, const struct leat_view *v,
		   struct leat_err *err);
	/* later's items follow acc's; later is not released */
	int (*merge)(void *acc, void *later, struct leat_err *err);
	int (*finish)(void *acc, struct leat_payload *out, struct leat_fields *fields, struct leat_err *err);
	int (*save)(const void *acc, struct leat_buf *out, struct leat_err *err); /* for checkpoints; may be NULL */
	int (*load)(void *acc, const void *data, size_t n, struct leat_err *err);
	void (*release)(void *acc);
	/*
	 * Of those that keep every item until the last one came: the bytes they hold. The result takes as much again.
	 * NULL: it holds no more the more items come.
	 */
	size_t (*keeps)(const void *acc);
};

/* Does the step work on each page of such an image by itself? */
bool leat_op_by_page(const struct leat_op *op, const void *params, const struct leat_shape *in);
/*
 * The op's shape, or shape_meta where meta is not NULL and it has one; of an image whose pages pass by themselves it is
 * asked for one of them, and the results stand one beneath the other again.
 */
int leat_op_shape(const struct leat_op *op, const void *params, const struct leat_shape *in,
		  const struct leat_meta *meta, struct leat_shape *out, struct leat_err *err);
/* paged() of steps that always take them as a whole. */
bool leat_paged_always(const void *params);
/* Fresh params, zeroed, of params_size bytes: puts in what the op says they begin as. */
void leat_op_preset(const struct leat_op *op, void *params);
/* shape() of ops that change nothing about it. */
int leat_shape_same(const void *params, const struct leat_shape *in, struct leat_shape *out, struct leat_err *err);
/* need() of ops that want the whole image. The item must begin with a uint32_t: the input's height. */
void leat_need_all(const void *item, uint32_t y0, uint32_t y1, int64_t *in_y0, int64_t *in_y1);

#endif
