/* SPDX-License-Identifier: MIT */
/* Words of a command line as text. See argwords.h. */
#include "lang/argwords.h"

#include "base/mem.h"
#include "lang/names.h"
#include "lang/quote.h"

static void add_word(struct leat_buf *b, const char *s)
{
	size_t key = leat_key_length(s, strlen(s));
	if (key)
		leat_buf_add(b, s, key + 1);
	s += key ? key + 1 : 0;
	if (leat_word_bare(s, key > 0)) /* what looks like a mistake may stand, too: then it is told */
		leat_buf_adds(b, s);
	else
		leat_word_quote_always(b, s);
}

/* Separators of the text form, which here are one word like any other. */
static int check_separator(const char *s, struct leat_err *err)
{
	static const char *const others[] = {"|", "!", "&&", ";", "->"};
	for (size_t i = 0; i < LEAT_LEN(others); i++)
		if (strcmp(s, others[i]) == 0)
			return leat_fail(err, LEAT_CAUSE_USAGE,
					 "behind '--' steps are separated by 'then', not by '%s'", s);
	return 0;
}

int leat_argwords_to_text(const char *const *words, size_t n, struct leat_buf *out, struct leat_err *err)
{
	bool any = false; /* the step has a word */
	for (size_t i = 0; i < n; i++) {
		bool then = strcmp(words[i], "then") == 0;
		if (then && !any)
			return leat_fail(err, LEAT_CAUSE_USAGE,
					 i ? "no step stands between two 'then'"
					   : "no step stands before the first 'then'");
		if (check_separator(words[i], err) < 0)
			return -1;
		if (words[i][0] == '-' && words[i][1] == '-' && leat_is_letter(words[i][2]))
			return leat_fail(err, LEAT_CAUSE_USAGE,
					 "'%s' stands behind '--', where the recipe begins: options "
					 "of the program stand before it",
					 words[i]);
		leat_buf_adds(out, then ? " |" : i ? " " : "");
		if (!then)
			add_word(out, words[i]);
		any = !then;
	}
	if (!any)
		return leat_fail(err, LEAT_CAUSE_USAGE,
				 n ? "no step follows the last 'then'"
				   : "nothing follows '--': a pipeline belongs there");
	return leat_buf_check(out, err);
}
