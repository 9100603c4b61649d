/* SPDX-License-Identifier: MIT */
/*
 * Plans without a disk: trees, segments, groups, names of outputs, memory, from made-up facts and the frozen
 * registry.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "core/condition.h"
#include "core/template.h"
#include "plan_kit.h"

#include <pwd.h>
#include <stdio.h>
#include <unistd.h>

static struct plan_kit kit;

static int setup(void **state)
{
	(void)state;
	kit_init(&kit);
	return 0;
}
static int teardown(void **state)
{
	(void)state;
	kit_free(&kit);
	return 0;
}

static void plan(const char *recipe)
{
	kit_plan(&kit, recipe);
	assert_non_null(kit.plan);
	if (kit.diags.errors)
		print_message("%s\n", kit_messages(&kit));
	assert_int_equal(kit.diags.errors, 0);
}

/* Plans, and expects an error whose whole text is this. */
static void refused(const char *recipe, const char *messages)
{
	kit_plan(&kit, recipe);
	assert_non_null(kit.plan);
	assert_string_equal(kit_messages(&kit), messages);
}

static void said(const char *recipe, const char *part)
{
	kit_plan(&kit, recipe);
	assert_non_null(kit.plan);
	if (!strstr(kit_messages(&kit), part))
		fail_msg("no '%s' in:\n%s", part, kit_messages(&kit));
}

static bool noted(const char *part)
{
	for (size_t i = 0; i < kit.plan->n_notes; i++)
		if (strstr(kit.plan->notes[i], part))
			return true;
	return false;
}

/* ---- trees */

static void implied_steps(void **state)
{
	(void)state;
	plan("read a/*.jpg | resize 8x8 | write out/{stem}.png");
	assert_string_equal(kit_tree(&kit), "read | [decode]:0 | resize:1 | [encode png]:2 | write:3");
	plan("read a/*.jpg | decode | resize 8x8 | encode webp | write out/{stem}.webp");
	assert_string_equal(kit_tree(&kit), "read | decode:0 | resize:1 | encode:2 | write:3");
	plan("read a/*.jpg | resize 8x8 | write out/{name}");
	assert_string_equal(kit_tree(&kit), "read | [decode]:0 | resize:1 | [encode by extension]:2 | write:3");
	assert_null(kit.plan->steps[3].codec);
	plan("read a/*.jpg | encode webp quality=3 | write out/{stem}.webp");
	assert_string_equal(kit_tree(&kit), "read | [decode]:0 | encode:1 | write:2");
}

static void writes_stand_beside_the_line(void **state)
{
	(void)state;
	plan("read a/*.jpg | resize 8x8 | write out/{stem}.png | flip | write f/{stem}.jpg");
	assert_string_equal(kit_tree(&kit), "read | [decode]:0 | resize:1 | [encode png]:2 | write:3 | flip:2 | "
					    "[encode jpeg]:5 | write:6");
	/* behind an encoder the bytes go on */
	plan("read a/*.jpg | encode png | write a/{stem}.png | png-optimize | write b/{stem}.png");
	assert_string_equal(kit_tree(&kit), "read | [decode]:0 | encode:1 | write:2 | png-optimize:3 | write:4");
}

static void reports_see_what_the_write_measured(void **state)
{
	(void)state;
	plan("read a/*.jpg | resize 8x8 | write out/{stem}.png | report csv=r.csv fields=path,saved | flip | write "
	     "x/{stem}.png");
	assert_string_equal(kit_tree(&kit), "read | [decode]:0 | resize:1 | [encode png]:2 | write:3 | report:4 | "
					    "flip:2 | [encode png]:6 | write:7");
	plan("read a/*.jpg | decode | stats | report csv=r.csv");
	assert_string_equal(kit_tree(&kit), "read | decode:0 | stats:1 | report:2");
}

static void branches_share_one_decode(void **state)
{
	(void)state;
	plan("read a/*.jpg\nbranch x for s in 1,2\nresize ${s}x${s}\nwrite $$/{stem}-$s.png\nend\n"
	     "branch y\nkeep width>=3\nflip\nwrite y/{stem}.png\nend\nbranch z\nwrite z/{name}\nend\nresize 3x3\nwrite "
	     "m/{stem}.png");
	assert_string_equal(
		kit_tree(&kit),
		"read | [decode]:0 | resize:1 | [encode png]:2 | write:3 | resize:1 | [encode png]:5 | write:6 | "
		"keep:1 | flip:8 | [encode png]:9 | write:10 | write:0 | resize:1 | [encode png]:13 | write:14");
	assert_string_equal(kit.plan->steps[2].branch, "x-1");
	assert_string_equal(kit.plan->steps[5].branch, "x-2");
	assert_string_equal(kit.plan->steps[13].branch, "");
	assert_string_equal(kit.plan->steps[5].text, "resize 2x2");
}

