/* SPDX-License-Identifier: MIT */
/* leat-language(5) in troff: the prose of help, and a row for everything that has one. */
#include "core/diagcode.h"
#include "core/jobopts.h"
#include "core/stepfields.h"
#include "gen/directives.h"
#include "gen/help.h"
#include "gen/manual.h"
#include "gen/pages.h"
#include "gen/troff.h"
#include "gen/types.h"

#include <stdio.h>

static void options(const struct leat_param *params, struct leat_buf *out)
{
	struct leat_buf text = {0};
	for (const struct leat_param *p = params; p && p->name; p++)
		if (!(p->flags & (LEAT_HIDDEN | LEAT_PENDING_OPT)))
			leat_gen_option(p, &text);
	if (text.len)
		leat_troff_literal(out, text.data);
	leat_buf_free(&text);
}

static void page(const char *topic, struct leat_buf *out)
{
	const struct leat_page *p = leat_page_named(topic);
	leat_troff_literal(out, p->text);
	options(p->params, out);
	if (p->notes)
		leat_troff_literal(out, p->notes);
}

static void statements(struct leat_buf *out)
{
	for (const struct leat_gen_directive *d = leat_gen_directives; d->word; d++)
		leat_troff_term(out, d->usage, d->doc);
	leat_troff_term(out, "expect", "knows the counts");
	for (size_t i = 0; leat_expect_counts[i]; i++)
		leat_buf_addf(out, "%s%s", i ? ", " : "", leat_expect_counts[i]);
	leat_buf_adds(out, ";\npercentages are of matched.\n");
}

static void types(struct leat_buf *out)
{
	struct leat_buf text = {0};
	leat_gen_types(&text);
	leat_troff_literal(out, text.data ? text.data : "");
	leat_buf_free(&text);
}

/* ---- steps */

static void step(const char *name, const char *summary, const char *example, const struct leat_param *params,
		 struct leat_buf *out)
{
	struct leat_buf usage = {0};
	leat_gen_usage(name, params, &usage);
	if (usage.len && usage.data[usage.len - 1] == '\n')
		usage.data[--usage.len] = 0;
	leat_troff_term(out, usage.data ? usage.data : "", summary);
	leat_buf_free(&usage);
	options(params, out);
	if (!example)
		return;
	leat_buf_adds(out, ".IP\nExample:\n.B ");
	leat_troff_text(out, example);
	leat_buf_addc(out, '\n');
}

static void encoders(const struct leat_registry *r, struct leat_buf *out)
{
	for (size_t i = 0; i < r->n_codecs; i++) {
		const struct leat_codec *c = r->codecs[i];
		struct leat_buf name = {0};
		leat_buf_addf(&name, "encode %s", c->name);
		if (c->enc_open || c->enc_run)
			step(name.data ? name.data : "", c->summary, NULL, c->params, out);
		leat_buf_free(&name);
	}
}

static void steps(const struct leat_registry *r, struct leat_buf *out)
{
	struct leat_gen_step s;
	const char *group = "";
	for (size_t i = 0; leat_gen_step(r, i, &s); i++) {
		if (strcmp(group, s.group) != 0)
			leat_buf_addf(out, ".SS \"%s\"\n", s.group);
		group = s.group;
		if (strcmp(s.name, "encode") == 0)
			encoders(r, out);
		else
			step(s.name, s.summary, s.example, s.params, out);
	}
}

/* ---- fields, formats, codes */

static void help(const struct leat_registry *r, const char *topic, struct leat_buf *out)
{
	struct leat_buf text = {0};
	struct leat_err err = {0};
	if (leat_gen_help(r, topic, &text, &err) == 0 && text.data)
		leat_troff_literal(out, text.data);
	leat_buf_free(&text);
}

static void codes(struct leat_buf *out)
{
	leat_buf_adds(out, "A code stands for one kind of problem, for ever.\n.B leat explain E024\n"
			   "shows its page with an example.\n");
	struct leat_buf text = {0};
	for (size_t i = 0; i < leat_n_diag_codes; i++) {
		const struct leat_diag_code *c = &leat_diag_codes[i];
		leat_buf_addf(&text, "%c%03d  ", c->severity == LEAT_ERROR ? 'E' : 'W', c->code);
		leat_gen_wrap(c->meaning, 6, 92, &text);
	}
	leat_troff_literal(out, text.data ? text.data : "");
	leat_buf_free(&text);
}

void leat_gen_manual_language(const struct leat_registry *r, struct leat_buf *out)
{
	leat_buf_adds(out, ".\\\" Made by `leat manual language`; do not edit.\n"
			   ".TH LEAT\\-LANGUAGE 5 \"\" \"leat\" \"File Formats\"\n.SH NAME\n"
			   "leat\\-language \\- the recipes of leat, version 1\n");
	leat_troff_section(out, "description");
	page("language", out);
	leat_troff_section(out, "words");
	leat_troff_literal(out, leat_page_words);
	leat_troff_section(out, "settings and blocks");
	statements(out);
	leat_troff_section(out, "kinds of values");
	types(out);
	leat_troff_section(out, "job");
	page("job", out);
	leat_troff_section(out, "execution options");
	page("execution", out);
	leat_troff_section(out, "steps");
	steps(r, out);
	leat_troff_section(out, "formats");
	help(r, "formats", out);
	leat_troff_section(out, "fields");
	help(r, "fields", out);
	leat_troff_section(out, "codes of errors and warnings");
	codes(out);
	leat_troff_section(out, "see also");
	leat_buf_adds(out, ".BR leat (1)\n");
}
