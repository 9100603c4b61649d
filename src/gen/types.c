/* SPDX-License-Identifier: MIT */
#include "gen/types.h"

#include "gen/help.h"

#include <string.h>

static const struct leat_gen_type types[] = {
	[LEAT_PT_END] = {"VALUE", "value", "as its step says", ""},
	[LEAT_PT_INT] = {"N", "whole number", "digits, with a sign where the range allows it", "82"},
	[LEAT_PT_OPTINT] = {"N", "whole number", "digits, with a sign where the range allows it", "82"},
	[LEAT_PT_REAL] = {"NUMBER", "number", "with a decimal point and an exponent", "1.5 2e-3"},
	[LEAT_PT_SWITCH] = {"yes|no", "switch", "yes or no, true or false", "yes"},
	[LEAT_PT_CHOICE] = {"WORD", "choice", "one of the words that the option lists", "fit=inside"},
	[LEAT_PT_FLAGS] = {"WORDS", "choices", "words that the option lists, with commas, without blanks",
			   "keep=icc,copyright"},
	[LEAT_PT_SIZE] = {"SIZE", "size", "a number with B, KB MB GB TB (1000) or KiB MiB GiB TiB (1024)",
			  "64MiB 1.5GB"},
	[LEAT_PT_DURATION] = {"TIME", "duration", "numbers with d, h, m, s or ms", "30s 1h30m"},
	[LEAT_PT_RATE] = {"N/s", "rate", "a number with /s, /m or /h", "20/s"},
	[LEAT_PT_PERCENT] = {"N%", "percent", "a number with a percent sign", "50%"},
	[LEAT_PT_PIXELS] = {"WxH", "pixel size", "width, x, height; one of them may be left out", "800x600 800x x600"},
	[LEAT_PT_RANGE] = {"A..B", "range", "two numbers or two percentages, the smaller one first", "0.5%..99.5%"},
	[LEAT_PT_COLOR] = {"COLOR", "color", "#rgb, #rgba, #rrggbb, #rrggbbaa or a name", "#ff8800 white transparent"},
	[LEAT_PT_PIXCOUNT] = {"PIXELS", "pixel count", "a number, or a number with MP (a million)", "268MP"},
	[LEAT_PT_LEVEL] = {"LEVEL", "level", "percent of the full range of the depth, or a sample value", "50% 1024"},
	[LEAT_PT_NUMBERS] = {"NUMBERS", "numbers", "numbers with commas, without blanks", "1,0,0,1"},
	[LEAT_PT_TIMEOFDAY] = {"HH:MM", "time of day", "hours, a colon, minutes", "02:30"},
	[LEAT_PT_PATH] = {"PATH", "path", "relative to the folder of the recipe, with -e to the current one",
			  "out/a.csv"},
	[LEAT_PT_FILE] = {"FILE", "file", "a path whose content the step reads", "calib/flat.tif"},
	[LEAT_PT_PATTERNS] = {"PATTERN...", "pattern",
			      "a path, or one with * ? [a-z] {a,b} and ** for any number of folders",
			      "photos/**/*.{jpg,png}"},
	[LEAT_PT_TEMPLATE] = {"TEMPLATE", "template", "a text with {field} or {field:format}; {{ and }} are braces",
			      "out/{reldir}/{stem}-{index:04}.png"},
	[LEAT_PT_CONDITIONS] = {"CONDITION...", "condition",
				"a field, one of = != < <= > >= ~, and a value or another field; with < or > in quotes "
				"on a command line",
				"'width>=800' ext=png,jpg 'name~IMG_*' age<=7d"},
	[LEAT_PT_TEXT] = {"TEXT", "text", "anything; in quotes where a blank or '|' is inside", "'two words'"},
	[LEAT_PT_WORKERS] = {"N|N%|auto", "workers", "a number, percent of the cores, or auto", "4 50% auto"},
	[LEAT_PT_QUEUE] = {"N|SIZE|auto", "queue", "a number of items, a size, or auto", "16 256MiB"},
	[LEAT_PT_FIELDS] = {"FIELDS", "fields", "names of fields with commas", "path,width,mean"},
	[LEAT_PT_WORDS] = {"WORDS", "words", "words with commas, without blanks", "mean,std"},
	[LEAT_PT_ARGS] = {"WORD...", "words of a program", "any words; in quotes where a blank, '|' or KEY= is inside",
			  "--quality 80 \"two words\""},
	[LEAT_PT_MEMORY] = {"SIZE|N%", "memory", "a size, or percent of what this process may use", "4GiB 50%"},
};

const struct leat_gen_type *leat_gen_type(enum leat_ptype t)
{
	return &types[(size_t)t < LEAT_LEN(types) && types[t].word ? t : LEAT_PT_END];
}

enum { ACCEPTS_AT = 16, EXAMPLE_INDENT = 18, RIGHT = 92 };

void leat_gen_types(struct leat_buf *out)
{
	for (size_t i = LEAT_PT_INT; i < LEAT_LEN(types); i++) {
		const struct leat_gen_type *t = &types[i];
		if (!t->word || i == LEAT_PT_OPTINT)
			continue;
		leat_buf_addf(out, "  %-13s ", t->name);
		leat_gen_wrap(t->accepts, ACCEPTS_AT, RIGHT, out);
		leat_buf_addf(out, "%*s%s\n", EXAMPLE_INDENT, "", t->example);
	}
}
