/* SPDX-License-Identifier: MIT */
/* The source `read`: what it finds, what it refuses, in which order, and that it reads the very file it listed. */
#include "scratch.h"

#include <setjmp.h>
#include <cmocka.h>

#include "core/end.h"
#include "io/read.h"

#include <linux/filter.h>
#include <linux/seccomp.h>
#include <sys/prctl.h>
#include <sys/resource.h>
#include <sys/socket.h>
#include <sys/syscall.h>
#include <sys/un.h>
#include <sys/wait.h>
#include <time.h>

extern const struct leat_source leat_source_read;

static const char *const readable[] = {"png", "jpg", "jpeg", NULL};

struct world {
	struct scratch s;
	struct leat_read p;
	struct leat_listing l;
	struct leat_err err;
	int which;
	char texts[8][8192];
	const char *patterns[8], *excludes[8];
	char old[4096];
};

static int setup(void **state)
{
	struct world *w = calloc(1, sizeof *w);
	SCRATCH_MUST(w && getcwd(w->old, sizeof w->old));
	scratch_open(&w->s);
	SCRATCH_MUST(fchdir(w->s.fd) == 0);
	w->p.min_size = 1;
	*state = w;
	return 0;
}

static int teardown(void **state)
{
	struct world *w = *state;
	SCRATCH_MUST(chdir(w->old) == 0);
	leat_arena_free(&w->l.arena);
	scratch_close(&w->s);
	free(w);
	return 0;
}

/* Lists the patterns (relative to the scratch folder unless absolute), given up to NULL. */
static int find(struct world *w, ...)
{
	va_list ap;
	size_t n = 0;
	va_start(ap, w);
	for (const char *t; (t = va_arg(ap, const char *)); n++) {
		snprintf(w->texts[n], sizeof w->texts[n], "%s%s%s", t[0] == '/' ? "" : w->s.path,
			 t[0] == '/' ? "" : "/", t);
		w->patterns[n] = w->texts[n];
	}
	va_end(ap);
	w->p.patterns = (struct leat_strs){w->patterns, n};
	leat_arena_free(&w->l.arena);
	w->l = (struct leat_listing){0};
	w->err = (struct leat_err){0};
	struct leat_source_opts o = {.extensions = readable};
	return leat_source_read.list(&w->p, &o, &w->l, &w->which, &w->err);
}

/* All paths of the listing in their order, with a blank behind each; refused ones with '!'. */
static const char *paths(const struct world *w)
{
	static char all[65536];
	all[0] = 0;
	for (size_t i = 0; i < w->l.n; i++) {
		assert_int_equal(w->l.v[i].seq, i);
		snprintf(all + strlen(all), sizeof all - strlen(all), "%s%s ", w->l.v[i].path,
			 w->l.v[i].problem ? "!" : "");
	}
	return all;
}

static const struct leat_entry *entry(const struct world *w, const char *path)
{
	for (size_t i = 0; i < w->l.n; i++)
		if (strcmp(w->l.v[i].path, path) == 0)
			return &w->l.v[i];
	fail_msg("no entry %s", path);
	return NULL;
}

static bool warned(const struct world *w, const char *part)
{
	for (size_t i = 0; i < w->l.warnings.n; i++)
		if (strstr(w->l.warnings.v[i], part))
			return true;
	return false;
}

static void exclude(struct world *w, const char *pattern)
{
	static char abs[4096];
	snprintf(abs, sizeof abs, "%s%s%s", strchr(pattern, '/') ? w->s.path : "", strchr(pattern, '/') ? "/" : "",
		 pattern);
	w->excludes[0] = abs;
	w->p.exclude = (struct leat_strs){w->excludes, 1};
}

static void folder_is_its_whole_tree(void **state)
{
	struct world *w = *state;
	scratch_put(&w->s, "in/b.png", "x");
	scratch_put(&w->s, "in/A.JPG", "x");
	scratch_put(&w->s, "in/deep/er/c.jpeg", "x");
	scratch_put(&w->s, "in/notes.txt", "x");
	scratch_put(&w->s, "in/png", "x");
	scratch_put(&w->s, "in/.hidden.png", "x");
	scratch_put(&w->s, "in/.git/d.png", "x");
	assert_int_equal(find(w, "in", NULL), 0);
	assert_string_equal(paths(w), "in/A.JPG in/b.png in/deep/er/c.jpeg ");
	assert_int_equal(w->l.ignored, 2);
	assert_string_equal(entry(w, "in/deep/er/c.jpeg")->reldir, "deep/er");
	assert_string_equal(entry(w, "in/deep/er/c.jpeg")->rel, "deep/er/c.jpeg");
	assert_string_equal(entry(w, "in/b.png")->reldir, "");
	w->p.match_case = true;
	assert_int_equal(find(w, "in/", NULL), 0);
	assert_string_equal(paths(w), "in/b.png in/deep/er/c.jpeg ");
	w->p.match_case = false;
	w->p.hidden = true;
	assert_int_equal(find(w, "in", NULL), 0);
	assert_string_equal(paths(w), "in/.git/d.png in/.hidden.png in/A.JPG in/b.png in/deep/er/c.jpeg ");
}

