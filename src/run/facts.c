/* SPDX-License-Identifier: MIT */
/*
 * Looks at the world on behalf of the plan: the machine, the inputs, their headers, the outputs that are there
 * already.
 */
#include "base/sys.h"
#include "run/run.h"

#include <stdio.h>
#include <sys/stat.h>
#include <sys/statvfs.h>
#include <unistd.h>

void leat_facts_machine(struct leat_facts *f, int cores, const char *job)
{
	int all = leat_sys_cores();
	f->cores = cores > 0 && cores < all ? cores : all;
	f->memory = leat_sys_memory();
	f->run.started_ns = leat_wall_ns();
	if (gethostname(f->run.host, sizeof f->run.host - 1) < 0)
		snprintf(f->run.host, sizeof f->run.host, "localhost");
	snprintf(f->run.job, sizeof f->run.job, "%s", job ? job : "");
}

/* Identities of the inputs, sorted: is an output one of them, whatever its name? */
struct identity {
	uint64_t dev, ino;
};
struct identities {
	struct identity *v;
	size_t n;
	bool sorted; /* when somebody asks: a run in which nothing is to be done has no question */
};

static int by_identity(const void *a, const void *b)
{
	const struct identity *x = a, *y = b;
	if (x->dev != y->dev)
		return x->dev < y->dev ? -1 : 1;
	return x->ino < y->ino ? -1 : x->ino > y->ino;
}

static void look_at_output(void *ctx, const char *path, struct leat_there *s)
{
	struct identities *ids = ctx;
	struct stat st;
	*s = (struct leat_there){.there = false};
	if (stat(path, &st) < 0)
		return;
	if (!ids->sorted)
		qsort(ids->v, ids->n, sizeof *ids->v, by_identity);
	ids->sorted = true;
	struct identity id = {.dev = st.st_dev, .ino = st.st_ino};
	*s = (struct leat_there){
		.there = true,
		.input = ids->n && bsearch(&id, ids->v, ids->n, sizeof id, by_identity),
		.size = (uint64_t)st.st_size,
		.mtime_ns = (int64_t)st.st_mtim.tv_sec * 1000000000 + st.st_mtim.tv_nsec,
	};
}

/* The folder, or the nearest one above it that is there. */
static bool look_at_room(void *ctx, const char *folder, struct leat_room *r)
{
	struct statvfs fs;
	struct stat st;
	(void)ctx;
	snprintf(r->path, sizeof r->path, "%s", folder);
	if (strlen(folder) >= sizeof r->path)
		return false;
	while (stat(r->path, &st) < 0) {
		char *slash = strrchr(r->path, '/');
		if (!slash || !r->path[1])
			return false;
		slash[slash == r->path] = 0;
	}
	if (statvfs(r->path, &fs) < 0)
		return false;
	r->id = st.st_dev;
	r->free = leat_size_mul(fs.f_bavail, fs.f_frsize);
	return true;
}

static int remember_identities(struct leat_facts *f, const struct leat_listing *l, struct leat_err *err)
{
	struct identities *ids = leat_zalloc(1, sizeof *ids, err);
	if (!ids)
		return -1;
	f->output_ctx = ids;
	ids->v = leat_zalloc(l->n, sizeof *ids->v, err);
	if (!ids->v)
		return -1;
	for (size_t i = 0; i < l->n; i++)
		ids->v[ids->n++] = (struct identity){l->v[i].dev, l->v[i].ino};
	f->output = look_at_output;
	f->room = look_at_room;
	return 0;
}

enum { DATA = LEAT_IMAGE | LEAT_ARRAY | LEAT_TABLE };

static unsigned all_want(const struct leat_plan *p, int i);

