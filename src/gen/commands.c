/* SPDX-License-Identifier: MIT */
#include "gen/commands.h"

#include <string.h>

#define V struct leat_command_values
#define TEXT_OPTION(field, name, flags, doc) LEAT_P(V, field, const char *, LEAT_PT_TEXT, name, NULL, flags, doc)
#define LATER(name, doc) TEXT_OPTION(pending, name, LEAT_PENDING_OPT, doc)
#define LATER_SWITCH(name, doc) LEAT_P_SWITCH(V, pending_switch, name, NULL, LEAT_PENDING_OPT, doc)

#define PIPELINE TEXT_OPTION(pipeline, "e", 0, "the recipe itself, instead of a file")
#define SET LEAT_P(V, set, struct leat_strs, LEAT_PT_WORDS, "set", NULL, 0, "replaces the value of a variable")
#define VARS TEXT_OPTION(vars, "vars", 0, "a file of let lines: values for variables, below those of --set")
#define OPT                                                             \
	LEAT_P(V, opt, struct leat_strs, LEAT_PT_WORDS, "opt", NULL, 0, \
	       "replaces an option of a step, for example encode.quality=70")
#define INPUT                                                               \
	LEAT_P(V, input, struct leat_strs, LEAT_PT_WORDS, "input", NULL, 0, \
	       "files or folders instead of the patterns of read")
#define CORES LEAT_P_INT(V, cores, "cores", NULL, 1, 4096, NULL, 0, "use at most this many cores")
#define PART                                                                                                  \
	LEAT_P(V, only, struct leat_strs, LEAT_PT_WORDS, "only", NULL, 0,                                     \
	       "only inputs whose path ends like this: PATTERN, 'a/*.jpg' or '2024/**'; expect is off then"), \
		LEAT_P_INT(V, limit, "limit", NULL, 1, INT64_MAX, NULL, 0,                                    \
			   "only the first N of them; expect is off then")
#define DENY_WARNINGS \
	LEAT_P_SWITCH(V, deny_warnings, "deny-warnings", NULL, 0, "a warning ends it like an error, with status 2")
static const char *const diagnostic_forms[] = {"text", "json", "sarif", NULL}; /* as enum leat_diag_format */
#define DIAGNOSTICS                                                                                                   \
	LEAT_P_CHOICE(V, diagnostics, "diagnostics", "text", diagnostic_forms, 0,                                     \
		      "errors and warnings for people, as one JSON object a line, or as SARIF; check prints them to " \
		      "standard output then")
#define REDO                                                                                       \
	LEAT_P_SWITCH(V, force, "force", NULL, 0, "do anew what is up to date, or failed before"), \
		LEAT_P_SWITCH(V, retry_failed, "retry-failed", NULL, 0,                            \
			      "try again what failed before and is unchanged since"),              \
		LEAT_P_SWITCH(V, why, "why", NULL, 0, "say for every input why it is done, or left alone")
#define JSON LEAT_P_SWITCH(V, json, "json", NULL, 0, "print the summary as one JSON object")

#define ALLOW_EXEC                                          \
	LEAT_P_SWITCH(V, allow_exec, "allow-exec", NULL, 0, \
		      "the recipe may run programs: exec, on-finish=, on-failure=")

static const struct leat_param run_options[] = {
	PIPELINE,
	SET,
	VARS,
	OPT,
	INPUT,
	CORES,
	LEAT_P_SWITCH(V, quiet, "quiet", NULL, 0, "print nothing when all is well, otherwise the summary on stderr"),
	JSON,
	DENY_WARNINGS,
	DIAGNOSTICS,
	LEAT_P_SWITCH(V, dry_run, "dry-run", NULL, 0, "the same as plan"),
	PART,
	REDO,
	LEAT_P_SWITCH(V, wait, "wait", NULL, 0, "wait for another run of the job instead of ending with 75"),
	ALLOW_EXEC,
	LEAT_P_END,
};

