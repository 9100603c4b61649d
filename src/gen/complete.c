/* SPDX-License-Identifier: MIT */
/* TAB on the command line: commands, their options, files, and recipes written there. See complete.h. */
#include "gen/complete.h"

#include "core/diagcode.h"
#include "gen/commands.h"
#include "gen/help.h"
#include "gen/offers.h"
#include "gen/pages.h"

#include <stdio.h>
#include <string.h>

struct line {
	const struct leat_command *command;
	const char *const *words; /* the last one is to be completed */
	size_t n;
	const struct leat_param *wants; /* the option whose value the last word is, or NULL */
	size_t positionals; /* in front of the last word */
	size_t argument; /* the first word behind "--", or 0 */
	bool text; /* -e is given */
};

static bool is_option(const char *word)
{
	return word[0] == '-' && word[1] != 0;
}

static const struct leat_param *option_of(const struct leat_command *c, const char *word)
{
	char name[64];
	const char *body = word + 1 + (word[1] == '-');
	size_t n = strcspn(body, "=");
	if (n >= sizeof name)
		return NULL;
	memcpy(name, body, n);
	name[n] = 0;
	return leat_param_find(c->options, name);
}

static void walk(struct line *l)
{
	for (size_t i = 1; i + 1 < l->n; i++) {
		const char *word = l->words[i];
		if (strcmp(word, "--") == 0 && l->command->pipeline) {
			l->argument = i + 1;
			return;
		}
		const struct leat_param *p = is_option(word) ? option_of(l->command, word) : NULL;
		l->text = l->text || (p && strcmp(p->name, "e") == 0);
		bool value = p && p->type != LEAT_PT_SWITCH && !strchr(word, '=');
		if (value && i + 2 == l->n)
			l->wants = p;
		else if (value)
			i++;
		else if (!is_option(word))
			l->positionals++;
	}
}

size_t leat_gen_complete_file(const char *const *words, size_t n)
{
	const struct leat_command *c = n ? leat_command_find(words[0]) : NULL;
	for (size_t i = 1; c && i + 1 < n; i++) {
		const struct leat_param *p = is_option(words[i]) ? option_of(c, words[i]) : NULL;
		if (p && p->type != LEAT_PT_SWITCH && !strchr(words[i], '='))
			i++;
		else if (!is_option(words[i]))
			return i;
	}
	return n;
}

/* ---- words of the command line */

static void offer_options(struct leat_offers *o, const struct leat_command *c)
{
	for (const struct leat_param *p = c->options; p->name; p++) {
		struct leat_buf dashed = {0};
		leat_buf_addf(&dashed, "%s%s", strlen(p->name) == 1 ? "-" : "--", p->name);
		if (!(p->flags & (LEAT_PENDING_OPT | LEAT_HIDDEN)) && dashed.data)
			leat_offer(o, dashed.data, "", p->doc);
		leat_buf_free(&dashed);
	}
	leat_offer(o, "--help", "", "how to use it");
}

static void offer_commands(struct leat_offers *o)
{
	for (const struct leat_command *c = leat_commands; c->name; c++)
		if (!c->hidden)
			leat_offer(o, c->name, "", c->summary);
	if (*o->word == '-') {
		leat_offer(o, "--help", "", "show the steps and commands");
		leat_offer(o, "--version", "", "show the version");
	}
}

static void offer_encoders(struct leat_offers *o)
{
	for (size_t i = 0; i < o->r->n_codecs; i++)
		if (o->r->codecs[i]->enc_open || o->r->codecs[i]->enc_run)
			leat_offer(o, o->r->codecs[i]->name, "", o->r->codecs[i]->summary);
}

static void offer_topics(struct leat_offers *o, const struct line *l)
{
	struct leat_gen_step s;
	if (l->positionals == 1 && strcmp(l->words[l->n - 2], "encode") == 0)
		offer_encoders(o);
	if (l->positionals > 0)
		return;
	for (size_t i = 0; leat_pages[i].topic; i++)
		leat_offer(o, leat_pages[i].topic, "", "a page");
	for (size_t i = 0; leat_gen_step(o->r, i, &s); i++)
		leat_offer(o, s.name, "", s.summary);
	for (const struct leat_command *c = leat_commands; c->name; c++)
		if (!c->hidden)
			leat_offer(o, c->name, "", c->summary);
}

