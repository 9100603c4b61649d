/* SPDX-License-Identifier: MIT */
#include "gen/pages.h"

#include <stddef.h>

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
	"  decode                                 # bytes to pixels (implied where it is left out)\n"
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

static const char execution[] =
	"Every step knows:\n"
	"  on=auto|inline|threads|async|processes|openmp\n"
	"                  where it runs; auto decides and `leat plan` says why\n"
	"  workers=N|N%|auto  threads, or the size of an OpenMP team\n"
	"  queue=N|SIZE    capacity of the bounded queue in front of the step\n"
	"  order=any|keep  keep: items in input order from here on\n"
	"  retries=0 retry-wait=1s  for causes that can pass (input and output errors, timeouts), never for damaged "
	"data\n"
	"  timeout=5m      per item; with threads it is looked at between strips of rows\n"
	"  on-error=continue|stop  stop: no new items after a failure here\n"
	"  id=NAME         a name for reports\n"
	"Write none of them at first; run `leat plan`; add them where the report of a real run shows waiting.\n"
	"processes: locked-down worker processes; a crash, a hang or a memory bomb costs one item. The default for "
	"decode.\n"
	"not built yet: on=async, on-error=quarantine\n";

static const char job[] =
	"job memory=SIZE cores=N isolate=auto|require|no worker-memory=SIZE worker-tasks=N\n"
	"  memory=  bytes that items in hand may take together (default: a quarter of what is available)\n"
	"  cores=   N or N% of the cores this process may use (default: all)\n"
	"  isolate= decode bytes from outside in locked-down processes: as far as the kernel can (auto, told where it "
	"cannot),\n"
	"           only if it can do all of it (require), or in this process (no)\n"
	"  worker-memory=, worker-tasks=  private memory of a worker process; items after which it is replaced\n"
	"The other options of the language (name state incremental lock deadline ...) are refused: they are not built "
	"yet.\n";

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
	{"language", language}, {"execution", execution}, {"job", job},     {"status", status},
	{"steps", NULL},        {"formats", NULL},        {"fields", NULL}, {NULL, NULL},
};
