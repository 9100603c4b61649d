/* SPDX-License-Identifier: MIT */
/* The public door: load, check, plan, run, stop. It validates; what stands behind it may assert. */
#include "api/morning.h"
#include "api/own.h"
#include "api/recipe.h"
#include "api/texts.h"
#include "api/worker.h"
#include "exec/processes/processes.h"
#include "lang/argwords.h"
#include "report/night.h"
#include "run/hooks.h"
#include "run/keep.h"
#include "run/prepare.h"

#include <errno.h>
#include <limits.h>
#include <signal.h>
#include <stdio.h>
#include <time.h>
#include <unistd.h>

static void free_list(char **v)
{
	for (size_t i = 0; v && v[i]; i++)
		free(v[i]);
	free(v);
}

/* A copy of a list of texts, ended by NULL; NULL when memory is out. */
static char **copy_list(const char *const *list, struct leat_err *err)
{
	size_t n = 0;
	while (list && list[n])
		n++;
	char **v = leat_zalloc(n + 1, sizeof *v, err);
	for (size_t i = 0; v && i < n; i++) {
		v[i] = leat_strdup(list[i], err);
		if (!v[i]) {
			free_list(v);
			return NULL;
		}
	}
	return v;
}

static char *current_folder(struct leat_err *err)
{
	char *cwd = getcwd(NULL, 0);
	if (!cwd)
		leat_fail_sys(err, LEAT_CAUSE_NONE, errno, "cannot tell the current folder");
	return cwd;
}

/* The folder of a path, in the same memory. */
static char *cut_name(char *path)
{
	char *slash = strrchr(path, '/');
	slash[slash == path] = 0;
	return path;
}

static int read_vars(struct leat_recipe *r, const char *path, struct leat_err *err)
{
	struct leat_buf text = {0};
	r->vars_name = leat_strdup(path, err);
	r->vars_dir = leat_text_path(path, err);
	if (r->vars_dir && leat_text_read(path, &text, err) == 0) {
		cut_name(r->vars_dir);
		r->vars_len = text.len;
		r->vars_text = leat_buf_detach(&text, err);
	}
	leat_buf_free(&text);
	return r->vars_name && r->vars_text ? 0 : -1;
}

static struct leat_recipe *recipe_new(const char *name, const char *text, size_t len, const struct leat_load_options *o,
				      struct leat_err *err)
{
	struct leat_recipe *r = leat_zalloc(1, sizeof *r, err);
	if (!r)
		return NULL;
	pthread_mutex_init(&r->lock, NULL);
	r->name = leat_strdup(name, err);
	r->text = leat_strndup(text, len, err);
	r->len = len;
	r->cwd = current_folder(err);
	r->set = copy_list(o ? o->set : NULL, err);
	r->opt = copy_list(o ? o->opt : NULL, err);
	if (!r->name || !r->text || !r->cwd || !r->set || !r->opt || (o && o->vars && read_vars(r, o->vars, err) < 0))
		leat_free(&r);
	return r;
}

struct leat_recipe *leat_load_text(const char *name, const char *text, size_t len, const struct leat_load_options *o,
				   struct leat_err *err)
{
	struct leat_recipe *r = recipe_new(name, text, len, o, err);
	if (r && !(r->dir = leat_strdup(r->cwd, err)))
		leat_free(&r);
	return r;
}

struct leat_recipe *leat_load_words(const char *const *words, size_t n, const struct leat_load_options *o,
				    struct leat_err *err)
{
	struct leat_buf text = {0};
	struct leat_recipe *r = NULL;
	if (leat_argwords_to_text(words, n, &text, err) == 0)
		r = leat_load_text("<command line>", text.data, text.len, o, err);
	leat_buf_free(&text);
	return r;
}

struct leat_recipe *leat_load_file(const char *path, const struct leat_load_options *o, struct leat_err *err)
{
	struct leat_buf text = {0};
	struct leat_recipe *r = NULL;
	bool input = strcmp(path, "-") == 0;
	if (leat_text_read(path, &text, err) == 0)
		r = recipe_new(input ? "<standard input>" : path, text.data ? text.data : "", text.len, o, err);
	leat_buf_free(&text);
	if (r && !input && !(r->path = leat_text_path(path, err)))
		leat_free(&r);
	if (r && !(r->dir = leat_strdup(input ? r->cwd : r->path, err)))
		leat_free(&r);
	if (r && !input)
		cut_name(r->dir);
	return r;
}

