/* SPDX-License-Identifier: MIT */
/*
 * A table from separated text: see csv.h. Columns in which every field is a number or missing are numbers; the others
 * are text, read in a second pass. Memory for numbers is taken once, for as many rows as there are line breaks.
 */
#include "formats/csv.h"

#include "base/mem.h"
#include "formats/csv_plain.h"
#include "formats/csv_rows.h"

#include <string.h>

struct reader {
	struct leat_csv_text text;
	struct leat_csv_rules rules;
	struct leat_csv_head head;
	struct leat_csv_rows rows;
	struct leat_bytes *numbers;
	struct leat_err *err;
};

static int take_memory(struct reader *r)
{
	uint64_t most = leat_csv_rows_most(&r->text);
	most = most < r->rules.most ? most : r->rules.most;
	r->rows.room = leat_size_mul((size_t)most, r->head.used);
	r->rows.words = leat_zalloc(r->head.used ? r->head.used : 1, sizeof *r->rows.words, r->err);
	r->numbers = leat_bytes_new(leat_size_mul(r->rows.room, sizeof(double)), r->err);
	if (!r->numbers || !r->rows.words)
		return -1;
	r->rows.v = (double *)(void *)r->numbers->data;
	return 0;
}

/* Leaves the columns of numbers in place: how many they are. */
static size_t pack(struct reader *r)
{
	size_t used = r->head.used, n = 0;
	double *to = r->rows.v;
	for (size_t c = 0; c < used; c++)
		n += r->rows.words[c] == UINT64_MAX;
	for (uint64_t row = 0; n < used && row < r->rows.rows; row++)
		for (size_t c = 0; c < used; c++)
			if (r->rows.words[c] == UINT64_MAX)
				*to++ = r->rows.v[row * used + c];
	return n;
}

/*
 * names[..]: of the n columns of numbers, as many as there are; numbers of columns stand for names where some are
 * text.
 */
static int names_of(const struct reader *r, struct leat_arena *a, const char **names)
{
	const struct leat_csv_head *h = &r->head;
	size_t n = 0;
	for (size_t c = 0; c < h->columns; c++) {
		size_t use = h->use ? h->use[c] : c;
		if (use == SIZE_MAX || r->rows.words[use] != UINT64_MAX)
			continue;
		names[n] = h->names ? h->names[c] : leat_arena_printf(a, "%zu", c);
		if (!names[n++])
			return leat_fail(r->err, LEAT_CAUSE_MEMORY, "out of memory");
	}
	return 0;
}

static struct leat_table *table_of(struct reader *r, struct leat_texts *texts)
{
	struct leat_arena arena = {0};
	size_t columns = pack(r);
	struct leat_array_shape shape = {.dtype = LEAT_DT_F8, .ndim = 2, .dim = {r->rows.rows, columns}};
	r->numbers->len = (size_t)r->rows.rows * columns * sizeof(double);
	const char **names = leat_zalloc(columns + 1, sizeof *names, r->err);
	struct leat_array *a = names ? leat_array_wrap(&shape, r->numbers, r->rows.v, r->err) : NULL;
	struct leat_table *t = a && names_of(r, &arena, names) == 0 ? leat_table_new(a, names, r->err) : NULL;
	leat_array_unref(&a);
	free(names);
	leat_arena_free(&arena);
	if (t)
		t->texts = leat_texts_ref(texts);
	return t;
}

static bool has_words(const struct reader *r)
{
	bool any = false;
	for (size_t c = 0; c < r->head.used; c++)
		any = any || r->rows.words[c] != UINT64_MAX;
	return any;
}

static struct leat_table *read_all(struct reader *r, const struct leat_parse_params *p)
{
	struct leat_texts *texts = NULL;
	if (leat_csv_head_read(&r->text, p, &r->rules, &r->head, r->err) < 0 || take_memory(r) < 0)
		return NULL;
	struct leat_csv_text begin = r->text;
	if (leat_csv_rows_read(&r->text, &r->rules, &r->head, &r->rows, r->err) < 0)
		return NULL;
	if (has_words(r)) {
		texts = leat_csv_rows_texts(&begin, &r->rules, &r->head, &r->rows, r->err);
		if (!texts)
			return NULL;
	}
	struct leat_table *t = table_of(r, texts);
	leat_texts_unref(&texts);
	return t;
}

int leat_csv_read(struct leat_bytes *in, const struct leat_parse_params *p, char sep, struct leat_payload *out,
		  struct leat_notices *notes, struct leat_err *err)
{
	struct reader r = {.text = {.line = 1}, .err = err};
	struct leat_bytes *text = NULL;
	struct leat_table *t = NULL;
	size_t begin;
	if (leat_csv_rules_of(p, sep, &r.rules, &r.text, err) == 0 && leat_csv_plain(p, in, &text, &begin, err) == 0) {
		r.text.p = (const char *)text->data + begin;
		r.text.end = (const char *)text->data + text->len;
		t = read_all(&r, p);
	}
	leat_csv_head_free(&r.head);
	free(r.rows.words);
	leat_bytes_unref(&r.numbers);
	leat_bytes_unref(&text);
	if (!t)
		return -1;
	if (r.rows.bad)
		leat_notice(notes, "%llu bad line%s left out", (unsigned long long)r.rows.bad,
			    r.rows.bad == 1 ? "" : "s");
	t->bad_lines = r.rows.bad;
	*out = (struct leat_payload){.kind = LEAT_TABLE, .table = t};
	return 0;
}

/* Whatever separates them: what can be in a number, or a word for none, does not. */
static uint64_t most_fields(const uint8_t *d, size_t n)
{
	uint64_t fields = 1;
	for (size_t i = 0; i < n; i++) {
		bool letter = (uint8_t)((d[i] | 0x20) - 'a') < 26, digit = (uint8_t)(d[i] - '0') < 10;
		fields += !letter && !digit && d[i] != '.' && d[i] != '-' && d[i] != '+';
	}
	return fields;
}

int leat_csv_probe(const char *format, const uint8_t *d, size_t n, bool whole, struct leat_header *h,
		   struct leat_err *err)
{
	(void)err; /* what is wrong with it, the reading tells */
	if (leat_csv_packed(d, n) && !whole)
		return 1;
	h->format = format;
	h->kind = LEAT_TABLE;
	h->array = (struct leat_array_shape){.dtype = LEAT_DT_F8, .ndim = 2, .dim = {1, 1}};
	h->array.dim[0] = leat_csv_packed(d, n) ? leat_csv_plain_size(d, n) / 2 + 1 : most_fields(d, n);
	return 0;
}
