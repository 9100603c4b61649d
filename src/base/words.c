/* SPDX-License-Identifier: MIT */
/* Nearest words, for suggestions: see text.h. */
#include "base/text.h"

#include <limits.h>
#include <string.h>

enum { LONGEST = 64 };

/* As the comparison sees a letter: lower case, '_' like '-'. */
static int fold(char c)
{
	return c >= 'A' && c <= 'Z' ? c + 32 : c == '_' ? '-' : (unsigned char)c;
}

static int least(int a, int b)
{
	return a < b ? a : b;
}

bool leat_same_word(const char *a, const char *b)
{
	while (*a && fold(*a) == fold(*b)) {
		a++;
		b++;
	}
	return fold(*a) == fold(*b);
}

/*
 * Optimal string alignment: insert, delete, replace, or swap two neighbors, each for 1. Three rows of the table
 * are alive at a time: row[i % 3][j] is the distance of the first i letters of a to the first j of b. INT_MAX as soon
 * as two rows are above `most`: no later one comes below.
 */
static int distance(const char *a, const char *b, int most)
{
	size_t na = strlen(a), nb = strlen(b);
	int row[3][LONGEST + 1], least_before = 0;
	if (na > LONGEST || nb > LONGEST)
		return INT_MAX;
	for (size_t j = 0; j <= nb; j++)
		row[0][j] = (int)j;
	for (size_t i = 1; i <= na; i++) {
		int *now = row[i % 3], *before = row[(i + 2) % 3], *older = row[(i + 1) % 3], smallest = (int)i;
		now[0] = (int)i;
		for (size_t j = 1; j <= nb; j++) {
			int ca = fold(a[i - 1]), cb = fold(b[j - 1]);
			now[j] = least(before[j - 1] + (ca != cb), least(before[j], now[j - 1]) + 1);
			if (i > 1 && j > 1 && ca == fold(b[j - 2]) && fold(a[i - 2]) == cb)
				now[j] = least(now[j], older[j - 2] + 1);
			smallest = least(smallest, now[j]);
		}
		if (smallest > most && least_before > most)
			return INT_MAX;
		least_before = smallest;
	}
	return row[na % 3][nb];
}

int leat_word_distance(const char *a, const char *b)
{
	return distance(a, b, INT_MAX);
}

/* Does `word` begin `whole`, folded? */
static bool begins(const char *whole, const char *word)
{
	for (; *word; word++, whole++) {
		if (fold(*word) != fold(*whole))
			return false;
	}
	return true;
}

static const char *unique_prefix(const char *word, const char *const *candidates, size_t n)
{
	const char *found = NULL;
	for (size_t i = 0; i < n; i++) {
		if (!begins(candidates[i], word))
			continue;
		if (found && strcmp(found, candidates[i]) != 0)
			return NULL;
		found = candidates[i];
	}
	return found;
}

const char *leat_nearest_word(const char *word, const char *const *candidates, size_t n)
{
	size_t len = strlen(word);
	int allowed = len <= 4 ? 1 : len <= 8 ? 2 : 3, best = INT_MAX;
	const char *found = NULL;
	for (size_t i = 0; i < n; i++) {
		size_t other = strlen(candidates[i]);
		if (other > len + (size_t)allowed || len > other + (size_t)allowed)
			continue; /* each letter more or less costs 1 */
		int d = distance(word, candidates[i], allowed);
		if (d > allowed || d > best || (d == best && strcmp(candidates[i], found) > 0))
			continue;
		best = d;
		found = candidates[i];
	}
	if (!found && len >= 3)
		found = unique_prefix(word, candidates, n);
	return found;
}
