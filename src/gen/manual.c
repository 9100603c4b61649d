/* SPDX-License-Identifier: MIT */
/* leat(1) in troff, from the same tables as help. */
#include "gen/commands.h"
#include "gen/help.h"
#include "gen/pages.h"

/* Text for troff: backslashes, and dots and quotes where a line begins, would be commands. */
static void add(struct leat_buf *out, const char *text)
{
	for (const char *s = text; *s; s++) {
		bool first = s == text ? !out->len || out->data[out->len - 1] == '\n' : s[-1] == '\n';
		if (first && (*s == '.' || *s == '\''))
			leat_buf_adds(out, "\\&");
		if (*s == '\\')
			leat_buf_adds(out, "\\e");
		else if (*s == '-')
			leat_buf_adds(out, "\\-");
		else
			leat_buf_addc(out, *s);
	}
}

static void literal(struct leat_buf *out, const char *text)
{
	leat_buf_adds(out, ".nf\n");
	add(out, text);
	leat_buf_adds(out, ".fi\n");
}

static void command_sections(struct leat_buf *out)
{
	for (const struct leat_command *c = leat_commands; c->name; c++) {
		if (c->hidden)
			continue;
		leat_buf_adds(out, ".TP\n.B leat ");
		add(out, c->name);
		leat_buf_addc(out, ' ');
		add(out, c->args);
		leat_buf_addc(out, '\n');
		add(out, c->summary);
		leat_buf_adds(out, ".\n.RS\n");
		for (const struct leat_param *p = c->options; p->name; p++) {
			if (p->flags & LEAT_PENDING_OPT)
				continue;
			leat_buf_adds(out, ".TP\n.B ");
			add(out, strlen(p->name) == 1 ? "-" : "--");
			add(out, p->name);
			leat_buf_addc(out, '\n');
			add(out, p->doc);
			leat_buf_adds(out, ".\n");
		}
		leat_buf_adds(out, ".RE\n");
	}
}

static void step_section(const char *name, const char *summary, const struct leat_param *params, struct leat_buf *out)
{
	struct leat_buf text = {0};
	leat_gen_usage(name, params, &text);
	leat_buf_adds(out, ".TP\n.B ");
	add(out, text.data ? text.data : "");
	add(out, summary);
	leat_buf_adds(out, ".\n");
	leat_buf_clear(&text);
	for (const struct leat_param *p = params; p && p->name; p++)
		if (!(p->flags & LEAT_HIDDEN))
			leat_gen_option(p, &text);
	if (text.len)
		literal(out, text.data);
	leat_buf_free(&text);
}

static void step_sections(const struct leat_registry *r, struct leat_buf *out)
{
	struct leat_gen_step s;
	for (size_t i = 0; leat_gen_step(r, i, &s); i++)
		if (strcmp(s.name, "encode") != 0)
			step_section(s.name, s.summary, s.params, out);
	for (size_t i = 0; i < r->n_codecs; i++) {
		struct leat_buf name = {0};
		leat_buf_addf(&name, "encode %s", r->codecs[i]->name);
		if (r->codecs[i]->enc_open || r->codecs[i]->enc_run)
			step_section(name.data ? name.data : "", r->codecs[i]->summary, r->codecs[i]->params, out);
		leat_buf_free(&name);
	}
}

void leat_gen_manual(const struct leat_registry *r, struct leat_buf *out)
{
	leat_buf_adds(out, ".\\\" Made by `leat manual`; do not edit.\n"
			   ".TH LEAT 1 \"\" \"leat\" \"User Commands\"\n.SH NAME\n"
			   "leat \\- run recipes over directories of files\n.SH SYNOPSIS\n");
	for (const struct leat_command *c = leat_commands; c->name; c++)
		if (!c->hidden) {
			leat_buf_addf(out, ".B leat %s\n", c->name);
			add(out, c->args);
			leat_buf_adds(out, "\n.br\n");
		}
	leat_buf_adds(out, ".SH DESCRIPTION\n");
	literal(out, leat_pages[0].text);
	leat_buf_adds(out, ".SH COMMANDS\n");
	command_sections(out);
	leat_buf_adds(out, ".SH STEPS\n");
	step_sections(r, out);
	for (size_t i = 1; leat_pages[i].topic; i++) {
		if (!leat_pages[i].text)
			continue;
		leat_buf_adds(out, ".SH \"");
		for (const char *s = leat_pages[i].topic; *s; s++)
			leat_buf_addc(out, (char)(*s >= 'a' && *s <= 'z' ? *s - 32 : *s));
		leat_buf_adds(out, "\"\n");
		literal(out, leat_pages[i].text);
	}
}
