/* SPDX-License-Identifier: MIT */
/* The source `read`: files by folder, pattern, name or list (language 6.6). */
#include "io/read.h"

#include "io/entry.h"

static const char *const symlinks_words[] = {"files", "follow", "no", NULL};
static const char *const sort_words[] = {"path", "natural", "mtime", "size", "none", NULL};
static const char *const empty_words[] = {"error", "ok", NULL};
static const char *const missing_words[] = {"error", "skip", NULL};

static const struct leat_param params[] = {
	LEAT_P(struct leat_read, patterns, struct leat_strs, LEAT_PT_PATTERNS, "path", NULL, LEAT_POSITIONAL,
	       "folders, files or patterns; a folder is read with all below it, as far as its formats are known"),
	LEAT_P(struct leat_read, list, const char *, LEAT_PT_PATH, "list", NULL, 0,
	       "file with the names to read, one a line or separated by NUL; - is standard input"),
	LEAT_P(struct leat_read, root, const char *, LEAT_PT_PATH, "root", NULL, 0,
	       "folder that {reldir} is relative to"),
	LEAT_P(struct leat_read, exclude, struct leat_strs, LEAT_PT_PATTERNS, "exclude", NULL, 0,
	       "patterns of files and folders to leave out"),
	LEAT_P_SWITCH(struct leat_read, match_case, "match-case", "no", 0, "*.jpg does not find A.JPG"),
	LEAT_P_SWITCH(struct leat_read, hidden, "hidden", "no", 0, "names that begin with a dot, too"),
	LEAT_P_CHOICE(
		struct leat_read, symlinks, "symlinks", "files", symlinks_words, 0,
		"links: files reads linked files within the folder, follow also enters linked folders and leaves it"),
	LEAT_P_CHOICE(struct leat_read, sort, "sort", "path", sort_words, 0,
		      "order of the files; natural puts 9.png before 10.png"),
	LEAT_P_SWITCH(struct leat_read, reverse, "reverse", "no", 0, "the other way round"),
	LEAT_P(struct leat_read, min_age, int64_t, LEAT_PT_DURATION, "min-age", "0s", 0,
	       "pass over what was changed lately"),
	LEAT_P(struct leat_read, max_age, int64_t, LEAT_PT_DURATION, "max-age", NULL, 0, "pass over what is older"),
	LEAT_P(struct leat_read, min_size, uint64_t, LEAT_PT_SIZE, "min-size", "1B", 0,
	       "pass over smaller files; with 1B an empty file fails with that reason, 0B takes it as it is"),
	LEAT_P(struct leat_read, max_size, uint64_t, LEAT_PT_SIZE, "max-size", NULL, 0, "pass over larger files"),
	LEAT_P_CHOICE(struct leat_read, empty, "empty", "error", empty_words, 0, "what it is when nothing is found"),
	LEAT_P_CHOICE(struct leat_read, missing, "missing", "error", missing_words, 0,
		      "what a name is that is not there: a failed item, or passed over"),
	LEAT_P_END,
};

static const struct leat_param *row(const char *name)
{
	return leat_param_find(params, name);
}

static int check(const void *v, const struct leat_param **which, struct leat_err *err)
{
	const struct leat_read *p = v;
	*which = &params[0];
	if (!p->list && !p->patterns.n)
		return leat_fail(err, LEAT_CAUSE_USAGE, "'read' needs a folder, a pattern, or list=FILE");
	if (p->list && p->patterns.n)
		return leat_fail(err, LEAT_CAUSE_USAGE, "'read' takes paths or list=, not both");
	*which = row("max-size");
	if (p->max_size && p->max_size < p->min_size)
		return leat_fail(err, LEAT_CAUSE_USAGE, "'max-size' is smaller than 'min-size': nothing can match");
	*which = row("max-age");
	if (p->max_age && p->max_age < p->min_age)
		return leat_fail(err, LEAT_CAUSE_USAGE, "'max-age' is less than 'min-age': nothing can match");
	*which = NULL;
	return 0;
}