/* What step k can do with, of DATA: all of it where bytes or fields are enough. */
static unsigned wants(const struct leat_plan *p, int k)
{
	const struct leat_step *s = &p->steps[k];
	unsigned in = DATA;
	switch (s->role) {
	case LEAT_DECODE:
	case LEAT_PARSE: /* one that nobody wrote was a guess, and becomes what is wanted behind it */
		return s->implied ? all_want(p, k) : s->out & DATA;
	case LEAT_FILTER:
	case LEAT_ROWSINK:
		return all_want(p, k);
	case LEAT_ENCODE:
		in = s->codec ? s->codec->kinds & DATA : DATA;
		break;
	default:
		in = s->op ? s->op->in & DATA : DATA;
		break;
	}
	return in ? in : DATA;
}

/* What all steps behind step i can do with: they get the same. */
static unsigned all_want(const struct leat_plan *p, int i)
{
	unsigned all = DATA;
	for (size_t k = 1; k < p->n_steps; k++)
		if (p->steps[k].parent == i)
			all &= wants(p, (int)k);
	return all ? all : DATA;
}

/*
 * What the steps want of the files: an image step is no use for tables, and the other way round. Lines that load by
 * themselves may want different ones.
 */
static unsigned wanted(const struct leat_plan *p)
{
	unsigned any = 0;
	for (size_t k = 1; k < p->n_steps; k++)
		if (p->steps[k].parent == 0)
			any |= wants(p, (int)k);
	return any ? any : DATA;
}

/* What a folder means: the extensions of the formats that can be read as what the steps want. To be freed. */
static const char **readable_extensions(const struct leat_plan *p, struct leat_err *err)
{
	const struct leat_registry *r = p->registry;
	unsigned kinds = wanted(p);
	size_t n = 0;
	for (size_t i = 0; i < r->n_codecs; i++)
		for (size_t k = 0; r->codecs[i]->extensions[k]; k++)
			n++;
	const char **v = leat_zalloc(n + 1, sizeof *v, err);
	n = 0;
	for (size_t i = 0; v && i < r->n_codecs; i++)
		for (size_t k = 0; (leat_codec_gives(r->codecs[i]) & kinds) && r->codecs[i]->extensions[k]; k++)
			v[n++] = r->codecs[i]->extensions[k];
	return v;
}

/* The inputs' different extensions, for decisions that the plan makes by them. */
static int note_extensions(struct leat_facts *f, struct leat_listing *l, struct leat_err *err)
{
	enum { MOST = 64 };
	const char **v = leat_arena_alloc(&l->arena, (MOST + 2) * sizeof *v);
	size_t n = 0;
	if (!v)
		return leat_fail(err, LEAT_CAUSE_MEMORY, "out of memory");
	for (size_t i = 0; i < l->n; i++) {
		const char *slash = strrchr(l->v[i].path, '/'), *dot = strrchr(slash ? slash : l->v[i].path, '.');
		const char *ext = dot && n < MOST ? dot + 1 : "";
		size_t k = 0;
		while (k < n && strcmp(v[k], ext) != 0)
			k++;
		if (k == n)
			v[n++] = ext;
	}
	f->extensions = v;
	return 0;
}

/* The word of the source statement that holds pattern `which`; else that of the list, or the whole statement. */
static struct leat_span names_span(const struct leat_program *prog, int which)
{
	const struct leat_stmt *s = &prog->steps[0];
	struct leat_span list = s->span;
	for (size_t i = 0, n = 0; i < s->n_words; i++) {
		const struct leat_word *w = &s->words[i];
		if (!w->key && (int)n++ == which)
			return w->value_at;
		if (w->key && strcmp(w->key, "list") == 0)
			list = w->value_at;
	}
	return list;
}

static int tell_listing_failed(const struct leat_program *prog, const struct leat_listing *l, int which,
			       const struct leat_err *e, struct leat_diags *d)
{
	bool nothing = e->cause == LEAT_CAUSE_NOT_FOUND;
	struct leat_diag *g = leat_diag_error(d, nothing ? 70 : 78, names_span(prog, which), "%s", e->text);
	if (nothing && l->warnings.n)
		leat_diag_help(d, g, "%s", l->warnings.v[0]);
	return nothing ? 3 : 2;
}

