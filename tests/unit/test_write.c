/* SPDX-License-Identifier: MIT */
/*
 * The sink `write` and what it stands on: whole files or none, below their root, never over an input, whatever
 * else happens.
 */
#include "scratch.h"

#include <setjmp.h>
#include <cmocka.h>

#include "base/beneath.h"
#include "base/nameset.h"
#include "base/publish.h"
#include "core/end.h"

#include <pthread.h>
#include <signal.h>
#include <stdatomic.h>
#include <sys/mount.h>
#include <sys/resource.h>
#include <sys/wait.h>

extern const struct leat_sink leat_sink_write;

enum existing { OVERWRITE, SKIP, UPDATE, FAIL };
enum { LARGER_WRITE, LARGER_SKIP, LARGER_ORIGINAL };

struct world {
	struct scratch s;
	void *params; /* of the sink's params_size, set through its table */
	struct leat_listing l;
	struct leat_entry entries[8];
	char texts[8][3][512];
	struct leat_sink_open o;
	struct leat_runinfo run;
	struct leat_put_result res;
	struct leat_err err;
	void *sink;
	char shown[512], text[1024];
	struct leat_template *t;
};

/* ---- parameters by their table, as a recipe would set them ---- */

static void *param(struct world *w, const char *name)
{
	for (const struct leat_param *p = leat_sink_write.params; p->name; p++)
		if (strcmp(p->name, name) == 0)
			return (char *)w->params + p->offset;
	fail_msg("no parameter %s", name);
	return NULL;
}

static void choose(struct world *w, const char *name, int64_t v)
{
	*(int64_t *)param(w, name) = v;
}

static void turn_on(struct world *w, const char *name)
{
	*(bool *)param(w, name) = true;
}

static void set_mode(struct world *w, const char *mode)
{
	*(const char **)param(w, "mode") = mode;
}

static void close_it(struct world *w)
{
	struct leat_err err = {0};
	if (w->sink)
		assert_int_equal(leat_sink_write.close(w->sink, false, &err), 0);
	w->sink = NULL;
	leat_template_free(&w->t);
}

/* Opens `write TEMPLATE`, relative to the scratch folder. */
static int open_it(struct world *w, const char *tmpl)
{
	close_it(w);
	w->err = (struct leat_err){0};
	snprintf(w->shown, sizeof w->shown, "%s", tmpl);
	bool own =
		tmpl[0] == '/' || tmpl[0] == '-' || strncmp(tmpl, "{path}", 6) == 0 || strncmp(tmpl, "{dir}", 5) == 0;
	snprintf(w->text, sizeof w->text, "%s%s%s", own ? "" : w->s.path, own ? "" : "/", tmpl);
	w->t = leat_template_new(w->text, NULL, &w->err);
	SCRATCH_MUST(w->t);
	*(struct leat_tmpl *)param(w, "name") = (struct leat_tmpl){w->text, w->shown, w->t};
	w->o.params = w->params;
	w->o.run = &w->run;
	w->o.inputs = &w->l;
	return leat_sink_write.open(&w->o, &w->sink, &w->err);
}

/* Puts `text` as the result of item i. */
static int put(struct world *w, size_t i, const char *text)
{
	struct leat_bytes *b = leat_bytes_new(strlen(text), &w->err);
	SCRATCH_MUST(b && leat_bytes_append(b, text, strlen(text), &w->err) == 0);
	struct leat_payload in = {.kind = LEAT_FILE, .bytes = b};
	struct leat_view v = {.entry = i < w->l.n ? &w->entries[i] : NULL, .run = &w->run, .branch = "", .index = i};
	free(w->res.path);
	w->res = (struct leat_put_result){0};
	w->err = (struct leat_err){0};
	int r = leat_sink_write.put(w->sink, &v, &in, &w->res, &w->err);
	leat_bytes_unref(&b);
	return r;
}

/* The file `rel` below the folder in/ becomes the next input. */
static size_t input(struct world *w, const char *rel, const char *text)
{
	size_t i = w->l.n++;
	struct stat st;
	char *path = w->texts[i][0];
	const char *slash = strrchr(rel, '/');
	snprintf(path, 512, "in/%s", rel);
	if (text)
		scratch_put(&w->s, path, text);
	SCRATCH_MUST(fstatat(w->s.fd, path, &st, 0) == 0);
	snprintf(w->texts[i][1], 512, "%.*s", slash ? (int)(slash - rel) : 0, rel);
	strcpy(w->texts[i][2], w->s.path);
	strcat(w->texts[i][2], "/in");
	w->entries[i] = (struct leat_entry){
		.seq = i,
		.index = i,
		.path = w->texts[i][0],
		.root = w->texts[i][2],
		.rel = w->texts[i][0] + 3,
		.reldir = w->texts[i][1],
		.size = (uint64_t)st.st_size,
		.mtime_ns = (int64_t)st.st_mtim.tv_sec * 1000000000 + st.st_mtim.tv_nsec,
		.dev = st.st_dev,
		.ino = st.st_ino,
	};
	w->l.v = w->entries;
	return i;
}