static void patterns_match(void **state)
{
	struct world *w = *state;
	scratch_put(&w->s, "p/x.png", "x");
	scratch_put(&w->s, "p/2023/a.png", "x");
	scratch_put(&w->s, "p/2023/b.JPG", "x");
	scratch_put(&w->s, "p/2024/raw/c.png", "x");
	scratch_put(&w->s, "p/2024/.d.png", "x");
	scratch_put(&w->s, "p/Case/E.png", "x");
	assert_int_equal(find(w, "p/**/*.png", NULL), 0);
	assert_string_equal(paths(w), "p/2023/a.png p/2024/raw/c.png p/Case/E.png p/x.png ");
	assert_string_equal(entry(w, "p/2024/raw/c.png")->reldir, "2024/raw");
	assert_string_equal(entry(w, "p/x.png")->reldir, "");
	assert_int_equal(find(w, "p/20*/*.{jpg,png}", NULL), 0);
	assert_string_equal(paths(w), "p/2023/a.png p/2023/b.JPG ");
	assert_int_equal(find(w, "p/{2023,2024/raw}/*.png", NULL), 0);
	assert_string_equal(paths(w), "p/2023/a.png p/2024/raw/c.png ");
	assert_string_equal(entry(w, "p/2024/raw/c.png")->reldir, "2024/raw");
	assert_int_equal(find(w, "p/2024/.*.png", NULL), 0);
	assert_string_equal(paths(w), "p/2024/.d.png ");
	/* only the extension is taken in either case */
	assert_int_equal(find(w, "p/case/*.png", NULL), -1);
	w->p.match_case = true;
	assert_int_equal(find(w, "p/2023/*.jpg", NULL), -1);
	w->p.match_case = false;
	/* the same path by two patterns is one item; order is that of the path */
	assert_int_equal(find(w, "p/x.png", "p/**/*.png", "p", NULL), 0);
	assert_string_equal(paths(w), "p/2023/a.png p/2023/b.JPG p/2024/raw/c.png p/Case/E.png p/x.png ");
}

static void other_case_is_told(void **state)
{
	struct world *w = *state;
	scratch_put(&w->s, "p/a.png", "x");
	w->p.match_case = true;
	assert_int_equal(find(w, "p/*.PNG", NULL), -1);
	assert_true(warned(w, "1 of 1 file end in .png, and with match-case=yes that is not .PNG"));
	w->p.match_case = false;
	assert_int_equal(find(w, "p/*.PNG", NULL), 0);
}

static void excludes_and_root(void **state)
{
	struct world *w = *state;
	scratch_put(&w->s, "p/raw/a.png", "x");
	scratch_put(&w->s, "p/x/raw/b.png", "x");
	scratch_put(&w->s, "p/x/c.tmp.png", "x");
	scratch_put(&w->s, "p/x/d.png", "x");
	exclude(w, "**/raw/**");
	assert_int_equal(find(w, "p/**/*.png", NULL), 0);
	assert_string_equal(paths(w), "p/x/c.tmp.png p/x/d.png ");
	exclude(w, "p/x");
	assert_int_equal(find(w, "p", NULL), 0);
	assert_string_equal(paths(w), "p/raw/a.png ");
	exclude(w, "*.tmp.PNG");
	assert_int_equal(find(w, "p", NULL), 0);
	assert_string_equal(paths(w), "p/raw/a.png p/x/d.png p/x/raw/b.png ");
	w->p.exclude.n = 0;
	char root[512];
	snprintf(root, sizeof root, "%s/p", w->s.path);
	w->p.root = root;
	assert_int_equal(find(w, "p/x/*.png", "p/raw/a.png", NULL), 0);
	assert_string_equal(entry(w, "p/x/d.png")->reldir, "x");
	assert_string_equal(entry(w, "p/raw/a.png")->reldir, "raw");
	snprintf(root, sizeof root, "%s/q", w->s.path);
	assert_int_equal(find(w, "p/x/*.png", NULL), -1);
	assert_int_equal(w->err.cause, LEAT_CAUSE_USAGE);
}