int leat_facts_list(struct leat_facts *f, const struct leat_plan *p, const struct leat_program *prog,
		    const char *const *input, const struct leat_selection *part, struct leat_diags *d,
		    struct leat_err *err)
{
	const struct leat_step *s = &p->steps[0];
	struct leat_err e = {0};
	struct leat_listing *l = leat_zalloc(1, sizeof *l, err);
	if (!l)
		return 5;
	f->inputs = l;
	const char **extensions = readable_extensions(p, err);
	if (!extensions)
		return 5;
	struct leat_source_opts o = {.extensions = extensions, .input = input};
	int which = -1, result = 0;
	if (s->source->list(s->params, &o, l, &which, &e) < 0) {
		if (e.cause == LEAT_CAUSE_NOT_FOUND || e.cause == LEAT_CAUSE_USAGE)
			result = tell_listing_failed(prog, l, which, &e, d);
		else {
			*err = e;
			result = 5;
		}
	} else if (remember_identities(f, l, err) < 0) /* of all: what is left out must not be overwritten either */
		result = 5;
	else
		result = leat_facts_select(f, l, part, d, err);
	if (result == 0 && note_extensions(f, l, err) < 0)
		result = 5;
	free(extensions);
	return result;
}

enum { FIRST_LOOK = 4 * 1024, LONG_LOOK = 256 * 1024 };

/* Text goes on as it began, and a quarter more: a guess. The run counts before it decodes. */
static void guess_table(struct leat_header *h, uint64_t looked, uint64_t size)
{
	double more = 1.25 * (double)size / (double)looked;
	if (h->kind == LEAT_TABLE && size > looked)
		h->array.dim[0] = (uint64_t)((double)h->array.dim[0] * more);
}

static void probe_one(const struct leat_plan *p, const struct leat_entry *e, uint8_t *buf, struct leat_header *h)
{
	const struct leat_step *s = &p->steps[0];
	struct leat_err ignored = {0}; /* the run will tell; here the item is just of unknown size */
	for (size_t look = FIRST_LOOK; look <= LONG_LOOK; look *= 8) {
		size_t n = 0;
		bool whole = false;
		if (s->source->peek(s->params, e, buf, look, &n, &whole, &ignored) < 0)
			return;
		const struct leat_codec *c = leat_registry_codec_of(p->registry, buf, n, e->path);
		if (!c || !c->probe)
			return;
		int r = c->probe(buf, n, whole, h, &ignored);
		if (r == 0) {
			guess_table(h, n ? n : 1, e->size);
			return;
		}
		*h = (struct leat_header){0};
		if (r < 0 || whole)
			return;
	}
}

int leat_facts_headers(struct leat_facts *f, const struct leat_plan *p, struct leat_err *err)
{
	uint8_t *buf = leat_zalloc(LONG_LOOK, 1, err);
	struct leat_header *h = leat_zalloc(f->inputs->n, sizeof *h, err);
	if (!buf || !h) {
		free(buf);
		free(h);
		return -1;
	}
	for (size_t i = 0; i < f->inputs->n; i++)
		if (!f->inputs->v[i].problem)
			probe_one(p, &f->inputs->v[i], buf, &h[i]);
	f->headers = h;
	free(buf);
	return 0;
}

void leat_facts_free(struct leat_facts *f)
{
	struct identities *ids = f->output_ctx;
	if (ids)
		free(ids->v);
	free(ids);
	free((void *)(uintptr_t)f->headers);
	free((void *)(uintptr_t)f->tuning);
	if (f->known) {
		leat_arena_free(&f->known->arena);
		free(f->known->v);
		free(f->known->gone);
		free(f->known);
	}
	if (f->inputs) {
		struct leat_listing *l = (struct leat_listing *)(uintptr_t)f->inputs;
		leat_listing_free(l);
		free(l);
	}
	*f = (struct leat_facts){0};
}
