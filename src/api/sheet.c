/* SPDX-License-Identifier: MIT */
/* See sheet.h. */
#include "api/sheet.h"

#include "api/recipe.h"
#include "api/trial.h"
#include "base/text.h"

#include <stdio.h>
#include <unistd.h>

static const char recipe[] = "read inputs\n"
			     "resize 240x180 fit=inside\n"
			     "encode jpeg quality=72\n"
			     "write {index}.jpg\n";

enum { LARGEST = 128 * 1024 }; /* bytes of a small picture */

/* ---- one picture as a data: URI */

static void add_base64(struct leat_buf *b, const uint8_t *v, size_t n)
{
	static const char digits[] = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";
	for (size_t i = 0; i < n; i += 3) {
		uint32_t x =
			(uint32_t)v[i] << 16 | (i + 1 < n ? (uint32_t)v[i + 1] << 8 : 0) | (i + 2 < n ? v[i + 2] : 0);
		leat_buf_addc(b, digits[x >> 18]);
		leat_buf_addc(b, digits[x >> 12 & 63]);
		leat_buf_addc(b, i + 1 < n ? digits[x >> 6 & 63] : '=');
		leat_buf_addc(b, i + 2 < n ? digits[x & 63] : '=');
	}
}

static const char *uri_of(const char *folder, size_t index, struct leat_arena *a)
{
	char path[4096];
	struct leat_buf b = {0};
	const char *text = NULL;
	uint8_t *bytes = malloc(LARGEST);
	int n = snprintf(path, sizeof path, "%s/%zu.jpg", folder, index);
	FILE *f = bytes && n > 0 && (size_t)n < sizeof path ? fopen(path, "rb") : NULL;
	size_t got = f ? fread(bytes, 1, LARGEST, f) : 0;
	if (f)
		(void)fclose(f); /* only read */
	if (got > 0 && got < LARGEST) {
		leat_buf_adds(&b, "data:image/jpeg;base64,");
		add_base64(&b, bytes, got);
		text = b.failed ? NULL : leat_arena_strndup(a, b.data, b.len);
	}
	leat_buf_free(&b);
	free(bytes);
	return text;
}

/* ---- the run */

/* Where the listing has this file; -1: it does not. */
static int64_t place_of(const struct leat_listing *l, const char *path)
{
	struct leat_buf full = {0};
	int64_t at = -1;
	for (size_t i = 0; i < l->n && at < 0; i++) {
		leat_buf_clear(&full);
		leat_buf_addf(&full, "%s%s%s", l->v[i].root, *l->v[i].root && strcmp(l->v[i].root, "/") != 0 ? "/" : "",
			      l->v[i].rel);
		if (full.data && strcmp(full.data, path) == 0)
			at = (int64_t)l->v[i].index;
	}
	leat_buf_free(&full);
	return at;
}

static size_t collect(const struct leat_listing *l, const char *folder, const struct leat_sheet_pair *pairs, size_t n,
		      struct leat_morning_sample *to, size_t *which, struct leat_arena *a)
{
	size_t made = 0;
	for (size_t i = 0; i < n && made < LEAT_SHEET_MOST; i++) {
		int64_t before = place_of(l, pairs[i].before), after = place_of(l, pairs[i].after);
		const char *first = before >= 0 ? uri_of(folder, (size_t)before, a) : NULL;
		const char *second = first && after >= 0 ? uri_of(folder, (size_t)after, a) : NULL;
		if (!second)
			continue;
		which[made] = i;
		to[made++] = (struct leat_morning_sample){.before = first, .after = second};
	}
	return made;
}

static size_t run(const char *folder, const char *const *input, const struct leat_sheet_pair *pairs, size_t n,
		  struct leat_morning_sample *to, size_t *which, struct leat_arena *a)
{
	struct leat_err err = {0}; /* a sheet that cannot be made is not there */
	struct leat_plan_options o = {.input = input, .redirect = folder};
	struct leat_recipe *r = leat_load_text("<contact sheet>", recipe, sizeof recipe - 1, NULL, &err);
	size_t made = 0;
	if (r && leat_plan(r, &o, &err) == 0) {
		(void)leat_run(r, NULL, &err); /* some of them may fail */
		made = collect(r->facts.inputs, folder, pairs, n, to, which, a);
	}
	if (r)
		leat_free(&r);
	return made;
}

size_t leat_sheet(const struct leat_sheet_pair *pairs, size_t n, struct leat_morning_sample *to, size_t *which,
		  struct leat_arena *a)
{
	enum { MOST = 2 * LEAT_TRAIL_SAMPLES };
	const char *input[MOST + 1] = {NULL};
	const char *temp = getenv("TMPDIR");
	char folder[4096];
	size_t k = 0;
	for (size_t i = 0; i < n && k + 1 < MOST; i++) {
		input[k++] = pairs[i].before;
		input[k++] = pairs[i].after;
	}
	int len = snprintf(folder, sizeof folder, "%s/leat-sheet-XXXXXX", temp && *temp == '/' ? temp : "/tmp");
	if (k == 0 || len < 0 || (size_t)len >= sizeof folder || !mkdtemp(folder))
		return 0;
	size_t made = run(folder, input, pairs, n, to, which, a);
	leat_tree_remove(folder);
	return made;
}