static void bytes_are_copied_where_the_extension_fits(void **state)
{
	(void)state;
	plan("read a/*.png | write out/{stem}.png");
	assert_string_equal(kit_tree(&kit), "read | write:0");
	plan("read a/*.{jpeg,jpg} | write out/{stem}.jpg");
	assert_string_equal(kit_tree(&kit), "read | write:0");
	plan("read a/*.jpg | write out/{name} | write out2/{stem}.{ext}");
	assert_string_equal(kit_tree(&kit), "read | write:0 | write:1");
	plan("read a/*.png | write out/{stem}.jpg | flip | write f/{stem}.jpg");
	assert_string_equal(kit_tree(&kit),
			    "read | [decode]:0 | [encode jpeg]:1 | write:2 | flip:1 | [encode jpeg]:4 | write:5");
	plan("read a | write out/{stem}.jpg");
	assert_string_equal(kit_tree(&kit), "read | [keep ext=jpg,JPG,jpeg,JPEG]:0 | write:1 | "
					    "[drop ext=jpg,JPG,jpeg,JPEG]:0 | [decode]:3 | [encode jpeg]:4 | write:5");
	kit_input(&kit, "a/", "a/x.JPG");
	plan("read a | write out/{stem}.jpg"); /* the inputs are known: all fit */
	assert_string_equal(kit_tree(&kit), "read | write:0");
}

static void reductions_start_a_stage(void **state)
{
	(void)state;
	plan("read a/*.jpg | montage | resize 9x9 | write out/all.png");
	assert_string_equal(kit_tree(&kit), "read | [decode]:0 | montage:1 | resize:2 | [encode png]:3 | write:4");
	assert_int_equal(kit.plan->steps[2].stage, 0);
	assert_int_equal(kit.plan->steps[3].stage, 1);
	assert_int_equal(kit.plan->steps[2].role, LEAT_REDUCE);
	assert_string_equal(kit_segments(&kit), "read=0 | decode,montage=1 | resize,encode=1 | write=2");
	assert_int_equal(kit.plan->segments[2].stage, 1);
}

/* ---- values */

static const struct leat_tmpl *name_of(size_t step)
{
	return kit.plan->steps[step].params; /* the frozen write begins with its template */
}
static const struct leat_strs *patterns(void)
{
	return kit.plan->steps[0].params;
}

static void paths_belong_to_the_file(void **state)
{
	(void)state;
	const struct passwd *pw = getpwuid(getuid());
	char home[512];
	assert_non_null(pw);
	snprintf(home, sizeof home, "%s/a/*.jpg", pw->pw_dir);
	setenv("HOME", "/nowhere", 1);
	plan("read ~/a/*.jpg ./b/*.jpg /c/*.jpg exclude=x/**,{a,b}/*.png | flip | write out/{stem}.png");
	assert_int_equal(patterns()->n, 3);
	assert_string_equal(patterns()->v[0], home);
	assert_string_equal(patterns()->v[1], "/srv/site/b/*.jpg");
	assert_string_equal(patterns()->v[2], "/c/*.jpg");
	assert_int_equal(patterns()[1].n, 2); /* exclude follows it in the frozen struct */
	assert_string_equal(patterns()[1].v[1], "/srv/site/{a,b}/*.png");
	assert_string_equal(name_of(4)->text, "/srv/site/out/{stem}.png");
	assert_string_equal(name_of(4)->shown, "out/{stem}.png");
	plan("read . | flip | write ./o/{stem}.png");
	assert_string_equal(patterns()->v[0], "/srv/site");
	assert_string_equal(name_of(4)->text, "/srv/site/o/{stem}.png");
	plan("read a.jpg | write -");
	assert_string_equal(name_of(1)->text, "-");
}

/* The file's own folder has wildcards and braces in its name: there they mean themselves. */
static void odd_folders(void **state)
{
	(void)state;
	const char *recipe = "read a/*.jpg\nflip\nwrite out/{stem}.png\n";
	kit.program = leat_program_parse("web.leat", "/s[1]/{x}", recipe, strlen(recipe), NULL, &kit.diags);
	assert_non_null(kit.program);
	extern const struct leat_registry leat_frozen_registry;
	kit.plan = leat_plan_make(kit.program, &leat_frozen_registry, &kit.facts, &kit.diags);
	assert_non_null(kit.plan);
	assert_int_equal(kit.diags.errors, 0);
	assert_string_equal(patterns()->v[0], "/s[[]1]/[{]x}/a/*.jpg");
	assert_string_equal(name_of(4)->text, "/s[1]/{{x}}/out/{stem}.png");
}

static void files_are_read_once(void **state)
{
	(void)state;
	kit_plan(&kit,
		 "read a/*.csv | matmul with=w.npy | matmul with=/x/v.npy | matmul with=./w.npy | write o/{stem}.csv");
	assert_int_equal(kit.plan->n_files, 2);
	assert_string_equal(kit.plan->files[0], "/srv/site/w.npy");
	assert_string_equal(kit.plan->files[1], "/x/v.npy");
}