void leat_recipe_forget(struct leat_recipe *r)
{
	leat_summary_free(&r->summary);
	r->summary = (struct leat_summary){0};
	if (r->plan)
		leat_plan_free(&r->plan);
	if (r->program)
		leat_program_free(&r->program);
	leat_diags_free(&r->diags);
	r->diags = (struct leat_diags){0};
	r->planned = false;
}

void leat_free(struct leat_recipe **rp)
{
	struct leat_recipe *r = *rp;
	*rp = NULL;
	if (!r)
		return;
	leat_recipe_forget(r);
	leat_facts_free(&r->facts);
	free_list(r->set);
	free_list(r->opt);
	free(r->vars_name);
	free(r->vars_dir);
	free(r->vars_text);
	free(r->name);
	free(r->path);
	free(r->dir);
	free(r->cwd);
	free(r->text);
	pthread_mutex_destroy(&r->lock);
	free(r);
}

/* The first step of the program's own in the tree, or NULL. */
static const char *own_step(const struct leat_stmt *s, size_t n)
{
	const char *found = NULL;
	for (size_t i = 0; !found && i < n; i++)
		found = s[i].kind == LEAT_STAGE ? (leat_own_is(s[i].name) ? s[i].name : NULL)
						: own_step(s[i].body, s[i].n_body);
	return found;
}

/* Can the recipe have worker processes? Those of a foreign program do not know this program's steps. */
static void find_pool(struct leat_recipe *r)
{
	const char *own = leat_worker_is_foreign() ? own_step(r->program->steps, r->program->n_steps) : NULL;
	r->facts.no_pool = leat_worker_missing();
	if (own) {
		snprintf(r->no_pool, sizeof r->no_pool,
			 "worker processes do not know '%s': the program has to call leat_worker_hook", own);
		r->facts.no_pool = r->no_pool;
	}
	r->facts.pool = !r->facts.no_pool;
}

static void find_loop(struct leat_recipe *r)
{
	const struct leat_executor_type *t = leat_registry_executor(leat_registry_default(), "async");
	r->facts.no_async = t && t->missing ? t->missing() : NULL;
}

/* Parses and binds with the facts as they are. -1 when memory is out. */
static int bind(struct leat_recipe *r)
{
	struct leat_vars_text vars = {r->vars_name, r->vars_dir, r->vars_text, r->vars_len};
	struct leat_program_opts o = {.set = (const char *const *)r->set,
				      .opt = (const char *const *)r->opt,
				      .cwd = r->cwd,
				      .vars = &vars,
				      .n_vars = r->vars_text != NULL,
				      .path = r->path,
				      .include = leat_text_include};
	leat_recipe_forget(r);
	r->program = leat_program_parse(r->name, r->dir, r->text, r->len, &o, &r->diags);
	if (!r->program)
		return -1;
	find_pool(r);
	find_loop(r);
	r->plan = leat_plan_make(r->program, leat_registry_default(), &r->facts, &r->diags);
	if (r->plan && r->diags.errors == 0)
		leat_prepare_check(r->plan, &r->diags);
	return r->plan && !r->diags.failed ? 0 : -1;
}

/* The file's stem, or "leat" for a command line: the job's shown name. */
static void job_name(const struct leat_recipe *r, char *buf, size_t size)
{
	const char *slash = strrchr(r->name, '/');
	snprintf(buf, size, "%s", r->name[0] == '<' ? "leat" : slash ? slash + 1 : r->name);
	char *dot = strrchr(buf, '.');
	if (dot && dot != buf)
		*dot = 0;
}

/* One line for plan: all walls stand, or which does not. A worker is asked, since it depends on the kernel. */
static void tell_protection(struct leat_recipe *r)
{
	struct leat_protection p = {0};
	struct leat_err e = {0};
	r->facts.protection = r->protection;
	if (leat_processes_probe(leat_worker_program_path(), LEAT_ISOLATE_AUTO, &p, &e) < 0) {
		snprintf(r->protection, sizeof r->protection, "none: %s", e.text);
		return;
	}
	enum leat_guard gap = leat_protection_gap(&p);
	if (gap == LEAT_N_GUARDS)
		snprintf(r->protection, sizeof r->protection,
			 "workers see no files, no network and few system calls (leat version)");
	else
		snprintf(r->protection, sizeof r->protection, "%s is not in force: %s", leat_guard_name(gap),
			 p.part[gap].how);
}

