/* SPDX-License-Identifier: MIT */
/* See hooks.h. */
#include "run/hooks.h"

#include "base/child.h"
#include "base/num.h"
#include "base/sys.h"

#include <inttypes.h>

enum { VARIABLES = 16 };

static const int64_t longest_ns = 600ll * 1000000000; /* whoever hangs must not hold the lock of the job for ever */

struct variables {
	struct leat_arena arena;
	const char *v[VARIABLES + 1];
	size_t n;
};

static void set(struct variables *e, const char *name, const char *value)
{
	e->v[e->n++] = leat_arena_printf(&e->arena, "%s=%s", name, value ? value : "");
}

static void set_number(struct variables *e, const char *name, uint64_t value)
{
	e->v[e->n++] = leat_arena_printf(&e->arena, "%s=%" PRIu64, name, value);
}

static void fill(struct variables *e, const struct leat_plan *p, const struct leat_summary *s, const char *recipe)
{
	static const struct {
		const char *name;
		enum leat_state state;
	} states[] = {
		{"LEAT_DONE", LEAT_DONE},
		{"LEAT_SKIPPED", LEAT_SKIPPED},
		{"LEAT_FAILED", LEAT_FAILED},
		{"LEAT_KNOWN_FAILED", LEAT_KNOWN_FAILED},
		{"LEAT_NOT_REACHED", LEAT_NOT_REACHED},
	};
	char seconds[352];
	set(e, "LEAT_JOB", p->job.name);
	set(e, "LEAT_RECIPE", recipe);
	set(e, "LEAT_STATE", p->job.state);
	set(e, "LEAT_REASON", s->fatal ? s->fatal : s->expect);
	set(e, "LEAT_SECONDS", leat_print_fixed(s->counts.seconds, 1, seconds));
	set_number(e, "LEAT_STATUS", (uint64_t)s->exit_status);
	set_number(e, "LEAT_MATCHED", s->counts.matched);
	for (size_t i = 0; i < LEAT_LEN(states); i++)
		set_number(e, states[i].name, s->counts.state[states[i].state]);
}

static int run_one(const char *option, const char *command, const struct variables *e, struct leat_err *err)
{
	const char *argv[] = {"/bin/sh", "-c", command, "leat", NULL};
	struct leat_child c = {.argv = argv, .env = e->v, .deadline_ns = leat_now_ns() + longest_ns};
	struct leat_child_end end;
	struct leat_err own = {0};
	if (leat_child_run(&c, &end, &own) < 0)
		return leat_fail(err, own.cause, "the command of %s= did not end well: %s", option, own.text);
	leat_buf_free(&end.output);
	if (end.status == 0)
		return 0;
	const char *colon = end.words[0] ? ": " : "";
	if (end.signal)
		return leat_fail(err, LEAT_CAUSE_CRASH, "the command of %s= was ended by signal %d%s%.200s", option,
				 end.signal, colon, end.words);
	return leat_fail(err, LEAT_CAUSE_CRASH, "the command of %s= ended with status %d%s%.200s", option, end.status,
			 colon, end.words);
}

int leat_hooks_run(const struct leat_plan *p, const struct leat_summary *s, const char *recipe, struct leat_err *err)
{
	struct variables e = {0};
	int ok = 0;
	if (!p->job.on_finish && !(p->job.on_failure && s->exit_status))
		return 0;
	fill(&e, p, s, recipe);
	if (!leat_arena_ok(&e.arena))
		ok = leat_fail(err, LEAT_CAUSE_MEMORY, "out of memory");
	if (ok == 0 && p->job.on_failure && s->exit_status)
		ok = run_one("on-failure", p->job.on_failure, &e, err);
	if (p->job.on_finish && leat_arena_ok(&e.arena) && run_one("on-finish", p->job.on_finish, &e, err) < 0)
		ok = -1;
	leat_arena_free(&e.arena);
	return ok;
}
