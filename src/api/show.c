/* SPDX-License-Identifier: MIT */
/* A recipe in its other forms. */
#include "api/recipe.h"

#include "api/style.h"
#include "lang/json.h"
#include "lang/limits.h"
#include "lang/show.h"
#include "plan/expanded.h"

static int no_memory(struct leat_err *err)
{
	leat_fail(err, LEAT_CAUSE_MEMORY, "out of memory");
	return 5;
}

/* Reads the text as it is written. 0, 2 or 5. */
static int read_written(struct leat_recipe *r, struct leat_err *err)
{
	leat_recipe_forget(r);
	r->program = leat_program_read(r->name, r->dir, r->text, r->len, &r->diags);
	if (!r->program || r->diags.failed)
		return no_memory(err);
	return r->diags.errors ? 2 : 0;
}

/* Text of one statement a line, laid out. */
static int lay_out(const struct leat_buf *plain, const struct leat_style *style, struct leat_buf *out,
		   struct leat_err *err)
{
	struct leat_diags d = {0};
	struct leat_program *p =
		plain->failed ? NULL
			      : leat_program_read("<shown>", "/", plain->data ? plain->data : "", plain->len, &d);
	int ok = p ? leat_fmt(p, style, out, err) : leat_fail(err, LEAT_CAUSE_MEMORY, "out of memory");
	if (p)
		leat_program_free(&p);
	leat_diags_free(&d);
	if (ok > 0)
		leat_fail(err, LEAT_CAUSE_INTERNAL, "the shown text cannot be laid out");
	return ok ? 5 : 0;
}

static int show_text(const struct leat_recipe *r, struct leat_buf *out, struct leat_err *err)
{
	struct leat_buf plain = {0};
	struct leat_style style = leat_recipe_style();
	leat_program_show(r->program, &style, false, &plain);
	int status = lay_out(&plain, &style, out, err);
	leat_buf_free(&plain);
	return status;
}

/* In single quotes for every shell. */
static void add_quoted(struct leat_buf *b, const char *s)
{
	leat_buf_addc(b, '\'');
	for (; *s; s++)
		if (*s == '\'' || *s == '\\') /* fish knows \\ and \' inside, the others do not */
			leat_buf_addf(b, "'\\%c'", *s);
		else
			leat_buf_addc(b, *s);
	leat_buf_addc(b, '\'');
}

/* A command that does the same from the folder where it is shown: paths in -e belong to the current one. */
static int show_line(const struct leat_recipe *r, struct leat_buf *out, struct leat_err *err)
{
	struct leat_buf line = {0};
	struct leat_style style = leat_recipe_style();
	leat_program_show(r->program, &style, true, &line);
	if (line.len > LEAT_MAX_LINE) {
		leat_buf_free(&line);
		leat_fail(err, LEAT_CAUSE_USAGE, "in one line '%s' would be longer than %d KiB", r->name,
			  LEAT_MAX_LINE / 1024);
		return 5;
	}
	if (strcmp(r->dir, r->cwd) != 0) {
		leat_buf_adds(out, "cd ");
		add_quoted(out, r->dir);
		leat_buf_adds(out, " && ");
	}
	leat_buf_addf(out, "leat run -e '%s'\n", line.data ? line.data : "");
	out->failed = out->failed || line.failed;
	leat_buf_free(&line);
	return 0;
}

static int show_expanded(struct leat_recipe *r, struct leat_buf *out, struct leat_err *err)
{
	struct leat_buf plain = {0};
	struct leat_style style = leat_recipe_style();
	int errors = leat_check(r);
	if (errors)
		return errors < 0 ? no_memory(err) : 2;
	leat_plan_print_expanded(r->plan, r->program, &plain);
	int status = lay_out(&plain, &style, out, err);
	leat_buf_free(&plain);
	return status;
}

int leat_show(struct leat_recipe *r, enum leat_form form, char **text, struct leat_err *err)
{
	struct leat_buf out = {0};
	struct leat_style style = leat_recipe_style();
	*text = NULL;
	int status = form == LEAT_FORM_EXPANDED ? show_expanded(r, &out, err) : read_written(r, err);
	if (status == 0 && form == LEAT_FORM_TEXT)
		status = show_text(r, &out, err);
	else if (status == 0 && form == LEAT_FORM_LINE)
		status = show_line(r, &out, err);
	else if (status == 0 && form == LEAT_FORM_JSON)
		leat_program_json(r->program, &style, &out);
	if (status == 0 && form != LEAT_FORM_EXPANDED && out.len > LEAT_MAX_FILE) { /* it could not be read back */
		leat_fail(err, LEAT_CAUSE_USAGE, "in this form '%s' would be larger than 1 MiB", r->name);
		status = 5;
	}
	if (status == 0) {
		*text = leat_buf_detach(&out, err);
		status = *text ? 0 : 5;
	}
	leat_buf_free(&out);
	return status;
}