static void fresh_facts(struct leat_recipe *r, int cores)
{
	char job[256];
	job_name(r, job, sizeof job);
	leat_facts_free(&r->facts);
	leat_facts_machine(&r->facts, cores, job);
}

int leat_check(struct leat_recipe *r)
{
	fresh_facts(r, 0);
	if (bind(r) < 0)
		return -1;
	return r->diags.errors > INT_MAX ? INT_MAX : (int)r->diags.errors;
}

const char *leat_state_path(const struct leat_recipe *r)
{
	return r->plan ? r->plan->job.state : NULL;
}

size_t leat_error_count(const struct leat_recipe *r)
{
	return r->diags.errors;
}

size_t leat_warning_count(const struct leat_recipe *r)
{
	return r->diags.warnings;
}

bool leat_writes_stdout(const struct leat_recipe *r)
{
	for (size_t i = 0; r->plan && i < r->plan->n_steps; i++) {
		const struct leat_step *s = &r->plan->steps[i];
		for (const struct leat_param *p = s->sink ? s->sink->params : NULL; p && p->name; p++) {
			const struct leat_tmpl *t = (const void *)((const char *)s->params + p->offset);
			if (p->type == LEAT_PT_TEMPLATE && t->shown && strcmp(t->shown, "-") == 0)
				return true;
		}
	}
	return false;
}

static size_t count_steps(const struct leat_stmt *s, size_t n)
{
	size_t total = 0;
	for (size_t i = 0; i < n; i++)
		total += s[i].kind == LEAT_STAGE ? 1 : count_steps(s[i].body, s[i].n_body);
	return total;
}

size_t leat_step_count(const struct leat_recipe *r)
{
	return r->program ? count_steps(r->program->steps, r->program->n_steps) : 0;
}

/* Settings alone pass a check: they may be meant for others. There is nothing to run. */
static void no_steps(struct leat_recipe *r)
{
	struct leat_span nowhere = {0};
	struct leat_diag *g = leat_diag_error(&r->diags, 26, nowhere, "%s has no step", r->name);
	leat_diag_help(&r->diags, g, "start with a source, for example: read photos");
}

/* Nothing matched: 3, or 4 when `expect` does not hold with that, for it counts more. */
static int expects_more(struct leat_recipe *r, struct leat_err *err)
{
	static const struct leat_summary nothing;
	struct leat_limits limits = {0};
	char *broken = leat_expect_broken(r->plan, &nothing, &r->facts.run, &limits, err);
	if (!broken)
		return 3;
	leat_diag_error(&r->diags, 74, r->program->expects[0].span, "%s", broken);
	free(broken);
	return 4;
}

/* What earlier runs of the job left, for the plan that counts. */
static int look_back(struct leat_recipe *r, struct leat_err *err)
{
	const char *name = r->plan->job.name;
	if (name != r->facts.run.job)
		snprintf(r->facts.run.job, sizeof r->facts.run.job, "%s", name);
	return leat_keep_read(&r->facts, r->plan, r->program, err);
}

int leat_plan(struct leat_recipe *r, const struct leat_plan_options *o, struct leat_err *err)
{
	static const struct leat_plan_options none;
	o = o ? o : &none;
	fresh_facts(r, o->cores);
	r->facts.redirect = o->redirect;
	r->facts.refuse_exec = !o->allow_exec;
	if (bind(r) < 0) {
		leat_fail(err, LEAT_CAUSE_MEMORY, "out of memory");
		return 5;
	}
	if (r->diags.errors == 0 && r->plan->n_steps == 0)
		no_steps(r);
	if (r->diags.errors)
		return 2;
	if (look_back(r, err) < 0)
		return 5;
	struct leat_selection part = {.only = o->only, .limit = o->limit};
	int listed = leat_facts_list(&r->facts, r->plan, r->program, o->input, &part, &r->diags, err);
	struct leat_redo redo = {.force = o->force, .retry = o->retry_failed, .others = o->input != NULL};
	if (listed == 0 && leat_facts_known(&r->facts, r->plan, &redo, err) < 0)
		listed = 5;
	/* Few items may be worth a team inside each: that depends on their sizes. */
	bool few = listed == 0 && r->facts.inputs->n < (size_t)r->facts.cores;
	/* A written memory= is held against what the inputs will take. */
	if (listed == 0 && (o->headers || few || r->plan->job.memory_given) &&
	    leat_facts_headers(&r->facts, r->plan, err) < 0)
		listed = 5;
	if (listed == 3 && !r->facts.partial)
		listed = expects_more(r, err);
	if (listed != 0)
		return listed;
	if (o->headers && r->facts.pool)
		tell_protection(r);
	if (bind(r) < 0) { /* again, now knowing the inputs */
		leat_fail(err, LEAT_CAUSE_MEMORY, "out of memory");
		return 5;
	}
	r->planned = r->diags.errors == 0;
	return r->planned ? 0 : 2;
}

