/* SPDX-License-Identifier: MIT */
#include "api/hints.h"

#include "base/mem.h"
#include "base/text.h"
#include "gen/commands.h"
#include "gen/help.h"

#include <errno.h>
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>

#define EXAMPLE "leat run -e 'read %s | resize 800x800 | write out/{name}'"

static const char *near_command(const char *word)
{
	const char *names[64];
	size_t n = 0;
	for (const struct leat_command *c = leat_commands; c->name && n < LEAT_LEN(names); c++)
		if (!c->hidden)
			names[n++] = c->name;
	return leat_nearest_word(word, names, n);
}

static bool is_step(const char *word)
{
	struct leat_gen_step s;
	for (size_t i = 0; leat_gen_step(leat_registry_default(), i, &s); i++)
		if (strcmp(s.name, word) == 0)
			return true;
	return false;
}

static bool is_other_program(const char *word)
{
	static const char *const programs[] = {"convert", "mogrify", "magick", "identify",
					       "montage", "vips",    "gm",     "ffmpeg"};
	for (size_t i = 0; i < LEAT_LEN(programs); i++)
		if (strcmp(programs[i], word) == 0)
			return true;
	return false;
}

static bool ends_in_leat(const char *word)
{
	size_t n = strlen(word);
	return n > 5 && strcmp(word + n - 5, ".leat") == 0;
}

/* Quotes for the recipe, where the name needs them. */
static const char *quotes(const char *name)
{
	return strpbrk(name, " \t|'#") ? "\"" : "";
}

static int hint_data(const char *what, const char *name, struct leat_err *err)
{
	struct leat_buf quoted = {0};
	leat_buf_addf(&quoted, "%s%s%s", quotes(name), name, quotes(name));
	leat_fail(err, LEAT_CAUSE_USAGE, "'%s' is %s; to work on it: " EXAMPLE, name, what,
		  quoted.data ? quoted.data : name);
	leat_buf_free(&quoted);
	return -1;
}

int leat_hint_command(const char *word, struct leat_err *err)
{
	const char *near = near_command(word);
	struct stat st;
	bool there = stat(word, &st) == 0;
	if (ends_in_leat(word))
		return leat_fail(err, LEAT_CAUSE_USAGE, "unknown command '%s': did you mean 'leat run %s'?", word,
				 word);
	if (is_step(word))
		return leat_fail(err, LEAT_CAUSE_USAGE,
				 "'%s' is a step, not a command: leat help %s; steps stand in a recipe: " EXAMPLE, word,
				 word, "photos");
	if (is_other_program(word))
		return leat_fail(err, LEAT_CAUSE_USAGE,
				 "'%s' is another program; here it would be for example: " EXAMPLE, word, "photos");
	if (near)
		return leat_fail(err, LEAT_CAUSE_USAGE, "unknown command '%s': did you mean 'leat %s'?", word, near);
	if (there && S_ISDIR(st.st_mode))
		return hint_data("a folder, not a command", word, err);
	if (there && S_ISREG(st.st_mode))
		return leat_fail(err, LEAT_CAUSE_USAGE, "unknown command '%s': did you mean 'leat run %s'?", word,
				 word);
	return leat_fail(err, LEAT_CAUSE_USAGE, "unknown command '%s'; see 'leat help'", word);
}

/* Options of other tools: some have one of ours, the others an answer. */
static const struct habit {
	const char *word;
	const char *option; /* of ours, or NULL */
	const char *answer; /* instead */
} habits[] = {
	{"q", "quiet", NULL},
	{"s", "quiet", NULL},
	{"silent", "quiet", NULL},
	{"n", "dry-run", NULL},
	{"dry", "dry-run", NULL},
	{"just-print", "dry-run", NULL},
	{"j", "cores", NULL},
	{"jobs", "cores", NULL},
	{"threads", "cores", NULL},
	{"P", "cores", NULL},
	{"nproc", "cores", NULL},
	{"workers", "cores", NULL},
	{"i", "input", NULL},
	{"in", "input", NULL},
	{"files", "input", NULL},
	{"D", "set", NULL},
	{"var", "set", NULL},
	{"define", "set", NULL},
	{"f", NULL, "the recipe is named without an option"},
	{"file", NULL, "the recipe is named without an option"},
	{"o", NULL, "the recipe says where results go: write; --set NAME=VALUE changes a variable"},
	{"output", NULL, "the recipe says where results go: write; --set NAME=VALUE changes a variable"},
	{"v", NULL, "the summary is always printed; --json has all numbers"},
	{"verbose", NULL, "the summary is always printed; --json has all numbers"},
	{"y", NULL, "the recipe says what may be overwritten: write ... existing= replace="},
	{"overwrite", NULL, "the recipe says what may be overwritten: write ... existing= replace="},
};

