/* SPDX-License-Identifier: MIT */
/* What stands behind the public handle. */
#ifndef LEAT_API_RECIPE_H
#define LEAT_API_RECIPE_H

#include <leat/leat.h>

#include "run/run.h"

#include <pthread.h>

struct leat_recipe {
	char *name, *dir, *cwd; /* as shown; folder of relative paths; where values from the command line belong */
	char *path; /* of the file, without links; NULL: no file */
	char *text;
	size_t len;
	char *vars_name, *vars_dir, *vars_text; /* the file of --vars, or NULL */
	size_t vars_len;
	char **set, **opt; /* copies of the overrides, NULL-terminated */

	struct leat_diags diags;
	struct leat_program *program;
	struct leat_plan *plan;
	struct leat_facts facts;
	bool planned;
	char protection[LEAT_ERR_TEXT + 128]; /* facts.protection */
	char no_pool[160]; /* facts.no_pool, where it names a step */

	pthread_mutex_t lock; /* `run` against leat_stop from another thread */
	struct leat_run *run;
	int stops, signal;
	struct leat_summary summary;
};

/* Releases everything that an earlier check, plan or run left. */
void leat_recipe_forget(struct leat_recipe *r);

#endif
