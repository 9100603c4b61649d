/* SPDX-License-Identifier: MIT */
/*
 * The messages of the plan room, character for character, against the frozen registry:
 * tests/golden/plan/NAME.leat gives NAME.err. A name with ".num." is shown as num.leat. What is included stands in
 * files/. NAME.files tells what is on the disk: "input FOLDER/ NAME [WIDTHxHEIGHT]", the folder as in the pattern, or
 * "there NAME" for an output. UPDATE=1 rewrites the .err files.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "frozen_registry.h"
#include "golden.h"
#include "plan_kit.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define FOLDER "tests/golden/plan"

static char there[16][256];
static size_t n_there;

/* leat_facts.output: what stands under this name. */
static void output(void *ctx, const char *path, struct leat_there *s)
{
	const struct plan_kit *k = ctx;
	for (size_t i = 0; i < k->listing.n; i++)
		s->input = s->input || strcmp(k->entries[i].path, path) == 0;
	s->there = s->input;
	for (size_t i = 0; i < n_there; i++)
		s->there = s->there || strcmp(there[i], path) == 0;
}

static unsigned long long free_bytes;

/* leat_facts.room: all is on one disk. */
static bool room(void *ctx, const char *folder, struct leat_room *r)
{
	(void)ctx, (void)folder;
	*r = (struct leat_room){.id = 1, .free = free_bytes};
	snprintf(r->path, sizeof r->path, GOLDEN_DIR);
	return true;
}

static void read_files(struct plan_kit *k, char *lines)
{
	n_there = 0;
	for (char *line = strtok(lines, "\n"); line; line = strtok(NULL, "\n")) {
		char base[128], name[128];
		unsigned width = 0, height = 0;
		k->facts.output = output;
		k->facts.output_ctx = k;
		if (sscanf(line, "there %127s", name) == 1) {
			snprintf(there[n_there++], sizeof *there, GOLDEN_DIR "/%s", name);
			continue;
		}
		if (sscanf(line, "free %llu", &free_bytes) == 1) {
			k->facts.room = room;
			continue;
		}
		assert_true(sscanf(line, "input %127s %127s %ux%u", base, name, &width, &height) >= 2);
		kit_input(k, base, name);
		struct leat_header *h = &k->headers[k->listing.n - 1];
		h->format = "jpeg";
		h->shape = (struct leat_image_shape){
			.width = width, .height = height, .channels = 3, .alpha = false, .sample = LEAT_U8, .pages = 1};
		if (width)
			k->facts.headers = k->headers;
	}
}

static struct leat_buf messages(const char *stem)
{
	struct leat_buf text = golden_read(FOLDER, stem, ".leat"), files = golden_read(FOLDER, stem, ".files");
	const char *name = strstr(stem, ".num") ? "num.leat" : "web.leat";
	struct plan_kit k;
	kit_init(&k);
	k.facts.pool = true;
	k.facts.refuse_exec = true;
	read_files(&k, files.data);
	struct leat_program_opts o = {.cwd = "/home/user",
				      .path = GOLDEN_DIR "/web.leat",
				      .include = golden_include,
				      .include_ctx = (void *)(uintptr_t)FOLDER};
	k.program = leat_program_parse(name, GOLDEN_DIR, text.data, text.len, &o, &k.diags);
	assert_non_null(k.program);
	k.plan = leat_plan_make(k.program, &leat_frozen_registry, &k.facts, &k.diags);
	assert_non_null(k.plan);
	struct leat_buf out = {0};
	leat_buf_adds(&out, "");
	leat_diags_render(&k.diags, &out, false);
	kit_free(&k);
	leat_buf_free(&text);
	leat_buf_free(&files);
	return out;
}

static void golden_messages(void **state)
{
	(void)state;
	golden_run(FOLDER, 80, messages);
}

int main(void)
{
	setenv("LEAT_TEST_TOKEN", "hunter2", 1);
	const struct CMUnitTest tests[] = {cmocka_unit_test(golden_messages)};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