static void literal_names(void **state)
{
	struct world *w = *state;
	scratch_put(&w->s, "q/a[1].png", "x");
	scratch_put(&w->s, "q/a1.png", "x");
	scratch_put(&w->s, "q/z/no-extension", "x");
	assert_int_equal(find(w, "q/a[1].png", NULL), 0);
	assert_string_equal(paths(w), "q/a[1].png ");
	assert_int_equal(find(w, "q/a[[]1].png", NULL), 0);
	assert_string_equal(paths(w), "q/a[1].png ");
	assert_int_equal(find(w, "q/./a1.png", "q//z/../z/no-extension", NULL), 0);
	assert_string_equal(paths(w), "q/a1.png q/z/no-extension ");
	assert_string_equal(entry(w, "q/z/no-extension")->reldir, "z");
	assert_string_equal(entry(w, "q/a1.png")->reldir, "");
	/* one that is not there fails beside others, and is E070 alone */
	assert_int_equal(find(w, "q/a1.png", "q/gone.png", NULL), 0);
	assert_string_equal(paths(w), "q/a1.png q/gone.png! ");
	assert_int_equal(entry(w, "q/gone.png")->problem_cause, LEAT_CAUSE_NOT_FOUND);
	assert_int_equal(find(w, "q/a2.png", NULL), -1);
	assert_int_equal(w->err.cause, LEAT_CAUSE_NOT_FOUND);
	assert_string_equal(w->err.text, "no file matches q/a2.png");
	assert_int_equal(w->which, 0);
	assert_true(warned(w, "did you mean 'a1.png'?"));
	w->p.missing = LEAT_OR_PASS;
	assert_int_equal(find(w, "q/a1.png", "q/gone.png", NULL), 0);
	assert_string_equal(paths(w), "q/a1.png ");
	assert_true(warned(w, "1 name was passed over"));
}

static void nothing_found(void **state)
{
	struct world *w = *state;
	for (int i = 0; i < 3; i++) {
		char name[32];
		snprintf(name, sizeof name, "n/d%d/a.jpg", i);
		scratch_put(&w->s, name, "x");
	}
	scratch_put(&w->s, "n/b.TXT", "x");
	assert_int_equal(find(w, "n/**/*.jepg", NULL), -1);
	assert_int_equal(w->err.cause, LEAT_CAUSE_NOT_FOUND);
	assert_string_equal(w->err.text, "no file matches n/**/*.jepg");
	char want[1024];
	snprintf(want, sizeof want, "looked in %s/n: 0 of 4 files end in .jepg; most end in .jpg (3)", w->s.path);
	assert_string_equal(w->l.warnings.v[0], want);
	assert_int_equal(find(w, "n/**/b*.jpg", NULL), -1);
	snprintf(want, sizeof want,
		 "looked in %s/n: 3 of 4 files end in .jpg, but the rest of the pattern does not match", w->s.path);
	assert_string_equal(w->l.warnings.v[0], want);
	scratch_put(&w->s, "m/b.txt", "x");
	assert_int_equal(find(w, "m", NULL), -1);
	snprintf(want, sizeof want,
		 "looked in %s/m: 0 of 1 file are of a format that can be read; most end in .txt (1)", w->s.path);
	assert_string_equal(w->l.warnings.v[0], want);
	assert_int_equal(find(w, "o/*.jpg", NULL), -1);
	snprintf(want, sizeof want, "in %s there is no 'o'", w->s.path);
	assert_memory_equal(w->l.warnings.v[0], want, strlen(want));
	/* one of several: a warning */
	assert_int_equal(find(w, "n/**/*.jpg", "n/*.gif", NULL), 0);
	assert_int_equal(w->l.n, 3);
	assert_true(warned(w, "no file matches n/*.gif: looked in "));
	w->p.empty = LEAT_OR_PASS;
	assert_int_equal(find(w, "n/*.gif", NULL), 0);
	assert_int_equal(w->l.n, 0);
	assert_true(warned(w, "no file matches n/*.gif"));
}

static void names_in_another_unicode_form(void **state)
{
	struct world *w = *state;
	scratch_put(&w->s, "u/Zoe\xcc\x88.png", "x"); /* e and a combining diaeresis */
	assert_int_equal(find(w, "u/Zo\xc3\xab.png", NULL), -1);
	assert_true(warned(w, "another Unicode form"));
	assert_true(leat_same_but_form("\xe1\xbb\x87", "e\xcc\xa3\xcc\x82"));
	assert_true(leat_same_but_form("\xea\xb0\x81", "\xe1\x84\x80\xe1\x85\xa1\xe1\x86\xa8"));
	assert_false(leat_same_but_form("\xc3\xab", "e"));
	assert_false(leat_same_but_form("a\xff", "a\xff"));
}

static void filters(void **state)
{
	struct world *w = *state;
	scratch_put(&w->s, "f/small.png", "12");
	scratch_put(&w->s, "f/large.png", "1234567890");
	scratch_put(&w->s, "f/empty.png", "");
	scratch_put(&w->s, "f/old.png", "12345");
	scratch_mtime(&w->s, "f/old.png", time(NULL) - 100000);
	assert_int_equal(find(w, "f", NULL), 0);
	assert_string_equal(paths(w), "f/empty.png! f/large.png f/old.png f/small.png ");
	assert_string_equal(entry(w, "f/empty.png")->problem, "is empty");
	assert_int_equal(w->l.refused, 1);
	w->p.min_size = 0;
	assert_int_equal(find(w, "f", NULL), 0);
	assert_string_equal(paths(w), "f/empty.png f/large.png f/old.png f/small.png ");
	w->p.min_size = 3;
	w->p.max_size = 9;
	assert_int_equal(find(w, "f", NULL), 0);
	assert_string_equal(paths(w), "f/old.png ");
	assert_true(warned(w, "2 files were passed over: smaller than min-size="));
	assert_true(warned(w, "1 file was passed over: larger than max-size=; the first: f/large.png"));
	w->p.min_size = 1;
	w->p.max_size = 0;
	w->p.min_age = 3600 * (int64_t)1000000000;
	assert_int_equal(find(w, "f", NULL), 0);
	assert_string_equal(paths(w), "f/old.png ");
	w->p.max_age = 2 * w->p.min_age;
	assert_int_equal(find(w, "f", NULL), -1);
	assert_string_equal(w->l.warnings.v[0], "all files that match were passed over");
	w->p.min_age = 0;
	assert_int_equal(find(w, "f", NULL), 0);
	assert_string_equal(paths(w), "f/empty.png! f/large.png f/small.png ");
}

