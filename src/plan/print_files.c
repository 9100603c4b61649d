/* SPDX-License-Identifier: MIT */
/* The upper part of what `leat plan` prints: the files that come in, those that go out, and where they find room. */
#include "plan/print.h"

#include "plan/place.h"

#include "base/num.h"

enum { COUNT = 10, MOST_SHOWN = 12 };

/* "     1 180  /srv/photos/2024/{stem}.jpg" */
static void counted(const struct leat_printer *pr, uint64_t n, const char *path)
{
	char digits[32];
	leat_group_digits(n, digits);
	leat_buf_fill(pr->out, ' ', LEAT_PRINT_LABEL);
	leat_buf_addf(pr->out, "%*s  ", COUNT, digits);
	leat_print_escaped(pr->out, path);
	leat_buf_addc(pr->out, '\n');
}

static void and_more(const struct leat_printer *pr, size_t n)
{
	if (n > MOST_SHOWN)
		leat_buf_addf(pr->out, "%*s… and %zu more\n", LEAT_PRINT_LABEL + COUNT + 2, "", n - MOST_SHOWN);
}

/* ---- inputs */

/* Not listed: at least what will be looked for. */
static void patterns(const struct leat_printer *pr)
{
	const struct leat_step *s = &pr->p->steps[0];
	size_t n = s->role == LEAT_SOURCE ? leat_param_count(s->source->params) : 0;
	for (size_t i = 0; i < n; i++) {
		const struct leat_param *row = &s->source->params[i];
		if (row->type != LEAT_PT_PATTERNS || !(row->flags & LEAT_POSITIONAL))
			continue;
		const struct leat_strs *l = (const void *)((const char *)s->params + row->offset);
		for (size_t k = 0; k < l->n && k < MOST_SHOWN; k++) {
			leat_buf_fill(pr->out, ' ', LEAT_PRINT_LABEL);
			leat_print_escaped(pr->out, l->v[k]);
			leat_buf_addc(pr->out, '\n');
		}
		and_more(pr, l->n);
	}
}

static void matched(const struct leat_printer *pr)
{
	const struct leat_listing *l = pr->f->inputs;
	for (size_t i = 0; i < l->n_matched && i < MOST_SHOWN; i++)
		counted(pr, l->matched[i].n, l->matched[i].pattern);
	and_more(pr, l->n_matched);
	for (size_t i = 0; i < l->warnings.n; i++) {
		leat_buf_fill(pr->out, ' ', LEAT_PRINT_LABEL);
		leat_print_escaped(pr->out, l->warnings.v[i]);
		leat_buf_addc(pr->out, '\n');
	}
}

/* What the ledger says of them: "To do    2 of 100: 1 new, 1 the input changed; 98 up to date". */
static void known(const struct leat_printer *pr)
{
	const struct leat_known *k = pr->f->known;
	uint64_t todo = 0;
	char n[32];
	if (!k || !(pr->p->job.incremental || k->counts[LEAT_POISON]))
		return;
	for (int i = 0; i < LEAT_N_VERDICTS; i++)
		todo += leat_verdict_skips((enum leat_verdict)i) ? 0 : k->counts[i];
	leat_print_label(pr, "To do");
	leat_buf_adds(pr->out, leat_group_digits(todo, n));
	const char *sep = ": ";
	for (int i = 0; i < LEAT_N_VERDICTS; i++) {
		if (!k->counts[i])
			continue;
		if (leat_verdict_skips((enum leat_verdict)i))
			sep = "; ";
		leat_buf_addf(pr->out, "%s%s %s", sep, leat_group_digits(k->counts[i], n),
			      leat_verdict_text((enum leat_verdict)i));
		sep = ", ";
	}
	leat_buf_addc(pr->out, '\n');
	if (k->n_gone) {
		leat_buf_fill(pr->out, ' ', LEAT_PRINT_LABEL);
		leat_buf_addf(pr->out, "%s that earlier runs knew %s not there any more\n",
			      leat_group_digits(k->n_gone, n), k->n_gone == 1 ? "is" : "are");
	}
}