static int setup(void **state)
{
	struct world *w = calloc(1, sizeof *w);
	SCRATCH_MUST(w);
	w->params = calloc(1, leat_sink_write.params_size);
	SCRATCH_MUST(w->params);
	scratch_open(&w->s);
	*state = w;
	return 0;
}

static int teardown(void **state)
{
	struct world *w = *state;
	close_it(w);
	assert_int_equal(scratch_count(w->s.fd, ".part"), 0);
	scratch_close(&w->s);
	free(w->res.path);
	free(w->params);
	free(w);
	return 0;
}

static mode_t mode_of(const struct world *w, const char *rel)
{
	struct stat st;
	SCRATCH_MUST(fstatat(w->s.fd, rel, &st, AT_SYMLINK_NOFOLLOW) == 0);
	return st.st_mode & 07777;
}

/* ---- names ---- */

static void writes_below_its_root(void **state)
{
	struct world *w = *state;
	size_t a = input(w, "x/y/a.png", "1"), b = input(w, "b.png", "2");
	assert_int_equal(open_it(w, "out/deep/{reldir}/{stem}-{index:03}.webp"), 0);
	assert_int_equal(put(w, a, "AA"), 0);
	assert_int_equal(w->res.what, LEAT_PUT_NEW);
	assert_int_equal(w->res.bytes, 2);
	char want[600];
	snprintf(want, sizeof want, "%s/out/deep/x/y/a-000.webp", w->s.path);
	assert_string_equal(w->res.path, want);
	assert_int_equal(put(w, b, "B"), 0);
	assert_true(scratch_has(&w->s, "out/deep/x/y/a-000.webp", "AA"));
	assert_true(scratch_has(&w->s, "out/deep/b-001.webp", "B"));
	assert_int_equal(put(w, b, "longer"), 0); /* a second attempt of the same item */
	assert_int_equal(w->res.what, LEAT_PUT_OVERWRITTEN);
	assert_true(scratch_has(&w->s, "out/deep/b-001.webp", "longer"));
	assert_int_equal(open_it(w, "out/{{lit}}/one.txt"), 0);
	assert_int_equal(put(w, a, ""), 0);
	assert_true(scratch_has(&w->s, "out/{lit}/one.txt", ""));
}

static void names_that_lead_out(void **state)
{
	struct world *w = *state;
	size_t a = input(w, "a.png", "1");
	struct leat_fields f = {0};
	static const char *const bad[] = {"..", "../x", "/etc/x", "a/b"};
	assert_int_equal(open_it(w, "out/{key}"), 0);
	for (size_t i = 0; i < LEAT_LEN(bad); i++) {
		struct leat_bytes *b = leat_bytes_new(1, &w->err);
		struct leat_payload in = {.kind = LEAT_FILE, .bytes = b};
		struct leat_view v = {.entry = &w->entries[a], .fields = &f, .run = &w->run, .branch = ""};
		w->err = (struct leat_err){0};
		SCRATCH_MUST(leat_fields_set_text(&f, "key", bad[i], strlen(bad[i]), &w->err) == 0);
		assert_int_equal(leat_sink_write.put(w->sink, &v, &in, &w->res, &w->err), -1);
		assert_int_equal(w->err.cause, LEAT_CAUSE_USAGE);
		leat_bytes_unref(&b);
	}
	leat_fields_free(&f);
	/* a folder below the root that is a link to elsewhere; the root itself may be one */
	scratch_dir(&w->s, "victim");
	scratch_link(&w->s, "../victim", "out/sub");
	assert_int_equal(open_it(w, "out/{stem}/../sub/x"), 0);
	assert_int_equal(put(w, a, "evil"), -1);
	size_t b = input(w, "sub/b.png", "1");
	assert_int_equal(open_it(w, "out/{reldir}/{name}"), 0);
	assert_int_equal(put(w, b, "evil"), -1);
	assert_int_equal(w->err.cause, LEAT_CAUSE_CONFLICT);
	assert_non_null(strstr(w->err.text, "is a link: outputs do not leave"));
	int victim = openat(w->s.fd, "victim", O_RDONLY | O_DIRECTORY);
	assert_int_equal(scratch_count(victim, NULL), 0);
	close(victim);
	assert_int_equal(open_it(w, "out/sub/{name}"), 0);
	assert_int_equal(put(w, b, "fine"), 0);
	assert_true(scratch_has(&w->s, "victim/b.png", "fine"));
	scratch_put(&w->s, "out/file", "x");
	size_t c = input(w, "file/c.png", "1");
	assert_int_equal(open_it(w, "out/{reldir}/{name}"), 0);
	assert_int_equal(put(w, c, "x"), -1);
	assert_int_equal(w->err.cause, LEAT_CAUSE_CONFLICT);
}

