/* SPDX-License-Identifier: MIT */
/* Completion of the command line in bash: commands, their options, topics of help. */
#include "gen/commands.h"
#include "gen/help.h"
#include "gen/pages.h"

static void command_case(const struct leat_command *c, struct leat_buf *out)
{
	leat_buf_addf(out, "\t%s) words='", c->name);
	for (const struct leat_param *p = c->options; p->name; p++)
		if (!(p->flags & LEAT_PENDING_OPT))
			leat_buf_addf(out, "%s%s ", strlen(p->name) == 1 ? "-" : "--", p->name);
	leat_buf_adds(out, "' ;;\n");
}

static void help_case(const struct leat_registry *r, struct leat_buf *out)
{
	struct leat_gen_step s;
	leat_buf_adds(out, "\thelp) words='");
	for (size_t i = 0; leat_pages[i].topic; i++)
		leat_buf_addf(out, "%s ", leat_pages[i].topic);
	for (size_t i = 0; leat_gen_step(r, i, &s); i++)
		leat_buf_addf(out, "%s ", s.name);
	leat_buf_adds(out, "' ;;\n");
}

void leat_gen_bash(const struct leat_registry *r, struct leat_buf *out)
{
	leat_buf_adds(out, "# Made by `leat completion bash`; do not edit.\n"
			   "_leat() {\n"
			   "\tlocal words='' current=${COMP_WORDS[COMP_CWORD]}\n"
			   "\tif [ \"$COMP_CWORD\" -eq 1 ]; then\n\t\twords='");
	for (const struct leat_command *c = leat_commands; c->name; c++)
		if (!c->hidden)
			leat_buf_addf(out, "%s ", c->name);
	leat_buf_adds(out, "'\n\telse case ${COMP_WORDS[1]} in\n");
	for (const struct leat_command *c = leat_commands; c->name; c++)
		if (!c->hidden && c->options->name)
			command_case(c, out);
	help_case(r, out);
	leat_buf_adds(
		out,
		"\tesac fi\n"
		"\tmapfile -t COMPREPLY < <(compgen -W \"$words\" -- \"$current\")\n"
		"\t[ \"${COMP_WORDS[1]}\" = help ] || mapfile -t -O \"${#COMPREPLY[@]}\" COMPREPLY < <(compgen -f -- "
		"\"$current\")\n"
		"}\n"
		"complete -o filenames -F _leat leat\n");
}