/* ---- one pattern ---- */

/* Does the last name of the pattern ask for an extension, as "*.png" does and "*" and "*.*" do not? */
static bool names_extension(const char *pattern)
{
	const char *slash = strrchr(pattern, '/'), *ext = leat_extension(slash ? slash + 1 : pattern);
	return ext[0] && !strchr(ext, '*');
}

static int check_root(const struct leat_finds *f, const char *base, struct leat_err *err)
{
	const char *root = f->p->root;
	size_t n = root ? strlen(root) : 0;
	if (n < 2 || (strncmp(base, root, n) == 0 && (base[n] == '/' || base[n] == 0)))
		return 0;
	return leat_fail(err, LEAT_CAUSE_USAGE, "'%.200s' is not below root='%.200s'", leat_finds_shown(f, base),
			 leat_finds_shown(f, root));
}

static int walk_pattern(struct leat_finds *f, const struct leat_want *w, struct leat_seen *seen, struct leat_err *err)
{
	unsigned flags = (f->p->match_case ? 0 : LEAT_GLOB_NOCASE_EXT) | (f->p->hidden ? LEAT_GLOB_HIDDEN : 0);
	struct leat_glob *g = leat_glob_new(w->rest, strlen(w->rest), flags, err);
	if (!g)
		return -1;
	int r = leat_walk(f, w->path, g, names_extension(w->rest), seen, err);
	leat_glob_free(&g);
	return r;
}

/* A file that is called "*.png" hides what the pattern would have found: that is told. */
static int warn_literal(struct leat_finds *f, const struct leat_want *w, struct leat_err *err)
{
	const char *slash = strrchr(w->path, '/');
	if (!strpbrk(slash, "*?"))
		return 0;
	return leat_told_add(f->l,
			     leat_arena_printf(&f->l->arena,
					       "'%s' is there under this very name: it alone is read, as no pattern",
					       w->shown),
			     err);
}

/* ---- all of them ---- */

struct lookup {
	struct leat_finds *f;
	struct leat_want *wants; /* patterns; none with a list */
	struct leat_seen *seen; /* what became of each */
	size_t n;
	struct leat_strs names; /* those that are meant letter for letter ... */
	struct leat_seen *named; /* ... and what became of them */
};

static int take_patterns(struct lookup *k, int *which, struct leat_err *err)
{
	for (size_t i = 0; i < k->n; i++) {
		const struct leat_want *w = &k->wants[i];
		int r = 0;
		*which = (int)i;
		if (w->sort == LEAT_WANT_NAME)
			k->names.v[k->names.n++] = w->path;
		else
			r = check_root(k->f, w->path, err);
		if (r == 0 && w->sort == LEAT_WANT_PATTERN)
			r = walk_pattern(k->f, w, &k->seen[i], err);
		else if (r == 0)
			r = warn_literal(k->f, w, err);
		if (r == 0 && w->sort == LEAT_WANT_FOLDER)
			r = leat_walk(k->f, w->path, NULL, false, &k->seen[i], err);
		if (r < 0)
			return -1;
	}
	*which = -1;
	return 0;
}

/* A name that is not there is a failed item beside others; alone it means that nothing was found. */
static int take_names(struct lookup *k, struct leat_err *err)
{
	struct leat_finds *f = k->f;
	size_t before = f->n;
	if (leat_listed_names_add(f, k->names.v, k->names.n, k->named, err) < 0)
		return -1;
	bool any = k->n == 0 || before > 0;
	for (size_t i = before; i < f->n; i++)
		any = any || f->v[i].e.problem_cause != LEAT_CAUSE_NOT_FOUND;
	if (!any)
		f->n = before;
	for (size_t i = 0, j = 0; i < k->n; i++)
		if (k->wants[i].sort == LEAT_WANT_NAME) {
			k->seen[i] = k->named[j++];
			k->seen[i].kept *= any;
		}
	return 0;
}