/* clang-format off */
static const struct leat_param plan_options[] = {
	PIPELINE,
	SET,
	VARS,
	OPT,
	INPUT,
	CORES,
	PART,
	REDO,
	LEAT_P_SWITCH(V, json, "json", NULL, 0, "print the plan as one JSON object"),
	DENY_WARNINGS,
	DIAGNOSTICS,
	LEAT_P_END,
};
/* clang-format on */

static const struct leat_param check_options[] = {
	PIPELINE, SET, VARS, OPT, DENY_WARNINGS, DIAGNOSTICS, LEAT_P_END,
};

const char *const leat_graph_formats[] = {"ascii", "dot", "mermaid", "svg", NULL};

static const struct leat_param graph_options[] = {
	PIPELINE,
	SET,
	VARS,
	OPT,
	LEAT_P_CHOICE(V, format, "format", "ascii", leat_graph_formats, 0,
		      "characters, Graphviz, Mermaid or a picture"),
	LEAT_P_END,
};

static const struct leat_param vars_options[] = {
	PIPELINE, SET, VARS, LEAT_P_SWITCH(V, json, "json", NULL, 0, "print them as JSON"), LEAT_P_END,
};

static const struct leat_param json_options[] = {
	LEAT_P_SWITCH(V, json, "json", NULL, 0, "print it as JSON"),
	LEAT_P_END,
};

static const struct leat_param fmt_options[] = {
	LEAT_P_SWITCH(V, check, "check", NULL, 0, "change nothing: name the files that are laid out otherwise, exit 1"),
	LEAT_P_SWITCH(V, diff, "diff", NULL, 0, "change nothing: show what would be changed"),
	LEAT_P_SWITCH(V, fix_characters, "fix-characters", NULL, 0,
		      "first repair typographic quotes, non-breaking blanks, zero-width and full-width characters"),
	LEAT_P_SWITCH(V, upgrade, "upgrade", NULL, 0, "rewrite what newer versions of the language call otherwise"),
	LEAT_P_END,
};

static const struct leat_param try_options[] = {PIPELINE, SET, VARS, OPT, CORES, ALLOW_EXEC, LEAT_P_END};

static const struct leat_param test_options[] = {ALLOW_EXEC, LEAT_P_END};

static const struct leat_param show_options[] = {
	PIPELINE,
	SET,
	VARS,
	OPT,
	LEAT_P_SWITCH(V, oneline, "oneline", NULL, 0, "as a command for the shell: leat run -e '...'"),
	LEAT_P_SWITCH(V, expanded, "expanded", NULL, 0, "with recipes, loops, variables and defaults replaced"),
	LEAT_P_SWITCH(V, json, "json", NULL, 0, "in the JSON form, which run, check and plan read as well"),
	LEAT_P_END,
};

static const struct leat_param tune_options[] = {
	PIPELINE,
	SET,
	VARS,
	OPT,
	INPUT,
	LEAT_P(V, only, struct leat_strs, LEAT_PT_WORDS, "only", NULL, 0,
	       "only inputs whose path ends like this: PATTERN, 'a/*.jpg' or '2024/**'"),
	CORES,
	ALLOW_EXEC,
	LEAT_P_INT(V, sample, "sample", "64", 1, INT64_MAX, NULL, 0, "how many items a run has, at most"),
	LEAT_P(V, time, int64_t, LEAT_PT_DURATION, "time", "60s", 0, "how long all of it may take, about"),
	LEAT_P_END,
};

static const struct leat_param explain_run_options[] = {
	SET,
	VARS,
	LEAT_P_SWITCH(V, json, "json", NULL, 0, "print it as one JSON object"),
	LEAT_P_END,
};

static const char *const timers[] = {"auto", "systemd", "crontab", "kubernetes", "slurm", NULL};
static const struct leat_param schedule_options[] = {
	LEAT_P_CHOICE(V, as, "as", "auto", timers, 0,
		      "for whom: a timer of your systemd (auto), your crontab; print also: a Kubernetes CronJob, "
		      "scrontab of Slurm"),
	TEXT_OPTION(user, "user", 0, "print units of the system instead, which run as this user"),
	ALLOW_EXEC,
	LEAT_P_END,
};

