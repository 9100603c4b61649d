/* SPDX-License-Identifier: MIT */
/* What `leat plan --json` prints: the plan as one JSON object. Its keys are stable; new ones may be added. */
#include "plan/planner.h"

#include "base/json.h"
#include "plan/place.h"

static void inputs(const struct leat_facts *f, struct leat_buf *b)
{
	const struct leat_listing *l = f->inputs;
	uint64_t n, bytes;
	if (!leat_plan_inputs(f, &n, &bytes)) {
		leat_json_null(b, "inputs");
		return;
	}
	leat_json_open(b, "inputs", '{');
	leat_json_uint(b, "files", n);
	leat_json_uint(b, "bytes", bytes);
	leat_json_uint(b, "left_out", l->left);
	leat_json_uint(b, "unreadable", l->refused);
	leat_json_uint(b, "ignored", l->ignored);
	leat_json_open(b, "patterns", '[');
	for (size_t i = 0; i < l->n_matched; i++) {
		leat_json_open(b, NULL, '{');
		leat_json_text(b, "pattern", l->matched[i].pattern);
		leat_json_uint(b, "files", l->matched[i].n);
		leat_json_close(b, '}');
	}
	leat_json_close(b, ']');
	leat_json_open(b, "warnings", '[');
	for (size_t i = 0; i < l->warnings.n; i++)
		leat_json_text(b, NULL, l->warnings.v[i]);
	leat_json_close(b, ']');
	leat_json_close(b, '}');
}

static void outputs(const struct leat_plan *p, struct leat_buf *b)
{
	leat_json_open(b, "outputs", '[');
	for (size_t i = 0; i < p->n_targets; i++) {
		const struct leat_target *t = &p->targets[i];
		leat_json_open(b, NULL, '{');
		leat_json_text(b, "path", t->path);
		leat_json_int(b, "step", t->step);
		leat_json_uint(b, "files", t->files);
		leat_json_bool(b, "names_known", !t->unnamed);
		leat_json_uint(b, "new", t->files - t->overwritten - t->skipped - t->refused);
		leat_json_uint(b, "overwritten", t->overwritten);
		leat_json_uint(b, "skipped", t->skipped);
		leat_json_uint(b, "refused", t->refused);
		if (t->guessed)
			leat_json_uint(b, "bytes_guess", t->bytes);
		else
			leat_json_null(b, "bytes_guess");
		leat_json_bool(b, "at_most", t->at_most);
		leat_json_close(b, '}');
	}
	leat_json_close(b, ']');
	leat_json_open(b, "disks", '[');
	for (size_t i = 0; i < p->n_disks; i++) {
		leat_json_open(b, NULL, '{');
		leat_json_text(b, "path", p->disks[i].path);
		leat_json_uint(b, "needed_guess", p->disks[i].needs);
		leat_json_uint(b, "free", p->disks[i].free);
		leat_json_bool(b, "enough", p->disks[i].needs <= p->disks[i].free);
		leat_json_close(b, '}');
	}
	leat_json_close(b, ']');
}

static void limits(const struct leat_plan *p, struct leat_buf *b)
{
	leat_json_open(b, "memory", '{');
	leat_json_uint(b, "limit", p->job.memory);
	if (p->peak_memory) {
		leat_json_uint(b, "peak", p->peak_memory);
		leat_json_uint(b, "largest_item", p->peak_item);
	} else {
		leat_json_null(b, "peak");
		leat_json_null(b, "largest_item");
	}
	leat_json_close(b, '}');
	leat_json_int(b, "cores", p->job.cores);
}

static void kinds(struct leat_buf *b, const char *name, unsigned mask)
{
	static const struct {
		unsigned bit;
		const char *name;
	} rows[] = {{LEAT_FILE, "file"}, {LEAT_IMAGE, "image"}, {LEAT_ARRAY, "array"}, {LEAT_TABLE, "table"}};
	leat_json_open(b, name, '[');
	for (size_t i = 0; i < LEAT_LEN(rows); i++)
		if (mask & rows[i].bit)
			leat_json_text(b, NULL, rows[i].name);
	leat_json_close(b, ']');
}

