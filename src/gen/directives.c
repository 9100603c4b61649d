/* SPDX-License-Identifier: MIT */
#include "gen/directives.h"

#include "core/execopts.h"
#include "core/jobopts.h"
#include "core/schedopts.h"

const struct leat_gen_directive leat_gen_directives[] = {
	{"version", "version 1", "the version of the language; a recipe without it is version 1, for ever", NULL,
	 false},
	{"include", "include FILE", "settings and recipes of another file", NULL, false},
	{"let", "let NAME = VALUE", "a variable: $NAME or ${NAME} in what follows", NULL, false},
	{"job", "job OPTION=VALUE ...", "settings of the whole run", leat_job_params, false},
	{"schedule", "schedule daily|weekly|hourly OPTION=VALUE ...", "when the job shall run", leat_sched_params,
	 false},
	{"defaults", "defaults OPTION=VALUE ...", "execution options of all steps that do not set them",
	 leat_exec_params, false},
	{"expect", "expect CONDITION ...", "conditions on the counts of the run, otherwise exit status 4", NULL, false},
	{"recipe", "recipe NAME PARAMETER PARAMETER=DEFAULT ... end", "steps with a name, called by use", NULL, false},
	{"branch", "branch NAME [for VARIABLE in LIST] ... end",
	 "a side line that gets the item as it is here; one per entry of the list", NULL, true},
	{"use", "use NAME PARAMETER=VALUE ...", "the steps of a recipe", NULL, true},
	{"end", "end", "closes a branch or a recipe", NULL, true},
	{.word = NULL},
};
