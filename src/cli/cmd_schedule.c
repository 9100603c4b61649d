/* SPDX-License-Identifier: MIT */
/* leat schedule: hands the recipe's schedule to those who start jobs. */
#include "schedule.h"

#include <stdlib.h>
#include <string.h>
#include <unistd.h>

enum { SYSTEMD = 1, CRONTAB, KUBERNETES, SLURM }; /* --as; 0: not given */

static int print_part(const struct leat_recipe *r, enum leat_schedule_part part, const struct leat_schedule_options *o,
		      const char *suffix)
{
	struct leat_err err = {0};
	char *text = leat_schedule_text(r, part, o, &err), *name = suffix ? leat_schedule_name(r, &err) : NULL;
	if (text && name)
		printf("# %s%s\n", name, suffix);
	free(name);
	if (!text)
		return complain(&err, err.cause == LEAT_CAUSE_USAGE ? 2 : 5);
	return print_owned(stdout, text, &err, 0);
}

static int print(const struct leat_recipe *r, int as, const struct leat_schedule_options *o)
{
	static const enum leat_schedule_part parts[] = {[CRONTAB] = LEAT_SCHEDULE_CRONTAB,
							[KUBERNETES] = LEAT_SCHEDULE_KUBERNETES,
							[SLURM] = LEAT_SCHEDULE_SLURM};
	if (as > SYSTEMD)
		return print_part(r, parts[as], o, NULL);
	int status = print_part(r, LEAT_SCHEDULE_SERVICE, o, ".service");
	if (status == 0)
		fputs("\n", stdout);
	return status ? status : print_part(r, LEAT_SCHEDULE_TIMER, o, ".timer");
}

static int usage(const char *text)
{
	fprintf(stderr, "leat: %s\n", text);
	return 2;
}

static int install(const struct leat_recipe *r, int as, const struct leat_schedule_options *o)
{
	if (o->user)
		return usage("units of the system are root's: leat schedule print --user prints them");
	if (as > CRONTAB)
		return usage("leat installs for systemd and cron; for others: leat schedule print");
	return as == CRONTAB ? crontab_install(r, o) : units_install(r, o);
}

static int take_out(const struct leat_recipe *r, int as)
{
	bool unit = false, line = false;
	int status = as == CRONTAB ? 0 : units_remove(r, &unit);
	if (as != SYSTEMD)
		status = worse(status, crontab_remove(r, &line));
	if (status == 0 && !unit && !line)
		puts("nothing was installed for this recipe");
	return status;
}

static int show(const struct leat_recipe *r, const struct leat_schedule_options *o)
{
	struct leat_err err = {0};
	char *text = leat_schedule_show(r, o, &err);
	return text ? print_owned(stdout, text, &err, 0) : complain(&err, err.cause == LEAT_CAUSE_USAGE ? 2 : 5);
}

static int act(const char *verb, const struct leat_recipe *r, const struct leat_invocation *in)
{
	char program[4096];
	ssize_t n = readlink("/proc/self/exe", program, sizeof program - 1);
	program[n > 0 ? n : 0] = 0;
	struct leat_schedule_options o = {.program = program, .user = in->user, .allow_exec = in->allow_exec};
	if (strcmp(verb, "show") == 0)
		return show(r, &o);
	if (strcmp(verb, "remove") == 0)
		return take_out(r, in->as);
	if (n <= 0)
		return usage("cannot tell where the program leat is: is /proc there?");
	if (strcmp(verb, "print") == 0)
		return print(r, in->as, &o);
	return install(r, in->as, &o);
}

int cmd_schedule(const struct leat_invocation *in)
{
	static const char *const verbs[] = {"show", "print", "install", "remove"};
	bool known = false;
	for (size_t i = 0; i < sizeof verbs / sizeof *verbs; i++)
		known = known || strcmp(in->args[0], verbs[i]) == 0;
	if (!known) {
		fprintf(stderr, "leat: leat schedule can show, print, install and remove, not '%.100s'\n", in->args[0]);
		return 2;
	}
	struct leat_recipe *r = open_recipe(in, in->args[1]);
	if (!r)
		return 2;
	int errors = leat_check(r), status = errors ? 2 : 0;
	if (print_diagnostics(in, r) < 0)
		status = 5;
	if (status == 0)
		status = act(in->args[0], r, in);
	leat_free(&r);
	return status;
}