static void execution_options(void **state)
{
	(void)state;
	plan("defaults retries=2 timeout=10s on-error=stop on=openmp\n"
	     "read a/*.jpg queue=64MiB\nresize 8x8 retries=0 retry-wait=2s on-error=continue order=keep\nwrite "
	     "o/{stem}.png workers=3 id=last");
	const struct leat_step *s = kit.plan->steps;
	assert_int_equal(s[0].retries, 2);
	assert_int_equal(s[0].on, 0); /* the default openmp is passed over where it cannot be */
	assert_int_equal(s[0].queue.bytes, 64 << 20);
	assert_int_equal(s[0].timeout_ns, 10000000000);
	assert_int_equal(s[0].on_error, LEAT_STOP);
	assert_int_equal(s[2].retries, 0);
	assert_int_equal(s[2].retry_wait_ns, 2000000000);
	assert_int_equal(s[2].on, LEAT_ON_OPENMP);
	assert_int_equal(s[2].on_error, LEAT_CONTINUE);
	assert_true(s[2].keep_order);
	assert_int_equal(s[4].workers.n, 3);
	assert_string_equal(s[4].id, "last");
}

static void job_and_expect(void **state)
{
	(void)state;
	plan("job memory=50% cores=50%\nexpect matched>=1 failed<=1% skipped=0\nread a/*.jpg | flip | write "
	     "o/{stem}.png");
	assert_true(kit.plan->job.memory_given);
	assert_int_equal(kit.plan->job.memory, (uint64_t)4 << 30);
	assert_int_equal(kit.plan->job.cores, 2);
	assert_int_equal(kit.plan->expects.n, 3);
	assert_string_equal(kit.plan->expect_texts[1].text, "failed<=1%");
	assert_true(kit.plan->expect_texts[1].percent);
	assert_false(kit.plan->expect_texts[0].percent);
	assert_string_equal(kit.plan->expect_texts[2].text, "skipped=0");
	assert_string_equal(leat_condition_field(kit.plan->expects.v[2], 0), "skipped");
	plan("read a/*.jpg | flip | write o/{stem}.png");
	assert_false(kit.plan->job.memory_given);
	assert_int_equal(kit.plan->job.memory, (uint64_t)2 << 30);
	assert_int_equal(kit.plan->job.cores, 4);
}

static void conditions_compare_fields(void **state)
{
	(void)state;
	plan("read a/*.jpg | decode | keep width>height ext=jpg order=keep | write o/{stem}.png");
	const struct leat_step *s = &kit.plan->steps[2];
	assert_int_equal(s->role, LEAT_FILTER);
	assert_int_equal(s->conditions.n, 2);
	struct leat_fields f = {0};
	struct leat_err err = {0};
	assert_int_equal(leat_fields_set_int(&f, "width", 3, &err), 0);
	assert_int_equal(leat_fields_set_int(&f, "height", 2, &err), 0);
	struct leat_view v = {.fields = &f, .run = &kit.facts.run, .branch = ""};
	struct leat_buf tmp = {0};
	assert_true(leat_condition_holds(s->conditions.v[0], &v, &tmp));
	assert_int_equal(leat_fields_set_int(&f, "height", 4, &err), 0);
	assert_false(leat_condition_holds(s->conditions.v[0], &v, &tmp));
	leat_buf_free(&tmp);
	leat_fields_free(&f);
}

static void fields_for_reports(void **state)
{
	(void)state;
	plan("read a/*.jpg | decode | stats | stats | write o/{stem}-{mean}.png | report csv=r.csv");
	const char *const want[] = {"width", "height", "aspect", "depth",     "channels",
				    "pages", "mean",   "std",    "bytes_out", "saved"};
	for (size_t i = 0; i < LEAT_LEN(want); i++)
		assert_string_equal(kit.plan->fields[i], want[i]);
	assert_null(kit.plan->fields[LEAT_LEN(want)]);
	const char **above = kit.plan->steps[kit.plan->n_steps - 1].fields;
	for (size_t i = 0; i < LEAT_LEN(want); i++)
		assert_string_equal(above[i], want[i]);
	plan("read a/*.jpg | decode | report csv=r.csv | stats | write o/{stem}.png");
	assert_string_equal(kit.plan->steps[2].fields[5], "pages");
	assert_null(kit.plan->steps[2].fields[6]);
}

static void default_encoders(void **state)
{
	(void)state;
	plan("read a/*.jpg | flip | write o/{name}");
	const struct leat_codec *jpeg = leat_registry_codec(kit.plan->registry, "jpeg");
	const int64_t *quality =
		leat_plan_default_encoder(kit.plan, jpeg, false); /* the frozen encoder begins with it */
	assert_non_null(quality);
	assert_int_equal(*quality, 80);
}

