/* SPDX-License-Identifier: MIT */
/*
 * The formatter: every rule of language 9 as a golden file (tests/golden/fmt/NAME.leat gives NAME.out; a name with
 * ".fix" has its characters repaired first), and what holds for every text: formatted twice is formatted once, and the
 * program stays the same.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "api/style.h"
#include "golden.h"
#include "lang/fmt.h"
#include "same_program.h"

#include <dirent.h>
#include <stdio.h>

#define FOLDER "tests/golden/fmt"

static bool format(const char *s, size_t n, struct leat_buf *out, struct leat_diags *d)
{
	struct leat_style style = leat_recipe_style();
	struct leat_err err = {0};
	struct leat_program *p = leat_program_read("web.leat", "/srv/site", s, n, d);
	assert_non_null(p);
	bool takes = !leat_fmt_refuses(d);
	if (takes && leat_fmt(p, &style, out, &err) < 0)
		fail_msg("%s\n--- text\n%.*s", err.text, (int)n, s);
	struct leat_buf messages = {0};
	if (!takes) {
		leat_buf_adds(out, "refused:\n");
		leat_diags_render(d, out, false);
	}
	leat_buf_free(&messages);
	leat_program_free(&p);
	return takes;
}

/* ---- golden files ---- */

static struct leat_buf formatted(const char *stem)
{
	struct leat_buf text = golden_read(FOLDER, stem, ".leat"), fixed = {0}, out = {0};
	struct leat_diags d = {0};
	bool fix = strstr(stem, ".fix") != NULL;
	if (fix)
		leat_fix_characters(text.data, text.len, &fixed);
	leat_buf_adds(&out, "");
	format(fix ? fixed.data : text.data, fix ? fixed.len : text.len, &out, &d);
	leat_diags_free(&d);
	leat_buf_free(&text);
	leat_buf_free(&fixed);
	return out;
}

static void golden_layouts(void **state)
{
	(void)state;
	golden_run_to(FOLDER, ".out", 25, formatted);
}

/* ---- every text ---- */

struct seeds {
	struct leat_buf v[512];
	size_t n;
};

static void add_folder(struct seeds *s, const char *folder)
{
	struct dirent **entries;
	int n = scandir(folder, &entries, NULL, alphasort);
	assert_true(n > 0);
	for (int i = 0; i < n; i++) {
		char *dot = strrchr(entries[i]->d_name, '.');
		if (dot && strcmp(dot, ".leat") == 0 && s->n < LEAT_LEN(s->v)) {
			*dot = 0;
			s->v[s->n++] = golden_read(folder, entries[i]->d_name, ".leat");
		}
		free(entries[i]);
	}
	free(entries);
}

static uint32_t next_random(uint64_t *state)
{
	*state = *state * 6364136223846793005u + 1442695040888963407u;
	return (uint32_t)(*state >> 33);
}

static const char *const pieces[] = {
	" ",
	"  ",
	"\t",
	"\n",
	"\n\n\n",
	" | ",
	"|",
	"\n|\n",
	" \\\n",
	" # x",
	"\n#x\n",
	" #fff",
	"\r\n",
	"\nend\n",
	" on=inline",
	" id=a",
	" retries=2",
	"\nbranch b\n",
	"\nlet q=#fff\n",
	" k=true",
	" lossless=false",
	" 'a b'",
	" \"$x y\"",
	" \"\"",
	"$size",
	"${x}",
	"$$",
	"\nuse r a=1\n",
	"\nversion 1\n",
	"\n# c\n\n",
	"é",
	"日本",
	"\nlet aaaaaa = 1\nlet b = 2\n",
	"=",
	"\\",
	"\"",
	"'",
	"\nrecipe r a b=1\nstrip\nend\n",
};

