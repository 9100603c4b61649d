/* SPDX-License-Identifier: MIT */
/*
 * The messages of the plan room, character for character, against the frozen registry:
 * tests/golden/plan/NAME.leat gives NAME.err. A name with ".num." is shown as num.leat. What is included stands in
 * files/. UPDATE=1 rewrites the .err files.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "frozen_registry.h"
#include "golden.h"
#include "plan/plan.h"

#include <stdlib.h>
#include <string.h>

#define FOLDER "tests/golden/plan"

static struct leat_buf messages(const char *stem)
{
	struct leat_buf text = golden_read(FOLDER, stem, ".leat");
	struct leat_diags d = {0};
	struct leat_facts facts = {.cores = 4, .memory = (uint64_t)8 << 30};
	const char *name = strstr(stem, ".num") ? "num.leat" : "web.leat";
	struct leat_program_opts o = {.cwd = "/home/user",
				      .path = GOLDEN_DIR "/web.leat",
				      .include = golden_include,
				      .include_ctx = (void *)(uintptr_t)FOLDER};
	struct leat_program *p = leat_program_parse(name, GOLDEN_DIR, text.data, text.len, &o, &d);
	assert_non_null(p);
	struct leat_plan *plan = leat_plan_make(p, &leat_frozen_registry, &facts, &d);
	assert_non_null(plan);
	struct leat_buf out = {0};
	leat_buf_adds(&out, "");
	leat_diags_render(&d, &out, false);
	leat_plan_free(&plan);
	leat_program_free(&p);
	leat_diags_free(&d);
	leat_buf_free(&text);
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
