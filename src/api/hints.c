/* SPDX-License-Identifier: MIT */
#include "api/hints.h"

#include "base/mem.h"
#include "base/text.h"
#include "gen/commands.h"
#include "gen/help.h"

#include <errno.h>
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
