/* SPDX-License-Identifier: MIT */
#include "gen/pages.h"

#include "core/execopts.h"
#include "core/jobopts.h"

#include <string.h>

const char leat_page_intro[] =
	"leat runs a recipe over directories of files: in parallel, and telling the truth about it.\n"
	"\n"
	"  leat run -e 'read photos/**/*.jpg | resize 800x600 | write web/{reldir}/{stem}.png'\n"
	"  leat run -- read 'my photos' then resize 800x600 then write 'web/{stem}.png'\n"
	"\n"
	"commands:\n";

const char leat_page_topics[] = "\n"
				"topics:\n"
				"  leat help language     the recipe language on one page\n"
				"  leat help steps        all steps\n"
				"  leat help STEP         one step with its options, for example: leat help resize\n"
				"  leat help encode png   the options of one format\n"
				"  leat help formats      what is read and written\n"
				"  leat help fields       what may stand in {braces}\n"
				"  leat help types        how sizes, times, colors and the like are written\n"
				"  leat help execution    on=, workers=, queue= and the like\n"
				"  leat help job          the job line\n"
				"  leat help json         recipes as JSON, for programs\n"
				"  leat help status       exit statuses\n"
				"  leat help testing      tests of recipes: leat test\n";

const char leat_page_fields[] =
	"formats: {index:04} zero-padded, {hash:8} first digits, {mtime:%Y-%m} date, {saved:.1} digits after the "
	"point\n";

const char leat_page_words[] =
	"A statement is a line of words; '|' ends it as a line break does. A lone '\\' at the end of a line joins the\n"
	"next one. '#' at the beginning of a line or behind a blank starts a comment.\n"
	"\n"
	"Words have no blanks, or stand in quotes as a whole: \"two words\", name=\"two words\". In \"double quotes\" "
	"$name\n"
	"and ${name} are replaced, and \\\" \\\\ \\$ \\n \\t \\u{1F4F7} are known; 'single quotes' take everything as "
	"it is.\n"
	"$$ is a dollar sign, {{ and }} are braces in templates.\n"
	"\n"
	"An option is KEY=VALUE without blanks around '='. A value that looks like one is quoted: \"a=b\".\n"
	"Texts are UTF-8. Relative paths belong to the folder of the file in which they stand.\n";

static const char execution[] = "Every step knows:\n";
static const char execution_notes[] =
	"Write none of them at first; run `leat plan`; add them where the report of a real run shows waiting.\n"
	"processes: locked-down worker processes; a crash, a hang or a memory bomb costs one item. The default for "
	"decode.\n"
	"A retry is for causes that can pass (input and output errors, timeouts), never for damaged data.\n"
	"on-error=quarantine leaves a link to the input and the reason in a folder of the job.\n";

static const char job[] = "job OPTION=VALUE ..., above the steps:\n";
static const char job_notes[] = "What is not built yet is refused with a message, never ignored.\n";

static const char testing[] =
	"For every NAME.leat of the folder, tests/NAME/in is what it reads, as if by --input, and tests/NAME/out what "
	"it "
	"must write:\n"
	"\n"
	"  jobs/web.leat                                write site/{stem}-320.jpg\n"
	"  jobs/tests/web/in/cat.jpg\n"
	"  jobs/tests/web/out/site/cat-320.jpg\n"
	"  jobs/tests/web/options                       optional, one KEY=VALUE a line\n"
	"\n"
	"The recipe writes into a new folder instead of its own: a relative name lands there as below the recipe's "
	"folder "
	"('../x'\n"
	"as 'up/x'), an absolute one as below the root. A failed test leaves its results there to be looked at; "
	"nothing "
	"under\n"
	"tests/ is ever written. For the first time, run it without tests/NAME/out and copy what it names, once it is "
	"right.\n"
	"\n"
	"  max-diff=N      images may differ by N in a sample, on the scale of 8 bit (0: all files byte by byte)\n"
	"  ignore=PATTERN  files below out/ that are not compared: reports with times in them\n"
	"  set=NAME=VALUE  as --set\n"
	"  status=N        the exit status that the run must have (0)\n"
	"\n"
	"Exit status: 0 all passed, 1 some failed, 3 no test was found.\n";