/* ---- segments and groups */

static void everything_between_the_disks_is_one_segment(void **state)
{
	(void)state;
	plan("read a/*.jpg | keep ext=jpg | resize 8x8 | keep width>3 | stats | write o/{stem}.png | report csv=r.csv");
	assert_string_equal(kit_segments(&kit), "read,keep=0 | decode,resize,keep,stats,encode=1 | write,report=2");
	assert_string_equal(kit_groups(&kit), "read:threads×4 cpu:threads×4 write:threads×2");
	assert_true(kit.plan->groups[0].io && !kit.plan->groups[1].io && kit.plan->groups[2].io);
	assert_int_equal(kit.plan->groups[1].lanes[0].items, 16);
	assert_int_equal(kit.plan->groups[1].lanes[0].bytes, kit.plan->job.memory / 4);
	assert_true(noted("not isolated"));
}

static void branches_share_groups(void **state)
{
	(void)state;
	plan("read a/*.jpg\nbranch x for s in 1,2\nresize ${s}x${s}\nwrite o/{stem}-$s.png\nend\nstats\nreport "
	     "csv=r.csv");
	assert_string_equal(kit_segments(&kit),
			    "read=0 | decode,resize,encode,resize,encode,stats,report=1 | write=2 | write=2");
}

static void few_items_share_their_rows(void **state)
{
	(void)state;
	kit_input(&kit, "a/", "a/x.jpg");
	plan("read a/*.jpg | resize 8x8 | write o/{stem}.png");
	assert_string_equal(kit_segments(&kit), "read=0 | decode,resize,encode=1 | write=2");
	assert_string_equal(kit_groups(&kit), "read:threads×4 rows:openmp×4 write:threads×2");
	plan("read a/*.jpg | resize 8x8 on=threads | write o/{stem}.png"); /* what is written is obeyed */
	assert_string_equal(kit_groups(&kit), "read:threads×4 cpu:threads×4 write:threads×2");
	plan("read a/*.jpg | encode png | write o/{stem}.png"); /* no rows to share out */
	assert_string_equal(kit_groups(&kit), "read:threads×4 cpu:threads×4 write:threads×2");
	for (int i = 0; i < 3; i++)
		kit_input(&kit, "a/", "a/y.jpg");
	plan("read a/*.jpg | resize 8x8 | write o/{stem}-{index}.png");
	assert_string_equal(kit_groups(&kit), "read:threads×4 cpu:threads×4 write:threads×2");
}

/* Decoded in the pool, and their rows shared out in there: a process for each item, the cores shared among them. */
static void few_items_have_a_team_in_the_pool(void **state)
{
	(void)state;
	const struct leat_group *cpu;
	kit.facts.pool = true;
	kit_input(&kit, "a/", "a/x.jpg");
	plan("read a/*.jpg | resize 8x8 | write o/{stem}.png");
	assert_string_equal(kit_groups(&kit), "read:threads×4 cpu:processes×1 write:threads×2");
	cpu = &kit.plan->groups[1];
	assert_int_equal(cpu->team, 4);
	assert_non_null(strstr(cpu->workers_reason, "a team of 4 in it"));
	kit_input(&kit, "a/", "a/y.jpg");
	plan("read a/*.jpg | resize 8x8 | write o/{stem}.png");
	cpu = &kit.plan->groups[1];
	assert_int_equal(cpu->workers, 2);
	assert_int_equal(cpu->team, 2);
	plan("read a/*.jpg | decode workers=1 | resize 8x8 | write o/{stem}.png"); /* a number is obeyed */
	assert_string_equal(kit_groups(&kit), "read:threads×4 cpu:processes×1 rows:openmp×3 write:threads×2");
	plan("read a/*.jpg | encode png | write o/{stem}.png"); /* no rows to share out */
	assert_int_equal(kit.plan->groups[1].team, 1);
	for (int i = 0; i < 3; i++)
		kit_input(&kit, "a/", "a/z.jpg");
	plan("read a/*.jpg | resize 8x8 | write o/{stem}-{index}.png");
	assert_int_equal(kit.plan->groups[1].workers, 4);
	assert_int_equal(kit.plan->groups[1].team, 1);
}