static void strange_names(void **state)
{
	struct world *w = *state;
	char longest[256];
	memset(longest, 'n', sizeof longest);
	memcpy(longest + 251, ".png", 5);
	const char *const names[] = {
		"new\nline.png", "esc\x1b[31m.png", "bad\xff\xe4.png", "-dash.png", " ", "%s%n.png", longest};
	assert_int_equal(open_it(w, "out/{name}"), 0);
	for (size_t i = 0; i < LEAT_LEN(names); i++) {
		char rel[300];
		snprintf(rel, sizeof rel, "out/%s", names[i]);
		size_t k = input(w, names[i], "x");
		assert_int_equal(put(w, k, "y"), 0);
		assert_true(scratch_has(&w->s, rel, "y"));
	}
	assert_int_equal(open_it(w, "out/_{name}"), 0);
	assert_int_equal(put(w, LEAT_LEN(names) - 1, "y"), -1);
	assert_int_equal(w->err.cause, LEAT_CAUSE_MISMATCH);
}

/* ---- existing= ---- */

static void existing_modes(void **state)
{
	struct world *w = *state;
	size_t a = input(w, "a.png", "1");
	scratch_put(&w->s, "out/a.png", "old");
	choose(w, "existing", SKIP);
	assert_int_equal(open_it(w, "out/{name}"), 0);
	assert_int_equal(put(w, a, "new"), 0);
	assert_int_equal(w->res.what, LEAT_PUT_SKIPPED);
	assert_int_equal(w->res.bytes, 0);
	assert_true(scratch_has(&w->s, "out/a.png", "old"));
	choose(w, "existing", FAIL);
	assert_int_equal(open_it(w, "out/{name}"), 0);
	assert_int_equal(put(w, a, "new"), -1);
	assert_int_equal(w->err.cause, LEAT_CAUSE_CONFLICT);
	assert_true(scratch_has(&w->s, "out/a.png", "old"));
	choose(w, "existing", UPDATE);
	assert_int_equal(open_it(w, "out/{name}"), 0);
	scratch_mtime(&w->s, "out/a.png", time(NULL) + 100);
	assert_int_equal(put(w, a, "new"), 0);
	assert_int_equal(w->res.what, LEAT_PUT_SKIPPED);
	scratch_mtime(&w->s, "out/a.png", 1000);
	assert_int_equal(put(w, a, "new"), 0);
	assert_int_equal(w->res.what, LEAT_PUT_OVERWRITTEN);
	assert_true(scratch_has(&w->s, "out/a.png", "new"));
	choose(w, "existing", OVERWRITE);
	assert_int_equal(open_it(w, "out/{name}"), 0);
	assert_int_equal(put(w, a, "newer"), 0);
	assert_int_equal(w->res.what, LEAT_PUT_OVERWRITTEN);
	for (int mode = OVERWRITE; mode <= FAIL; mode++) {
		char name[32];
		snprintf(name, sizeof name, "out/fresh%d", mode);
		choose(w, "existing", mode);
		assert_int_equal(open_it(w, name), 0);
		assert_int_equal(put(w, a, "x"), 0);
		assert_int_equal(w->res.what, LEAT_PUT_NEW);
	}
}

/* The name appears between the look and the rename: never overwritten with existing=skip or fail. */
static void no_replace_holds_at_the_rename(void **state)
{
	struct world *w = *state;
	struct leat_publish p;
	int out = openat(w->s.fd, ".", O_PATH | O_DIRECTORY);
	struct leat_publish_opts o = {.mode = 0644, .keep = true};
	assert_int_equal(leat_publish_open(&p, out, out, &w->err), 0);
	assert_int_equal(leat_publish_write(&p, "mine", 4, &w->err), 0);
	scratch_put(&w->s, "x", "theirs");
	assert_int_equal(leat_publish_commit(&p, "x", &o, &w->err), 1);
	assert_true(scratch_has(&w->s, "x", "theirs"));
	assert_int_equal(scratch_count(w->s.fd, ".part"), 0);
	close(out);
}

