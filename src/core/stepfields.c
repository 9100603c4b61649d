/* SPDX-License-Identifier: MIT */
/* See stepfields.h. */
#include "core/stepfields.h"

#include <stddef.h>

const struct leat_stepfield leat_decoded_fields[] = {
	{"width", LEAT_V_INT, "columns of the image"},
	{"height", LEAT_V_INT, "rows of the image"},
	{"aspect", LEAT_V_REAL, "width divided by height"},
	{"depth", LEAT_V_INT, "bits of a sample"},
	{"channels", LEAT_V_INT, "samples of a pixel"},
	{"pages", LEAT_V_INT, "images in the file"},
	{NULL, LEAT_V_NONE, NULL},
};
const struct leat_stepfield leat_parsed_fields[] = {
	{"rows", LEAT_V_INT, "length of the first dimension, rows of a table"},
	{"cols", LEAT_V_INT, "length of the second dimension, 1 without one; columns of a table"},
	{"ndim", LEAT_V_INT, "number of dimensions"},
	{"dtype", LEAT_V_TEXT, "type of the elements: float64"},
	{"bad_lines", LEAT_V_INT, "lines of text that on-bad-lines=skip left out"},
	{NULL, LEAT_V_NONE, NULL},
};
const struct leat_stepfield leat_written_fields[] = {
	{"bytes_out", LEAT_V_INT, "size of the result"},
	{"saved", LEAT_V_REAL, "how much smaller it is, percent of bytes_in"},
	{NULL, LEAT_V_NONE, NULL},
};
const struct leat_stepfield leat_reduced_fields[] = {
	{"count", LEAT_V_INT, "how many items became one"},
	{"key", LEAT_V_TEXT, "the text of by= that they share"},
	{"date", LEAT_V_TEXT, "the local date of the start of the run: 2026-01-31"},
	{"time", LEAT_V_TEXT, "the local time of the start of the run: 02-30-05"},
	{"host", LEAT_V_TEXT, "name of this machine"},
	{"job", LEAT_V_TEXT, "name of the job"},
	{"branch", LEAT_V_TEXT, "name of the branch, empty on the main line"},
	{NULL, LEAT_V_NONE, NULL},
};
const struct leat_stepfield leat_ended_fields[] = {
	{"state", LEAT_V_TEXT, "what became of the item: done, skipped, failed"},
	{"error", LEAT_V_TEXT, "why it failed"},
	{"seconds", LEAT_V_REAL, "how long it took"},
	{"bytes_out", LEAT_V_INT, "size of its results"},
	{"saved", LEAT_V_REAL, "how much smaller they are, percent of bytes_in"},
	{NULL, LEAT_V_NONE, NULL},
};
