/* SPDX-License-Identifier: MIT */
/* What the files of the command line share. Only public headers: the program is a guest in its own library. */
#ifndef LEAT_CLI_CLI_H
#define LEAT_CLI_CLI_H

#include <leat/commandline.h>
#include <leat/leat.h>

#include <stdio.h>

/* Each command: exit status. */
int cmd_run(const struct leat_invocation *in);
int cmd_plan(const struct leat_invocation *in);
int cmd_vars(const struct leat_invocation *in);
int cmd_test(const struct leat_invocation *in);
int cmd_try(const struct leat_invocation *in);
int cmd_graph(const struct leat_invocation *in);
int cmd_check(const struct leat_invocation *in);
int cmd_fmt(const struct leat_invocation *in);
int cmd_show(const struct leat_invocation *in);
int cmd_help(const struct leat_invocation *in);
int cmd_explain(const struct leat_invocation *in);
int cmd_explain_run(const struct leat_invocation *in);
int cmd_report(const struct leat_invocation *in);
int cmd_history(const struct leat_invocation *in);
int cmd_failures(const struct leat_invocation *in);
int cmd_show_item(const struct leat_invocation *in);
int cmd_status(const struct leat_invocation *in);
int cmd_tune(const struct leat_invocation *in);
int cmd_schedule(const struct leat_invocation *in);
int cmd_version(const struct leat_invocation *in);
int cmd_manual(const struct leat_invocation *in);
int cmd_syntax(const struct leat_invocation *in);
int cmd_complete(const struct leat_invocation *in);

/* "leat: ..." on stderr, names escaped. Returns `status`. */
int complain(const struct leat_err *err, int status);
/* Colors on this stream: a terminal, and NO_COLOR is not set. */
bool wants_color(FILE *f);
/* Prints and frees `text`; `status`, or 5 with a complaint when it is NULL or cannot be written. */
int print_owned(FILE *f, char *text, const struct leat_err *err, int status);

/* prepare.c: */
/* The recipe of this invocation: its file or -e. NULL after a complaint. */
struct leat_recipe *open_recipe(const struct leat_invocation *in, const char *file);
/* Its diagnostics to stderr; 0, or -1 when they could not be made or written. */
int print_diagnostics(const struct leat_invocation *in, struct leat_recipe *r);
/* 2 after a complaint when there are warnings and --deny-warnings, else 0. */
int denied(const struct leat_invocation *in, const struct leat_recipe *r);
/* The recipe of this invocation, checked and planned, its diagnostics printed. NULL with the exit status in *status. */
struct leat_recipe *plan_recipe(const struct leat_invocation *in, bool headers, int *status);
/* Of two exit statuses the one that counts (language 7). */
int worse(int a, int b);

/* with_state.c: */
/* fn with the state of the job that the first argument names; its exit status. */
int with_state(const struct leat_invocation *in, int (*fn)(const struct leat_invocation *in, const char *state));

/* folder.c: */
/* Makes a new folder NAME-XXXXXX among the temporary files; its path in `path`. -1 after a complaint. */
int make_folder(const char *name, char *path, size_t n);
bool drop_folder(const char *path); /* removes it again, with empty folders in it, if there is no file: true */

/* traced.c: time and size behind every step. */
struct traced {
	struct trace_row *v;
	size_t n;
	char *failure; /* "decode: the file ends ..." */
	bool lost; /* memory ran out: a line is missing */
};
leat_event_fn traced_event; /* ctx: struct traced, zeroed before */
void traced_print(FILE *f, struct traced *t);
void traced_free(struct traced *t);

/* progress.c: one line on stderr while a run goes, if stderr is a terminal. */
struct progress {
	bool on;
	double left; /* seconds, smoothed; 0: not known yet */
};
leat_event_fn progress_event; /* ctx: struct progress */
void progress_clear(const struct progress *p);

/*
 * signals.c: INT and TERM stop the recipe: first drain, then abort, then exit. USR1 prints how it stands to stderr; HUP
 * opens its log anew, where it has one.
 */
/* USR1 and HUP wait from now on for signals_begin: who asks while inputs are listed must not end the run. */
void signals_hold(void);
/* before other threads are made; 0, or -1 after a complaint */
int signals_begin(struct leat_recipe *r, const struct progress *p);
void signals_end(void);

#endif