/* A file without a name: nothing to be seen before the end, then whole; what came in between is kept or replaced. */
static void unnamed_files_get_their_name_at_the_end(void **state)
{
	static const char *const there[] = {NULL, "theirs", "theirs"}, *const after[] = {"mine", "theirs", "mine"};
	struct world *w = *state;
	struct leat_publish p;
	for (int i = 0; i < 3; i++) {
		char name[] = {(char)('p' + i), 0};
		int out = openat(w->s.fd, ".", O_PATH | O_DIRECTORY);
		struct leat_publish_opts o = {.mode = 0640, .keep = i < 2, .sync = true};
		struct stat st;
		assert_int_equal(leat_publish_open_new(&p, out, &w->err), 0);
		assert_int_equal(leat_publish_write(&p, "mine", 4, &w->err), 0);
		assert_int_equal(fstatat(w->s.fd, name, &st, 0), -1);
		if (there[i])
			scratch_put(&w->s, name, there[i]);
		assert_int_equal(leat_publish_commit(&p, name, &o, &w->err), i == 1);
		assert_true(scratch_has(&w->s, name, after[i]));
		assert_int_equal(fstatat(w->s.fd, name, &st, 0), 0);
		assert_true(i == 1 || (st.st_mode & 07777) == 0640);
		assert_int_equal(p.fd, -1);
		assert_int_equal(scratch_count(w->s.fd, ".part"), 0);
		close(out);
	}
	int out = openat(w->s.fd, ".", O_PATH | O_DIRECTORY);
	assert_int_equal(leat_publish_open_new(&p, out, &w->err), 0);
	leat_publish_drop(&p);
	assert_int_equal(scratch_count(w->s.fd, ".part"), 0);
	close(out);
}

static void special_files_are_not_replaced(void **state)
{
	struct world *w = *state;
	size_t a = input(w, "a.png", "1");
	scratch_dir(&w->s, "out/folder");
	SCRATCH_MUST(mkfifoat(w->s.fd, "out/fifo", 0644) == 0);
	scratch_link(&w->s, "/dev/null", "out/null");
	scratch_put(&w->s, "elsewhere", "keep");
	scratch_link(&w->s, "../elsewhere", "out/link");
	static const char *const names[] = {"out/folder", "out/fifo", "out/null"};
	for (size_t i = 0; i < LEAT_LEN(names); i++) {
		assert_int_equal(open_it(w, names[i]), 0);
		assert_int_equal(put(w, a, "x"), -1);
		assert_int_equal(w->err.cause, LEAT_CAUSE_SPECIAL);
	}
	/* a link to a file is replaced, what it leads to is not touched */
	assert_int_equal(open_it(w, "out/link"), 0);
	assert_int_equal(put(w, a, "x"), 0);
	assert_true(scratch_has(&w->s, "elsewhere", "keep"));
	assert_true(scratch_has(&w->s, "out/link", "x"));
}

/* ---- inputs ---- */

static void inputs_are_safe(void **state)
{
	struct world *w = *state;
	size_t a = input(w, "a.png", "precious"), b = input(w, "b.png", "other");
	scratch_dir(&w->s, "out");
	SCRATCH_MUST(linkat(w->s.fd, "in/a.png", w->s.fd, "out/hard.png", 0) == 0);
	scratch_link(&w->s, "../in/a.png", "out/soft.png");
	static const char *const names[] = {"in/a.png", "out/hard.png", "out/soft.png", "in/../in/a.png"};
	for (int mode = OVERWRITE; mode <= FAIL; mode++)
		for (size_t i = 0; i < LEAT_LEN(names); i++) {
			choose(w, "existing", mode);
			assert_int_equal(open_it(w, names[i]), 0);
			assert_int_equal(put(w, b, "gone"), -1);
			assert_int_equal(w->err.cause, LEAT_CAUSE_CONFLICT);
			assert_non_null(strstr(w->err.text, "is an input of this run (in/a.png)"));
			assert_true(scratch_has(&w->s, "in/a.png", "precious"));
		}
	choose(w, "existing", OVERWRITE);
	turn_on(w, "replace");
	SCRATCH_MUST(fchmodat(w->s.fd, "in/a.png", 0600, 0) == 0);
	assert_int_equal(open_it(w, "out/soft.png"), 0);
	assert_int_equal(put(w, a, "x"), -1);
	assert_int_equal(w->err.cause, LEAT_CAUSE_SPECIAL);
	assert_int_equal(open_it(w, "{path}"), 0);
	assert_int_equal(put(w, a, "smaller"), 0);
	assert_int_equal(w->res.what, LEAT_PUT_OVERWRITTEN);
	assert_true(scratch_has(&w->s, "in/a.png", "smaller"));
	assert_int_equal(mode_of(w, "in/a.png"), 0600);
	assert_true(scratch_has(&w->s, "out/hard.png", "precious")); /* the other name keeps the old file */
}