static void offer_codes(struct leat_offers *o)
{
	for (size_t i = 0; i < leat_n_diag_codes; i++) {
		const struct leat_diag_code *c = &leat_diag_codes[i];
		char name[16];
		(void)snprintf(name, sizeof name, "%c%03d", c->severity == LEAT_ERROR ? 'E' : 'W', c->code);
		leat_offer(o, name, "", c->meaning);
	}
}

static void offer_all(struct leat_offers *o, const char *const *words)
{
	for (; *words; words++)
		leat_offer(o, *words, "", "");
}

/* Word `at` of the usage "FILE... | -e 'RECIPE'": up to '|', the last one stands for all that follow. */
static void usage_word(const char *usage, size_t at, char *word, size_t size)
{
	*word = 0;
	for (const char *s = usage + strspn(usage, " ["); *s && *s != '|'; s += strspn(s, " [")) {
		size_t n = strcspn(s, " ]");
		if (n && n < size) {
			memcpy(word, s, n);
			word[n] = 0;
		}
		s += n + strspn(s + n, "]");
		if (at-- == 0)
			return;
	}
	if (!strstr(word, "..."))
		*word = 0;
}

static void offer_positional(struct leat_offers *o, const struct line *l)
{
	static const char *const shells[] = {"bash", "zsh", "fish", NULL};
	char what[32];
	/* -e stands in the place of the file */
	usage_word(l->command->args, l->positionals + l->text, what, sizeof what);
	if (strcmp(l->command->name, "help") == 0)
		offer_topics(o, l);
	else if (strncmp(what, "CODE", 4) == 0)
		offer_codes(o);
	else if (strcmp(what, "SHELL") == 0)
		offer_all(o, shells);
	else if (strcmp(what, "FOLDER") == 0)
		o->files = "folders";
	else if (strncmp(what, "FILE", 4) == 0)
		o->files = l->text ? "none" : "recipes";
	else if (*what)
		o->files = "files";
}

/* ---- values of options */

static void offer_option_value(struct leat_offers *o, const struct leat_param *p, const char *recipe)
{
	if (strcmp(p->name, "e") == 0)
		leat_offer_recipe(o);
	else if (strcmp(p->name, "set") == 0)
		leat_offer_names(o, recipe, "let", "=");
	else if (strcmp(p->name, "opt") == 0)
		leat_offer_step_options(o, recipe);
	else if (strcmp(p->name, "vars") == 0)
		o->files = "recipes";
	else if (strcmp(p->name, "input") == 0)
		o->files = "files";
	else
		leat_offer_values(o, p, recipe);
}

/* ---- leat run -- read PATTERN then ... */

static void offer_arguments(struct leat_offers *o, const struct line *l)
{
	struct leat_pieces s = {.n = 0};
	bool first = true;
	for (size_t i = l->argument; i < l->n; i++) {
		if (strcmp(l->words[i], "then") == 0 && i + 1 < l->n) {
			s.n = 0;
			first = false;
		} else if (s.n < LEAT_PIECES) {
			s.v[s.n++] = (struct leat_piece){l->words[i], strlen(l->words[i])};
		}
	}
	leat_offer_statement(o, &s, NULL, !first);
	if (s.n > 1)
		leat_offer(o, "then", "", "the next step");
}

static void offer(struct leat_offers *o, struct line *l, const char *recipe)
{
	const struct leat_param *p = is_option(o->word) ? option_of(l->command, o->word) : NULL;
	walk(l);
	if (l->argument) {
		offer_arguments(o, l);
	} else if (l->wants) {
		offer_option_value(o, l->wants, recipe);
	} else if (p && strchr(o->word, '=')) {
		leat_offers_skip(o, strcspn(o->word, "=") + 1);
		offer_option_value(o, p, recipe);
	} else if (*o->word == '-') {
		offer_options(o, l->command);
	} else {
		offer_positional(o, l);
	}
}

void leat_gen_complete(const struct leat_registry *r, const char *const *words, size_t n, const char *recipe,
		       struct leat_buf *out)
{
	if (n == 0)
		return;
	struct leat_offers o = {.r = r, .word = words[n - 1], .files = "none"};
	struct line l = {.command = leat_command_find(words[0]), .words = words, .n = n};
	if (n == 1)
		offer_commands(&o);
	else if (l.command)
		offer(&o, &l, recipe);
	leat_buf_addf(out, "%zu %s\n", o.keep, o.files);
	leat_buf_adds(out, o.lines.data ? o.lines.data : "");
	leat_buf_free(&o.lines);
}
