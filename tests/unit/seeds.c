/* SPDX-License-Identifier: MIT */
/* Recipes and mutations of them. See seeds.h. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "golden.h"
#include "seeds.h"

#include "base/mem.h"

#include <dirent.h>
#include <stdio.h>

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

struct seeds *seeds_load(seeds_fn *take)
{
	struct seeds *s = calloc(1, sizeof *s);
	assert_non_null(s);
	s->rng = 42;
	add_folder(s, "pipelines");
	add_folder(s, "tests/golden/fmt");
	add_folder(s, "tests/golden/show");
	add_folder(s, "tests/golden/lang");
	add_folder(s, "tests/golden/plan");
	for (size_t i = 0; i < s->n; i++)
		if (take(&s->v[i])) {
			struct leat_buf seed = s->v[i];
			s->v[i] = s->v[s->good];
			s->v[s->good++] = seed;
		}
	assert_true(s->good > 50);
	return s;
}

void seeds_mutate(struct seeds *s, size_t texts, seeds_fn *take)
{
	enum { LARGEST = 4000 };
	size_t taken = 0, tried = 0;
	for (; taken < texts && tried < 4 * texts; tried++) {
		const struct leat_buf *seed = &s->v[tried % s->good];
		struct leat_buf text = {0};
		leat_buf_adds(&text, "");
		leat_buf_add(&text, seed->data, seed->len < LARGEST ? seed->len : LARGEST);
		for (size_t k = 1 + next_random(&s->rng) % 4; k > 0; k--)
			mutate(&text, &s->v[next_random(&s->rng) % s->n], &s->rng);
		taken += take(&text);
		leat_buf_free(&text);
	}
	print_message("%zu seeds; %zu of %zu mutated texts were taken\n", s->good, taken, tried);
	assert_true(taken == texts);
}

void seeds_free(struct seeds *s)
{
	for (size_t i = 0; i < s->n; i++)
		leat_buf_free(&s->v[i]);
	free(s);
}
