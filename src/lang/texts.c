/* SPDX-License-Identifier: MIT */
/* The texts of a program. See texts.h. */
#include "lang/texts.h"

#include "lang/json.h"
#include "lang/limits.h"

/* E065 for one text, and for all together. */
static bool too_large(struct leat_lang *l, const struct leat_text *t, size_t len)
{
	struct leat_span nowhere = {t, 0, 0};
	l->bytes = leat_size_add(l->bytes, len);
	if (len > (l->opts->canonical ? (size_t)INT32_MAX : LEAT_MAX_FILE)) {
		struct leat_diag *g = leat_say_error(l, 65, nowhere, "this file is larger than 1 MiB");
		leat_say_help(l, g, "a pipeline is a short text; a list of files is read with: read list=FILE");
	} else if (l->bytes > LEAT_MAX_TEXTS && !l->opts->canonical) {
		leat_say_error(l, 65, t->included, "with this file the included ones are larger than %d MiB",
			       LEAT_MAX_TEXTS / 1024 / 1024);
	} else {
		return false;
	}
	l->program->damaged = true;
	return true;
}

/* One more in the program's list. */
static bool list(struct leat_lang *l, const struct leat_text *t)
{
	struct leat_program *p = l->program;
	if (!(p->n_texts & (p->n_texts - 1))) { /* full: the list doubles */
		size_t room = p->n_texts ? 2 * p->n_texts : 1;
		const struct leat_text **v = leat_arena_alloc(l->arena, leat_size_mul(room, sizeof *v));
		if (!v)
			return false;
		if (p->n_texts)
			memcpy(v, p->texts, p->n_texts * sizeof *v);
		p->texts = v;
	}
	p->texts[p->n_texts++] = t;
	return true;
}

const struct leat_text *leat_texts_add(struct leat_lang *l, const char *name, const char *dir, const char *data,
				       size_t len, struct leat_span included)
{
	if (len >= 3 && memcmp(data, "\xef\xbb\xbf", 3) == 0) {
		data += 3;
		len -= 3;
	}
	struct leat_text *t = leat_arena_alloc(l->arena, sizeof *t);
	size_t kept = l->opts->canonical || len <= LEAT_MAX_FILE ? len : LEAT_MAX_FILE;
	if (t)
		*t = (struct leat_text){.name = leat_arena_strndup(l->arena, name, strlen(name)),
					.dir = leat_arena_strndup(l->arena, dir, strlen(dir)),
					.data = leat_arena_strndup(l->arena, data, kept),
					.len = kept,
					.included = included};
	if (!t || !t->name || !t->dir || !t->data || !list(l, t)) {
		l->failed = true;
		return NULL;
	}
	if (too_large(l, t, len))
		return NULL;
	if (l->opts->canonical || !leat_is_json(t->data, t->len))
		return t;
	return leat_json_to_text(l, t, t->data, t->len) && !too_large(l, t, t->len) ? t : NULL;
}

const char *leat_texts_shown(struct leat_lang *l, const struct leat_text *t, const char *file)
{
	const char *slash = t->name[0] == '<' ? NULL : strrchr(t->name, '/');
	while (file[0] == '.' && file[1] == '/')
		file += 2;
	if (!slash || *file == '/' || *file == '~')
		return file;
	const char *shown = leat_arena_printf(l->arena, "%.*s/%s", (int)(slash - t->name), t->name, file);
	return shown ? shown : file;
}
