/* SPDX-License-Identifier: MIT */
/*
 * leat: recipes over directories of files. Load a recipe, check it, plan it, run it.
 *
 *	struct leat_err err = {0};
 *	struct leat_recipe *r = leat_load_file("nightly.leat", NULL, &err);
 *	if (r && leat_check(r) == 0 && leat_plan(r, NULL, &err) == 0)
 *		status = leat_run(r, NULL, &err);
 *	leat_free(&r);
 *
 * The library never prints, never exits, and touches neither signals nor global OpenMP settings of its host. A recipe
 * belongs to one thread at a time, but for leat_stop(). Texts returned as `char *` are the caller's: free().
 */
#ifndef LEAT_LEAT_H
#define LEAT_LEAT_H

#include <leat/event.h>

#ifdef __cplusplus
extern "C" {
#endif
#pragma GCC visibility push(default)

struct leat_recipe;

struct leat_load_options {
	const char *const *set; /* "name=value" overrides of variables, NULL-terminated; or NULL */
	const char *const *opt; /* "step.key=value" overrides of options, NULL-terminated; or NULL */
	const char *vars; /* a file of `let` lines with values for variables, which yield to `set`; or NULL */
};

/*
 * Reads a recipe. NULL with *err when the file cannot be read or memory is out; faults of its text are
 * diagnostics, not failures here. "-" is standard input; relative paths in such a text belong to the current folder.
 */
struct leat_recipe *leat_load_file(const char *path, const struct leat_load_options *o, struct leat_err *err);
/* The same from memory (copied). `name` is shown in messages; relative paths in it belong to the current folder. */
struct leat_recipe *leat_load_text(const char *name, const char *text, size_t len, const struct leat_load_options *o,
				   struct leat_err *err);
/*
 * The same from words of a command line: each is one word of the recipe and stands for itself (quotes, '$' and '#'
 * mean nothing in it), KEY=VALUE is an option, "then" separates steps.
 */
struct leat_recipe *leat_load_words(const char *const *words, size_t n, const struct leat_load_options *o,
				    struct leat_err *err);
/* Releases all of it and clears *r; accepts NULL in it. */
void leat_free(struct leat_recipe **r);

/* Grammar, names, types, kinds of data; touches no input. Returns the number of errors; -1 when memory is out. */
int leat_check(struct leat_recipe *r);

/* All diagnostics so far, rendered; "" when there are none. color: with ANSI colors. NULL when memory is out. */
char *leat_diagnostics(const struct leat_recipe *r, bool color);

enum leat_diag_format {
	LEAT_DIAG_TEXT, /* as leat_diagnostics, without colors */
	LEAT_DIAG_JSON, /* one object a line, with what a tool may put in the place */
	LEAT_DIAG_SARIF, /* one SARIF 2.1.0 log */
};
/* All diagnostics of n recipes as one text. NULL when memory is out. */
char *leat_diagnostics_as(struct leat_recipe *const *recipes, size_t n, enum leat_diag_format format);

/* How many errors there are so far. */
size_t leat_error_count(const struct leat_recipe *r);
size_t leat_warning_count(const struct leat_recipe *r); /* the same of warnings */
/* Does a step write items to standard output (write -)? Then nothing else should. */
bool leat_writes_stdout(const struct leat_recipe *r);
size_t leat_step_count(const struct leat_recipe *r); /* after a check: steps as expanded, branches not counted */

struct leat_format_options {
	/* First replace typographic quotes, non-breaking blanks, zero-width and full-width characters. */
	bool fix_characters;
};

/*
 * Lays the recipe's text out as the language wants it (section 9), into *text. 0: it stands so already; 1: it does
 * not; 2: it cannot be done, since characters, words or blocks are wrong (see the diagnostics; unknown names and
 * wrong values do not matter), *text is NULL; 5 with *err. The new text is the same recipe. An earlier plan is
 * forgotten.
 */
int leat_format(struct leat_recipe *r, const struct leat_format_options *o, char **text, struct leat_err *err);
/*
 * From the recipe's text to `text` as a unified diff, "" when they are the same. NULL with *err when memory is out.
 */
char *leat_format_diff(const struct leat_recipe *r, const char *text, struct leat_err *err);
/*
 * Puts `text` in the place of the file that the recipe was loaded from: whole or not at all, with its permissions
 * and, where that is allowed, its owner. 0, or -1 with *err. The recipe itself stays as it was loaded.
 */
int leat_save(const struct leat_recipe *r, const char *text, struct leat_err *err);

/* The forms of a recipe. */
enum leat_form {
	LEAT_FORM_TEXT, /* canonical text: one spelling for one program, without comments */
	LEAT_FORM_LINE, /* a shell command that runs it: leat run -e '...' */
	LEAT_FORM_EXPANDED, /* text with recipes, loops, variables and defaults replaced */
	LEAT_FORM_JSON, /* the JSON form (language section 10) */
};

/*
 * The recipe in another form, in *text. 0; 2 when there are errors (see the diagnostics; of a recipe that is not
 * expanded only those of its text itself); 5 with *err. An earlier plan is forgotten.
 */
int leat_show(struct leat_recipe *r, enum leat_form form, char **text, struct leat_err *err);

struct leat_plan_options {
	int cores; /* 0: all that this process may use */
	const char *const *input; /* replaces the patterns of `read`; NULL-terminated; or NULL */
	/*
	 * A part of the inputs, NULL-terminated or NULL: those whose path matches one of these patterns, absolute or
	 * beginning at any folder ("2024/cat.jpg", "*.png"); and of those the first `limit`, 0: all. expect is off
	 * then.
	 */
	const char *const *only;
	uint64_t limit;
	/*
	 * Absolute folder for everything that would be written: what has a relative name lands at the same place
	 * below it (a leading ".." as a folder "up"), what has an absolute one as if it were the root; nothing else
	 * is touched. NULL: where the recipe says. The text must stay until leat_free.
	 */
	const char *redirect;
	bool force; /* also what the ledger of the job calls up to date, or failed before */
	bool retry_failed; /* also what failed before and is unchanged since */
	bool headers; /* look into the inputs' headers, for the memory prediction */
	/*
	 * The recipe may run programs (exec, on-finish=, on-failure=), or it is only to be looked at. Otherwise those
	 * are errors.
	 */
	bool allow_exec;
};

/*
 * Check, then list the inputs, find collisions, place the steps. 0; 2 when the recipe is at fault (see
 * diagnostics); 3 nothing matched; 4 nothing matched and `expect` wants more; 5 with *err when it cannot be done.
 * Touches nothing but reading folders and, with headers, file beginnings.
 */
int leat_plan(struct leat_recipe *r, const struct leat_plan_options *o, struct leat_err *err);
/* What `leat plan` prints; after leat_plan. NULL with *err when memory is out. */
char *leat_describe_plan(const struct leat_recipe *r, struct leat_err *err);
/* The same for machines: one JSON object. After a leat_plan that returned 0. */
char *leat_describe_plan_json(const struct leat_recipe *r, struct leat_err *err);

/*
 * After leat_plan: for every input one line, PATH: what is done with it and why, by the ledger of the job. "" where it
 * has none. NULL with *err when memory is out.
 */
char *leat_describe_why(const struct leat_recipe *r, struct leat_err *err);

/*
 * The steps as a picture, after a leat_check without errors: in characters ("ascii"), for Graphviz ("dot"), for
 * Mermaid ("mermaid"), or "svg". NULL with *err (USAGE for an unknown format, or no steps).
 */
char *leat_graph(const struct leat_recipe *r, const char *format, struct leat_err *err);

/*
 * The variables in the order of their definition, after a leat_check (also one that found errors): name, value,
 * where it comes from, and the comment beside it. Secrets are "***". json: an array of objects. NULL with *err when
 * memory is out.
 */
char *leat_variables(const struct leat_recipe *r, bool json, struct leat_err *err);

struct leat_run_options {
	leat_event_fn *event; /* told what happens; or NULL */
	void *event_ctx;
	/*
	 * rows handled at a time: 0 chosen by leat, UINT32_MAX the whole image. The bytes are the same for
	 * all.
	 */
	uint32_t strip_rows;
	bool trace; /* LEAT_EV_STEP: time and size behind every step; LEAT_EV_TASK, LEAT_EV_TICK */
	bool look; /* leat_status will be asked: then it knows queues and items in hand */
};

/*
 * Runs what leat_plan planned. Returns the exit status of language section 7: 0 all done or rightly skipped,
 * 1 some failed, 4 an expectation did not hold, 5 could not go on (*err says why), 6 deadline, 75 another run of the
 * job is active (*err says which), 128 + signal stopped by leat_stop.
 */
int leat_run(struct leat_recipe *r, const struct leat_run_options *o, struct leat_err *err);

/*
 * After a leat_plan that returned 3, 4 or 5: the commands that on-failure= and on-finish= of the job ask for behind a
 * run which could not even begin, where allow_exec was given. 0; -1 with *err when one failed.
 */
int leat_no_run(struct leat_recipe *r, int status, struct leat_err *err);

/*
 * Waits, after a leat_plan that returned 0, until no other run of the job is active: 0; 128 + signal with *err when
 * leat_stop came first; 5 with *err. Time has passed then: plan anew before leat_run, which may find that yet another
 * was faster.
 */
int leat_await_job(struct leat_recipe *r, struct leat_err *err);

/*
 * From any thread while leat_run runs: the first call lets items in flight end, the second aborts them. signal: what
 * asked for it, for the exit status 128 + signal; 0: SIGINT. Not async-signal-safe.
 */
void leat_stop(struct leat_recipe *r, int signal);

/*
 * From any thread while leat_run runs: how it stands, as text or as one line of JSON; "" when it does not run. Groups
 * and items in hand are told when the job has a state or a log, or leat_run_options.look. NULL when memory is out.
 */
char *leat_status(struct leat_recipe *r, bool json);
/*
 * How the running job that keeps its state in this file stands, by what its process left beside it. NULL with *err:
 * NOT_FOUND it does not run (the text says since when its process is gone, where it died), others: it cannot be read.
 */
char *leat_status_of(const char *state, bool json, struct leat_err *err);
/* From any thread while leat_run runs: somebody moved the log (job log=) away, it goes on under its name. */
void leat_reopen_log(struct leat_recipe *r);
bool leat_keeps_log(const struct leat_recipe *r); /* after a leat_check: has it a log? */

/* After leat_run: the summary for people, and for machines (one JSON object). NULL when memory is out. */
char *leat_run_summary(const struct leat_recipe *r, bool color);
char *leat_run_summary_json(const struct leat_recipe *r);

struct leat_tune_options {
	int cores; /* these three as in leat_plan_options */
	const char *const *input, *const *only;
	uint64_t sample; /* items of a run, at most; at least 1 */
	double seconds; /* that all of it takes, about; at least what a few runs take */
	bool allow_exec; /* as in leat_plan_options */
	const char *temp; /* an existing folder for the results, which are removed again */
	void (*tell)(void *ctx, const char *what); /* what is tried now; or NULL */
	void *ctx;
};
/*
 * Runs the recipe on a sample with other on= and workers= of its steps, in turn, and tells in *text which are the
 * fastest, as options and as lines of the recipe. 0; as leat_plan or leat_run when that is not possible, *text is
 * NULL then. Nothing but `temp` is touched, and an earlier plan is forgotten.
 */
int leat_tune(struct leat_recipe *r, const struct leat_tune_options *o, char **text, struct leat_err *err);

/* Where the job keeps its state between runs (job name=, state=), after a leat_check; NULL: it keeps none. */
const char *leat_state_path(const struct leat_recipe *r);
/*
 * How a run of a job went, from its state file: what ran where, where the time went, what auto decided and why,
 * and what it will do next time. run: the number of a run, NULL: the last one. json: one object. NULL with *err:
 * NOT_FOUND there is no state or no such run, USAGE `run` is no number, others: the state cannot be used.
 */
char *leat_explain_run(const char *state, const char *run, bool json, struct leat_err *err);

enum leat_report_form { LEAT_REPORT_TEXT, LEAT_REPORT_JSON, LEAT_REPORT_HTML };
/*
 * The report of a run of a job, from its state file: how it went, what changed since the one before. docs/REPORTS.md.
 * run: the number of a run, NULL: the last one. color: of the text. NULL with *err as leat_explain_run.
 */
char *leat_report(const char *state, const char *run, enum leat_report_form form, bool color, struct leat_err *err);
/* Puts a text under this path, whole or not at all. -1 with *err. */
int leat_report_save(const char *text, const char *path, struct leat_err *err);

/*
 * What the ledger of a job has to tell, from its state file: its runs, the last one first; what failed the last time
 * and for how many runs on end; one input (by its absolute path, the end of it, or that of an output) and what runs did
 * with it. json: one array. NULL with *err: NOT_FOUND there is no state or no such item, others: it cannot be used.
 */
char *leat_history(const char *state, bool json, struct leat_err *err);
char *leat_failures(const char *state, bool json, struct leat_err *err);
char *leat_show_item(const char *state, const char *path, bool json, struct leat_err *err);

/*
 * Help, from the same tables as the checks. topic: NULL overview of the steps, a step, "encode png", "fields",
 * "steps", "formats", "language". NULL with *err (USAGE, with the nearest topic) when there is none.
 */
char *leat_help(const char *topic, struct leat_err *err);
/* The tables behind it as one JSON object: all (topic NULL), a step, or a format ("encode png"). */
char *leat_help_json(const char *topic, struct leat_err *err);
/*
 * What a code of a diagnostic means, with an example and its cure. code: "E043", "w001", "43"; NULL: the list of all.
 * json: for machines. NULL with *err (USAGE) when there is no such code.
 */
char *leat_explain(const char *code, bool json, struct leat_err *err);
/* The manual page leat(1) in troff; page "language": leat-language(5). NULL with *err (USAGE) for another page. */
char *leat_manual(const char *page, struct leat_err *err);
/*
 * The syntax of recipes for an editor: "vim", "textmate"; "schema": the JSON Schema of the JSON form. NULL with
 * *err (USAGE) for another one.
 */
char *leat_syntax(const char *editor, struct leat_err *err);

/*
 * What the TAB key offers for the last of n words; words[0] is the command behind `leat`, quotes are removed. A line
 * "KEEP FILES", then one line "CANDIDATE<TAB>WHAT IT IS" for each: KEEP bytes of the last word stand in front of
 * every candidate, and FILES says what names of files may stand there besides: none, files, recipes (*.leat),
 * folders.
 */
char *leat_complete(const char *const *words, size_t n, struct leat_err *err);

/* Version, libraries and protections of this build and machine, as text of several lines. */
char *leat_version_text(struct leat_err *err);

/* `text` with everything a terminal could obey written out: for names in the host's own messages. */
char *leat_printable(const char *text, struct leat_err *err);

/* "40ms", "3.2s", "1h02m" and "64.0 KiB": sizes and times as leat writes them. buf of 32 bytes; returns it. */
char *leat_format_time(double seconds, char *buf);
char *leat_format_size(uint64_t bytes, char *buf);

#pragma GCC visibility pop
#ifdef __cplusplus
}
#endif
#endif