static void orders(void **state)
{
	struct world *w = *state;
	scratch_put(&w->s, "s/a10.png", "1");
	scratch_put(&w->s, "s/a9.png", "333");
	scratch_put(&w->s, "s/a09.png", "22");
	scratch_put(&w->s, "s/a/b.png", "4444");
	scratch_mtime(&w->s, "s/a10.png", 3000);
	scratch_mtime(&w->s, "s/a9.png", 1000);
	scratch_mtime(&w->s, "s/a09.png", 2000);
	scratch_mtime(&w->s, "s/a/b.png", 1000);
	assert_int_equal(find(w, "s", NULL), 0);
	assert_string_equal(paths(w), "s/a/b.png s/a09.png s/a10.png s/a9.png ");
	w->p.sort = LEAT_SORT_NATURAL;
	assert_int_equal(find(w, "s", NULL), 0);
	assert_string_equal(paths(w), "s/a/b.png s/a09.png s/a9.png s/a10.png ");
	w->p.sort = LEAT_SORT_MTIME;
	assert_int_equal(find(w, "s", NULL), 0);
	assert_string_equal(paths(w), "s/a/b.png s/a9.png s/a09.png s/a10.png ");
	w->p.sort = LEAT_SORT_SIZE;
	w->p.reverse = true;
	assert_int_equal(find(w, "s", NULL), 0);
	assert_string_equal(paths(w), "s/a/b.png s/a9.png s/a09.png s/a10.png ");
	w->p.sort = LEAT_SORT_NONE;
	w->p.reverse = false;
	assert_int_equal(find(w, "s/a9.png", "s/a10.png", NULL), 0);
	assert_string_equal(paths(w), "s/a9.png s/a10.png ");
}

static void make_socket(const char *rel)
{
	struct sockaddr_un a = {.sun_family = AF_UNIX};
	int fd = socket(AF_UNIX, SOCK_STREAM, 0);
	strncpy(a.sun_path, rel,
		sizeof a.sun_path - 1); /* relative: the scratch folder's own path may be too long for it */
	SCRATCH_MUST(fd >= 0 && bind(fd, (struct sockaddr *)&a, sizeof a) == 0);
	close(fd);
}

/* Everything that is no file: an entry with its reason, nothing opened, nothing waited for. */
static void hostile_entries(void **state)
{
	struct world *w = *state;
	scratch_put(&w->s, "h/good.png", "x");
	scratch_dir(&w->s, "h/folder.png");
	scratch_put(&w->s, "h/folder.png/inside.png", "x");
	SCRATCH_MUST(mkfifoat(w->s.fd, "h/fifo.png", 0644) == 0);
	make_socket("h/socket.png");
	scratch_link(&w->s, "nowhere", "h/dangling.png");
	scratch_link(&w->s, "loop.png", "h/loop.png");
	scratch_link(&w->s, "/etc/passwd", "h/out.png");
	scratch_link(&w->s, "../outside.png", "h/out2.png");
	scratch_put(&w->s, "outside.png", "secret");
	scratch_link(&w->s, "good.png", "h/link.png");
	scratch_link(&w->s, "..", "h/up");
	scratch_link(&w->s, "folder.png", "h/linked-folder.png");
	SCRATCH_MUST(linkat(w->s.fd, "h/good.png", w->s.fd, "h/hard.png", 0) == 0);
	char absolute[512];
	snprintf(absolute, sizeof absolute, "%s/h/good.png", w->s.path);
	scratch_link(&w->s, absolute, "h/absolute.png");
	bool device = mknodat(w->s.fd, "h/zero.png", S_IFCHR | 0666, 0x105) == 0;

	assert_int_equal(find(w, "h/*.png", NULL), 0);
	assert_string_equal(entry(w, "h/folder.png")->problem, "is a folder, not a file");
	assert_string_equal(entry(w, "h/fifo.png")->problem, "is a FIFO, not a file");
	assert_string_equal(entry(w, "h/socket.png")->problem, "is a socket, not a file");
	assert_string_equal(entry(w, "h/dangling.png")->problem, "is a link to nothing");
	assert_int_equal(entry(w, "h/dangling.png")->problem_cause, LEAT_CAUSE_NOT_FOUND);
	assert_string_equal(entry(w, "h/loop.png")->problem, "is a link that leads back to itself");
	assert_non_null(strstr(entry(w, "h/out.png")->problem, "leads out of 'h'"));
	assert_non_null(strstr(entry(w, "h/out2.png")->problem, "leads out of 'h'"));
	assert_string_equal(entry(w, "h/linked-folder.png")->problem, "is a link to a folder, not a file");
	assert_null(entry(w, "h/good.png")->problem);
	assert_null(entry(w, "h/hard.png")->problem);
	assert_null(entry(w, "h/link.png")->problem);
	assert_null(entry(w, "h/absolute.png")->problem);
	if (device)
		assert_string_equal(entry(w, "h/zero.png")->problem, "is a device, not a file");
	assert_int_equal(w->l.n, 12 + device);

	/* a folder that merely stands in a tree is walked; the link upwards is not entered, and that is told */
	assert_int_equal(find(w, "h", NULL), 0);
	assert_null(entry(w, "h/folder.png/inside.png")->problem);
	for (size_t i = 0; i < w->l.n; i++)
		assert_string_not_equal(w->l.v[i].path, "h/folder.png");
	assert_true(warned(w, "2 linked folders were not entered"));
	assert_int_equal(find(w, "h/*", NULL), 0);
	for (size_t i = 0; i < w->l.n; i++)
		assert_string_not_equal(w->l.v[i].path, "h/folder.png");

	w->p.symlinks = LEAT_LINKS_NO;
	assert_int_equal(find(w, "h/link.png", "h/good.png", "h/l*.png", NULL), 0);
	assert_string_equal(paths(w), "h/good.png ");
	assert_true(warned(w, "4 links were passed over: symlinks=no"));
}

