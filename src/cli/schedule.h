/* SPDX-License-Identifier: MIT */
/* What `leat schedule` puts where: units of the user's systemd, lines of the user's crontab. */
#ifndef LEAT_CLI_SCHEDULE_H
#define LEAT_CLI_SCHEDULE_H

#include "cli.h"

#include <leat/schedule.h>

/* Both say what they did. 0, or 5 after a complaint; what leat did not write for this recipe is left alone. */
int units_install(const struct leat_recipe *r, const struct leat_schedule_options *o);
int crontab_install(const struct leat_recipe *r, const struct leat_schedule_options *o);
/* The same; *found: there was something. */
int units_remove(const struct leat_recipe *r, bool *found);
int crontab_remove(const struct leat_recipe *r, bool *found);

/* Runs a program without input to its end; its exit status, 127 when it cannot be started. quiet: it says nothing. */
int call_program(const char *const *argv, bool quiet);

/* The whole file as text, NULL when it is not there (errno ENOENT) or cannot be read. */
char *read_whole(FILE *f);

#endif
