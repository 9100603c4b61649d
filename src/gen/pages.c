/* SPDX-License-Identifier: MIT */
#include "gen/pages.h"

#include "core/execopts.h"
#include "core/jobopts.h"

#include <string.h>

const char leat_page_intro[] =
	"leat runs a recipe over directories of files: in parallel, and telling the truth about it.\n"
	"\n"
	"  leat run -e 'read photos/**/*.jpg | resize 800x600 | write web/{reldir}/{stem}.png'\n"
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
				"  leat help status       exit statuses\n";

const char leat_page_fields[] =
	"formats: {index:04} zero-padded, {hash:8} first digits, {mtime:%Y-%m} date, {saved:.1} digits after the "
	"point\n";

static const char language[] =
	"A recipe is a text file: one step per line, or steps separated by '|'. What stands after '#' is a comment.\n"
	"\n"
	"  let out = site/img                     # a variable; $out from here on\n"
	"  job memory=2GiB cores=4                # for the whole run\n"
	"  defaults timeout=60s                   # execution options of all steps\n"
	"\n"
	"  read photos/**/*.{jpg,png}             # a source: one item per file\n"
	"  decode                                 # bytes to pixels (implied where it is left out); to numbers: parse\n"
	"\n"
	"  branch thumb for size in 320,800       # side lines, from the same pixels; one per size\n"
	"    resize ${size}x${size} fit=inside\n"
	"    encode jpeg quality=82               # pixels to bytes (implied by the name in write)\n"
	"    write $out/{reldir}/{stem}-$size.jpg\n"
	"  end\n"
	"\n"
	"  stats fields=mean,std                  # the main line goes on with the decoded image\n"
	"  report csv=$out/images.csv             # one row per item\n"
	"\n"
	"Options are KEY=VALUE without blanks around '='. A value with blanks needs quotes: \"...\" replaces $names, "
	"'...' does not.\n"
	"Units are written: 64MiB, 30s, 50%, 800x600, #ff8800. {field} in a name differs from item to item: leat help "
	"fields.\n"
	"Paths in a file belong to the file's folder; with -e to the current folder. '**' means any number of "
	"folders.\n"
	"An item fails alone: the others go on, and the summary and the exit status tell.\n";

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
	"not built yet: on=async, on-error=quarantine\n";

static const char job[] = "job OPTION=VALUE ..., above the steps:\n";
static const char job_notes[] = "What is not built yet is refused with a message, never ignored.\n";

static const char status[] = "exit status of leat run:\n"
			     "  0    every item done or rightly skipped\n"
			     "  1    some items failed, the rest is done\n"
			     "  2    usage or recipe is wrong; nothing was run\n"
			     "  3    nothing matched\n"
			     "  4    an expectation (expect) did not hold\n"
			     "  5    cannot start or cannot go on (disk full, target gone)\n"
			     "  130  interrupted (SIGINT) after a clean drain; 143 for SIGTERM\n"
			     "When several hold: 2, 5, 130/143, 4, 3, 1, 0 in this order.\n";

const struct leat_page leat_pages[] = {
	{"language", language, NULL, NULL},
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