static void follows_links_when_told(void **state)
{
	struct world *w = *state;
	scratch_put(&w->s, "t/a/x.png", "x");
	scratch_put(&w->s, "elsewhere/y.png", "yy");
	scratch_link(&w->s, "../../elsewhere", "t/a/there");
	scratch_link(&w->s, "../..", "t/a/loop");
	w->p.symlinks = LEAT_LINKS_FOLLOW;
	assert_int_equal(find(w, "t", NULL), 0);
	assert_string_equal(entry(w, "t/a/there/y.png")->reldir, "a/there");
	/* the way back: everything once more below it, then the link meets itself */
	assert_int_equal(entry(w, "t/a/loop/t")->problem_cause, LEAT_CAUSE_SPECIAL);
	assert_string_equal(entry(w, "t/a/loop/t")->problem, "is a link back to a folder above it");
	struct leat_bytes *b;
	struct leat_err err = {0};
	assert_int_equal(leat_source_read.fetch(&w->p, entry(w, "t/a/there/y.png"), &b, &err), 0);
	assert_int_equal(b->len, 2);
	leat_bytes_unref(&b);
}

static void strange_names(void **state)
{
	struct world *w = *state;
	char longest[256];
	memset(longest, 'n', sizeof longest);
	memcpy(longest + 251, ".png", 5);
	const char *const names[] = {"new\nline.png", "cr\r.png", "tab\t.png", "esc\x1b[31m.png", "bad\xff\xe4.png",
				     "-dash.png",     " .png",    "*.png",     "\"quote'.png",    "com,ma.png",
				     "%s%n.png",      "{a}.png",  longest};
	for (size_t i = 0; i < LEAT_LEN(names); i++) {
		char rel[300];
		snprintf(rel, sizeof rel, "str/%s", names[i]);
		scratch_put(&w->s, rel, "x");
	}
	assert_int_equal(find(w, "str/?*.png", NULL), 0);
	assert_int_equal(w->l.n, LEAT_LEN(names));
	assert_int_equal(w->l.refused, 0);
	for (size_t i = 0; i < w->l.n; i++) {
		struct leat_bytes *b = NULL;
		assert_int_equal(leat_source_read.fetch(&w->p, &w->l.v[i], &b, &w->err), 0);
		leat_bytes_unref(&b);
	}
	/* each by its own name, '*' and '[' or not */
	for (size_t i = 0; i < LEAT_LEN(names); i++) {
		char rel[300];
		snprintf(rel, sizeof rel, "str/%s", names[i]);
		assert_int_equal(find(w, rel, NULL), 0);
		assert_int_equal(w->l.n, 1);
		assert_string_equal(w->l.v[0].path, rel);
		assert_int_equal(w->l.warnings.n, strpbrk(rel, "*?") != NULL);
	}
}

