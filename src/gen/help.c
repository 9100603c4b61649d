/* SPDX-License-Identifier: MIT */
/* The pages of `leat help`. */
#include "gen/help.h"

#include "base/text.h"
#include "core/execopts.h"
#include "core/stepfields.h"
#include "gen/commands.h"
#include "gen/pages.h"
#include "gen/types.h"

static void print_options(const struct leat_param *params, struct leat_buf *out)
{
	bool any = false;
	for (const struct leat_param *p = params; p && p->name; p++) {
		if (p->flags & LEAT_HIDDEN)
			continue;
		leat_buf_adds(out, any ? "" : "\n");
		any = true;
		leat_gen_option(p, out);
	}
}

static void print_field(void *ctx, const char *name, enum leat_vtype type, const char *doc)
{
	(void)type;
	leat_buf_addf(ctx, "  {%s}%*s%s\n", name, name && strlen(name) < 16 ? (int)(16 - strlen(name)) : 2, "",
		      doc ? doc : "");
}

static void print_fields(const struct leat_gen_step *step, struct leat_buf *out)
{
	struct leat_buf lines = {0};
	leat_gen_step_fields(step, print_field, &lines);
	if (lines.len)
		leat_buf_addf(out, "\nfields for names, conditions and reports:\n%s", lines.data);
	leat_buf_free(&lines);
}

static void kinds(unsigned mask, const char *verb, struct leat_buf *out)
{
	static const char *const words[] = {"file", "image", "array", "table"};
	leat_buf_addf(out, "%s: ", verb);
	bool any = false;
	for (unsigned i = 0; i < LEAT_LEN(words); i++)
		if (mask >> i & 1) {
			leat_buf_addf(out, "%s%s", any ? ", " : "", words[i]);
			any = true;
		}
	leat_buf_adds(out, any ? "; " : "nothing; ");
}

/* "takes: image; gives: image; on: auto, inline, threads, openmp" */
static void print_place(const struct leat_gen_step *s, struct leat_buf *out)
{
	const char *const *words = leat_exec_params[LEAT_EXEC_ON].choices;
	leat_buf_addc(out, '\n');
	kinds(s->in, "takes", out);
	kinds(s->out, "gives", out);
	leat_buf_adds(out, "runs on: auto");
	for (size_t i = 1; words[i]; i++)
		if (leat_exec_mode(i) & s->modes)
			leat_buf_addf(out, ", %s", words[i]);
	leat_buf_adds(out, s->op && s->op->reduction ? "; waits for all items\n" : "\n");
}

static void encode_page(const struct leat_registry *r, struct leat_buf *out)
{
	leat_buf_adds(out, "usage: encode FORMAT [option=value ...]\n\nformats:\n");
	for (size_t i = 0; i < r->n_codecs; i++)
		if (r->codecs[i]->enc_open || r->codecs[i]->enc_run)
			leat_buf_addf(out, "  %-8s %s\n", r->codecs[i]->name, r->codecs[i]->summary);
	leat_buf_adds(out, "\nThe options of one format: leat help encode FORMAT\n");
}

static void step_page(const struct leat_registry *r, const struct leat_gen_step *s, struct leat_buf *out)
{
	leat_buf_addf(out, "%s: %s\n\n", s->name, s->summary);
	if (strcmp(s->name, "encode") == 0) {
		encode_page(r, out);
		return;
	}
	leat_buf_adds(out, "usage: ");
	leat_gen_usage(s->name, s->params, out);
	print_options(s->params, out);
	print_fields(s, out);
	print_place(s, out);
	if (s->example)
		leat_buf_addf(out, "\nexample: %s\n", s->example);
	if (s->op && s->op->notes)
		leat_buf_addf(out, "\n%s", s->op->notes);
	leat_buf_adds(out, "\nEvery step also knows the execution options: leat help execution\n");
}

static int encoder_page(const struct leat_registry *r, const char *format, struct leat_buf *out, struct leat_err *err)
{
	const struct leat_codec *c = leat_registry_codec(r, format);
	if (!c)
		return leat_fail(err, LEAT_CAUSE_USAGE, "there is no format '%s'; see 'leat help formats'", format);
	leat_buf_addf(out, "encode %s: %s\n\nusage: ", c->name, c->summary);
	struct leat_buf name = {0};
	leat_buf_addf(&name, "encode %s", c->name);
	leat_gen_usage(name.data ? name.data : "encode", c->params, out);
	print_options(c->params, out);
	leat_buf_free(&name);
	return 0;
}

static void list_steps(const struct leat_registry *r, struct leat_buf *out)
{
	struct leat_gen_step s;
	const char *group = "";
	for (size_t i = 0; leat_gen_step(r, i, &s); i++) {
		if (strcmp(group, s.group) != 0)
			leat_buf_addf(out, "%s%s\n", i ? "\n" : "", s.group);
		group = s.group;
		leat_buf_addf(out, "  %-12s %s\n", s.name, s.summary);
	}
}

static void list_formats(const struct leat_registry *r, struct leat_buf *out)
{
	leat_buf_adds(out, "format   holds   reads  writes  profile  extensions\n");
	for (size_t i = 0; i < r->n_codecs; i++) {
		const struct leat_codec *c = r->codecs[i];
		bool numbers = c->gives != 0;
		leat_buf_addf(out, "%-8s %-7s %-6s %-7s %-8s", c->name,
			      c->gives == LEAT_TABLE ? "tables"
			      : numbers              ? "arrays"
						     : "images",
			      c->dec_open || c->dec_run ? "yes" : "no", c->enc_open || c->enc_run ? "yes" : "no",
			      numbers        ? "-"
			      : c->keeps_icc ? "kept"
					     : "-> sRGB");
		for (size_t k = 0; c->extensions[k]; k++)
			leat_buf_addf(out, " %s", c->extensions[k]);
		leat_buf_addc(out, '\n');
	}
	leat_buf_adds(
		out,
		"\nFiles are recognized by their content, text by its extension; the extensions decide what a folder "
		"means to `read`.\n`decode` reads images, `parse` arrays and tables; npy takes images and tables, "
		"too, csv and tsv take arrays of one\nor two dimensions.\n");
}

