/* SPDX-License-Identifier: MIT */
/* The commands of the program and their options as rows: parsed, helped, manualled and completed from here. */
#ifndef LEAT_GEN_COMMANDS_H
#define LEAT_GEN_COMMANDS_H

#include "core/param.h"

/* Where the rows of all commands put their values. Lists and texts point into argv or the arena of the parse. */
struct leat_command_values {
	const char *pipeline; /* -e */
	const char *vars;
	struct leat_strs set, opt, input, only;
	int64_t cores; /* 0: all */
	int64_t limit; /* 0: none */
	int64_t sample, time; /* tune: items; nanoseconds */
	int64_t diagnostics; /* enum leat_diag_format */
	int64_t format; /* of graph: index into its choices */
	const char *html;
	bool quiet, json, dry_run, deny_warnings;
	int64_t as;
	const char *user;
	bool wait, allow_exec, force, retry_failed, why;
	bool check, diff, fix_characters, upgrade; /* fmt */
	bool oneline, expanded; /* show */
	const char *pending; /* options of the language that are not built yet land here and are refused */
	bool pending_switch;
};

/*
 * Options are rows of struct leat_param: SWITCH takes no value, WORDS may be repeated and takes several, the
 * others take one.
 */
struct leat_command {
	const char *name;
	const char *args; /* "FILE | -e 'PIPELINE'" */
	const char *summary; /* one sentence, no full stop */
	const struct leat_param *options;
	int min_args, max_args; /* positional arguments, one less when -e is given; max -1: any number, none with -e */
	bool pipeline; /* takes -e instead of a file */
	bool hidden;
};

/*
 * What `leat graph` draws: ascii dot mermaid svg. In the order of enum leat_graph_format (plan/graph.h);
 * NULL-terminated.
 */
extern const char *const leat_graph_formats[];

/* All commands, in the order of help; ends with a NULL name. */
extern const struct leat_command leat_commands[];
/* NULL when there is none of this name. */
const struct leat_command *leat_command_find(const char *name);

#endif