/* 30 folders of 200 letters: no path that open() would take. */
static void deep_tree(struct world *w, bool with_link)
{
	char name[201] = {0};
	memset(name, 'd', 200);
	scratch_dir(&w->s, "deep");
	int fd = openat(w->s.fd, "deep", O_RDONLY | O_DIRECTORY);
	for (int i = 0; i < 30; i++) {
		SCRATCH_MUST(mkdirat(fd, name, 0755) == 0 && mkdirat(fd, "side", 0755) == 0);
		int f = openat(fd, "side/s.png", O_WRONLY | O_CREAT, 0644);
		SCRATCH_MUST(f >= 0 && write(f, "s", 1) == 1 && close(f) == 0);
		int next = openat(fd, name, O_RDONLY | O_DIRECTORY);
		SCRATCH_MUST(next >= 0);
		close(fd);
		fd = next;
	}
	int f = openat(fd, "bottom.png", O_WRONLY | O_CREAT, 0644);
	SCRATCH_MUST(f >= 0 && write(f, "b", 1) == 1 && close(f) == 0);
	if (with_link)
		SCRATCH_MUST(symlinkat("bottom.png", fd, "link.png") == 0);
	close(fd);
	const char *const patterns[] = {"deep", "deep/**/*.png"};
	for (size_t k = 0; k < LEAT_LEN(patterns); k++) {
		assert_int_equal(find(w, patterns[k], NULL), 0);
		assert_int_equal(w->l.n, 31 + with_link);
		for (size_t i = 0; i < w->l.n; i++) {
			struct leat_bytes *b = NULL;
			if (w->l.v[i].problem)
				fail_msg("%s", w->l.v[i].problem);
			assert_int_equal(leat_source_read.fetch(&w->p, &w->l.v[i], &b, &w->err), 0);
			assert_int_equal(b->len, 1);
			leat_bytes_unref(&b);
		}
	}
}

static void deep_trees(void **state)
{
	deep_tree(*state, true);
}

static void few_descriptors(void **state)
{
	struct world *w = *state;
	char rel[512] = "few";
	for (int i = 0; i < 40; i++) {
		char side[600];
		snprintf(side, sizeof side, "%s/side%d/a.png", rel, i);
		scratch_put(&w->s, side, "x");
		strcat(rel, "/d");
		scratch_dir(&w->s, rel);
	}
	struct rlimit old, tight;
	SCRATCH_MUST(getrlimit(RLIMIT_NOFILE, &old) == 0);
	int next = dup(0);
	tight = (struct rlimit){(rlim_t)next + 4, old.rlim_max};
	close(next);
	SCRATCH_MUST(setrlimit(RLIMIT_NOFILE, &tight) == 0);
	int r = find(w, "few", NULL);
	SCRATCH_MUST(setrlimit(RLIMIT_NOFILE, &old) == 0);
	assert_int_equal(r, 0);
	assert_int_equal(w->l.n, 40);
	assert_int_equal(w->l.refused, 0);
}

static void unreadable_folder(void **state)
{
	struct world *w = *state;
	if (geteuid() == 0 && seteuid(65534) != 0) {
		printf("skipped: cannot give up root for a moment\n");
		skip();
	}
	SCRATCH_MUST(seteuid(getuid()) == 0);
	scratch_put(&w->s, "r/ok.png", "x");
	scratch_put(&w->s, "r/closed/a.png", "x");
	scratch_put(&w->s, "r/secret.png", "x");
	SCRATCH_MUST(fchmodat(w->s.fd, "r/closed", 0, 0) == 0 && fchmodat(w->s.fd, "r/secret.png", 0, 0) == 0);
	if (geteuid() == 0)
		SCRATCH_MUST(seteuid(65534) == 0);
	int r = find(w, "r", NULL);
	struct leat_bytes *b = NULL;
	struct leat_err err = {0};
	int got = r < 0 ? 0 : leat_source_read.fetch(&w->p, entry(w, "r/secret.png"), &b, &err);
	if (geteuid() != getuid())
		SCRATCH_MUST(seteuid(getuid()) == 0);
	SCRATCH_MUST(fchmodat(w->s.fd, "r/closed", 0755, 0) == 0);
	assert_int_equal(r, 0);
	assert_string_equal(paths(w), "r/closed! r/ok.png r/secret.png ");
	assert_int_equal(entry(w, "r/closed")->problem_cause, LEAT_CAUSE_PERMISSION);
	assert_string_equal(entry(w, "r/closed")->problem, "cannot read the folder: Permission denied");
	assert_int_equal(got, -1);
	assert_int_equal(err.cause, LEAT_CAUSE_PERMISSION);
}

static int list_from(struct world *w, const char *name, const char *data, size_t n)
{
	static char path[512];
	int fd = openat(w->s.fd, name, O_WRONLY | O_CREAT | O_TRUNC, 0644);
	SCRATCH_MUST(fd >= 0 && write(fd, data, n) == (ssize_t)n && close(fd) == 0);
	snprintf(path, sizeof path, "%s/%s", w->s.path, name);
	w->p.list = path;
	return find(w, NULL);
}

/* Wildcards in a folder's own name are quoted by whoever puts the folder before a pattern. */
static void quoted_folders(void **state)
{
	struct world *w = *state;
	scratch_put(&w->s, "a[1]{x}*/b/c.png", "x");
	scratch_put(&w->s, "a[1]{x}*/d[2].png", "x");
	assert_int_equal(find(w, "a[[]1][{]x}[*]/b/*.png", NULL), 0);
	assert_string_equal(paths(w), "a[1]{x}*/b/c.png ");
	assert_string_equal(w->l.v[0].reldir, "");
	assert_int_equal(find(w, "a[[]1][{]x}[*]/d[2].png", "a[[]1][{]x}[*]/b/../b", NULL), 0);
	assert_string_equal(paths(w), "a[1]{x}*/b/c.png a[1]{x}*/d[2].png ");
	SCRATCH_MUST(chdir("a[1]{x}*") == 0);
	const char *const input[] = {"*/*.png", "d[2].png", NULL};
	struct leat_source_opts o = {.extensions = readable, .input = input};
	leat_arena_free(&w->l.arena);
	w->l = (struct leat_listing){0};
	assert_int_equal(leat_source_read.list(&w->p, &o, &w->l, &w->which, &w->err), 0);
	assert_string_equal(paths(w), "b/c.png d[2].png ");
	SCRATCH_MUST(fchdir(w->s.fd) == 0);
}

