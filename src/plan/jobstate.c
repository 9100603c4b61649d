/* SPDX-License-Identifier: MIT */
/* The options of the job line that give it a state: name=, state=, incremental=; and those that need one. */
#include "core/jobopts.h"
#include "plan/exec.h"

#include "base/text.h"

static const struct leat_word *given(const struct leat_binding *b, const char *name)
{
	return b->given[leat_param_find(leat_job_params, name) - leat_job_params];
}

/* One name of a file, and nothing that could surprise in a message. */
static bool is_name(const char *s)
{
	enum { LONGEST = 100 };
	size_t n = strlen(s);
	if (n == 0 || n > LONGEST || strcmp(s, ".") == 0 || strcmp(s, "..") == 0)
		return false;
	for (size_t i = 0; i < n; i++)
		if (s[i] == '/' || (unsigned char)s[i] < ' ' || s[i] == 127)
			return false;
	return true;
}

void leat_plan_job_state(struct leat_planner *pl, const struct leat_job_opts *o, const struct leat_binding *b)
{
	struct leat_job *job = &pl->plan->job;
	const struct leat_word *name = given(b, "name"), *state = given(b, "state"), *lock = given(b, "lock");
	const struct leat_word *incremental = given(b, "incremental"), *durability = given(b, "durability");
	if (name && !is_name(o->name)) {
		struct leat_diag *g =
			leat_plan_error(pl, 36, name->value_at, "'%s' cannot be the name of a job", o->name);
		leat_plan_label(pl, g, "write one name without '/', at most 100 bytes");
		leat_plan_help(pl, g, "state=PATH says where the job keeps its state");
	} else if (name) {
		job->name = o->name;
		pl->job_name = name;
	}
	if (state) {
		job->state = o->state;
		pl->job_state = state;
	}
	if (lock) {
		job->lock = o->lock;
		pl->job_lock = lock;
	}
	if (incremental) {
		job->incremental = o->incremental;
		pl->job_incremental = incremental;
	}
	job->quarantine = o->quarantine;
	job->prune = (enum leat_prune)o->prune;
	job->prune_limit = o->prune_limit;
	job->manifest = o->manifest != 0;
	pl->job_prune = given(b, "prune");
	pl->job_manifest = given(b, "manifest");
	pl->job_quarantine = given(b, "quarantine");
	if (durability) {
		job->durability = (enum leat_durability)o->durability;
		pl->job_durability = durability;
	}
}

static void tell(struct leat_planner *pl)
{
	const struct leat_job *job = &pl->plan->job;
	leat_plan_note(pl, "state: how runs of the job '%s' go and what they teach is kept in %s%s", job->name,
		       leat_plan_shown(pl->program, job->state), job->lock ? "; one run at a time" : "");
	if (pl->facts->known && pl->facts->known->identity.to_stdout && job->incremental)
		leat_plan_note(pl, "what goes to standard output is never up to date: every item is done anew");
}

/* An option that only a job with a state can have. */
void leat_plan_needs_state(struct leat_planner *pl, const struct leat_word *w, const char *example)
{
	if (!w || pl->job_broken)
		return;
	struct leat_diag *g = leat_plan_error(pl, 36, w->span, "%s=%s needs a job with a name", w->key,
					      strcmp(w->key, "on-error") == 0 ? w->value : "");
	leat_plan_help(pl, g, "write for example: job name=nightly %s", example);
}

static void without_state(struct leat_planner *pl)
{
	struct leat_job *job = &pl->plan->job;
	leat_plan_needs_state(pl, pl->job_lock, "lock=yes");
	if (pl->job_durability && job->durability != LEAT_DURABLE_NOT)
		leat_plan_needs_state(pl, pl->job_durability, "durability=batch");
	if (job->prune != LEAT_PRUNE_NO)
		leat_plan_needs_state(pl, pl->job_prune, "prune=report");
	if (job->manifest)
		leat_plan_needs_state(pl, pl->job_manifest, "manifest=sha256");
	leat_plan_needs_state(pl, pl->job_quarantine, "quarantine=aside");
	job->lock = false;
	job->durability = LEAT_DURABLE_NOT;
	job->quarantine = NULL;
	job->manifest = false;
}

void leat_plan_job_finish(struct leat_planner *pl)
{
	struct leat_job *job = &pl->plan->job;
	const char *dir = pl->program->n_texts ? pl->program->texts[0]->dir : "/";
	const struct leat_word *why = pl->job_lock    ? pl->job_lock
				      : pl->job_name  ? pl->job_name
				      : pl->job_state ? pl->job_state
						      : pl->job_incremental;
	if (!pl->job_name && !pl->job_state && !job->incremental) {
		without_state(pl);
		return;
	}
	if (!job->state)
		job->state = leat_plan_text(pl, "%s/.leat/%s.db", strcmp(dir, "/") == 0 ? "" : dir, job->name);
	if (!job->quarantine)
		job->quarantine =
			leat_plan_text(pl, "%s/.leat/%s/quarantine", strcmp(dir, "/") == 0 ? "" : dir, job->name);
	if (!pl->job_lock)
		job->lock = true;
	if (!pl->job_durability)
		job->durability = LEAT_DURABLE_BATCH;
	if (why)
		job->lock_at = why->span;
	if (pl->facts->redirect) { /* results that are only looked at are no run of the job */
		job->state = job->quarantine = NULL;
		job->prune = LEAT_PRUNE_NO;
		job->manifest = false;
		job->lock = job->incremental = false;
		job->durability = LEAT_DURABLE_NOT;
		return;
	}
	if (job->state && pl->d->errors == 0)
		tell(pl);
}
