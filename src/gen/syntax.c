/* SPDX-License-Identifier: MIT */
#include "gen/syntax.h"

#include "base/text.h"
#include "core/execopts.h"
#include "gen/directives.h"
#include "gen/help.h"

#include <string.h>

/* ---- lists of words */

typedef bool word_fn(const struct leat_registry *r, size_t i, const char **word);

static bool step_word(const struct leat_registry *r, size_t i, const char **word)
{
	struct leat_gen_step s;
	bool there = leat_gen_step(r, i, &s);
	*word = there ? s.name : NULL;
	return there;
}

static bool directive_word(const struct leat_registry *r, size_t i, const char **word)
{
	(void)r;
	*word = leat_gen_directives[i].word;
	return *word != NULL;
}

static bool execution_word(const struct leat_registry *r, size_t i, const char **word)
{
	(void)r;
	*word = leat_exec_params[i].name;
	return *word != NULL;
}

static void words(const struct leat_registry *r, word_fn *fn, const char *between, struct leat_buf *out)
{
	const char *word;
	for (size_t i = 0; fn(r, i, &word); i++)
		leat_buf_addf(out, "%s%s", i ? between : "", word);
}

/* ---- vim */

static void vim_match(const char *group, const char *before, const struct leat_registry *r, word_fn *fn,
		      const char *after, struct leat_buf *out)
{
	leat_buf_addf(out, "syn match %s /%s\\%%(", group, before);
	words(r, fn, "\\|", out);
	leat_buf_addf(out, "\\)%s\n", after);
}

static const char vim_head[] =
	"\" Vim syntax file: recipes of leat. Made by `leat syntax vim`; do not edit.\n"
	"if exists('b:current_syntax')\n  finish\nendif\n"
	"syn case match\n"
	"syn match leatOption /\\%(^\\|\\s\\)\\@1<=[a-z][a-z0-9-]*\\ze=/\n"
	"syn match leatVariable /\\$\\%(\\$\\|[a-z][a-z0-9_]*\\|{[a-z][a-z0-9_]*}\\)/\n"
	"syn match leatField /{[a-z][a-z0-9_]*\\%(:[^}\"' ]*\\)\\=}/\n"
	"syn match leatUnit /[=,. "
	"]\\@1<=[+-]\\=\\d\\+\\%(\\.\\d\\+\\)\\=\\%(%\\|[KMGT]i\\=B\\|B\\|ms\\|[dhms]\\|MP\\)\\=\\ze\\%(\\s\\|[|,.]\\|$"
	"\\)/\n"
	"syn match leatSize /\\<\\d\\+x\\d*\\>\\|\\<x\\d\\+\\>/\n"
	"syn match leatColor /=\\@1<=#\\x\\{3,8}\\>/\n"
	"syn match leatEscape /\\\\[\"\\\\$nt]\\|\\\\u{\\x\\+}/ contained\n"
	"syn region leatText start=/\"/ skip=/\\\\./ end=/\"/ oneline contains=leatVariable,leatField,leatEscape\n"
	"syn region leatText start=/'/ end=/'/ oneline contains=leatField\n"
	"syn match leatSeparator /|/\n"
	"syn match leatComment /\\%(^\\|\\s\\)\\@1<=#.*$/ contains=@Spell\n";

/* Words that mean something in one place only. */
static const char vim_contextual[] =
	"syn match leatContextual /\\%(\\<branch\\s\\+\\S\\+\\s\\+\\)\\@<=for\\ze\\s/\n"
	"syn match leatContextual /\\%(\\<branch\\s\\+\\S\\+\\s\\+for\\s\\+\\S\\+\\s\\+\\)\\@<=in\\ze\\s/\n"
	"syn match leatContextual /\\%(\\<let\\s\\+\\S\\+\\s*=\\s*\\)\\@<=\\%(secret\\s\\+\\)\\=env\\ze\\s/\n"
	"syn match leatContextual /\\%(=\\s*\\%(secret\\s\\+\\)\\=env\\s\\+\\S\\+\\s\\+\\)\\@<=or\\ze\\s/\n";

static const char vim_tail[] = "hi def link leatStep Function\n"
			       "hi def link leatKeyword Statement\n"
			       "hi def link leatContextual Keyword\n"
			       "hi def link leatExecution Type\n"
			       "hi def link leatOption Identifier\n"
			       "hi def link leatVariable PreProc\n"
			       "hi def link leatField Special\n"
			       "hi def link leatUnit Number\n"
			       "hi def link leatSize Number\n"
			       "hi def link leatColor Constant\n"
			       "hi def link leatEscape SpecialChar\n"
			       "hi def link leatText String\n"
			       "hi def link leatSeparator Delimiter\n"
			       "hi def link leatComment Comment\n"
			       "let b:current_syntax = 'leat'\n";

void leat_gen_vim(const struct leat_registry *r, struct leat_buf *out)
{
	static const char start[] = "\\%(^\\||\\@1<=\\)\\s*\\zs", end[] = "\\ze\\%(\\s\\||\\|$\\)/";
	leat_buf_adds(out, vim_head);
	vim_match("leatExecution", "\\%(^\\|\\s\\)\\@1<=", r, execution_word, "\\ze=/", out);
	vim_match("leatStep", start, r, step_word, end, out);
	vim_match("leatKeyword", start, r, directive_word, end, out);
	leat_buf_adds(out, vim_contextual);
	leat_buf_adds(out, vim_tail);
}