static void written_places_cut_segments(void **state)
{
	(void)state;
	plan("read a/*.jpg\ndecode\nresize 8x8 on=openmp\nencode png\nwrite o/{stem}.png");
	assert_string_equal(kit_segments(&kit), "read=0 | decode=1 | resize,encode=2 | write=3");
	assert_string_equal(kit_groups(&kit), "read:threads×4 cpu:threads×2 rows:openmp×2 write:threads×2");
	/* the same place written again does not cut */
	plan("read a/*.jpg\ndecode on=threads workers=3\nresize 8x8 on=threads workers=3\nflip workers=3\nencode "
	     "png\nwrite o/{stem}.png");
	assert_string_equal(kit_segments(&kit), "read=0 | decode,resize,flip,encode=1 | write=2");
	/* an implied decode goes where its step goes */
	plan("read a/*.jpg\nresize 8x8 on=threads workers=3\nwrite o/{stem}.png");
	assert_string_equal(kit_segments(&kit), "read=0 | decode,resize,encode=1 | write=2");
	assert_string_equal(kit_groups(&kit), "read:threads×4 cpu:threads×3 write:threads×2");
	/* queue and order always do, but not as a default */
	plan("read a/*.jpg\ndecode\nresize 8x8 queue=3\nflip order=keep\nwrite o/{stem}.png");
	assert_string_equal(kit_segments(&kit), "read=0 | decode=1 | resize=1 | flip,encode=1 | write=2");
	assert_int_equal(kit.plan->groups[1].n_lanes, 3);
	assert_int_equal(kit.plan->groups[1].lanes[1].items, 3);
	assert_false(kit.plan->groups[1].lanes[1].in_order);
	assert_true(kit.plan->groups[1].lanes[2].in_order);
	assert_string_equal(kit_groups(&kit), "read:threads×4 cpu:threads×4 write:threads×2");
	plan("defaults queue=5\nread a/*.jpg\ndecode\nflip\nwrite o/{stem}.png");
	assert_string_equal(kit_segments(&kit), "read=0 | decode,flip,encode=1 | write=2");
	assert_int_equal(kit.plan->groups[1].lanes[0].items, 5);
}

static void the_queue_of_the_source_is_behind_it(void **state)
{
	(void)state;
	plan("read a/*.jpg queue=64\ndecode\nflip\nwrite o/{stem}.png");
	assert_int_equal(kit.plan->groups[1].lanes[0].items, 64);
	assert_int_equal(kit.plan->groups[0].lanes[0].items, 16);
	plan("read a/*.jpg queue=64\ndecode queue=1MiB\nflip\nwrite o/{stem}.png");
	assert_int_equal(kit.plan->groups[1].lanes[0].bytes, 1 << 20);
}

static void inline_is_the_worker_before(void **state)
{
	(void)state;
	plan("read a/*.jpg\nresize 8x8 on=inline\nwrite o/{stem}.png on=inline");
	assert_string_equal(kit_segments(&kit), "read,decode,resize,encode,write=0");
	assert_string_equal(kit_groups(&kit), "read:threads×4");
	assert_false(kit.plan->groups[0].io);
	plan("defaults on=inline\nread a/*.jpg\nresize 8x8\nwrite o/{stem}.png");
	assert_string_equal(kit_groups(&kit), "read:inline×1");
}

/* Items wait in one queue while they hold a worker of the group before: no circle of groups. */
static void groups_never_wait_in_a_circle(void **state)
{
	(void)state;
	plan("read a/*.png\nencode png\nwrite a2/{stem}.png\npng-optimize\nwrite b/{stem}.png");
	assert_string_equal(kit_segments(&kit), "read=0 | decode,encode=1 | write=2 | png-optimize=3 | write=4");
	/* one branch goes cpu -> write, the other write -> cpu */
	plan("read a/*.png\nbranch x\nflip\nwrite x/{stem}.png\nend\nbranch y\nwrite y/{name}\npng-optimize\nreport "
	     "csv=r.csv\nend");
	assert_string_equal(kit_segments(&kit),
			    "read=0 | decode,flip,encode=1 | write=2 | write=2 | png-optimize,report=3");
}

static void numbers_are_obeyed_and_told(void **state)
{
	(void)state;
	plan("read a/*.jpg\nresize 8x8 on=threads workers=9\nwrite o/{stem}.png");
	assert_string_equal(kit_groups(&kit), "read:threads×4 cpu:threads×9 write:threads×2");
	assert_true(noted("workers=9 is more than the 4 cores"));
	plan("job cores=8\nread a/*.jpg workers=7\nresize 8x8 workers=50%\nwrite o/{stem}.png");
	assert_string_equal(kit_groups(&kit), "read:threads×7 cpu:threads×4 write:threads×2");
	assert_true(noted("cores=8 is more than the 4"));
}

static void timeouts_add_up(void **state)
{
	(void)state;
	plan("read a/*.jpg\ndecode timeout=2s\nflip timeout=3s\nwrite o/{stem}.png");
	assert_int_equal(kit.plan->segments[1].timeout_ns, 5000000000);
	assert_int_equal(kit.plan->segments[0].timeout_ns, 300000000000);
	assert_int_equal(kit.diags.warnings, 2);
}

/* ---- outputs */