static char *described(const struct leat_recipe *r, bool json, struct leat_err *err)
{
	struct leat_buf out = {0};
	if (!r->plan || (json && !r->planned)) {
		leat_fail(err, LEAT_CAUSE_USAGE, "a plan can be described after a leat_plan");
		return NULL;
	}
	(json ? leat_plan_json : leat_plan_print)(r->plan, &r->facts, &out);
	char *text = leat_buf_detach(&out, err);
	leat_buf_free(&out);
	return text;
}

char *leat_describe_plan(const struct leat_recipe *r, struct leat_err *err)
{
	return described(r, false, err);
}

char *leat_describe_plan_json(const struct leat_recipe *r, struct leat_err *err)
{
	return described(r, true, err);
}

static void publish_run(struct leat_recipe *r, struct leat_run *run)
{
	pthread_mutex_lock(&r->lock);
	r->run = run;
	if (run && r->stops) /* asked for before there was anything to stop */
		leat_run_stop(run, r->stops > 1 ? LEAT_STOP_ABORT : LEAT_STOP_DRAIN, r->signal);
	pthread_mutex_unlock(&r->lock);
}

/* It could not even begin: the summary has nothing but the reason. */
static int refused(struct leat_recipe *r, int status, const struct leat_err *err)
{
	leat_summary_free(&r->summary);
	r->summary = (struct leat_summary){.job = r->plan->job.name, .exit_status = status};
	r->summary.fatal = leat_strdup(err->text, NULL);
	return status;
}

/* The run is over whatever becomes of its record; but a job that cannot keep its state must be heard of. */
static void keep(struct leat_recipe *r, const struct leat_trail *t, int64_t run)
{
	struct leat_err err = {0};
	if (leat_keep_add(r->plan, &r->facts, &r->summary, t, run, &err) == 0)
		return;
	struct leat_buf text = {0};
	leat_buf_addf(&text, "the run could not be recorded: %s", err.text);
	if (!r->summary.fatal)
		r->summary.fatal = leat_buf_detach(&text, NULL);
	leat_buf_free(&text);
	r->summary.exit_status = 5;
}

/* The commands behind a run. One that fails must be heard of, also where the run itself has nothing to say. */
static void call_hooks(struct leat_recipe *r)
{
	struct leat_err err = {0}, ignored = {0};
	if (leat_hooks_run(r->plan, &r->summary, r->path, &err) == 0)
		return;
	if (r->summary.fatal)
		(void)leat_summary_notice(&r->summary, err.text, &ignored);
	else
		r->summary.fatal = leat_strdup(err.text, NULL);
	r->summary.exit_status = 5;
}

/* The run is over, too, when its log is not all there; but who relies on the log must hear of it. */
static void end_night(struct leat_recipe *r, struct leat_night *n)
{
	struct leat_err err = {0};
	if (!n || leat_night_end(n, &r->summary, &err) == 0)
		return;
	if (!r->summary.fatal)
		r->summary.fatal = leat_strdup(err.text, NULL);
	r->summary.exit_status = 5;
}

/* The report of a job: of a run of all its inputs, that began. */
static void leave_report(struct leat_recipe *r, struct leat_run *run)
{
	struct leat_err err = {0};
	struct leat_night *n = leat_run_night(run);
	if (!r->plan->job.state || r->facts.partial || !n || leat_morning_leave(r, leat_night_trail(n), &err) == 0)
		return;
	if (r->summary.fatal) /* the disk that broke the run may be the one of the report */
		return;
	struct leat_buf text = {0};
	leat_buf_addf(&text, "the report could not be written: %s", err.text);
	r->summary.fatal = leat_buf_detach(&text, NULL);
	leat_buf_free(&text);
	r->summary.exit_status = 5;
}