static const char status[] = "exit status of leat run:\n"
			     "  0    every item done or rightly skipped\n"
			     "  1    some items failed, the rest is done\n"
			     "  2    usage or recipe is wrong; nothing was run\n"
			     "  3    nothing matched\n"
			     "  4    an expectation (expect) did not hold\n"
			     "  5    cannot start or cannot go on (disk full, target gone)\n"
			     "  75   another run of the same job is active\n"
			     "  130  interrupted (SIGINT) after a clean drain; 143 for SIGTERM\n"
			     "When several hold: 2, 75, 5, 130/143, 4, 3, 1, 0 in this order.\n";

static const char json[] =
	"A recipe can also be written as JSON, by programs and for them: a text whose first character is '{', in a "
	"file, "
	"behind -e,\n"
	"from standard input (leat run -), and where it is included. leat show --json writes it, leat show reads it "
	"back "
	"as text.\n"
	"\n"
	"  {\n"
	"    \"version\": 1,\n"
	"    \"vars\": {\"out\": \"site/img\", \"home\": {\"env\": \"HOME\", \"or\": \"/tmp\"}},\n"
	"    \"job\": {\"memory\": \"2GiB\"},\n"
	"    \"defaults\": {\"retries\": \"1\"},\n"
	"    \"expect\": [\"matched>=1\", \"failed<=1%\"],\n"
	"    \"recipes\": [{\"recipe\": \"small\", \"parameters\": {\"size\": null, \"fit\": \"inside\"},\n"
	"                 \"steps\": [{\"step\": \"resize\", \"args\": [\"$size\"], \"options\": {\"fit\": "
	"\"$fit\"}}]}],\n"
	"    \"steps\": [\n"
	"      {\"step\": \"read\", \"args\": [\"photos\"], \"on\": \"threads\", \"workers\": \"4\"},\n"
	"      {\"step\": \"decode\"},\n"
	"      {\"step\": \"keep\", \"args\": [\"width>=800\", \"ext=png,jpg\"]},\n"
	"      {\"branch\": \"thumb\", \"for\": [\"size\", [\"320\", \"800\"]], \"steps\": [\n"
	"        {\"use\": \"small\", \"with\": {\"size\": \"${size}x\"}},\n"
	"        {\"step\": \"write\", \"args\": [\"$out/{stem}-$size.png\"]}]}]\n"
	"  }\n"
	"\n"
	"All values are texts, numbers too, and mean what they mean in the text form: $name is a variable, $$ a dollar "
	"sign.\n"
	"Quotes and escapes of the text form are not needed. Execution options stand beside \"step\", a step's own in "
	"\"options\".\n"
	"Also: include (files), schedule ({\"args\": [\"daily\"], \"options\": {\"at\": \"02:30\"}}), and settings: "
	"groups of "
	"settings\n"
	"that are read before the others, where their order matters. An option that is given several times has an "
	"array.\n"
	"\n"
	"Messages name the JSON pointer: web.json:/steps/2/options/fit. The schema for editors and programs:\n"
	"leat syntax schema, or docs/editors/leat.schema.json.\n";

const struct leat_page leat_pages[] = {
	{"testing", testing, NULL, NULL},
	{"language", leat_page_language, NULL, NULL},
	{"json", json, NULL, NULL},
	{"execution", execution, leat_exec_params, execution_notes},
	{"job", job, leat_job_params, job_notes},
	{"status", status, NULL, NULL},
	{.topic = "steps"},
	{.topic = "formats"},
	{.topic = "fields"},
	{.topic = "types"},
	{.topic = NULL},
};

const struct leat_page *leat_page_named(const char *topic)
{
	for (const struct leat_page *p = leat_pages; p->topic; p++)
		if (strcmp(p->topic, topic) == 0)
			return p;
	return NULL;
}
