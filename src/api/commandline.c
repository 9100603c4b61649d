/* SPDX-License-Identifier: MIT */
/* argv to a struct, by the tables of gen/commands.c. */
#include <leat/commandline.h>

#include "api/hints.h"
#include "base/text.h"
#include "core/paramvalue.h"
#include "gen/commands.h"

struct parse {
	int argc;
	char **argv;
	int at;
	const struct leat_command *command;
	struct leat_command_values values;
	struct leat_strs args;
	bool words; /* args are the words of a recipe */
	struct leat_arena *arena;
	struct leat_err *err;
};

static int add_word(struct parse *p, struct leat_strs *l, const char *word)
{
	/* The list never has more words than argv: one allocation is enough. */
	if (!l->v)
		l->v = leat_arena_alloc(p->arena, ((size_t)p->argc + 1) * sizeof *l->v);
	if (!l->v)
		return leat_fail(p->err, LEAT_CAUSE_MEMORY, "out of memory");
	l->v[l->n++] = word;
	return 0;
}

static bool is_option(const char *word)
{
	return word[0] == '-' && word[1] != 0;
}

/* One value: behind '=', or the next word. */
static const char *value_of(struct parse *p, const char *name, const char *inlined)
{
	if (inlined)
		return inlined;
	if (p->at + 1 >= p->argc) {
		leat_fail(p->err, LEAT_CAUSE_USAGE, "'%s%s' needs a value", strlen(name) == 1 ? "-" : "--", name);
		return NULL;
	}
	return p->argv[++p->at];
}

static int words_option(struct parse *p, const struct leat_param *o, const char *inlined)
{
	struct leat_strs *l = (void *)((char *)&p->values + o->offset);
	const char *first = value_of(p, o->name, inlined);
	if (!first || add_word(p, l, first) < 0)
		return -1;
	while (strcmp(o->name, "input") == 0 && !inlined && p->at + 1 < p->argc && !is_option(p->argv[p->at + 1]))
		if (add_word(p, l, p->argv[++p->at]) < 0)
			return -1;
	return 0;
}

static int valued_option(struct parse *p, const struct leat_param *o, const char *inlined)
{
	struct leat_value_error e = {0};
	const char *value = value_of(p, o->name, inlined);
	if (!value)
		return -1;
	if (leat_param_parse(o, value, &p->values, p->arena, &e) == 0)
		return 0;
	const char *more = e.label ? e.label : e.help[0];
	return leat_fail(p->err, LEAT_CAUSE_USAGE, "--%s: %s%s%s", o->name, e.message ? e.message : "out of memory",
			 more ? ": " : "", more ? more : "");
}

static int option(struct parse *p, const char *word)
{
	char name[64];
	const char *body = word + 1 + (word[1] == '-');
	size_t n = strcspn(body, "=");
	if (n >= sizeof name)
		return leat_fail(p->err, LEAT_CAUSE_USAGE, "'%s' is no option; see 'leat help'", word);
	memcpy(name, body, n);
	name[n] = 0;
	const char *inlined = body[n] == '=' ? body + n + 1 : NULL;
	const struct leat_param *o = leat_param_find(p->command->options, name);
	if (!o)
		return leat_hint_option(p->command, word, p->err);
	if (o->flags & LEAT_PENDING_OPT)
		return leat_fail(p->err, LEAT_CAUSE_USAGE, "'--%s' is not built yet", name);
	if (o->type == LEAT_PT_WORDS)
		return words_option(p, o, inlined);
	if (o->type != LEAT_PT_SWITCH)
		return valued_option(p, o, inlined);
	if (inlined)
		return leat_fail(p->err, LEAT_CAUSE_USAGE, "'--%s' takes no value", name);
	*(bool *)((char *)&p->values + o->offset) = true;
	return 0;
}

/* `leat run --input a b web.leat`: the last word is meant as the recipe. */
static int recipe_among_inputs(struct parse *p)
{
	struct leat_strs *in = &p->values.input;
	if (!p->command->pipeline || p->values.pipeline || p->args.n || in->n < 2)
		return 0;
	const char *last = in->v[in->n - 1], *dot = strrchr(last, '.');
	if (!dot || strcmp(dot, ".leat") != 0)
		return 0;
	in->v[--in->n] = NULL;
	return add_word(p, &p->args, last);
}

static bool takes_input(const struct leat_command *c)
{
	return leat_param_find(c->options, "input") != NULL;
}

