/* SPDX-License-Identifier: MIT */
/*
 * For tests of ops on whole payloads: arrays, tables and images from lists of numbers, and one op run as the engine
 * would.
 */
#ifndef LEAT_TESTS_ARRAY_KIT_H
#define LEAT_TESTS_ARRAY_KIT_H

#include "op_harness.h"

/* An array as a test writes it; n 0 dimensions and an empty code: none. */
struct ref_array {
	char kind; /* 'A', 'T' table, 'I' image */
	const char *dtype; /* "f8" */
	int ndim;
	uint64_t dim[LEAT_MAX_DIMS];
	bool fortran;
	const double *v; /* in C order */
};

struct ref_case {
	const char *op, *params;
	struct ref_array in, with, out;
	struct ref_field {
		const char *name;
		double value;
	} fields[64]; /* up to a name of NULL */
	double tolerance; /* of each number, relative to the largest */
};

/* A new array of the type and order wanted. */
struct leat_array *kit_array(const struct ref_array *r);
/* A new payload of the kind wanted; images are uint8 or uint16, (height, width, channels). */
struct leat_payload kit_payload(const struct ref_array *r);

/*
 * prepare .. end of one op over one payload; `with` (or NULL) is what leat_op_open.array gives. 0, or -1 with *err;
 * *out is cleared by the caller. fields may be NULL.
 */
int kit_run(const struct leat_op *op, const char *text, const struct leat_payload *in, struct leat_array *with,
	    int team, struct leat_payload *out, struct leat_fields *fields, struct leat_err *err);

/* kit_run that must succeed. */
struct leat_payload kit_do(const struct leat_op *op, const char *text, const struct ref_array *in);
/* kit_run (or the checks before it) that must fail with a text that contains `part`. */
void kit_refused(const struct leat_op *op, const char *text, const struct ref_array *in, const char *part);

/* Fails the test unless the payload is of that kind, type and shape and its numbers are near. what: for the message. */
void kit_same(const char *what, const struct leat_payload *got, const struct ref_array *want, double tolerance);

/*
 * One case with these parameters, which must give what it says (also in fields, where it names some); number: for the
 * message.
 */
void kit_case(const struct leat_op *op, const struct ref_case *c, ptrdiff_t number, const char *params, int team);

#endif
