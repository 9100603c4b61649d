/* SPDX-License-Identifier: MIT */
/* The command line of `leat` as a struct: parsed from the same kind of tables as the steps. */
#ifndef LEAT_COMMANDLINE_H
#define LEAT_COMMANDLINE_H

#include <leat/types.h>

#ifdef __cplusplus
extern "C" {
#endif
#pragma GCC visibility push(default)

struct leat_invocation {
	const char *command; /* "run", "plan", "check", "fmt", "show", "help", "version", "manual", "complete" */
	const char *const *args; /* positional arguments behind it, NULL-terminated */
	size_t n_args;
	const char *pipeline; /* -e, or NULL */
	bool words; /* the arguments stood behind "--": they are the words of the recipe */
	const char *const *set; /* --set, NULL-terminated; NULL when not given */
	const char *vars; /* --vars, or NULL */
	const char *const *opt; /* --opt, NULL-terminated; NULL when not given */
	const char *const *input; /* --input, NULL-terminated; NULL when not given */
	const char *const *only; /* --only, NULL-terminated; NULL when not given */
	int cores; /* --cores; 0: all */
	uint64_t limit; /* --limit; 0: none */
	int diagnostics; /* --diagnostics: enum leat_diag_format */
	const char *html; /* report --html, or NULL */
	const char *format; /* graph --format: "ascii", "dot", "mermaid", "svg" */
	uint64_t sample; /* tune --sample */
	double seconds; /* tune --time */
	bool quiet, json, dry_run, deny_warnings;
	bool wait, allow_exec; /* run */
	int as; /* schedule --as: 1 systemd, 2 crontab, 3 kubernetes, 4 slurm; 0: not given */
	const char *user; /* schedule --user, or NULL */
	bool force, retry_failed, why; /* run, plan */
	bool check, diff, fix_characters, upgrade; /* fmt */
	bool calls_back; /* never given on the command line: leat_no_run where there is no run */
	const char *redirect; /* never given on the command line: as in leat_plan_options */
	bool oneline, expanded; /* show */
	void *memory; /* what the lists live in */
};

/*
 * Parses argv (argv[0] is the program). The texts point into argv, the lists are released by
 * leat_invocation_free. No command, -h and --help mean "help", --version means "version". -1 with *err
 * (USAGE): unknown or unbuilt option, missing value, ...
 */
int leat_command_line(int argc, char **argv, struct leat_invocation *out, struct leat_err *err);
/* Releases the lists; the texts stay. */
void leat_invocation_free(struct leat_invocation *i);

#pragma GCC visibility pop
#ifdef __cplusplus
}
#endif
#endif