/* Cuts, repeats, swaps and adds; most results are still texts that can be formatted. */
static void mutate(struct leat_buf *b, const struct leat_buf *other, uint64_t *rng)
{
	struct leat_buf out = {0};
	size_t at = b->len ? next_random(rng) % (b->len + 1) : 0;
	size_t len = b->len > at ? next_random(rng) % 12 % (b->len - at + 1) : 0;
	const char *piece = pieces[next_random(rng) % LEAT_LEN(pieces)];
	size_t from = other->len ? next_random(rng) % other->len : 0;
	size_t take = other->len ? next_random(rng) % 60 % (other->len - from) : 0;
	leat_buf_add(&out, b->data, at);
	switch (next_random(rng) % 8) {
	case 0:
		break;
	case 1:
		leat_buf_add(&out, b->data + at, len);
		leat_buf_add(&out, b->data + at, len);
		break;
	case 2:
		leat_buf_add(&out, other->data + from, take);
		len = 0;
		break;
	default:
		leat_buf_adds(&out, piece);
		len = 0;
	}
	leat_buf_add(&out, b->data + at + len, b->len - at - len);
	leat_buf_free(b);
	*b = out;
}

/* Both texts as programs: the same steps, the same number of errors. */
static void check_meaning(const struct leat_buf *before, const struct leat_buf *after)
{
	struct leat_diags d = {0}, e = {0};
	struct leat_program *p = leat_program_parse("a", "/d", before->data, before->len, NULL, &d);
	struct leat_program *q = leat_program_parse("a", "/d", after->data, after->len, NULL, &e);
	assert_true(p && q);
	if (d.errors != e.errors || !same_program(p, q))
		fail_msg("another meaning (%zu and %zu errors):\n--- before\n%s\n--- after\n%s", d.errors, e.errors,
			 before->data, after->data);
	leat_program_free(&p);
	leat_program_free(&q);
	leat_diags_free(&d);
	leat_diags_free(&e);
}

static bool check_text(const struct leat_buf *text)
{
	struct leat_buf once = {0}, twice = {0};
	struct leat_diags d = {0};
	leat_buf_adds(&once, "");
	leat_buf_adds(&twice, "");
	bool takes = format(text->data, text->len, &once, &d);
	if (takes) {
		struct leat_diags e = {0};
		assert_true(format(once.data, once.len, &twice, &e));
		leat_diags_free(&e);
		if (once.len != twice.len || memcmp(once.data, twice.data, once.len) != 0)
			fail_msg("not settled:\n--- text\n%s\n--- once\n%s\n--- twice\n%s", text->data, once.data,
				 twice.data);
		check_meaning(text, &once);
	}
	leat_diags_free(&d);
	leat_buf_free(&once);
	leat_buf_free(&twice);
	return takes;
}

/* Seeds that can be formatted are mutated; all others give parts. */
static void twenty_thousand_texts(void **state)
{
	enum { TEXTS = 20000, LARGEST = 4000 };
	(void)state;
	struct seeds *s = calloc(1, sizeof *s);
	uint64_t rng = 42;
	size_t tried = 0, taken = 0, good = 0;
	assert_non_null(s);
	add_folder(s, "pipelines");
	add_folder(s, FOLDER);
	add_folder(s, "tests/golden/lang");
	add_folder(s, "tests/golden/plan");
	for (size_t i = 0; i < s->n; i++)
		if (check_text(&s->v[i])) {
			struct leat_buf seed = s->v[i];
			s->v[i] = s->v[good];
			s->v[good++] = seed;
		}
	assert_true(good > 50);
	for (; taken < TEXTS && tried < 3 * TEXTS; tried++) {
		const struct leat_buf *seed = &s->v[tried % good];
		struct leat_buf text = {0};
		leat_buf_adds(&text, "");
		leat_buf_add(&text, seed->data, seed->len < LARGEST ? seed->len : LARGEST);
		for (size_t k = 1 + next_random(&rng) % 4; k > 0; k--)
			mutate(&text, &s->v[next_random(&rng) % s->n], &rng);
		taken += check_text(&text);
		leat_buf_free(&text);
	}
	print_message("%zu seeds; %zu of %zu mutated texts could be formatted\n", good, taken, tried);
	assert_true(taken == TEXTS);
	for (size_t i = 0; i < s->n; i++)
		leat_buf_free(&s->v[i]);
	free(s);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(golden_layouts),
		cmocka_unit_test(twenty_thousand_texts),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