static void path_and_dir_templates(void **state)
{
	struct world *w = *state;
	size_t a = input(w, "x/a.png", "1"), b = input(w, "b.png", "1");
	assert_int_equal(open_it(w, "{path}.webp"), 0);
	assert_int_equal(put(w, a, "1"), 0);
	assert_true(scratch_has(&w->s, "in/x/a.png.webp", "1"));
	assert_int_equal(open_it(w, "{dir}/small/{stem}.jpg"), 0);
	assert_int_equal(put(w, a, "2"), 0);
	assert_int_equal(put(w, b, "3"), 0);
	assert_true(scratch_has(&w->s, "in/x/small/a.jpg", "2"));
	assert_true(scratch_has(&w->s, "in/small/b.jpg", "3"));
	assert_int_equal(put(w, 7, "x"), -1); /* behind a reduction */
	assert_int_equal(w->err.cause, LEAT_CAUSE_USAGE);
}

static void one_name_one_item(void **state)
{
	struct world *w = *state;
	size_t a = input(w, "2023/cat.jpg", "1"), b = input(w, "2024/cat.jpg", "2");
	assert_int_equal(open_it(w, "out/{stem}.webp"), 0);
	assert_int_equal(put(w, a, "first"), 0);
	assert_int_equal(put(w, b, "second"), -1);
	assert_int_equal(w->err.cause, LEAT_CAUSE_CONFLICT);
	assert_non_null(strstr(w->err.text, "is also the output of 'in/2023/cat.jpg'"));
	assert_true(scratch_has(&w->s, "out/cat.webp", "first"));
	/* one set for all write steps of a run */
	struct leat_nameset *names = leat_nameset_new(&w->err);
	w->o.names = names;
	assert_int_equal(open_it(w, "out/{stem}.gif"), 0);
	assert_int_equal(put(w, a, "first"), 0);
	assert_int_equal(open_it(w, "out/cat.gif"), 0);
	assert_int_equal(put(w, b, "second"), -1);
	assert_int_equal(w->err.cause, LEAT_CAUSE_CONFLICT);
	close_it(w);
	w->o.names = NULL;
	leat_nameset_free(&names);
}

/* ---- options ---- */

static void modes_and_times(void **state)
{
	struct world *w = *state;
	size_t a = input(w, "a.png", "1");
	w->entries[a].mtime_ns = 1234567890123456789;
	mode_t old = umask(027);
	assert_int_equal(leat_umask(), 027);
	assert_int_equal(open_it(w, "out/plain"), 0);
	assert_int_equal(put(w, a, "x"), 0);
	set_mode(w, "0604");
	turn_on(w, "keep-times");
	assert_int_equal(open_it(w, "out/given"), 0);
	assert_int_equal(put(w, a, "x"), 0);
	umask(old);
	assert_int_equal(mode_of(w, "out/plain"), 0640);
	assert_int_equal(mode_of(w, "out/given"), 0604);
	struct stat st;
	SCRATCH_MUST(fstatat(w->s.fd, "out/given", &st, 0) == 0);
	assert_int_equal(st.st_mtim.tv_sec, 1234567890);
	assert_int_equal(st.st_mtim.tv_nsec, 123456789);
	assert_int_equal(put(w, 7, "x"), -1); /* no input, no times */
	const struct leat_param *which;
	static const char *const bad[] = {"08", "rw", "", "07777", "1777", "64"};
	for (size_t i = 0; i < LEAT_LEN(bad); i++) {
		set_mode(w, bad[i]);
		w->err = (struct leat_err){0};
		assert_int_equal(leat_sink_write.check(w->params, &which, &w->err), -1);
		assert_string_equal(which->name, "mode");
	}
}