static int check_args(struct parse *p)
{
	const struct leat_command *c = p->command;
	if (p->words)
		return 0;
	if (recipe_among_inputs(p) < 0)
		return -1;
	bool inlined = c->pipeline && p->values.pipeline;
	size_t beside = c->max_args > 1 ? (size_t)c->max_args - 1 : 0;
	if (inlined && (int)p->args.n < c->min_args - 1)
		return leat_fail(p->err, LEAT_CAUSE_USAGE, "usage: leat %s %s", c->name, c->args);
	if (inlined && p->args.n > beside)
		return leat_fail(p->err, LEAT_CAUSE_USAGE, "'leat %s' takes a file or -e, not both%s%s", c->name,
				 takes_input(c) ? "; files to work on: --input " : "",
				 takes_input(c) ? p->args.v[0] : "");
	if (!inlined && (int)p->args.n < c->min_args)
		return leat_fail(p->err, LEAT_CAUSE_USAGE, "usage: leat %s %s", c->name, c->args);
	if (c->max_args >= 0 && (int)p->args.n > c->max_args && takes_input(c))
		return leat_fail(
			p->err, LEAT_CAUSE_USAGE,
			"'leat %s' takes one recipe, and '%s' is one argument too many; files to work on: --input %s",
			c->name, p->args.v[c->max_args], p->args.v[c->max_args]);
	if (c->max_args >= 0 && (int)p->args.n > c->max_args)
		return leat_fail(p->err, LEAT_CAUSE_USAGE,
				 "'leat %s' has one argument too many: '%s' (usage: leat %s %s)", c->name,
				 p->args.v[c->max_args], c->name, c->args);
	return 0;
}

static int choose_command(struct parse *p)
{
	const char *word = p->argc > 1 ? p->argv[1] : "help";
	if (strcmp(word, "-h") == 0 || strcmp(word, "--help") == 0)
		word = "help";
	if (strcmp(word, "-V") == 0 || strcmp(word, "--version") == 0)
		word = "version";
	p->command = leat_command_find(word);
	if (p->command)
		return 0;
	return leat_hint_command(word, p->err);
}

/* What the table says for options that are not given. */
static int set_defaults(struct parse *p)
{
	struct leat_value_error e = {0};
	for (const struct leat_param *o = p->command->options; o->name; o++)
		if (o->dflt && leat_param_parse(o, o->dflt, &p->values, p->arena, &e) < 0)
			return leat_fail(p->err, LEAT_CAUSE_INTERNAL, "the default of --%s is wrong", o->name);
	return 0;
}

static int parse_words(struct parse *p)
{
	bool options = true;
	if (set_defaults(p) < 0)
		return -1;
	for (p->at = 2; p->at < p->argc; p->at++) {
		const char *word = p->argv[p->at];
		if (options && strcmp(word, "--") == 0) {
			options = false;
			p->words = p->command->pipeline;
			if (p->words && (p->args.n || p->values.pipeline))
				return leat_fail(p->err, LEAT_CAUSE_USAGE,
						 "'leat %s' takes one recipe: a file, -e, or its words behind '--'",
						 p->command->name);
			continue;
		}
		bool help = strcmp(word, "-h") == 0 || strcmp(word, "--help") == 0;
		if (options && help) {
			p->args = (struct leat_strs){0};
			if (add_word(p, &p->args, p->command->name) < 0)
				return -1;
			p->command = leat_command_find("help");
			return 0;
		}
		int ok = options && is_option(word) ? option(p, word) : add_word(p, &p->args, word);
		if (ok < 0)
			return -1;
	}
	return check_args(p);
}

int leat_command_line(int argc, char **argv, struct leat_invocation *out, struct leat_err *err)
{
	*out = (struct leat_invocation){0};
	struct parse p = {.argc = argc, .argv = argv, .err = err};
	p.arena = leat_zalloc(1, sizeof *p.arena, err);
	out->memory = p.arena;
	if (!p.arena || choose_command(&p) < 0 || parse_words(&p) < 0)
		return -1;
	*out = (struct leat_invocation){
		.command = p.command->name,
		.args = (const char *const *)p.args.v,
		.n_args = p.args.n,
		.pipeline = p.values.pipeline,
		.set = (const char *const *)p.values.set.v,
		.vars = p.values.vars,
		.opt = (const char *const *)p.values.opt.v,
		.input = (const char *const *)p.values.input.v,
		.only = (const char *const *)p.values.only.v,
		.cores = (int)p.values.cores,
		.limit = (uint64_t)p.values.limit,
		.sample = (uint64_t)p.values.sample,
		.seconds = (double)p.values.time * 1e-9,
		.diagnostics = (int)p.values.diagnostics,
		.format = leat_graph_formats[p.values.format],
		.quiet = p.values.quiet,
		.json = p.values.json,
		.html = p.values.html,
		.dry_run = p.values.dry_run,
		.wait = p.values.wait,
		.as = (int)p.values.as,
		.user = p.values.user,
		.force = p.values.force,
		.retry_failed = p.values.retry_failed,
		.why = p.values.why,
		.allow_exec = p.values.allow_exec,
		.check = p.values.check,
		.diff = p.values.diff,
		.fix_characters = p.values.fix_characters,
		.upgrade = p.values.upgrade,
		.oneline = p.values.oneline,
		.expanded = p.values.expanded,
		.words = p.words,
		.deny_warnings = p.values.deny_warnings,
		.memory = p.arena,
	};
	return 0;
}

void leat_invocation_free(struct leat_invocation *i)
{
	if (i->memory)
		leat_arena_free(i->memory);
	free(i->memory);
	*i = (struct leat_invocation){0};
}