/* What is said about patterns that found nothing, beside others that did. */
static int warn_empty(struct lookup *k, struct leat_err *err)
{
	for (size_t i = 0; i < k->n; i++) {
		const struct leat_seen *s = &k->seen[i];
		if (s->kept > 0 || s->passed > 0)
			continue;
		const char *why = leat_told_nothing(k->f, &k->wants[i], s);
		const char *text =
			why ? leat_arena_printf(&k->f->l->arena, "no file matches %s: %s", k->wants[i].shown, why)
			    : NULL;
		if (leat_told_add(k->f->l, text, err) < 0)
			return -1;
	}
	return 0;
}

static int nothing(struct lookup *k, int *which, struct leat_err *err)
{
	struct leat_finds *f = k->f;
	if (f->p->empty == LEAT_OR_PASS)
		return leat_told_passed(f, err) < 0 ? -1 : warn_empty(k, err);
	const char *why =
		k->n ? leat_told_nothing(f, &k->wants[0], &k->seen[0]) : "there is no name in it that could be read";
	if (leat_told_add(f->l, why, err) < 0 || leat_told_passed(f, err) < 0)
		return -1;
	for (size_t i = 1; i < k->n && i < 3; i++)
		if (leat_told_add(f->l, leat_told_nothing(f, &k->wants[i], &k->seen[i]), err) < 0)
			return -1;
	*which = k->n == 1 ? 0 : -1;
	if (k->n == 0)
		return leat_fail(err, LEAT_CAUSE_NOT_FOUND, "the list '%.300s' gives no file",
				 leat_finds_shown(f, f->p->list));
	if (k->n == 1)
		return leat_fail(err, LEAT_CAUSE_NOT_FOUND, "no file matches %.400s", k->wants[0].shown);
	return leat_fail(err, LEAT_CAUSE_NOT_FOUND, "no file matches any of the %zu patterns, the first: %.300s", k->n,
			 k->wants[0].shown);
}

static int take(struct lookup *k, int *which, struct leat_err *err)
{
	if (take_patterns(k, which, err) < 0)
		return -1;
	k->named = leat_zalloc(k->names.n, sizeof *k->named, err);
	if (!k->named || take_names(k, err) < 0 || leat_finds_order(k->f, err) < 0)
		return -1;
	if (k->f->n == 0)
		return nothing(k, which, err);
	return warn_empty(k, err) < 0 ? -1 : leat_told_passed(k->f, err);
}

/* --input, as given on the command line: relative to the current folder. */
static const char *absolute_input(struct leat_finds *f, const char *text, struct leat_err *err)
{
	if (text[0] == '/')
		return text;
	if (f->cwd)
		return leat_quote_folder(f, f->cwd, text, err);
	leat_fail(err, LEAT_CAUSE_USAGE, "the current folder is gone, and '%.300s' belongs to it", text);
	return NULL;
}

/* What is to be looked for: from --input, the list, or the patterns. */
static int gather(struct lookup *k, const char *const *input, struct leat_err *err)
{
	const struct leat_read *p = k->f->p;
	if (!input && p->list)
		return leat_names_list(k->f, p->list, &k->names, err);
	size_t n = p->patterns.n;
	if (input)
		for (n = 0; input[n]; n++)
			;
	k->wants = leat_zalloc(n, sizeof *k->wants, err);
	k->seen = leat_zalloc(n, sizeof *k->seen, err);
	k->names.v = leat_zalloc(n, sizeof *k->names.v, err);
	if (!k->wants || !k->seen || !k->names.v)
		return -1;
	for (; k->n < n; k->n++) {
		const char *text = input ? absolute_input(k->f, input[k->n], err) : p->patterns.v[k->n];
		if (!text || leat_want(k->f, text, &k->wants[k->n], err) < 0)
			return -1;
	}
	return 0;
}