static void collisions_between_inputs(void **state)
{
	(void)state;
	kit_input(&kit, "photos/", "photos/2023/cat.jpg");
	kit_input(&kit, "photos/", "photos/2023/dog.jpg");
	kit_input(&kit, "photos/", "photos/2024/cat.jpg");
	refused("read photos/**/*.jpg\nresize 8x8\nwrite out/{stem}.webp\n",
		"web.leat:3:7: error[E071]: two inputs would write the same file out/cat.webp\n"
		"  |\n"
		"3 | write out/{stem}.webp\n"
		"  |       ^^^^^^^^^^^^^^^\n"
		"  = help: photos/2023/cat.jpg and photos/2024/cat.jpg; 2 files are affected\n"
		"  = help: keep the folders apart: out/{reldir}/{stem}.webp\n");
	plan("read photos/**/*.jpg\nresize 8x8\nwrite out/{reldir}/{stem}.webp\n");
	assert_int_equal(kit.plan->n_outputs, 3);
	assert_string_equal(kit.plan->outputs[0].path, "/srv/site/out/2023/cat.webp");
	assert_int_equal(kit.plan->outputs[2].seq, 2);
	kit_input(&kit, "photos/", "photos/2024/cat.png");
	said("read photos/**/*\nresize 8x8\nwrite out/{reldir}/{stem}.webp\n",
	     "tell the inputs apart: out/{reldir}/{stem}-{ext}.webp");
}

static void collisions_between_steps(void **state)
{
	(void)state;
	kit_input(&kit, "a/", "a/x.jpg");
	kit_input(&kit, "a/", "a/y.png");
	said("read a/*\ndecode\nbranch p\nflip\nwrite o/{stem}.png\nend\nresize 8x8\nwrite o/{stem}.png\n",
	     "two steps would write the same file o/x.png");
	/* filters that can be asked now keep them apart */
	plan("read a/*\ndecode\nbranch p\nkeep ext=jpg\nwrite o/{stem}.png\nend\ndrop ext=jpg\nwrite o/{stem}.png\n");
	assert_int_equal(kit.plan->n_outputs, 2);
	/* others may */
	plan("read a/*\ndecode\nbranch p\nkeep width>5\nwrite o/{stem}.png\nend\ndrop width>5\nwrite o/{stem}.png\n");
	assert_true(noted("two steps may write the same file"));
}

static void there(void *ctx, const char *path, struct leat_there *s)
{
	(void)ctx;
	s->input = strstr(path, "/a/") != NULL;
	s->there = s->input || strstr(path, "x.");
}

static void outputs_that_are_there(void **state)
{
	(void)state;
	kit_input(&kit, "a/", "a/x.png");
	kit_input(&kit, "a/", "a/y.png");
	kit.facts.output = there;
	plan("read a/*.png\nflip\nwrite o/{stem}.png\n");
	assert_int_equal(kit.plan->n_targets, 1);
	assert_int_equal(kit.plan->targets[0].files, 2);
	assert_int_equal(kit.plan->targets[0].overwritten, 1);
	refused("read a/*.png\nflip\nwrite {path}\n",
		"web.leat:3:7: error[E075]: this would overwrite the input a/x.png\n"
		"  |\n"
		"3 | write {path}\n"
		"  |       ^^^^^^\n"
		"  = help: write somewhere else, or allow it: write {path} replace=yes\n");
	plan("read a/*.png\nflip\nwrite {path} replace=yes\n");
}

static void names_that_only_the_run_knows(void **state)
{
	(void)state;
	kit_input(&kit, "a/", "a/x.png");
	plan("read a/*.png\nstats\nwrite o/{stem}-{mean}.png\n");
	assert_int_equal(kit.plan->n_outputs, 0);
	said("read a/*.png\nencode jpeg\nwrite o/{name}\n",
	     "error[E076]: 'o/x.png' ends in .png, but the data is jpeg");
	plan("read a/*.png\nencode png\nwrite o/{stem}.{suffix}\n");
	assert_string_equal(kit.plan->outputs[0].path, "/srv/site/o/x.png");
}

static void one_named_file_needs_no_field(void **state)
{
	(void)state;
	kit_input(&kit, "a/", "a/x.png");
	kit.entries[0].named = true;
	plan("read a/x.png\nresize 8x8\nwrite o/1.png\n");
	plan("read b/*.png\nresize 8x8\nwrite o/1.png\n"); /* --input has replaced the pattern */
	kit.entries[0].named = false; /* found: tomorrow there may be two */
	said("read a/*.png\nresize 8x8\nwrite o/1.png\n", "error[E054]");
}

static void standard_output_takes_one(void **state)
{
	(void)state;
	const char *recipe = "read a/*\nencode png\nwrite -\n";
	plan(recipe);
	kit_input(&kit, "a/", "a/x.png");
	plan(recipe);
	kit_input(&kit, "a/", "a/y.jpg");
	refused(recipe, "web.leat:3:7: error[E077]: 2 inputs would go to standard output\n"
			"  |\n"
			"3 | write -\n"
			"  |       ^ only one fits here\n"
			"1 | read a/*\n"
			"  | -------- all of them are read here\n"
			"  = help: read one file, or write each to its own, for example: write out/{stem}.webp\n");
	plan("read a/*\nkeep ext=jpg\nencode png\nwrite -\n");
	plan("read a/*\ndecode\nkeep width>99\nencode png\nwrite -\n"); /* as the run will see */
	plan("read a/*\nmontage\nencode png\nwrite -\n");
	said("read a/*\nkeep ext=jpg\nencode png\nwrite -\nwrite -\n",
	     "error[E077]: two steps would write to standard output");
}