int leat_no_run(struct leat_recipe *r, int status, struct leat_err *err)
{
	if (!r->plan || r->facts.refuse_exec)
		return 0;
	const struct leat_summary nothing = {.job = r->plan->job.name, .exit_status = status};
	return leat_hooks_run(r->plan, &nothing, r->path, err);
}

static int run_planned(struct leat_recipe *r, const struct leat_run_options *o, int64_t kept, struct leat_err *err)
{
	struct leat_run_opts opts = {.event = o->event,
				     .event_ctx = o->event_ctx,
				     .strip_rows = o->strip_rows,
				     .trace = o->trace,
				     .look = o->look,
				     .kept = kept,
				     .worker_path = leat_worker_program_path()};
	leat_summary_free(&r->summary);
	r->summary = (struct leat_summary){0};
	struct leat_run *run = leat_run_new(r->plan, r->program, &r->facts, &opts, &r->summary, err);
	if (!run)
		return 5;
	publish_run(r, run);
	int ok = leat_run_go(run, err);
	publish_run(r, NULL);
	const struct leat_night *night = leat_run_night(run);
	keep(r, night ? leat_night_trail(night) : NULL, kept);
	leave_report(r, run);
	end_night(r, leat_run_night(run));
	leat_run_free(&run);
	call_hooks(r);
	if (ok == 0 && r->summary.fatal)
		leat_fail(err, LEAT_CAUSE_TARGET, "%s", r->summary.fatal);
	return r->summary.exit_status;
}

int leat_run(struct leat_recipe *r, const struct leat_run_options *o, struct leat_err *err)
{
	static const struct leat_run_options none;
	o = o ? o : &none;
	if (!r->planned) {
		leat_fail(err, LEAT_CAUSE_USAGE, "leat_run needs a leat_plan that found no errors");
		return 2;
	}
	struct leat_kept kept;
	int begun = leat_keep_begin(r->plan, &r->facts, &kept, err);
	if (begun != 0) {
		(void)refused(r, begun, err);
		if (begun != 75)
			call_hooks(r);
		return begun;
	}
	int status = run_planned(r, o, kept.run, err);
	leat_keep_end(&kept);
	return status;
}

/* 0, or 128 + the signal that stopped it. */
static int stopped(struct leat_recipe *r)
{
	pthread_mutex_lock(&r->lock);
	int status = r->stops ? 128 + (r->signal ? r->signal : SIGINT) : 0;
	pthread_mutex_unlock(&r->lock);
	return status;
}

int leat_await_job(struct leat_recipe *r, struct leat_err *err)
{
	const struct timespec nap = {.tv_nsec = 100 * 1000 * 1000};
	if (!r->planned) {
		leat_fail(err, LEAT_CAUSE_USAGE, "leat_await_job needs a leat_plan that found no errors");
		return 2;
	}
	for (;;) {
		struct leat_err own = {0};
		int lock, begun = leat_keep_lock(r->plan, &r->facts, &lock, &own), status = stopped(r);
		leat_keep_unlock(&lock);
		if (begun != 75 || status)
			*err = own;
		if (begun != 75)
			return begun;
		if (status)
			return status;
		(void)nanosleep(&nap, NULL);
	}
}

void leat_stop(struct leat_recipe *r, int signal)
{
	pthread_mutex_lock(&r->lock);
	r->stops++;
	if (!r->signal)
		r->signal = signal;
	if (r->run)
		leat_run_stop(r->run, r->stops > 1 ? LEAT_STOP_ABORT : LEAT_STOP_DRAIN, r->signal);
	pthread_mutex_unlock(&r->lock);
}

static char *summary(const struct leat_recipe *r, bool json, bool color)
{
	struct leat_buf out = {0};
	if (json)
		leat_summary_json(&r->summary, &out);
	else
		leat_summary_text(&r->summary, &out, color);
	char *text = leat_buf_detach(&out, NULL);
	leat_buf_free(&out);
	return text;
}

char *leat_run_summary(const struct leat_recipe *r, bool color)
{
	return summary(r, false, color);
}

char *leat_run_summary_json(const struct leat_recipe *r)
{
	return summary(r, true, false);
}