static int tell_one(struct leat_listing *l, const char *pattern, uint64_t n, struct leat_err *err)
{
	const char *copy = pattern ? leat_arena_strndup(&l->arena, pattern, strlen(pattern)) : NULL;
	if (!copy)
		return pattern ? leat_fail(err, LEAT_CAUSE_MEMORY, "out of memory") : -1;
	l->matched[l->n_matched++] = (struct leat_matched){.pattern = copy, .n = n};
	return 0;
}

/* How many each of the patterns found. */
static int tell_matched(struct lookup *k, const char *const *input, struct leat_err *err)
{
	struct leat_listing *l = k->f->l;
	const struct leat_read *p = k->f->p;
	l->matched = leat_arena_alloc(&l->arena, leat_size_mul(k->n + 1, sizeof *l->matched));
	if (!l->matched)
		return leat_fail(err, LEAT_CAUSE_MEMORY, "out of memory");
	if (!input && p->list)
		return tell_one(l, p->list, l->n, err);
	for (size_t i = 0; i < k->n; i++) {
		const char *text = input ? absolute_input(k->f, input[i], err) : p->patterns.v[i];
		if (tell_one(l, text, k->seen[i].kept, err) < 0)
			return -1;
	}
	return 0;
}

static int list(const void *v, const struct leat_source_opts *o, struct leat_listing *l, int *which,
		struct leat_err *err)
{
	struct leat_read p = *(const struct leat_read *)v;
	struct leat_finds f;
	struct lookup k = {.f = &f};
	int r = leat_finds_open(&f, &p, o, l, err);
	*which = -1;
	if (r == 0 && p.root) {
		p.root = leat_clean_path(&f, p.root, false, err);
		r = p.root ? 0 : -1;
	}
	if (r == 0)
		r = gather(&k, o->input, err);
	if (r == 0)
		r = take(&k, which, err);
	if (r == 0)
		r = tell_matched(&k, o->input, err);
	free(k.wants);
	free(k.seen);
	free(k.names.v);
	free(k.named);
	leat_finds_close(&f);
	return r;
}

/* ---- bytes ---- */

static bool follows(const void *v)
{
	return ((const struct leat_read *)v)->symlinks == LEAT_LINKS_FOLLOW;
}

static int fetch(const void *v, const struct leat_entry *e, struct leat_bytes **out, struct leat_err *err)
{
	return leat_entry_read(e, follows(v), out, err);
}

static int peek(const void *v, const struct leat_entry *e, uint8_t *buf, size_t n, size_t *got, bool *whole,
		struct leat_err *err)
{
	return leat_entry_peek(e, follows(v), buf, n, got, whole, err);
}

static int begin(const void *v, const struct leat_entry *e, uint8_t *buf, size_t n, size_t *got, bool *whole,
		 struct leat_err *err)
{
	return leat_entry_begin(e, follows(v), buf, n, got, whole, err);
}

static int into(const void *v, const struct leat_entry *e, uint8_t *to, struct leat_err *err)
{
	return leat_entry_into(e, follows(v), to, err);
}

static int open_pieces(const void *v, const struct leat_entry *e, struct leat_reading **r, struct leat_err *err)
{
	return leat_entry_open(e, follows(v), r, err);
}

const struct leat_source leat_source_read = {
	.name = "read",
	.group = "source",
	.summary = "read files from folders, patterns or a list",
	.example = "read photos/**/*.{jpg,png} exclude=**/raw/**",
	.version = 1,
	.params = params,
	.params_size = sizeof(struct leat_read),
	.out = LEAT_FILE,
	.modes = LEAT_ON_IO,
	.check = check,
	.list = list,
	.fetch = fetch,
	.peek = peek,
	.begin = begin,
	.into = into,
	.open = open_pieces,
	.next = leat_entry_next,
	.unchanged = leat_entry_unchanged,
	.close = leat_entry_close,
};
