/* SPDX-License-Identifier: MIT */
/*
 * leat: directories of files through a recipe. The rooms of the house, in the order in which the data pass them:
 *
 *	cli       argv in, text out; knows the public headers only
 *	api       the public door (include/leat): load, check, plan, run, stop
 *	lang      the text of a recipe as a tree; knows grammar, not steps
 *	registry  names to descriptors, through the lists *.def
 *	plan      binds, checks, places, explains; pure
 *	gen       help, manual, completion from the same tables
 *	run       gathers the facts, drives a plan to its end
 *	io        reads inputs, writes outputs: the only room that opens files of the user
 *	exec      where tasks run: inline, threads, openmp, sandboxed processes
 *	flow      how items move: queue, budget, reorder
 *	rows      how rows move: strips, windows, teams
 *	formats   byte streams to rows and back
 *	ops       the steps
 *	state     what a job keeps between its runs
 *	report    rows about items, and the summary
 *	core      the contracts and the data: item, image, op, codec, executor, parameter
 *	base      memory, text, numbers, files; knows nothing of pipelines
 *
 * A room may use those below it, never those beside or above: see docs/ARCHITECTURE.md; `make lint` holds it.
 */
#include "cli.h"

#include <leat/worker.h>

#include <malloc.h>
#include <signal.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

static const struct {
	const char *name;
	int (*run)(const struct leat_invocation *in);
} commands[] = {
	{"run", cmd_run},
	{"plan", cmd_plan},
	{"check", cmd_check},
	{"graph", cmd_graph},
	{"try", cmd_try},
	{"test", cmd_test},
	{"vars", cmd_vars},
	{"fmt", cmd_fmt},
	{"show", cmd_show},
	{"help", cmd_help},
	{"explain", cmd_explain},
	{"tune", cmd_tune},
	{"explain-run", cmd_explain_run},
	{"report", cmd_report},
	{"history", cmd_history},
	{"failures", cmd_failures},
	{"show-item", cmd_show_item},
	{"status", cmd_status},
	{"schedule", cmd_schedule},
	{"version", cmd_version},
	{"manual", cmd_manual},
	{"syntax", cmd_syntax},
	{"complete", cmd_complete},
};

int complain(const struct leat_err *err, int status)
{
	char *text = leat_printable(err->text, NULL);
	fprintf(stderr, "leat: %s\n", text ? text : "out of memory");
	free(text);
	return status;
}

bool wants_color(FILE *f)
{
	const char *no = getenv("NO_COLOR");
	return isatty(fileno(f)) && (!no || !*no);
}

int print_owned(FILE *f, char *text, const struct leat_err *err, int status)
{
	if (!text)
		return complain(err, 5);
	int failed = fputs(text, f) < 0 || fflush(f) != 0;
	free(text);
	if (failed && f != stderr)
		perror("leat: cannot print");
	return failed ? 5 : status;
}

int main(int argc, char **argv)
{
	int worker = leat_worker_hook(argc, argv);
	if (worker >= 0)
		return worker;
	/*
	 * Large buffers go back to the system at once: otherwise freed images would stay in the heap, beyond
	 * memory=.
	 */
	mallopt(M_MMAP_THRESHOLD, 1024 * 1024);
	struct leat_err err = {0};
	struct leat_invocation in;
	int status = 2;
	/* A closed pipe and a file too large are failed writes, told like any other. */
	signal(SIGPIPE, SIG_IGN);
	signal(SIGXFSZ, SIG_IGN);
	if (leat_command_line(argc, argv, &in, &err) < 0)
		complain(&err, 2);
	for (size_t i = 0; in.command && i < sizeof commands / sizeof *commands; i++)
		if (strcmp(commands[i].name, in.command) == 0)
			status = commands[i].run(&in);
	leat_invocation_free(&in);
	return status;
}
