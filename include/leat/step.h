/* SPDX-License-Identifier: MIT */
/*
 * Steps of a program's own. Added at the start of main, they stand in recipes like those of leat: checked, helped,
 * planned, and run on every executor.
 *
 *	static int fade(const struct leat_own_call *c, const struct leat_own_rows *in, const struct leat_own_rows
 *	*out,
 *			struct leat_err *err) { ... }
 *	static const struct leat_own_step step = {
 *		.size = sizeof step, .name = "fade", .summary = "let the colors fade", .version = 1, .rows = fade};
 *
 *	int main(int argc, char **argv)
 *	{
 *		struct leat_err err = {0};
 *		if (leat_own_add(&step, &err) < 0)
 *			return complain(err.text);
 *		int worker = leat_worker_hook(argc, argv); // behind leat_own_add, so that workers know the step too
 *		if (worker >= 0)
 *			return worker;
 *
 * A step works on images. It sees rows of samples and nothing else: no queue, no file, no thread. The same input and
 * values must give the same output, whatever the rows come in and whoever calls; so nothing may depend on a clock, a
 * thread or an earlier item. Members that are not set are zero, and mean what their comment says.
 */
#ifndef LEAT_STEP_H
#define LEAT_STEP_H

#include <leat/types.h>

#ifdef __cplusplus
extern "C" {
#endif
#pragma GCC visibility push(default)

/* ---- what a step is called with ---- */

/*
 * The shape of an image. channels: 1 gray, 2 gray + alpha, 3 RGB, 4 RGBA; alpha is the last of 2 and 4, and straight
 * (not premultiplied). Samples of a pixel lie side by side, in the machine's byte order.
 */
struct leat_own_shape {
	uint32_t width, height; /* pixels, both above 0 */
	uint32_t channels;
	enum leat_sample sample;
};

/*
 * Rows [y0, y1) of an image, numbered from its top. Row y is at pixels + (y - y0) * stride, aligned for its
 * samples. The memory is leat's and good for the call. leat_own_row() does the arithmetic.
 */
struct leat_own_rows {
	void *pixels;
	size_t stride; /* bytes from row to row */
	uint32_t y0, y1;
};

/* One value of a parameter: which member says its type. */
union leat_own_value {
	int64_t i; /* LEAT_OWN_INT; LEAT_OWN_CHOICE: index into words */
	double r; /* LEAT_OWN_REAL */
	bool on; /* LEAT_OWN_SWITCH */
	const char *text; /* LEAT_OWN_TEXT; NULL: not given, and no default */
};

struct leat_own_results; /* fields of one item on their way: leat_own_set_int and its sisters */

/* Everything in it is borrowed for the call. */
struct leat_own_call {
	void *context; /* of the step */
	const union leat_own_value *value; /* one for each of the step's params, in their order */
	void *state; /* from open(); NULL without one */
	const struct leat_own_shape *in, *out; /* of the whole images; look(): out == NULL */
	const char *path; /* of the input, as listed: bytes, not always UTF-8; "" where there is no one input */
	int threads; /* whole(), look(): threads that the call may use; more than 1 only on=openmp */
	struct leat_own_results *results; /* look(): for fields; else NULL */
};

/* Pixels in, pixels out. in and out never overlap; in is only read. 0, or -1 with *err: this item failed. */
typedef int leat_own_fn(const struct leat_own_call *c, const struct leat_own_rows *in, const struct leat_own_rows *out,
			struct leat_err *err);

/* ---- what a step is ---- */

enum leat_own_type { LEAT_OWN_INT = 1, LEAT_OWN_REAL, LEAT_OWN_SWITCH, LEAT_OWN_CHOICE, LEAT_OWN_TEXT };

/* leat_own_param.flags */
enum {
	LEAT_OWN_POSITIONAL = 1, /* written without NAME=; positionals come in the order of the table */
	LEAT_OWN_REQUIRED = 2, /* must be written */
};

/* A parameter: `name=value` in the recipe. A table of them ends with a row whose name is NULL. */
struct leat_own_param {
	const char *name; /* small letters, digits and '-' */
	enum leat_own_type type;
	const char *dflt; /* as a user would write it; NULL: stays zero. A CHOICE has one or is required */
	double min, max; /* INT, REAL; both 0: no bound */
	const char *const *words; /* CHOICE: ends with NULL */
	const char *unit; /* "px", or NULL */
	unsigned flags;
	const char *doc; /* for help: a sentence in small letters, without a full stop */
};

/* A result of look(), for names, conditions and reports. A table of them ends with a row whose name is NULL. */
struct leat_own_field {
	const char *name;
	enum leat_own_type type; /* INT, REAL or TEXT */
	const char *doc;
};

/*
 * A step. It, and all it points to, must stay unchanged as long as the program uses leat. Exactly one of rows,
 * whole and look is set:
 *
 * rows   makes the rows [out->y0, out->y1); in holds at least the same rows, and `reach` more on both sides (fewer
 * at the
 *        borders). Same height in and out. The cheapest kind: a huge image passes in strips, or its rows are shared
 *        out. Called by several threads at once for one image, on other rows.
 * whole  makes the whole image at once; in and out are all of it. Called once per item.
 * look   looks at the whole image, which then goes on as it is, and sets fields. Called once per item; out == NULL.
 *
 * Threads: all callbacks but prepare() may be called by several threads at once, for other items.
 * Sandbox: all callbacks but prepare() may run in a locked-down worker process, with memory and what was loaded
 *          before, but without files, network and new threads. `leat plan` says whether they do; count on it.
 */
struct leat_own_step {
	size_t size; /* sizeof(struct leat_own_step): later versions of leat may know more members */
	const char *name; /* in recipes: small letters, digits and '-'; not one of leat's own */
	const char *summary; /* for help: a sentence in small letters, without a full stop */
	const char *example; /* for help and messages: a line that works, beginning with the name; NULL: the name */
	int version; /* from 1; rises when the same input and values give other bytes */
	const struct leat_own_param *params; /* NULL: none */
	const struct leat_own_field *fields; /* NULL: none; only with look */
	void *context; /* handed to every call; in worker processes it is what their own main made */

	/* Rules between parameters; asked when the recipe is checked. 0, or -1 with *err. NULL: none. */
	int (*check)(void *context, const union leat_own_value *value, struct leat_err *err);

	/*
	 * The output's shape from the input's. Cheap, any time. 0, or -1 with *err: this item fails. NULL: the same.
	 */
	int (*shape)(void *context, const union leat_own_value *value, const struct leat_own_shape *in,
		     struct leat_own_shape *out, struct leat_err *err);

	/*
	 * Loads what the step needs from outside (a model, a library) into the program: in every process that runs
	 * it, before that is locked down, and when the recipe is checked. May come again with other values or the
	 * same; never two calls of a step at once. NULL: nothing to load.
	 */
	int (*prepare)(void *context, const union leat_own_value *value, struct leat_err *err);

	/*
	 * Something of its own for every worker that runs the step, made when its first item comes. One thread at a
	 * time has it; only on=openmp several share it inside rows(). NULL: none.
	 */
	int (*open)(void *context, const union leat_own_value *value, void **state, struct leat_err *err);
	void (*close)(void *context, void *state);

	/* rows: how many rows above and below it needs besides its own. NULL: none. */
	uint32_t (*reach)(void *context, const union leat_own_value *value, const struct leat_own_shape *in);

	leat_own_fn *rows, *whole, *look;
};

/*
 * Adds a step: before leat_worker_hook and the first recipe; not thread safe; 64 at most. -1 with *err when the
 * name is taken or the step is not whole.
 */
int leat_own_add(const struct leat_own_step *step, struct leat_err *err);

/* ---- for callbacks ---- */

/*
 * Says why a callback fails; as printf. Small letters, no full stop, names in single quotes. The first reason stays.
 * Returns -1.
 */
#ifdef __GNUC__
__attribute__((format(printf, 3, 4)))
#endif
int leat_own_fail(struct leat_err *err, enum leat_cause cause, const char *format, ...);

/* Sets a field that the step's table names. 0; -1 with *err: not in the table, of another type, or memory is out. */
int leat_own_set_int(struct leat_own_results *r, const char *name, int64_t value, struct leat_err *err);
int leat_own_set_real(struct leat_own_results *r, const char *name, double value, struct leat_err *err);
int leat_own_set_text(struct leat_own_results *r, const char *name, const char *value, struct leat_err *err);

/* Row y of these rows. */
static inline void *leat_own_row(const struct leat_own_rows *rows, uint32_t y)
{
	return (char *)rows->pixels + (size_t)(y - rows->y0) * rows->stride;
}

#pragma GCC visibility pop
#ifdef __cplusplus
}
#endif
#endif