static void larger_results(void **state)
{
	struct world *w = *state;
	size_t a = input(w, "a.png", "12345");
	choose(w, "larger", LARGER_SKIP);
	assert_int_equal(open_it(w, "out/{name}"), 0);
	assert_int_equal(put(w, a, "123456"), 0);
	assert_int_equal(w->res.what, LEAT_PUT_SKIPPED);
	assert_null(scratch_get(&w->s, "out/a.png"));
	assert_int_equal(put(w, a, "54321"), 0);
	assert_true(scratch_has(&w->s, "out/a.png", "54321"));
	choose(w, "larger", LARGER_ORIGINAL);
	assert_int_equal(open_it(w, "out/{stem}.PNG"), 0);
	assert_int_equal(put(w, a, "much larger"), 0);
	assert_int_equal(w->res.bytes, 5);
	assert_true(scratch_has(&w->s, "out/a.PNG", "12345"));
	assert_int_equal(open_it(w, "out/{stem}.webp"), 0);
	assert_int_equal(put(w, a, "much larger"), -1);
	assert_int_equal(w->err.cause, LEAT_CAUSE_MISMATCH);
}

static void durable(void **state)
{
	struct world *w = *state;
	size_t a = input(w, "x/a.png", "1");
	choose(w, "fsync", 1);
	assert_int_equal(open_it(w, "out/{reldir}/{name}"), 0);
	assert_int_equal(put(w, a, "x"), 0);
	assert_true(scratch_has(&w->s, "out/x/a.png", "x"));
}

static void temp_folder(void **state)
{
	struct world *w = *state;
	size_t a = input(w, "a.png", "1");
	char temp[600];
	snprintf(temp, sizeof temp, "%s/unfinished", w->s.path);
	w->o.temp = temp;
	assert_int_equal(open_it(w, "out/{name}"), 0);
	assert_int_equal(put(w, a, "x"), 0);
	assert_true(scratch_has(&w->s, "out/a.png", "x"));
	w->o.temp = "/dev/shm/leat-test-temp";
	struct stat st, sh;
	SCRATCH_MUST(fstat(w->s.fd, &st) == 0);
	if (stat("/dev/shm", &sh) == 0 && sh.st_dev != st.st_dev) {
		assert_int_equal(open_it(w, "out/{name}"), -1);
		assert_int_equal(w->err.cause, LEAT_CAUSE_USAGE);
		rmdir("/dev/shm/leat-test-temp");
	}
	w->o.temp = NULL;
}

static void to_standard_output(void **state)
{
	struct world *w = *state;
	size_t a = input(w, "a.png", "1");
	int pipes[2], out = dup(1);
	fflush(stdout);
	SCRATCH_MUST(pipe(pipes) == 0 && dup2(pipes[1], 1) == 1);
	int r = open_it(w, "-"), first = r ? r : put(w, a, "bytes"), second = put(w, a, "more");
	SCRATCH_MUST(dup2(out, 1) == 1);
	close(out);
	close(pipes[1]);
	char got[16] = {0};
	SCRATCH_MUST(read(pipes[0], got, sizeof got - 1) >= 0);
	close(pipes[0]);
	assert_int_equal(first, 0);
	assert_int_equal(second, -1);
	assert_string_equal(got, "bytes");
}

/* ---- full, broken and forbidden targets ---- */

static void full_disk(void **state)
{
	struct world *w = *state;
	size_t a = input(w, "a.png", "1"), b = input(w, "b.png", "1");
	char *big = malloc(300000), where[600];
	SCRATCH_MUST(big);
	memset(big, 'x', 299999);
	big[299999] = 0;
	scratch_dir(&w->s, "out");
	snprintf(where, sizeof where, "%s/out", w->s.path);
	if (mount("none", where, "tmpfs", 0, "size=256k") != 0) {
		printf("skipped: may not mount a small file system\n");
		free(big);
		skip();
	}
	assert_int_equal(open_it(w, "out/{name}"), 0);
	assert_int_equal(put(w, a, "fits"), 0);
	int r = put(w, b, big);
	struct leat_err e = w->err;
	char *gone = scratch_get(&w->s, "out/b.png");
	int temps = scratch_count(w->s.fd, ".part");
	/* ... and at the start: nothing can be made there any more, or it is read-only */
	int fd = openat(w->s.fd, "out/filler", O_WRONLY | O_CREAT, 0644);
	while (write(fd, big, 4096) > 0)
		;
	close(fd);
	bool still = scratch_has(&w->s, "out/a.png", "fits");
	SCRATCH_MUST(mount("none", where, NULL, MS_REMOUNT | MS_RDONLY, "size=256k") == 0);
	int ro = open_it(w, "out/{reldir}/{name}");
	struct leat_err ro_err = w->err;
	close_it(w);
	SCRATCH_MUST(umount(where) == 0);
	free(big);
	assert_int_equal(r, -1);
	assert_int_equal(e.cause, LEAT_CAUSE_TARGET);
	assert_int_equal(e.sys, ENOSPC);
	assert_null(gone);
	assert_int_equal(temps, 0);
	assert_true(still);
	assert_int_equal(ro, -1);
	assert_int_equal(ro_err.cause, LEAT_CAUSE_TARGET);
	assert_int_equal(ro_err.sys, EROFS);
}

