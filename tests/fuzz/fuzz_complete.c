/* SPDX-License-Identifier: MIT */
/*
 * Fuzz target over completion: any text behind -e, and any words. What must hold: every line of the answer is in its
 * form, what stays in front of a candidate is no longer than the word, and a candidate begins with what is there.
 */
#include "gen/complete.h"

#include <stdio.h>
#include <stdlib.h>

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t n);

static void demand(bool ok, const char *what)
{
	if (ok)
		return;
	fprintf(stderr, "fuzz_complete: %s\n", what);
	abort();
}

static void answer(const char *const *words, size_t n, const char *recipe)
{
	struct leat_buf out = {0};
	leat_gen_complete(leat_registry_default(), words, n, recipe, &out);
	char *end;
	size_t keep = out.data ? strtoul(out.data, &end, 10) : 0;
	const char *word = words[n - 1];
	demand(out.data && keep <= strlen(word), "more is kept than there is");
	const char *line = strchr(out.data, '\n');
	demand(line != NULL, "the first line does not end");
	for (line++; *line; line = strchr(line, '\n') + 1) {
		const char *tab = strchr(line, '\t');
		demand(tab && strchr(tab, '\n'), "a line without its two parts");
		demand(strncmp(line, word + keep, strlen(word + keep)) == 0, "a candidate that does not fit");
	}
	leat_buf_free(&out);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t n)
{
	char *text = malloc(n + 1);
	if (!text)
		return 0;
	memcpy(text, data, n);
	text[n] = 0;
	answer((const char *[]){"run", "-e", text}, 3, NULL);
	answer((const char *[]){"run", "a.leat", "--set", ""}, 4, text);
	answer((const char *[]){"run", "a.leat", "--opt", ""}, 4, text);
	const char *words[16] = {"run", "--"};
	size_t k = 2;
	for (char *s = strtok(text, " \n"); s && k < 16; s = strtok(NULL, " \n"))
		words[k++] = s;
	answer(words, k, NULL);
	answer(words + 1, k - 1, NULL);
	free(text);
	return 0;
}