static const struct leat_param report_options[] = {
	SET,
	VARS,
	LEAT_P_SWITCH(V, json, "json", NULL, 0, "print it as lines of JSON"),
	TEXT_OPTION(html, "html", 0, "write it into this file, as a page"),
	LEAT_P_END,
};

static const struct leat_param no_options[] = {LEAT_P_END};

const struct leat_command leat_commands[] = {
	{"run", "FILE | -e 'RECIPE'", "run a recipe", run_options, 1, 1, true, false},
	{"plan", "FILE | -e 'RECIPE'", "show what a run would do, where and why, and touch nothing", plan_options, 1, 1,
	 true, false},
	{"check", "FILE... | -e 'RECIPE'", "check grammar, names, types and kinds, and touch no data", check_options, 1,
	 -1, true, false},
	{"try", "FILE INPUT | -e 'RECIPE' INPUT",
	 "let one file through everything, with time and size behind every step; writes into a new folder only",
	 try_options, 2, 2, true, false},
	{"test", "FOLDER [NAME...]",
	 "run every recipe of a folder on its tests/NAME/in and compare with tests/NAME/out: leat help testing",
	 test_options, 1, -1, false, false},
	{"graph", "FILE | -e 'RECIPE'", "draw the steps and what flows between them", graph_options, 1, 1, true, false},
	{"vars", "FILE | -e 'RECIPE'", "list the variables: value, where it comes from, and the comment beside it",
	 vars_options, 1, 1, true, false},
	{"fmt", "FILE... | -", "lay recipes out in the one way of the language, in place", fmt_options, 1, -1, false,
	 false},
	{"show", "FILE | -e 'RECIPE'", "print a recipe in another form: text, one line, expanded, JSON", show_options,
	 1, 1, true, false},
	{"help", "[TOPIC]", "show the steps, or the page of a step, a format or a topic", json_options, 0, 2, false,
	 false},
	{"explain", "[CODE]", "explain a code of a message, such as E024, with an example and its cure", json_options,
	 0, 1, false, false},
	{"tune", "FILE | -e 'RECIPE'",
	 "try other on= and workers= on a sample, and print the fastest, ready to paste; writes into a new folder only",
	 tune_options, 1, 1, true, false},
	{"explain-run", "FILE|STATE.db [RUN]",
	 "say of the last run of a job, or of run number RUN, where its time went, what was decided and why, and what "
	 "it will do "
	 "next time",
	 explain_run_options, 1, 2, false, false},
	{"report", "FILE|STATE.db [RUN]",
	 "tell how the last run of a job, or run number RUN, went, and what changed since the one before",
	 report_options, 1, 2, false, false},
	{"history", "FILE|STATE.db", "list the runs of a job, the last one first", explain_run_options, 1, 1, false,
	 false},
	{"failures", "FILE|STATE.db", "list what failed the last time, why, and for how many runs on end",
	 explain_run_options, 1, 1, false, false},
	{"show-item", "FILE|STATE.db PATH",
	 "say what a job knows of one input: by its path or the end of it, or by that of an output",
	 explain_run_options, 2, 2, false, false},
	{"status", "FILE|STATE.db",
	 "say what a running job is at: its queues, its workers, what they have in hand, what is left",
	 explain_run_options, 1, 1, false, false},
	{"schedule", "show|print|install|remove FILE",
	 "show when the schedule line of a recipe starts it, print or install what makes systemd, cron and others do "
	 "so, or take "
	 "that away again",
	 schedule_options, 2, 2, false, false},
	{"version", "", "show version, libraries and protections", no_options, 0, 0, false, false},
	{"manual", "[language]", "print a manual page in troff", no_options, 0, 1, false, true},
	{"syntax", "vim|textmate|schema", "print the syntax of recipes for an editor", no_options, 1, 1, false, true},
	{"complete", "-- WORD...", "say what may stand for the last word", no_options, 1, -1, false, true},
	{.name = NULL},
};

const struct leat_command *leat_command_find(const char *name)
{
	for (const struct leat_command *c = leat_commands; c->name; c++)
		if (strcmp(c->name, name) == 0)
			return c;
	return NULL;
}