static void lists(void **state)
{
	struct world *w = *state;
	scratch_put(&w->s, "l/a.png", "x");
	scratch_put(&w->s, "l/sub/b.png", "x");
	scratch_put(&w->s, "l/new\nline.png", "x");
	scratch_put(&w->s, "l/*.png", "x");
	scratch_dir(&w->s, "l/folder");
#define LIST(t) list_from(w, "l/names", t, sizeof t - 1)
	/* names belong to the folder of the list, are never patterns, and may be listed twice */
	assert_int_equal(LIST("sub/b.png\n./a.png\n\na.png\n*.png\ngone.png\nfolder"), 0);
	assert_string_equal(paths(w), "l/*.png l/a.png l/folder! l/gone.png! l/sub/b.png ");
	assert_string_equal(entry(w, "l/sub/b.png")->reldir, "sub");
	assert_int_equal(entry(w, "l/folder")->problem_cause, LEAT_CAUSE_SPECIAL);
	assert_int_equal(LIST("a.png\0new\nline.png\0"), 0);
	assert_string_equal(paths(w), "l/a.png l/new\nline.png ");
	assert_int_equal(LIST("a.png\r\nsub/b.png\r\n"), 0);
	assert_string_equal(paths(w), "l/a.png l/sub/b.png ");
	assert_int_equal(LIST("gone.png\n"), 0);
	assert_string_equal(paths(w), "l/gone.png! ");
	assert_int_equal(LIST("\n"), -1);
	assert_int_equal(w->err.cause, LEAT_CAUSE_NOT_FOUND);
	w->p.list = "/no/such/list";
	assert_int_equal(find(w, NULL), -1);
	assert_int_equal(w->err.cause, LEAT_CAUSE_USAGE);
	/* on stdin they belong to the current folder */
	int pipes[2], in = dup(0);
	SCRATCH_MUST(pipe(pipes) == 0 && write(pipes[1], "l/a.png\n", 8) == 8 && dup2(pipes[0], 0) == 0);
	close(pipes[0]);
	close(pipes[1]);
	w->p.list = "-";
	int r = find(w, NULL);
	SCRATCH_MUST(dup2(in, 0) == 0);
	close(in);
	assert_int_equal(r, 0);
	assert_string_equal(paths(w), "l/a.png ");
	/* --input replaces all of it */
	const char *const input[] = {"l/sub", NULL};
	struct leat_source_opts o = {.extensions = readable, .input = input};
	leat_arena_free(&w->l.arena);
	w->l = (struct leat_listing){0};
	assert_int_equal(leat_source_read.list(&w->p, &o, &w->l, &w->which, &w->err), 0);
	assert_string_equal(paths(w), "l/sub/b.png ");
}

static void fetch_is_the_listed_file(void **state)
{
	struct world *w = *state;
	struct leat_bytes *b = NULL;
	scratch_put(&w->s, "g/a.png", "hello");
	scratch_put(&w->s, "g/b.png", "other");
	assert_int_equal(find(w, "g/*.png", NULL), 0);
	struct leat_entry e = *entry(w, "g/a.png");
	assert_int_equal(leat_source_read.fetch(&w->p, &e, &b, &w->err), 0);
	assert_int_equal(b->len, 5);
	assert_memory_equal(b->data, "hello", 5);
	leat_bytes_unref(&b);
	uint8_t first[16];
	size_t got;
	bool whole;
	assert_int_equal(leat_source_read.peek(&w->p, &e, first, 3, &got, &whole, &w->err), 0);
	assert_true(got == 3 && !whole && memcmp(first, "hel", 3) == 0);
	assert_int_equal(leat_source_read.peek(&w->p, &e, first, 16, &got, &whole, &w->err), 0);
	assert_true(got == 5 && whole);

	struct leat_err err = {0};
	scratch_put(&w->s, "g/a.png", "longer than before");
	assert_int_equal(leat_source_read.fetch(&w->p, &e, &b, &err), -1);
	assert_int_equal(err.cause, LEAT_CAUSE_CHANGED);
	SCRATCH_MUST(renameat(w->s.fd, "g/b.png", w->s.fd, "g/a.png") == 0);
	err = (struct leat_err){0};
	assert_int_equal(leat_source_read.fetch(&w->p, &e, &b, &err), -1);
	assert_int_equal(err.cause, LEAT_CAUSE_CHANGED);
	SCRATCH_MUST(unlinkat(w->s.fd, "g/a.png", 0) == 0);
	err = (struct leat_err){0};
	assert_int_equal(leat_source_read.fetch(&w->p, &e, &b, &err), -1);
	assert_int_equal(err.cause, LEAT_CAUSE_NOT_FOUND);
	assert_null(b);
	/* a FIFO in its place is not waited for */
	SCRATCH_MUST(mkfifoat(w->s.fd, "g/a.png", 0644) == 0);
	err = (struct leat_err){0};
	assert_int_equal(leat_source_read.fetch(&w->p, &e, &b, &err), -1);
	assert_true(err.cause == LEAT_CAUSE_CHANGED ||
		    err.cause == LEAT_CAUSE_SPECIAL); /* its number may be used again */
}

