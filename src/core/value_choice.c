/* SPDX-License-Identifier: MIT */
/* Values that are words: switches, choices, lists. See value_parse.h. */
#include "base/text.h"
#include "core/value_parse.h"

bool leat_list_next(const char *value, size_t *pos, size_t *start, size_t *n)
{
	size_t i = *pos;
	if (i > 0 && value[i - 1] != ',')
		return false; /* the end was reached by the entry before */
	int depth = 0;
	*start = i;
	for (; value[i] && (value[i] != ',' || depth > 0); i++)
		depth += value[i] == '{' ? 1 : value[i] == '}' && depth > 0 ? -1 : 0;
	*n = i - *start;
	*pos = i + 1;
	return true;
}

/* Words of other tools and other spellings, and what they are called here. */
static const struct {
	const char *word, *means;
} synonyms[] = {
	{"jpg", "jpeg"},          {"jpe", "jpeg"},          {"tif", "tiff"},          {"jpegxl", "jxl"},
	{"grey", "gray"},         {"greyscale", "gray"},    {"grayscale", "gray"},    {"centre", "center"},
	{"middle", "center"},     {"top", "north"},         {"bottom", "south"},      {"left", "west"},
	{"right", "east"},        {"bilinear", "linear"},   {"triangle", "linear"},   {"bicubic", "cubic"},
	{"catrom", "cubic"},      {"lanczos", "lanczos3"},  {"box", "nearest"},       {"point", "nearest"},
	{"crop", "cover"},        {"pad", "contain"},       {"stretch", "fill"},      {"max", "inside"},
	{"min", "outside"},       {"average", "mean"},      {"avg", "mean"},          {"maximum", "max"},
	{"minimum", "min"},       {"stddev", "std"},        {"stdev", "std"},         {"variance", "var"},
	{"symmetric", "reflect"}, {"replicate", "nearest"}, {"skip", "continue"},     {"ignore", "continue"},
	{"fail", "stop"},         {"abort", "stop"},        {"thread", "threads"},    {"process", "processes"},
	{"omp", "openmp"},        {"float32", "float"},     {"replace", "overwrite"}, {"nightly", "daily"},
	{"every-day", "daily"},   {"every-hour", "hourly"}, {"every-week", "weekly"}, {"monday", "mon"},
	{"tuesday", "tue"},       {"wednesday", "wed"},     {"thursday", "thu"},      {"friday", "fri"},
	{"saturday", "sat"},      {"sunday", "sun"},        {"gmt", "UTC"},
};

static size_t count(const char *const *choices)
{
	size_t n = 0;
	while (choices && choices[n])
		n++;
	return n;
}

static const char *choice_named(const char *word, const char *const *choices)
{
	for (size_t i = 0; choices && choices[i]; i++) {
		if (strcmp(choices[i], word) == 0)
			return choices[i];
	}
	return NULL;
}

const char *leat_choice_guess(const char *word, const char *const *choices)
{
	/* First the words that are known for sure: 'lanczos' is nearer to lanczos2 by the alphabet only. */
	for (size_t i = 0; i < LEAT_LEN(synonyms); i++) {
		bool same = leat_same_word(synonyms[i].word, word);
		const char *found = same ? choice_named(synonyms[i].means, choices) : NULL;
		if (found)
			return found;
	}
	return leat_nearest_word(word, choices, count(choices));
}

/* "inside, cover, contain" */
static const char *joined(struct leat_vp *v)
{
	size_t bytes = 1;
	for (size_t i = 0; v->p->choices && v->p->choices[i]; i++)
		bytes += strlen(v->p->choices[i]) + 2;
	char *out = leat_arena_alloc(v->a, bytes), *end = out;
	for (size_t i = 0; out && v->p->choices && v->p->choices[i]; i++) {
		if (i)
			end = stpcpy(end, ", ");
		end = stpcpy(end, v->p->choices[i]);
	}
	return out ? out : "";
}

/* E041 for the word at [start, start + n) of the value. */
static int not_a_choice(struct leat_vp *v, size_t start, size_t n, const char *kind)
{
	const char *word = leat_arena_strndup(v->a, v->s + start, n);
	if (!word)
		return -1;
	leat_vp_fail(v, 41, "'%s' is not a value of %s", word, v->p->name);
	v->e->at = start;
	v->e->end = start + n;
	const char *guess = n ? leat_choice_guess(word, v->p->choices) : NULL;
	if (guess)
		leat_vp_label(v, "did you mean '%s'?", guess);
	return leat_vp_help(v, "%s is %s: %s", v->p->name, kind, joined(v));
}

