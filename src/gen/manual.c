/* SPDX-License-Identifier: MIT */
/* leat(1) in troff, from the same tables as help. */
#include "gen/manual.h"

#include "gen/commands.h"
#include "gen/help.h"
#include "gen/pages.h"
#include "gen/troff.h"

static void option(const struct leat_param *p, struct leat_buf *out)
{
	struct leat_buf term = {0};
	leat_gen_command_option(p, &term);
	leat_troff_term(out, term.data ? term.data : "", p->doc);
	leat_buf_free(&term);
}

static void options(const struct leat_command *c, struct leat_buf *out)
{
	bool any = false;
	for (const struct leat_param *p = c->options; p->name; p++) {
		if (p->flags & LEAT_PENDING_OPT)
			continue;
		leat_buf_adds(out, any ? "" : ".RS\n");
		option(p, out);
		any = true;
	}
	leat_buf_adds(out, any ? ".RE\n" : "");
}

static void command_sections(struct leat_buf *out)
{
	for (const struct leat_command *c = leat_commands; c->name; c++) {
		struct leat_buf term = {0};
		if (c->hidden)
			continue;
		leat_buf_addf(&term, "leat %s%s%s", c->name, *c->args ? " " : "", c->args);
		leat_troff_term(out, term.data ? term.data : "", c->summary);
		leat_buf_free(&term);
		options(c, out);
	}
}

static void synopsis(struct leat_buf *out)
{
	bool any = false;
	for (const struct leat_command *c = leat_commands; c->name; c++) {
		if (c->hidden)
			continue;
		leat_buf_addf(out, "%s.B leat %s\n", any ? ".br\n" : "", c->name);
		leat_troff_text(out, c->args);
		leat_buf_adds(out, *c->args ? "\n" : "");
		any = true;
	}
}

static const char examples[] = "Look first, then run:\n"
			       "\n"
			       "    leat check web.leat\n"
			       "    leat plan web.leat\n"
			       "    leat run web.leat\n"
			       "\n"
			       "A job of one line, for the files that another program lists:\n"
			       "\n"
			       "    find photos -newer stamp -print0 | leat run -e 'read list=- | resize 800x800 | "
			       "write web/{reldir}/{stem}.jpg'\n"
			       "\n"
			       "In a crontab: silent when all is well, the summary on stderr otherwise:\n"
			       "\n"
			       "    30 2 * * *  leat run --quiet /srv/site/web.leat\n";

void leat_gen_manual(struct leat_buf *out)
{
	leat_buf_adds(out, ".\\\" Made by `leat manual`; do not edit.\n"
			   ".TH LEAT 1 \"\" \"leat\" \"User Commands\"\n.SH NAME\n"
			   "leat \\- run recipes over directories of files\n.SH SYNOPSIS\n");
	synopsis(out);
	leat_troff_section(out, "description");
	leat_buf_adds(out,
		      "A recipe is a text file that says what is read, which steps every file passes, and what is "
		      "written.\nIts language, with all steps and their options, is described in\n"
		      ".BR leat\\-language (5).\n"
		      "Every file is an item of its own: one that fails costs nothing but itself, nothing is ever\n"
		      "half written, and the summary and the exit status tell what became of each.\n");
	leat_troff_section(out, "commands");
	command_sections(out);
	leat_troff_section(out, "exit status");
	leat_troff_literal(out, leat_page_named("status")->text);
	leat_troff_section(out, "environment");
	leat_troff_term(out, "NO_COLOR", "when it is set to anything, no colors are used on terminals");
	leat_buf_adds(out, "Recipes see no other variable unless they say so: let NAME = env VARIABLE.\n");
	leat_troff_section(out, "examples");
	leat_troff_literal(out, examples);
	leat_troff_section(out, "see also");
	leat_buf_adds(out, ".BR leat\\-language (5)\n");
}
