/* SPDX-License-Identifier: MIT */
/*
 * Every bound of the language in one place (language 6.2, rule 12, and what keeps a hostile text
 * from growing).
 */
#ifndef LEAT_LANG_LIMITS_H
#define LEAT_LANG_LIMITS_H

enum {
	/* Promised by the language. */
	LEAT_MAX_LINE = 64 * 1024, /* bytes of one line */
	LEAT_MAX_FILE = 1024 * 1024, /* bytes of one text */
	LEAT_MAX_STATEMENTS = 10000, /* as written, and again after expansion */
	LEAT_MAX_BRANCH_DEPTH = 8, /* branches in branches, recipes expanded */
	LEAT_MAX_INCLUDE_DEPTH = 8, /* files that include files */
	LEAT_MAX_LOOP = 64, /* entries of a `for` list */

	/* Ours: far above any real text, low enough that time and memory stay small. */
	LEAT_MAX_VALUE = 64 * 1024, /* bytes of one value after its variables were replaced */
	LEAT_MAX_EXPANDED = 16 * 1024 * 1024, /* bytes of all values after expansion, 16 added for each word */
	LEAT_MAX_TEXTS = 16 * 1024 * 1024, /* bytes of the file and all that it includes */
	LEAT_MAX_INCLUDES = 256, /* statements: each reads its file, though it counts once */
	LEAT_MAX_PARAMETERS = 64, /* of one recipe */
	LEAT_MAX_USE_DEPTH = 64, /* recipes that use recipes that use ... */
	LEAT_MAX_VISITS = 100000, /* statements walked over while expanding, `use` lines included */
	LEAT_MAX_REPORTS = 1000, /* diagnostics kept from reading, and again from expanding; 20 are shown */
	LEAT_MAX_SUGGESTIONS = 20, /* searches for a near word: each looks at every candidate */
	LEAT_MAX_LISTED = 12, /* names in a "known are: ..." help */
};

#endif