static void files_of_reports(void **state)
{
	(void)state;
	kit.registry = leat_registry_default();
	said("read a/*.png\nresize 8x8\nreport csv=r/{stem}.csv\n",
	     "3:14: error[E051]: '{stem}' cannot be in the name of a report");
	said("read a/*.png\nresize 8x8\nreport json=-\n",
	     "3:13: error[E038]: a report cannot go to standard output yet");
	said("read a/*.png\nresize 8x8\nreport csv=r json=r\n",
	     "3:19: error[E071]: two steps would write the same file r\n");
	plan("read a/*.png\nresize 8x8\nreport csv={job}-{date:%Y}.csv json={job}.json sqlite={host}.db\n");
	kit_input(&kit, "a/", "a/x.png");
	said("read a/*.png\nresize 8x8\nwrite o/{stem}.png\nreport csv=o/x.png\n",
	     "4:12: error[E071]: two steps would write the same file o/x.png\n");
	kit.facts.output = there;
	said("read a/*.png\nresize 8x8\nreport csv=a/x.png\n",
	     "3:12: error[E075]: this would overwrite the input a/x.png");
}

static void examples_name_formats_that_can_be_written(void **state)
{
	(void)state;
	said("read a/*.png\nflip\n", "write out/{stem}.webp\n");
	kit.registry = leat_registry_default();
	said("read a/*.png\nflip\n", "write out/{stem}.webp\n");
	struct leat_registry less = *kit.registry; /* as of a build without WebP: jpeg comes first */
	const struct leat_codec *codecs[64];
	less.n_codecs = 0;
	for (size_t i = 0; i < kit.registry->n_codecs; i++)
		if (strcmp(kit.registry->codecs[i]->name, "webp") != 0)
			codecs[less.n_codecs++] = kit.registry->codecs[i];
	less.codecs = codecs;
	kit.registry = &less;
	said("read a/*.png\nflip\n", "write out/{stem}.jpg\n");
}

static void a_measure_that_nobody_took(void **state)
{
	(void)state;
	kit.registry = leat_registry_default();
	said("read a/*.png\nflip\nwrite o/{p05}.png\n", "= help: add stats fields=p05 before it\n");
	said("read a/*.png\nflip\nwrite o/{meen}.png\n", "there is no field '{meen}'");
	plan("read a/*.png\nstats fields=p05\nwrite o/{stem}-{p05:.1}.png\n");
}

static const struct leat_strs *strings(const char *option)
{
	const struct leat_step *s = &kit.plan->steps[0];
	size_t n = leat_param_count(s->source->params);
	for (size_t i = 0; i < n; i++)
		if (strcmp(s->source->params[i].name, option) == 0)
			return (const void *)((const char *)s->params + s->source->params[i].offset);
	return NULL;
}

static void excludes_of_bare_names(void **state)
{
	(void)state;
	plan("read a exclude=*.tmp.png,raw/**\nflip\nwrite o/{stem}.png\n");
	const struct leat_strs *l = strings("exclude");
	assert_int_equal(l->n, 2);
	assert_string_equal(l->v[0], "*.tmp.png");
	assert_string_equal(l->v[1], "/srv/site/raw/**");
}

static void folders_above(void **state)
{
	(void)state;
	plan("read ../a/*.png .././../b ../../../../c .. ./../d/../e ..x\nflip\nwrite ../o/{stem}.png\n");
	const struct leat_strs *l = strings("path");
	assert_int_equal(l->n, 6);
	assert_string_equal(l->v[0], "/srv/a/*.png");
	assert_string_equal(l->v[1], "/b");
	assert_string_equal(l->v[2], "/c");
	assert_string_equal(l->v[3], "/srv");
	assert_string_equal(l->v[4], "/srv/d/../e"); /* d may be a link */
	assert_string_equal(l->v[5], "/srv/site/..x");
	assert_string_equal(kit.plan->steps[4].name, "write");
}

/* ---- memory */

