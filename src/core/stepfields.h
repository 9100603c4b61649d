/* SPDX-License-Identifier: MIT */
/* The fields that come with loaders, encoders, reductions and the end of an item; those of a step are its own. */
#ifndef LEAT_CORE_STEPFIELDS_H
#define LEAT_CORE_STEPFIELDS_H

#include "core/value.h"

struct leat_stepfield {
	const char *name;
	enum leat_vtype type;
	const char *doc; /* what it is, lower case, no full stop */
};

/* Each ends with a NULL name. */
extern const struct leat_stepfield leat_decoded_fields[]; /* after decode, and so after every image step */
extern const struct leat_stepfield leat_parsed_fields[]; /* after parse, and so after every step on arrays */
extern const struct leat_stepfield leat_written_fields[]; /* after encode and write */
extern const struct leat_stepfield leat_reduced_fields[]; /* behind a reduction; those of the items are gone there */
extern const struct leat_stepfield leat_ended_fields[]; /* known when the item has ended: for reports */

#endif