static void file_size_limit(void **state)
{
	struct world *w = *state;
	size_t a = input(w, "a.png", "1");
	char text[8192];
	memset(text, 'x', sizeof text);
	text[sizeof text - 1] = 0;
	struct rlimit old, tight;
	SCRATCH_MUST(getrlimit(RLIMIT_FSIZE, &old) == 0);
	tight = (struct rlimit){4096, old.rlim_max};
	void (*before)(int) = signal(SIGXFSZ, SIG_IGN);
	assert_int_equal(open_it(w, "out/{name}"), 0);
	SCRATCH_MUST(setrlimit(RLIMIT_FSIZE, &tight) == 0);
	int r = put(w, a, text);
	SCRATCH_MUST(setrlimit(RLIMIT_FSIZE, &old) == 0);
	signal(SIGXFSZ, before);
	assert_int_equal(r, -1);
	assert_int_equal(w->err.cause, LEAT_CAUSE_TARGET);
	assert_null(scratch_get(&w->s, "out/a.png"));
}

static void forbidden_folder(void **state)
{
	struct world *w = *state;
	input(w, "a.png", "1");
	scratch_dir(&w->s, "closed");
	scratch_dir(&w->s, "closed/sub");
	SCRATCH_MUST(fchmodat(w->s.fd, "closed", 0555, 0) == 0);
	if (geteuid() == 0 && seteuid(65534) != 0)
		skip();
	int r = open_it(w, "closed/{name}");
	enum leat_cause cause = w->err.cause;
	int deeper = open_it(w, "closed/{reldir}/{name}"); /* perhaps a folder below may be written */
	SCRATCH_MUST(seteuid(getuid()) == 0);
	SCRATCH_MUST(fchmodat(w->s.fd, "closed", 0755, 0) == 0);
	assert_int_equal(r, -1);
	assert_int_equal(cause, LEAT_CAUSE_PERMISSION);
	assert_int_equal(deeper, 0);
}

static void folder_vanishes(void **state)
{
	struct world *w = *state;
	size_t a = input(w, "a.png", "1"), b = input(w, "s/b.png", "1");
	assert_int_equal(open_it(w, "out/{reldir}/{name}"), 0);
	assert_int_equal(put(w, b, "x"), 0);
	SCRATCH_MUST(unlinkat(w->s.fd, "out/s/b.png", 0) == 0 && unlinkat(w->s.fd, "out/s", AT_REMOVEDIR) == 0);
	assert_int_equal(put(w, b, "x"), 0); /* made again */
	SCRATCH_MUST(unlinkat(w->s.fd, "out/s/b.png", 0) == 0 && unlinkat(w->s.fd, "out/s", AT_REMOVEDIR) == 0);
	SCRATCH_MUST(unlinkat(w->s.fd, "out", AT_REMOVEDIR) == 0);
	assert_int_equal(put(w, a, "x"), -1);
}

/* ---- races ---- */

struct swapper {
	int fd;
	atomic_bool stop;
	unsigned swaps;
};

/* Swaps out/sub between a folder and a link to victim/, as often as it can. */
static void *swap_folders(void *arg)
{
	struct swapper *s = arg;
	while (!atomic_load(&s->stop)) {
		if (renameat2(s->fd, "out/sub", s->fd, "out/link", RENAME_EXCHANGE) == 0)
			s->swaps++;
	}
	return NULL;
}

static void swapped_folders(void **state)
{
	struct world *w = *state;
	size_t a = input(w, "sub/a.png", "1");
	scratch_dir(&w->s, "victim");
	scratch_dir(&w->s, "out/sub");
	scratch_link(&w->s, "../victim", "out/link");
	struct swapper s = {.fd = w->s.fd};
	pthread_t t;
	assert_int_equal(open_it(w, "out/{reldir}/{name}"), 0);
	SCRATCH_MUST(pthread_create(&t, NULL, swap_folders, &s) == 0);
	int written = 0, refused = 0;
	for (int i = 0; i < 20000 && (i < 2000 || !written || !refused); i++) {
		if (put(w, a, "x") == 0)
			written++;
		else
			refused += w->err.cause == LEAT_CAUSE_CONFLICT;
	}
	atomic_store(&s.stop, true);
	pthread_join(t, NULL);
	int victim = openat(w->s.fd, "victim", O_RDONLY | O_DIRECTORY);
	assert_int_equal(scratch_count(victim, NULL), 0);
	close(victim);
	assert_true(written > 0);
	assert_true(refused > 0);
}