/* ---- TextMate */

/* {"match": ..., "captures": {"1": ...}}: scopes, NULL-terminated, belong to the groups 1, 2, ... */
static void captured(const char *match, const char *const *scopes, struct leat_buf *out)
{
	leat_buf_adds(out, "    {\"match\": ");
	leat_escape_json(out, match, strlen(match));
	leat_buf_adds(out, ", \"captures\": {");
	for (size_t i = 0; scopes[i]; i++)
		leat_buf_addf(out, "%s\"%zu\": {\"name\": \"%s.leat\"}", i ? ", " : "", i + 1, scopes[i]);
	leat_buf_adds(out, "}},\n");
}

static void pattern(const char *scope, const char *match, bool last, struct leat_buf *out)
{
	leat_buf_addf(out, "    {\"name\": \"%s.leat\", \"match\": ", scope);
	leat_escape_json(out, match, strlen(match));
	leat_buf_adds(out, last ? "}\n" : "},\n");
}

#define START "(?:^|(?<=\\|))\\s*"

static void listed(const char *scope, const char *before, const struct leat_registry *r, word_fn *fn, const char *after,
		   struct leat_buf *out)
{
	const char *const scopes[] = {scope, NULL};
	struct leat_buf match = {0};
	leat_buf_addf(&match, "%s(", before);
	words(r, fn, "|", &match);
	leat_buf_addf(&match, ")%s", after);
	captured(match.data ? match.data : "", scopes, out);
	leat_buf_free(&match);
}

/* Words that mean something in one place only. */
static void contextual(struct leat_buf *out)
{
	static const char *const branch[] = {"keyword.control", "entity.name.section", "keyword.control",
					     "variable.other",  "keyword.control",     NULL};
	static const char *const let[] = {"keyword.control", "variable.other", "keyword.operator", "keyword.other",
					  "keyword.other",   "variable.other", "keyword.other",    NULL};
	captured(START "(branch)\\s+(\\S+)\\s+(for)\\s+(\\S+)\\s+(in)(?=\\s)", branch, out);
	captured(START "(let)\\s+([a-z][a-z0-9_]*)\\s*(=)(?:\\s*(?:(secret)\\s+)?(env)\\s+([A-Za-z_][A-Za-z0-9_]*)"
		       "(?:\\s+(or)(?=\\s))?)?",
		 let, out);
}

static const char text_begin[] =
	"    {\"name\": \"string.quoted.double.leat\", \"begin\": \"\\\"\", \"end\": \"\\\"|$\", \"patterns\": [\n"
	"      {\"name\": \"constant.character.escape.leat\", \"match\": "
	"\"\\\\\\\\(?:[\\\"\\\\\\\\$nt]|u\\\\{[0-9A-Fa-f]+\\\\})\"},\n"
	"      {\"include\": \"#variable\"}, {\"include\": \"#field\"}]},\n"
	"    {\"name\": \"string.quoted.single.leat\", \"begin\": \"'\", \"end\": \"'|$\", \"patterns\": [\n"
	"      {\"include\": \"#field\"}]},\n"
	"    {\"include\": \"#variable\"},\n"
	"    {\"include\": \"#field\"},\n";

static const char repository[] = "  \"repository\": {\n"
				 "    \"variable\": {\"name\": \"variable.other.leat\", \"match\": "
				 "\"\\\\$(?:\\\\$|[a-z][a-z0-9_]*|\\\\{[a-z][a-z0-9_]*\\\\})\"},\n"
				 "    \"field\": {\"name\": \"variable.parameter.leat\", \"match\": "
				 "\"\\\\{[a-z][a-z0-9_]*(?::[^}\\\"' ]*)?\\\\}\"}\n"
				 "  }\n";

void leat_gen_textmate(const struct leat_registry *r, struct leat_buf *out)
{
	static const char end[] = "(?=\\s|\\||$)";
	leat_buf_adds(out, "{\n  \"name\": \"leat\",\n  \"scopeName\": \"source.leat\",\n"
			   "  \"comment\": \"Made by `leat syntax textmate`; do not edit.\",\n"
			   "  \"fileTypes\": [\"leat\"],\n  \"patterns\": [\n");
	pattern("comment.line.number-sign", "(?:^|(?<=\\s))#.*$", false, out);
	leat_buf_adds(out, text_begin);
	contextual(out);
	listed("support.function.step", START, r, step_word, end, out);
	listed("keyword.control", START, r, directive_word, end, out);
	listed("storage.modifier.execution", "(?:^|(?<=\\s))", r, execution_word, "(?==)", out);
	pattern("entity.other.attribute-name", "(?:^|(?<=\\s))[a-z][a-z0-9-]*(?==)", false, out);
	pattern("constant.other.color", "(?<==)#[0-9A-Fa-f]{3,8}\\b", false, out);
	pattern("constant.numeric",
		"(?<=[=,. ])[+-]?[0-9]+(?:x[0-9]*|(?:\\.[0-9]+)?(?:%|[KMGT]i?B|B|ms|[dhms]|MP)?)(?=\\s|[|,.]|$)", false,
		out);
	pattern("punctuation.separator", "\\|", true, out);
	leat_buf_adds(out, "  ],\n");
	leat_buf_adds(out, repository);
	leat_buf_adds(out, "}\n");
}