static void memory_of_an_item(void **state)
{
	(void)state;
	struct leat_header h = {.shape = {.width = 8000, .height = 6000, .channels = 3, .sample = LEAT_U8, .pages = 1}};
	const uint64_t image = 8000u * 6000u * 3u;
	plan("read a/*.jpg\nresize 80x60\nwrite o/{stem}.png\n");
	uint64_t strips = leat_plan_item_bytes(kit.plan, &h, 1000);
	assert_in_range(strips, 1000, image / 4);
	h.orientation = 6; /* turning takes the whole image */
	assert_true(leat_plan_item_bytes(kit.plan, &h, 1000) > image);
	h.orientation = 0;
	plan("read a/*.jpg\nresize 80x60 on=openmp\nwrite o/{stem}.png\n");
	assert_true(leat_plan_item_bytes(kit.plan, &h, 1000) > image);
	plan("read a/*.jpg\nflip\nwrite o/{stem}.png\n"); /* needs all rows */
	assert_true(leat_plan_item_bytes(kit.plan, &h, 1000) > image);
	plan("read a/*.jpg\nwrite o/{name}\n"); /* a copy is not decoded */
	assert_int_equal(leat_plan_item_bytes(kit.plan, &h, 1000), 1000);
	h.shape.width = 0;
	assert_int_equal(leat_plan_item_bytes(kit.plan, &h, 77), 77);
}

static void too_many_workers_for_the_memory(void **state)
{
	(void)state;
	kit_input(&kit, "a/", "a/x.jpg");
	kit_headers(&kit, 12000, 9000);
	said("job memory=4GiB\nread a/*.jpg\nflip on=threads workers=32\nwrite o/{stem}.jpg\n",
	     "web.leat:3:17: error[E072]: this step needs more memory than the job has\n"
	     "  |\n"
	     "3 | flip on=threads workers=32\n"
	     "  |                 ^^^^^^^^^^ 32 x ");
	assert_non_null(strstr(kit_messages(&kit), " for the largest image (12000x9000) = "));
	assert_non_null(strstr(kit_messages(&kit),
			       "1 | job memory=4GiB\n  |            ---- the limit\n  = help: write workers="));
	/* without a written limit the run just waits */
	plan("read a/*.jpg\nflip on=threads workers=32\nwrite o/{stem}.jpg\n");
	assert_true(kit.plan->peak_memory <= kit.plan->job.memory);
	assert_true(kit.plan->peak_item > 12000u * 9000u * 3u);
}

/* One item would get a team, but a team works on whole images. */
static void large_images_pass_in_strips(void **state)
{
	(void)state;
	kit_input(&kit, "a/", "a/x.jpg");
	kit_headers(&kit, 20000, 30000);
	kit.facts.memory = (uint64_t)2 << 30;
	plan("read a/*.jpg\nresize 8x8\nwrite o/{stem}.jpg\n");
	assert_string_equal(kit_groups(&kit), "read:threads×4 cpu:threads×4 write:threads×2");
	assert_true(kit.plan->peak_item < kit.plan->job.memory);
	assert_false(noted("the largest image"));
	plan("read a/*.jpg\nflip\nwrite o/{stem}.jpg\n");
	assert_true(noted("the largest image (20000x30000, a/x.jpg) needs "));
	assert_true(noted("; one item may take 384 MiB, three quarters of the memory: it will fail"));
}

static void nothing_to_do(void **state)
{
	(void)state;
	plan("let a = 1\n");
	assert_int_equal(kit.plan->n_steps, 0);
	struct leat_buf out = {0};
	leat_plan_print(kit.plan, &kit.facts, &out);
	assert_string_equal(out.data, "no steps: settings only\n");
	leat_buf_free(&out);
}

#define T(f) cmocka_unit_test_setup_teardown(f, setup, teardown)
int main(void)
{
	const struct CMUnitTest tests[] = {
		T(implied_steps),
		T(writes_stand_beside_the_line),
		T(reports_see_what_the_write_measured),
		T(branches_share_one_decode),
		T(bytes_are_copied_where_the_extension_fits),
		T(reductions_start_a_stage),
		T(paths_belong_to_the_file),
		T(odd_folders),
		T(files_are_read_once),
		T(execution_options),
		T(job_and_expect),
		T(conditions_compare_fields),
		T(fields_for_reports),
		T(default_encoders),
		T(everything_between_the_disks_is_one_segment),
		T(branches_share_groups),
		T(few_items_share_their_rows),
		T(few_items_have_a_team_in_the_pool),
		T(written_places_cut_segments),
		T(the_queue_of_the_source_is_behind_it),
		T(inline_is_the_worker_before),
		T(groups_never_wait_in_a_circle),
		T(numbers_are_obeyed_and_told),
		T(timeouts_add_up),
		T(collisions_between_inputs),
		T(collisions_between_steps),
		T(outputs_that_are_there),
		T(names_that_only_the_run_knows),
		T(one_named_file_needs_no_field),
		T(standard_output_takes_one),
		T(files_of_reports),
		T(examples_name_formats_that_can_be_written),
		T(a_measure_that_nobody_took),
		T(excludes_of_bare_names),
		T(folders_above),
		T(memory_of_an_item),
		T(too_many_workers_for_the_memory),
		T(large_images_pass_in_strips),
		T(nothing_to_do),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
