/* SPDX-License-Identifier: MIT */
/* Two lines in the user's crontab: the mark and the job. All other lines stay as they are. */
#include "schedule.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>

static int complain_of(const char *what)
{
	fprintf(stderr, "leat: %s\n", what);
	return 5;
}

/* The crontab of this user, "" when there is none; NULL after a complaint: then nothing may be written, either. */
static char *read_crontab(bool needed)
{
	FILE *f = popen("LC_ALL=C crontab -l 2>&1", "re");
	char *text = f ? read_whole(f) : NULL;
	int status = f ? pclose(f) : -1;
	if (text && status == 0)
		return text;
	if (text && WIFEXITED(status) && (strncmp(text, "no crontab for ", 15) == 0 || !needed)) {
		*text = 0;
		return text;
	}
	fprintf(stderr, "leat: cannot read the crontab: %s\n", text && *text ? text : "is the package cron installed?");
	free(text);
	return NULL;
}

static int write_crontab(const char *text)
{
	FILE *f = popen("crontab -", "we");
	if (!f)
		return complain_of("cannot start crontab");
	bool ok = fputs(text, f) >= 0;
	ok = pclose(f) == 0 && ok;
	return ok ? 0 : complain_of("crontab did not take the new table: it is as it was");
}

/* The text without the mark's line and the one behind it, `more` behind it all. NULL when memory is out. */
static char *replaced(const char *text, const char *mark, const char *more, bool *found)
{
	size_t n = strlen(text), m = strlen(mark);
	char *out = malloc(n + strlen(more) + 2), *to = out;
	*found = false;
	int skip = 0;
	for (const char *s = text; out && *s;) {
		size_t line = strcspn(s, "\n");
		size_t whole = line + (s[line] == '\n');
		if (line == m && memcmp(s, mark, m) == 0) {
			skip = 2;
			*found = true;
		}
		if (skip == 0)
			to = (char *)memcpy(to, s, whole) + whole;
		skip -= skip > 0;
		s += whole;
	}
	if (!out)
		return NULL;
	if (*more && to > out && to[-1] != '\n')
		*to++ = '\n';
	memcpy(to, more, strlen(more) + 1);
	return out;
}

static int change(const char *mark, const char *more, bool *found)
{
	char *before = read_crontab(*more);
	if (!before)
		return 5;
	char *after = replaced(before, mark, more, found);
	int status = !after ? complain_of("out of memory") : strcmp(before, after) == 0 ? 0 : write_crontab(after);
	if (status == 0 && *more)
		printf("%s",
		       strcmp(before, after) == 0 ? "unchanged in the crontab:\n" : "written into the crontab:\n");
	free(before);
	free(after);
	return status;
}

int crontab_install(const struct leat_recipe *r, const struct leat_schedule_options *o)
{
	struct leat_err err = {0};
	bool found;
	char *mark = leat_schedule_mark(r, &err), *text = leat_schedule_text(r, LEAT_SCHEDULE_CRONTAB, o, &err);
	int status = mark && text ? change(mark, text, &found) : complain(&err, err.cause == LEAT_CAUSE_USAGE ? 2 : 5);
	if (status == 0)
		fputs(text, stdout);
	free(mark);
	free(text);
	return status;
}

int crontab_remove(const struct leat_recipe *r, bool *found)
{
	struct leat_err err = {0};
	char *mark = leat_schedule_mark(r, &err);
	int status = mark ? change(mark, "", found) : complain(&err, 5);
	if (status == 0 && *found)
		puts("removed from the crontab");
	free(mark);
	return status;
}