/* A folder on the way becomes a link to another one: nothing is read through it. */
static void fetch_through_no_link(void **state)
{
	struct world *w = *state;
	struct leat_bytes *b = NULL;
	scratch_put(&w->s, "i/sub/a.png", "hello");
	assert_int_equal(find(w, "i/**/*.png", NULL), 0);
	struct leat_entry e = *entry(w, "i/sub/a.png");
	SCRATCH_MUST(renameat(w->s.fd, "i/sub", w->s.fd, "moved") == 0);
	scratch_link(&w->s, "../moved", "i/sub");
	assert_int_equal(leat_source_read.fetch(&w->p, &e, &b, &w->err), -1);
	assert_int_equal(w->err.cause, LEAT_CAUSE_CHANGED);
}

/* Refuses openat2 in this process, as old kernels and some containers do. */
static void without_openat2(void)
{
	struct sock_filter code[] = {
		BPF_STMT(BPF_LD | BPF_W | BPF_ABS, offsetof(struct seccomp_data, nr)),
		BPF_JUMP(BPF_JMP | BPF_JEQ | BPF_K, SYS_openat2, 0, 1),
		BPF_STMT(BPF_RET | BPF_K, SECCOMP_RET_ERRNO | EPERM),
		BPF_STMT(BPF_RET | BPF_K, SECCOMP_RET_ALLOW),
	};
	struct sock_fprog prog = {LEAT_LEN(code), code};
	SCRATCH_MUST(prctl(PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0) == 0);
	SCRATCH_MUST(prctl(PR_SET_SECCOMP, SECCOMP_MODE_FILTER, &prog) == 0);
}

static void old_kernels(void **state)
{
	pid_t pid = fork();
	SCRATCH_MUST(pid >= 0);
	if (pid == 0) {
		without_openat2();
		struct world *w = *state;
		hostile_entries(state);
		w->p.symlinks = LEAT_LINKS_FILES;
		deep_tree(w, false);
		fetch_through_no_link(state);
		_exit(0);
	}
	int status;
	SCRATCH_MUST(waitpid(pid, &status, 0) == pid);
	assert_true(WIFEXITED(status) && WEXITSTATUS(status) == 0);
}

static void cancelled(void **state)
{
	struct world *w = *state;
	struct leat_cancel c = {LEAT_STOP_DRAIN};
	struct leat_source_opts o = {.extensions = readable, .cancel = &c};
	scratch_put(&w->s, "c/a/b.png", "x");
	assert_int_equal(find(w, "c", NULL), 0);
	leat_arena_free(&w->l.arena);
	w->l = (struct leat_listing){0};
	assert_int_equal(leat_source_read.list(&w->p, &o, &w->l, &w->which, &w->err), -1);
	assert_int_equal(w->err.cause, LEAT_CAUSE_CANCELLED);
}

static void checks(void **state)
{
	(void)state;
	const struct leat_param *which;
	const char *one = "/x";
	struct leat_err err = {0};
	struct leat_read p = {.min_size = 1};
	assert_int_equal(leat_source_read.check(&p, &which, &err), -1);
	assert_string_equal(which->name, "path");
	p.patterns = (struct leat_strs){&one, 1};
	assert_int_equal(leat_source_read.check(&p, &which, &err), 0);
	p.list = "/y";
	assert_int_equal(leat_source_read.check(&p, &which, &err), -1);
	p.list = NULL;
	p.min_size = 100;
	p.max_size = 99;
	assert_int_equal(leat_source_read.check(&p, &which, &err), -1);
	assert_string_equal(which->name, "max-size");
}

int main(void)
{
#define T(f) cmocka_unit_test_setup_teardown(f, setup, teardown)
	const struct CMUnitTest tests[] = {
		T(folder_is_its_whole_tree),
		T(patterns_match),
		T(other_case_is_told),
		T(excludes_and_root),
		T(literal_names),
		T(nothing_found),
		T(names_in_another_unicode_form),
		T(filters),
		T(orders),
		T(hostile_entries),
		T(follows_links_when_told),
		T(strange_names),
		T(deep_trees),
		T(few_descriptors),
		T(unreadable_folder),
		T(quoted_folders),
		T(lists),
		T(fetch_is_the_listed_file),
		T(fetch_through_no_link),
		T(old_kernels),
		T(cancelled),
		T(checks),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
