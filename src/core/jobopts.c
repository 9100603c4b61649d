/* SPDX-License-Identifier: MIT */
/* The table of the job line. See jobopts.h. */
#include "core/jobopts.h"

#include "core/protection.h"

static const char *const isolate_words[] = {
	[LEAT_ISOLATE_AUTO] = "auto", [LEAT_ISOLATE_REQUIRE] = "require", [LEAT_ISOLATE_NO] = "no", NULL};
static const char *const durabilities[] = {"none", "batch", "full", NULL};
static const char *const prunes[] = {"no", "report", "delete", NULL};
static const char *const ionices[] = {
	[LEAT_IONICE_NONE] = "none", [LEAT_IONICE_BEST_EFFORT] = "best-effort", [LEAT_IONICE_IDLE] = "idle", NULL};
static const char *const manifests[] = {"none", "sha256", NULL};

#define V struct leat_job_opts

const struct leat_param leat_job_params[] = {
	LEAT_P(V, memory, struct leat_memory_opt, LEAT_PT_MEMORY, "memory", NULL, 0,
	       "memory that the items in hand may take together, a size or percent of what is available; a quarter of "
	       "it unless written"),
	LEAT_P(V, cores, struct leat_workers, LEAT_PT_WORKERS, "cores", "auto", 0,
	       "how many cores the run may use, a number or percent"),
	LEAT_P_CHOICE(V, isolate, "isolate", "auto", isolate_words, 0,
		      "decode in locked-down processes: as far as the kernel can, only if it can do all, or not"),
	LEAT_P(V, worker_memory, struct leat_memory_opt, LEAT_PT_MEMORY, "worker-memory", NULL, 0,
	       "private memory of one worker process"),
	LEAT_P_INT(V, worker_tasks, "worker-tasks", NULL, 1, INT64_MAX, NULL, 0,
		   "a worker process is replaced after so many items"),
	LEAT_P(V, name, const char *, LEAT_PT_TEXT, "name", NULL, 0,
	       "name of the job; gives it a state, which keeps how its runs went and what they taught, and a lock"),
	LEAT_P(V, state, const char *, LEAT_PT_PATH, "state", NULL, 0,
	       "the file of the state; .leat/NAME.db beside the recipe unless written"),
	LEAT_P_SWITCH(V, incremental, "incremental", "no", 0, "leave alone what is up to date; gives the job a state"),
	LEAT_P_SWITCH(V, lock, "lock", "yes", 0, "one run of the job at a time; for jobs with a state"),
	LEAT_P_CHOICE(V, durability, "durability", NULL, durabilities, 0,
		      "when results survive a power cut: not promised, before they count as done, each at once; batch "
		      "for jobs with a state"),
	LEAT_P(V, deadline, const char *, LEAT_PT_TEXT, "deadline", NULL, 0,
	       "no new items after this time of day (06:00) or this long (4h); the next run does the rest"),
	LEAT_P(V, max_errors, const char *, LEAT_PT_TEXT, "max-errors", NULL, 0,
	       "stop when more items than this have failed, a number or percent of what matched"),
	LEAT_P(V, quarantine, const char *, LEAT_PT_PATH, "quarantine", NULL, 0,
	       "folder for links to what on-error=quarantine sets aside, with the reasons; .leat/NAME/quarantine "
	       "beside "
	       "the recipe unless written"),
	LEAT_P(V, log, struct leat_tmpl, LEAT_PT_TEMPLATE, "log", NULL, LEAT_OWN_PATH,
	       "file that a line of JSON is added to for the start, every item and the end of a run; {job}, {date}, "
	       "{time}, {host} can be in its name"),
	LEAT_P(V, metrics, struct leat_tmpl, LEAT_PT_TEMPLATE, "metrics", NULL, LEAT_OWN_PATH,
	       "file with the figures of the run for Prometheus, replaced whole"),
	LEAT_P(V, trace, struct leat_tmpl, LEAT_PT_TEMPLATE, "trace", NULL, LEAT_OWN_PATH,
	       "file with what ran when, as Chrome trace events: open it in Perfetto"),
	LEAT_P(V, temp, const char *, LEAT_PT_PATH, "temp", NULL, 0,
	       "folder of unfinished outputs, on the file system of the finished ones"),
	LEAT_P_INT(V, nice, "nice", "0", 0, 19, NULL, 0, "how readily the run yields cores to others; 19 most of all"),
	LEAT_P_CHOICE(
		V, ionice, "ionice", "none", ionices, 0,
		"how readily the run yields disks to others: best-effort goes behind all others of the usual class, "
		"idle waits until nobody else wants the disk"),
	LEAT_P_CHOICE(
		V, prune, "prune", "no", prunes, 0,
		"outputs whose inputs are gone: leave them, tell of them, remove them; only files that leat wrote "
		"and nobody changed"),
	LEAT_P(V, prune_limit, double, LEAT_PT_PERCENT, "prune-limit", "1%", 0,
	       "remove none when more than this of all outputs would go"),
	LEAT_P_CHOICE(V, manifest, "manifest", "none", manifests, 0,
		      "sha256: after every run a list of all outputs with their SHA-256, as sha256sum checks it, for "
		      "backups; manifest.sha256 beside the report"),
	LEAT_P(V, on_finish, const char *, LEAT_PT_TEXT, "on-finish", NULL, 0,
	       "command for the shell after every run, with its counts in LEAT_ variables; only with --allow-exec"),
	LEAT_P(V, on_failure, const char *, LEAT_PT_TEXT, "on-failure", NULL, 0,
	       "the same, only after a run whose exit status is not 0"),
	LEAT_P_END,
};

const char *const leat_expect_counts[] = {"matched",      "done",        "skipped",     "failed",
					  "known_failed", "quarantined", "not_reached", NULL};