enum { THREADS = 6, FILES = 200 };

struct writer {
	struct world *w;
	int id;
	int failed, conflicts;
};

/* All threads write their own files into the same new folders, and all fight for one name. */
static void *write_many(void *arg)
{
	struct writer *me = arg;
	for (int i = 0; i < FILES; i++) {
		struct leat_err err = {0};
		struct leat_put_result res = {0};
		struct leat_fields f = {0};
		struct leat_bytes *b = leat_bytes_new(16, &err);
		char name[32];
		snprintf(name, sizeof name, "%d-%d", i == FILES / 2 ? 0 : me->id, i);
		struct leat_entry e = {.seq = (uint64_t)(me->id * FILES + i),
				       .path = name,
				       .root = "/",
				       .rel = name,
				       .reldir = "d/e/f"};
		struct leat_payload in = {.kind = LEAT_FILE, .bytes = b};
		struct leat_view v = {.entry = &e, .fields = &f, .run = &me->w->run, .branch = ""};
		int ok = b && leat_bytes_append(b, name, strlen(name), &err) == 0;
		if (!ok || leat_sink_write.put(me->w->sink, &v, &in, &res, &err) < 0) {
			me->failed++;
			me->conflicts += err.cause == LEAT_CAUSE_CONFLICT;
		}
		leat_bytes_unref(&b);
		free(res.path);
	}
	return NULL;
}

static void many_threads(void **state)
{
	struct world *w = *state;
	pthread_t t[THREADS];
	struct writer me[THREADS];
	assert_int_equal(open_it(w, "out/{reldir}/{name}"), 0);
	for (int i = 0; i < THREADS; i++) {
		me[i] = (struct writer){.w = w, .id = i};
		SCRATCH_MUST(pthread_create(&t[i], NULL, write_many, &me[i]) == 0);
	}
	int failed = 0, conflicts = 0;
	for (int i = 0; i < THREADS; i++) {
		pthread_join(t[i], NULL);
		failed += me[i].failed;
		conflicts += me[i].conflicts;
	}
	assert_int_equal(failed, THREADS - 1);
	assert_int_equal(conflicts, THREADS - 1);
	int out = openat(w->s.fd, "out/d/e/f", O_RDONLY | O_DIRECTORY);
	assert_int_equal(scratch_count(out, NULL), THREADS * FILES - THREADS + 1);
	close(out);
}

static void long_paths(void **state)
{
	struct world *w = *state;
	char rel[8192] = "", folder[201];
	memset(folder, 'd', 200);
	folder[200] = 0;
	for (int i = 0; i < 30; i++) {
		strcat(rel, i ? "/" : "");
		strcat(rel, folder);
	}
	struct leat_entry e = {.path = "a.png", .root = "/", .rel = "a.png", .reldir = rel};
	struct leat_view v = {.entry = &e, .run = &w->run, .branch = ""};
	struct leat_bytes *b = leat_bytes_new(1, &w->err);
	struct leat_payload in = {.kind = LEAT_FILE, .bytes = b};
	assert_int_equal(open_it(w, "out/{reldir}/{name}"), 0);
	assert_int_equal(leat_sink_write.put(w->sink, &v, &in, &w->res, &w->err), 0);
	assert_int_equal(scratch_count(w->s.fd, "a.png"), 1);
	leat_bytes_unref(&b);
}

int main(void)
{
#define T(f) cmocka_unit_test_setup_teardown(f, setup, teardown)
	const struct CMUnitTest tests[] = {
		T(writes_below_its_root),
		T(names_that_lead_out),
		T(strange_names),
		T(existing_modes),
		T(no_replace_holds_at_the_rename),
		T(unnamed_files_get_their_name_at_the_end),
		T(special_files_are_not_replaced),
		T(inputs_are_safe),
		T(path_and_dir_templates),
		T(one_name_one_item),
		T(modes_and_times),
		T(larger_results),
		T(durable),
		T(temp_folder),
		T(to_standard_output),
		T(full_disk),
		T(file_size_limit),
		T(forbidden_folder),
		T(folder_vanishes),
		T(swapped_folders),
		T(many_threads),
		T(long_paths),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
