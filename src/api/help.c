/* SPDX-License-Identifier: MIT */
/* The texts of the public door: help, manual, completion, version, and how names, sizes and times are written. */
#include <leat/leat.h>

#include "base/num.h"
#include "base/sys.h"
#include "base/text.h"
#include "formats/inflate.h"
#include "gen/explain.h"
#include "gen/help.h"
#include "gen/help_json.h"
#include "gen/manual.h"
#include "gen/schema.h"
#include "gen/syntax.h"
#include "ops/linear/blas.h"
#include "api/worker.h"
#include "exec/processes/processes.h"

static char *given(struct leat_buf *out, int ok, struct leat_err *err)
{
	char *text = ok < 0 ? NULL : leat_buf_detach(out, err);
	leat_buf_free(out);
	return text;
}

char *leat_help(const char *topic, struct leat_err *err)
{
	struct leat_buf out = {0};
	return given(&out, leat_gen_help(leat_registry_default(), topic, &out, err), err);
}

char *leat_help_json(const char *topic, struct leat_err *err)
{
	struct leat_buf out = {0};
	return given(&out, leat_gen_help_json(leat_registry_default(), topic, &out, err), err);
}

char *leat_explain(const char *code, bool json, struct leat_err *err)
{
	struct leat_buf out = {0};
	return given(&out, leat_gen_explain(code, json, &out, err), err);
}

char *leat_syntax(const char *editor, struct leat_err *err)
{
	struct leat_buf out = {0};
	if (strcmp(editor, "vim") == 0) {
		leat_gen_vim(leat_registry_default(), &out);
	} else if (strcmp(editor, "textmate") == 0) {
		leat_gen_textmate(leat_registry_default(), &out);
	} else if (strcmp(editor, "schema") == 0) {
		leat_gen_schema(leat_registry_default(), &out);
	} else {
		leat_fail(err, LEAT_CAUSE_USAGE,
			  "no syntax for '%s', only for vim and textmate, and the schema of JSON", editor);
		return NULL;
	}
	return given(&out, 0, err);
}

char *leat_manual(const char *page, struct leat_err *err)
{
	struct leat_buf out = {0};
	if (page && strcmp(page, "language") != 0) {
		leat_fail(err, LEAT_CAUSE_USAGE, "there is no manual page '%s', only 'language'", page);
		return NULL;
	}
	if (page)
		leat_gen_manual_language(leat_registry_default(), &out);
	else
		leat_gen_manual(&out);
	return given(&out, 0, err);
}

/* What a worker says of itself on this machine, part by part. */
static void tell_protection(struct leat_buf *out)
{
	struct leat_protection p = {0};
	struct leat_err e = {0};
	if (leat_worker_missing()) {
		leat_buf_addf(out, "isolation:  none: %s\n", leat_worker_missing());
		return;
	}
	if (leat_processes_probe(leat_worker_program_path(), LEAT_ISOLATE_AUTO, &p, &e) < 0) {
		leat_buf_addf(out, "isolation:  none: %s\n", e.text);
		return;
	}
	for (int i = 0; i < LEAT_N_GUARDS; i++)
		leat_buf_addf(out, "%s%-11s %s%s\n",
			      i ? "            " : "isolation:  ", leat_guard_name((enum leat_guard)i),
			      p.part[i].on ? "" : "NOT IN FORCE: ", p.part[i].how);
}

/* Formats whose library is loaded only when it is needed: is it there? */
static void tell_modules(const struct leat_registry *r, struct leat_buf *out)
{
	const char *before = "\nmodules:    ";
	for (size_t i = 0; i < r->n_codecs; i++) {
		struct leat_err e = {0};
		const struct leat_codec *c = r->codecs[i];
		if (!c->prepare)
			continue;
		bool there = c->prepare(&e) == 0;
		leat_buf_addf(out, "%s%s", before, there ? c->name : e.text);
		before = there ? ", " : "; ";
	}
}

char *leat_version_text(struct leat_err *err)
{
	struct leat_buf out = {0};
	char size[32];
	const struct leat_registry *r = leat_registry_default();
	leat_buf_adds(&out, "leat " LEAT_VERSION "\nformats:   ");
	for (size_t i = 0; i < r->n_codecs; i++)
		leat_buf_addf(&out, " %s", r->codecs[i]->name);
	tell_modules(r, &out);
	leat_buf_adds(&out, "\nexecutors: ");
	for (size_t i = 0; i < r->n_executors; i++)
		leat_buf_addf(&out, " %s", r->executors[i]->name);
	leat_buf_addf(&out, "\nBLAS:       %s", leat_blas_text());
	leat_buf_addf(&out, "\ninflate:    %s", leat_inflate_library());
	leat_buf_addf(&out, "\nmachine:    %d cores, %s of memory available to this process\n", leat_sys_cores(),
		      leat_human_size(leat_sys_memory(), size));
	tell_protection(&out);
	leat_buf_adds(&out, "compiler:   " __VERSION__ "\n");
	return given(&out, 0, err);
}

char *leat_printable(const char *text, struct leat_err *err)
{
	struct leat_buf out = {0};
	leat_escape_terminal(&out, text, strlen(text));
	return given(&out, 0, err);
}

char *leat_format_time(double seconds, char *buf)
{
	return leat_human_time(seconds, buf);
}

char *leat_format_size(uint64_t bytes, char *buf)
{
	return leat_human_size(bytes, buf);
}