static const struct habit *habit_of(const char *name)
{
	for (size_t i = 0; i < LEAT_LEN(habits); i++)
		if (strcmp(habits[i].word, name) == 0)
			return &habits[i];
	return NULL;
}

static bool offered(const struct leat_param *p)
{
	return p && !(p->flags & (LEAT_HIDDEN | LEAT_PENDING_OPT));
}

int leat_hint_option(const struct leat_command *c, const char *word, struct leat_err *err)
{
	const char *names[64];
	size_t n = 0;
	int shown = (int)strcspn(word, "=");
	char name[64];
	int dashes = 1 + (word[1] == '-');
	bool letter = dashes == 1 && (shown == 2 || (word[2] >= '0' && word[2] <= '9')); /* -j4 is -j */
	(void)snprintf(name, sizeof name, "%.*s", letter ? 1 : shown - dashes, word + dashes);
	const struct habit *h = habit_of(name);
	if (h && h->answer && c->pipeline)
		return leat_fail(err, LEAT_CAUSE_USAGE, "'leat %s' has no option '%.*s': %s", c->name, shown, word,
				 h->answer);
	for (const struct leat_param *o = c->options; o->name && n < LEAT_LEN(names); o++)
		if (offered(o))
			names[n++] = o->name;
	const char *near = h && h->option && offered(leat_param_find(c->options, h->option)) ? h->option : NULL;
	if (!near && name[1])
		near = leat_nearest_word(name, names, n);
	if (near)
		return leat_fail(err, LEAT_CAUSE_USAGE, "'leat %s' has no option '%.*s': did you mean '%s%s'?", c->name,
				 shown, word, near[1] ? "--" : "-", near);
	return leat_fail(err, LEAT_CAUSE_USAGE, "'leat %s' has no option '%.*s'; see 'leat %s --help'", c->name, shown,
			 word, c->name);
}

int leat_hint_open(const char *path, int sys, struct leat_err *err)
{
	if (sys == EISDIR)
		return hint_data("a folder, not a recipe", path, err);
	if (sys == ENOENT && (strchr(path, '|') || strncmp(path, "read ", 5) == 0))
		return leat_fail(err, LEAT_CAUSE_USAGE,
				 "there is no file '%s'; a recipe on the command line stands behind -e", path);
	return leat_fail_sys(err, LEAT_CAUSE_NONE, sys, "cannot open '%s'", path);
}

int leat_hint_text(const char *path, const struct leat_buf *text, struct leat_err *err)
{
	size_t head = text->len < 1024 ? text->len : 1024;
	const struct leat_codec *c =
		head ? leat_registry_sniff(leat_registry_default(), (const uint8_t *)text->data, head) : NULL;
	if (c) {
		struct leat_buf what = {0};
		leat_buf_addf(&what, "a file of the format %s, not a recipe", c->name);
		hint_data(what.data ? what.data : "not a recipe", path, err);
		leat_buf_free(&what);
		return -1;
	}
	if (head > 1 && (memcmp(text->data, "\xFF\xFE", 2) == 0 || memcmp(text->data, "\xFE\xFF", 2) == 0))
		return leat_fail(err, LEAT_CAUSE_USAGE, "'%s' is text in UTF-16: save it as UTF-8", path);
	if (head && memchr(text->data, 0, head))
		return leat_fail(err, LEAT_CAUSE_USAGE, "'%s' is not a text file, and so not a recipe", path);
	return 0;
}
