/* SPDX-License-Identifier: MIT */
/* Pictures of plans, character for character: tests/golden/graph/NAME.leat gives NAME.txt, .dot, .mmd and .svg. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "golden.h"
#include "plan/graph.h"
#include "plan_kit.h"

#include <stdio.h>
#include <string.h>

#define FOLDER "tests/golden/graph"

static struct plan_kit kit;

static struct leat_buf picture_of(const char *recipe, enum leat_graph_format format)
{
	struct leat_buf out = {0};
	struct leat_err err = {0};
	kit_init(&kit);
	kit_plan(&kit, recipe);
	assert_non_null(kit.plan);
	if (kit.diags.errors)
		fail_msg("%s", kit_messages(&kit));
	assert_int_equal(leat_plan_graph(kit.plan, format, &out, &err), 0);
	kit_free(&kit);
	return out;
}

static enum leat_graph_format wanted;

static struct leat_buf picture(const char *stem)
{
	struct leat_buf recipe = golden_read(FOLDER, stem, ".leat");
	struct leat_buf out = picture_of(recipe.data, wanted);
	leat_buf_free(&recipe);
	return out;
}

static void golden_pictures(void **state)
{
	static const char *const suffixes[] = {".txt", ".dot", ".mmd", ".svg"};
	(void)state;
	for (wanted = LEAT_GRAPH_ASCII; wanted <= LEAT_GRAPH_SVG; wanted++)
		golden_run_to(FOLDER, suffixes[wanted], 2, picture);
}

static size_t count(const char *text, const char *what)
{
	size_t n = 0;
	for (const char *s = text; (s = strstr(s, what)) != NULL; s++)
		n++;
	return n;
}

/* Every step once, every feeding once, whatever the shape of the tree. */
static void nothing_is_missing(void **state)
{
	static const char recipe[] =
		"read a/*.jpg\nbranch a for n in 1,2,3,4,5,6,7,8,9\nresize ${n}x\nwrite o/{stem}-$n.png\n"
		"end\nbranch z\nbranch y\nbranch x\nflip\nwrite x/{stem}.png\nend\nend\nend\nflip\n"
		"write p/{stem}.png\nflip\nwrite q/{stem}.png\n";
	struct leat_buf svg = picture_of(recipe, LEAT_GRAPH_SVG), dot = picture_of(recipe, LEAT_GRAPH_DOT),
			text = picture_of(recipe, LEAT_GRAPH_ASCII);
	(void)state;
	size_t steps = 1 + 1 + 9 * 3 + 3 + 3 + 3;
	assert_int_equal(count(dot.data, " [label=\"") - count(dot.data, "-> s"), steps);
	assert_int_equal(count(dot.data, "-> s"), steps - 1);
	assert_int_equal(count(svg.data, "<rect class=\"") - count(svg.data, "class=\"branch\""), steps);
	assert_int_equal(count(svg.data, "class=\"branch\""), 10); /* z and y hold no step of their own */
	assert_int_equal(count(svg.data, "<path d=\"M") - 1, steps - 1); /* one is the tip of the arrows */
	assert_int_equal(count(text.data, "resize"), 9);
	assert_int_equal(count(text.data, "write"), 12);
	leat_buf_free(&svg);
	leat_buf_free(&dot);
	leat_buf_free(&text);
}

static void settings_alone_have_no_picture(void **state)
{
	struct leat_buf out = {0};
	struct leat_err err = {0};
	(void)state;
	kit_init(&kit);
	kit_plan(&kit, "job memory=1GiB\n");
	assert_int_equal(leat_plan_graph(kit.plan, LEAT_GRAPH_SVG, &out, &err), -1);
	assert_int_equal(err.cause, LEAT_CAUSE_USAGE);
	kit_free(&kit);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(golden_pictures),
		cmocka_unit_test(nothing_is_missing),
		cmocka_unit_test(settings_alone_have_no_picture),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