static void list_step_fields(const char *where, const struct leat_stepfield *v, struct leat_buf *out)
{
	leat_buf_addf(out, "\n%s:\n", where);
	for (; v->name; v++)
		print_field(out, v->name, v->type, v->doc);
}

static void list_fields(const struct leat_registry *r, struct leat_buf *out)
{
	leat_buf_adds(out, "always there:\n");
	for (size_t i = 0; leat_item_fields[i]; i++)
		print_field(out, leat_item_fields[i], LEAT_V_TEXT, leat_item_field_docs[i]);
	list_step_fields("after decode and every image step", leat_decoded_fields, out);
	list_step_fields("after parse and every step on arrays", leat_parsed_fields, out);
	list_step_fields("after encode or write", leat_written_fields, out);
	list_step_fields("after a reduction, instead of those of the items", leat_reduced_fields, out);
	list_step_fields("in reports", leat_ended_fields, out);
	leat_buf_adds(out, "\nmeasured by a step:\n");
	struct leat_gen_step s;
	for (size_t i = 0; leat_gen_step(r, i, &s); i++)
		if (s.op && s.op->fields)
			leat_buf_addf(out, "  %-18sleat help %s\n", s.name, s.name);
	leat_buf_addc(out, '\n');
	leat_buf_adds(out, leat_page_fields);
}

enum { RIGHT = 100, ARGS_AT = 16, SUMMARY_AT = 39, DOC_AT = 26 };

/* `left` and then text from column `at` on: below it where `left` is too long. */
static void beside(struct leat_buf *out, size_t start, size_t at, const char *text)
{
	size_t width = out->len - start;
	if (width >= at)
		leat_buf_addc(out, '\n');
	leat_buf_fill(out, ' ', width >= at ? at : at - width);
	leat_gen_wrap(text, at, RIGHT, out);
}

static void overview(struct leat_buf *out)
{
	leat_buf_adds(out, leat_page_intro);
	for (const struct leat_command *c = leat_commands; c->name; c++) {
		size_t start = out->len;
		if (c->hidden)
			continue;
		leat_buf_addf(out, "  leat %-*s %s", ARGS_AT - 8, c->name, c->args);
		beside(out, start, SUMMARY_AT, c->summary);
	}
	leat_buf_adds(out, leat_page_topics);
}

static void command_page(const struct leat_command *c, struct leat_buf *out)
{
	leat_buf_addf(out, "leat %s: %s\n\nusage: leat %s %s\n\n", c->name, c->summary, c->name, c->args);
	for (const struct leat_param *p = c->options; p->name; p++) {
		size_t start = out->len;
		if (p->flags & LEAT_PENDING_OPT)
			continue;
		leat_buf_adds(out, "  ");
		leat_gen_command_option(p, out);
		beside(out, start, DOC_AT, p->doc);
	}
}

static int unknown_topic(const struct leat_registry *r, const char *topic, struct leat_err *err)
{
	const char *names[256];
	size_t n = 0;
	struct leat_gen_step s;
	for (size_t i = 0; leat_gen_step(r, i, &s) && n < 200; i++)
		names[n++] = s.name;
	for (size_t i = 0; leat_pages[i].topic && n < LEAT_LEN(names); i++)
		names[n++] = leat_pages[i].topic;
	const char *near = leat_nearest_word(topic, names, n);
	if (near)
		return leat_fail(err, LEAT_CAUSE_USAGE, "no help on '%s': did you mean 'leat help %s'?", topic, near);
	return leat_fail(err, LEAT_CAUSE_USAGE, "no help on '%s'; the topics: leat help", topic);
}

static void prose(const struct leat_page *page, struct leat_buf *out)
{
	leat_buf_adds(out, page->text);
	for (const struct leat_param *p = page->params; p && p->name; p++)
		leat_gen_option(p, out);
	leat_buf_adds(out, page->notes ? page->notes : "");
}

int leat_gen_help(const struct leat_registry *r, const char *topic, struct leat_buf *out, struct leat_err *err)
{
	struct leat_gen_step s;
	if (!topic) {
		overview(out);
		return 0;
	}
	if (strncmp(topic, "encode ", 7) == 0)
		return encoder_page(r, topic + 7, out, err);
	for (size_t i = 0; leat_gen_step(r, i, &s); i++)
		if (strcmp(s.name, topic) == 0) {
			step_page(r, &s, out);
			return 0;
		}
	if (strcmp(topic, "steps") == 0)
		list_steps(r, out);
	else if (strcmp(topic, "formats") == 0)
		list_formats(r, out);
	else if (strcmp(topic, "fields") == 0)
		list_fields(r, out);
	else if (strcmp(topic, "types") == 0)
		leat_gen_types(out);
	else if (leat_command_find(topic))
		command_page(leat_command_find(topic), out);
	else {
		const struct leat_page *p = leat_page_named(topic);
		if (!p)
			return unknown_topic(r, topic, err);
		prose(p, out);
	}
	return 0;
}