static void steps(const struct leat_plan *p, struct leat_buf *b)
{
	leat_json_open(b, "steps", '[');
	for (size_t i = 0; i < p->n_steps; i++) {
		const struct leat_step *s = &p->steps[i];
		unsigned line, column;
		leat_json_open(b, NULL, '{');
		leat_json_text(b, "name", s->name);
		leat_json_text(b, "text", s->text);
		leat_json_text(b, "id", s->id);
		leat_json_text(b, "branch", s->branch);
		leat_json_bool(b, "implied", s->implied);
		leat_span_place(s->span, &line, &column);
		if (leat_text_pointer(s->span))
			leat_json_text(b, "pointer", leat_text_pointer(s->span));
		else
			leat_json_uint(b, "line", line);
		leat_json_int(b, "parent", s->parent);
		kinds(b, "takes", s->parent < 0 ? 0 : s->in);
		kinds(b, "gives", s->out);
		leat_json_int(b, "segment", s->segment);
		leat_json_int(b, "group", p->segments[s->segment].group);
		leat_json_bool(b, "barrier", s->role == LEAT_REDUCE);
		leat_json_uint(b, "memory", s->memory);
		leat_json_close(b, '}');
	}
	leat_json_close(b, ']');
}

static void groups(const struct leat_plan *p, struct leat_buf *b)
{
	leat_json_open(b, "groups", '[');
	for (size_t i = 0; i < p->n_groups; i++) {
		const struct leat_group *g = &p->groups[i];
		leat_json_open(b, NULL, '{');
		leat_json_text(b, "name", g->name);
		leat_json_text(b, "on", g->type ? g->type->name : NULL);
		leat_json_int(b, "workers", g->workers);
		leat_json_open(b, "queues", '[');
		for (int k = 0; k < g->n_lanes; k++) {
			leat_json_open(b, NULL, '{');
			leat_json_uint(b, "items", g->lanes[k].items);
			leat_json_uint(b, "bytes", g->lanes[k].bytes);
			leat_json_bool(b, "in_order", g->lanes[k].in_order);
			leat_json_close(b, '}');
		}
		leat_json_close(b, ']');
		leat_json_text(b, "reason", g->reason);
		leat_json_text(b, "workers_reason", g->workers_reason);
		leat_json_close(b, '}');
	}
	leat_json_close(b, ']');
}

/* Null where the job has no ledger. */
static void known(const struct leat_facts *f, struct leat_buf *b)
{
	static const char *const names[LEAT_N_VERDICTS] = {[LEAT_TODO_NEW] = "new",
							   [LEAT_TODO_INPUT] = "input_changed",
							   [LEAT_TODO_WORK] = "recipe_changed",
							   [LEAT_TODO_OUTPUT] = "output_changed",
							   [LEAT_TODO_AGAIN] = "failed_again",
							   [LEAT_TODO_CLOCK] = "time",
							   [LEAT_TODO_RESULT] = "for_result",
							   [LEAT_TODO_FORCED] = "anew",
							   [LEAT_UP_TO_DATE] = "up_to_date",
							   [LEAT_POISON] = "known_failed"};
	if (!f->known) {
		leat_json_null(b, "ledger");
		return;
	}
	leat_json_open(b, "ledger", '{');
	for (int i = 0; i < LEAT_N_VERDICTS; i++)
		leat_json_uint(b, names[i], f->known->counts[i]);
	leat_json_uint(b, "gone", f->known->n_gone);
	leat_json_close(b, '}');
}

void leat_plan_json(const struct leat_plan *p, const struct leat_facts *f, struct leat_buf *out)
{
	leat_json_open(out, NULL, '{');
	leat_json_text(out, "job", p->job.name);
	leat_json_text(out, "state", p->job.state);
	inputs(f, out);
	known(f, out);
	outputs(p, out);
	limits(p, out);
	steps(p, out);
	groups(p, out);
	leat_json_open(out, "notes", '[');
	for (size_t i = 0; i < p->n_notes; i++)
		leat_json_text(out, NULL, p->notes[i]);
	leat_json_close(out, ']');
	leat_json_close(out, '}');
	leat_buf_addc(out, '\n');
}