int leat_vp_choice(struct leat_vp *v, int64_t *out)
{
	for (int64_t i = 0; v->p->choices && v->p->choices[i]; i++) {
		if (strcmp(v->p->choices[i], v->s) == 0) {
			*out = i;
			return 0;
		}
	}
	return not_a_choice(v, 0, v->n, "one of");
}

int leat_vp_switch(struct leat_vp *v, bool *out)
{
	static const char *const yes[] = {"on",   "1",  "y",  "Yes",    "YES",    "True",
					  "TRUE", "On", "ON", "enable", "enabled"};
	static const char *const no[] = {"off",   "0",   "n",   "No",   "NO",      "False",
					 "FALSE", "Off", "OFF", "none", "disable", "disabled"};
	bool is_yes = strcmp(v->s, "yes") == 0 || strcmp(v->s, "true") == 0;
	if (is_yes || strcmp(v->s, "no") == 0 || strcmp(v->s, "false") == 0) {
		*out = is_yes;
		return 0;
	}
	leat_vp_fail(v, 41, "'%s' is not a value of %s", v->s, v->p->name);
	for (size_t i = 0; i < LEAT_LEN(yes); i++) {
		if (strcmp(v->s, yes[i]) == 0)
			leat_vp_label(v, "write yes");
	}
	for (size_t i = 0; i < LEAT_LEN(no); i++) {
		if (strcmp(v->s, no[i]) == 0)
			leat_vp_label(v, "write no");
	}
	return leat_vp_help(v, "%s is yes or no", v->p->name);
}

static int blanks_in_list(struct leat_vp *v)
{
	leat_vp_fail(v, 40, "a list has commas and no blanks");
	const char *clean = leat_vp_unblank(v);
	if (strchr(v->s, ',') && clean)
		return leat_vp_label(v, "write %s", clean);
	return leat_vp_help(v, "write commas between the entries");
}

static int empty_entry(struct leat_vp *v, size_t start)
{
	if (v->n == 0) {
		leat_vp_fail(v, 40, "this list is empty");
		return leat_vp_help(v, "write at least one entry, or leave '%s' away", v->p->name);
	}
	leat_vp_fail(v, 40, "an entry of this list is empty");
	v->e->at = start ? start - 1 : 0;
	v->e->end = v->e->at + 1;
	return leat_vp_label(v, "remove this ','");
}

static bool flag_bit(const struct leat_param *p, const char *s, size_t n, uint64_t *bits)
{
	for (size_t i = 0; i < 64 && p->choices && p->choices[i]; i++) {
		if (strlen(p->choices[i]) == n && memcmp(p->choices[i], s, n) == 0) {
			*bits |= UINT64_C(1) << i;
			return true;
		}
	}
	return false;
}

int leat_vp_flags(struct leat_vp *v, uint64_t *out)
{
	uint64_t bits = 0;
	size_t pos = 0, start, n;
	if (strpbrk(v->s, " \t"))
		return blanks_in_list(v);
	while (leat_list_next(v->s, &pos, &start, &n)) {
		if (n == 0)
			return empty_entry(v, start);
		if (!flag_bit(v->p, v->s + start, n, &bits))
			return not_a_choice(v, start, n, "a list of");
	}
	*out = bits;
	return 0;
}

int leat_vp_strings(struct leat_vp *v, struct leat_strs *out)
{
	size_t pos = 0, start, len, n = 0;
	if (strpbrk(v->s, " \t"))
		return blanks_in_list(v);
	while (leat_list_next(v->s, &pos, &start, &len)) {
		if (len == 0)
			return empty_entry(v, start);
		n++;
	}
	const char **list = leat_arena_alloc(v->a, leat_size_mul(n, sizeof *list));
	if (!list)
		return -1;
	pos = n = 0;
	while (leat_list_next(v->s, &pos, &start, &len)) {
		list[n] = leat_arena_strndup(v->a, v->s + start, len);
		if (!list[n++])
			return -1;
	}
	*out = (struct leat_strs){.v = list, .n = n};
	return 0;
}