void leat_print_inputs(const struct leat_printer *pr)
{
	const struct leat_listing *l = pr->f->inputs;
	uint64_t n, bytes;
	char count[32], all[32], size[32], other[32];
	leat_print_label(pr, "Inputs");
	if (!leat_plan_inputs(pr->f, &n, &bytes)) {
		leat_buf_adds(pr->out, "not listed\n");
		patterns(pr);
		return;
	}
	leat_buf_adds(pr->out, leat_group_digits(n, count));
	if (l->left)
		leat_buf_addf(pr->out, " of %s", leat_group_digits(n + l->left, all));
	leat_buf_addf(pr->out, " file%s, %s", n + l->left == 1 ? "" : "s", leat_human_size(bytes, size));
	if (l->refused)
		leat_buf_addf(pr->out, "; %s of them cannot be read and will fail",
			      leat_group_digits(l->refused, other));
	if (l->ignored)
		leat_buf_addf(pr->out, "; %s other%s ignored: no format that these steps take",
			      leat_group_digits(l->ignored, other), l->ignored == 1 ? "" : "s");
	leat_buf_addc(pr->out, '\n');
	if (l->n_matched == 0)
		patterns(pr);
	matched(pr);
	known(pr);
}

/* ---- outputs */

static size_t names_shared(const struct leat_plan *p)
{
	size_t n = 0;
	for (size_t i = 1; i < p->n_outputs; i++)
		n += strcmp(p->outputs[i].path, p->outputs[i - 1].path) == 0;
	return n;
}

static struct leat_target sum(const struct leat_plan *p)
{
	struct leat_target s = {.step = -1};
	for (size_t i = 0; i < p->n_targets; i++) {
		const struct leat_target *t = &p->targets[i];
		s.files += t->files;
		s.overwritten += t->overwritten;
		s.skipped += t->skipped;
		s.refused += t->refused;
		s.guessed += t->guessed;
		s.bytes = leat_size_add(s.bytes, t->bytes);
		s.at_most = s.at_most || t->at_most;
		s.unnamed = s.unnamed || t->unnamed;
	}
	return s;
}

/* "1 100 new, 90 overwritten, ..." of those whose names are known. */
static void fates(const struct leat_printer *pr, const struct leat_target *s)
{
	const struct {
		uint64_t n;
		const char *what;
	} parts[] = {{s->files - s->overwritten - s->skipped - s->refused, "new"},
		     {s->overwritten, "overwritten"},
		     {s->skipped, "left as they are"},
		     {s->refused, "will fail, because they are there"}};
	const char *before = ": ";
	char n[32];
	for (size_t i = 0; i < LEAT_LEN(parts); i++) {
		if (!parts[i].n)
			continue;
		leat_buf_addf(pr->out, "%s%s %s", before, leat_group_digits(parts[i].n, n), parts[i].what);
		before = ", ";
	}
}

void leat_print_outputs(const struct leat_printer *pr)
{
	const struct leat_plan *p = pr->p;
	const struct leat_plan_own *own = (const struct leat_plan_own *)p;
	struct leat_target s = sum(p);
	char n[32], size[32];
	leat_print_label(pr, "Outputs");
	if (!pr->f->inputs || p->n_targets == 0) {
		leat_buf_adds(pr->out, pr->f->inputs ? "no files but those of reports\n" : "not predicted\n");
		return;
	}
	bool possible = s.unnamed || own->outputs_possible;
	leat_buf_addf(pr->out, "%s%s file%s", possible ? "up to " : "", leat_group_digits(s.files, n),
		      s.files == 1 ? "" : "s");
	if (!s.unnamed)
		fates(pr, &s);
	else
		leat_buf_adds(pr->out, ", under names that depend on what the steps will measure");
	if (s.guessed)
		leat_buf_addf(pr->out, "; %s %s", s.at_most ? "at most" : "about", leat_human_size(s.bytes, size));
	size_t shared = names_shared(p);
	if (shared)
		leat_buf_addf(pr->out, "; %s with the name of another", leat_group_digits(shared, n));
	leat_buf_addc(pr->out, '\n');
	for (size_t i = 0; i < p->n_targets && i < MOST_SHOWN; i++)
		counted(pr, p->targets[i].files, p->targets[i].path);
	and_more(pr, p->n_targets);
}

void leat_print_disks(const struct leat_printer *pr)
{
	char need[32], room[32];
	for (size_t i = 0; i < pr->p->n_disks; i++) {
		const struct leat_disk *d = &pr->p->disks[i];
		leat_print_label(pr, i ? "" : "Disk");
		leat_buf_addf(pr->out, "%s %s needed, %s free in ", d->at_most ? "at most" : "about",
			      leat_human_size(d->needs, need), leat_human_size(d->free, room));
		leat_print_escaped(pr->out, d->path);
		leat_buf_adds(pr->out, d->needs > d->free ? ": NOT ENOUGH\n" : "\n");
	}
}
