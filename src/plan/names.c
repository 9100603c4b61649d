/* SPDX-License-Identifier: MIT */
/* The names of outputs: what extension they have, and what that means for the bytes. See names.h. */
#include "plan/names.h"

#include "base/text.h"

#include <strings.h>

const struct leat_param *leat_plan_name_param(const struct leat_param *table)
{
	size_t n = leat_param_count(table);
	for (size_t i = 0; i < n; i++)
		if (table[i].type == LEAT_PT_TEMPLATE && (table[i].flags & LEAT_POSITIONAL))
			return &table[i];
	return NULL;
}

/* The parts of a template that matter for its extension; offsets into the text, -1 where there is none. */
struct tail {
	long dot; /* last literal '.' of the last name */
	long field; /* last '{' of a field behind the last '/' */
	long field_end; /* behind its '}' */
};

static struct tail tail_of(const char *s)
{
	struct tail t = {-1, -1, -1};
	for (long i = 0; s[i]; i++) {
		if ((s[i] == '{' || s[i] == '}') && s[i + 1] == s[i]) {
			i++;
		} else if (s[i] == '{') {
			const char *end = strchr(s + i, '}');
			t.field = i;
			t.field_end = end ? end - s + 1 : (long)strlen(s);
			i = t.field_end - 1;
		} else if (s[i] == '/') {
			t = (struct tail){-1, -1, -1};
		} else if (s[i] == '.') {
			t.dot = i;
		}
	}
	return t;
}

/* Fields that bring an extension of their own. */
static bool field_has_extension(const char *s, struct tail t)
{
	static const char *const fields[] = {"{name}", "{path}", "{ext}", "{format}", "{suffix}"};
	size_t n = (size_t)(t.field_end - t.field);
	for (size_t i = 0; i < LEAT_LEN(fields); i++)
		if (strlen(fields[i]) == n && strncmp(s + t.field, fields[i], n) == 0)
			return true;
	return false;
}

const struct leat_codec *leat_plan_name_codec(struct leat_planner *pl, const struct leat_tmpl *t, const char **ext)
{
	const char *s = t->shown;
	struct tail tail = tail_of(s);
	*ext = "";
	if (tail.field >= 0 && tail.field > tail.dot) {
		bool last = s[tail.field_end] == 0;
		if (tail.dot >= 0 || (last && field_has_extension(s, tail)))
			*ext = NULL;
		return NULL;
	}
	if (tail.dot < 0)
		return NULL;
	*ext = s + tail.dot + 1;
	return leat_registry_codec_for_extension(pl->reg, *ext);
}

const char *leat_plan_name_with(struct leat_planner *pl, const char *text, const char *more)
{
	struct tail t = tail_of(text);
	int cut = t.dot > 0 ? (int)t.dot : (int)strlen(text);
	const char *s = leat_plan_text(pl, "%.*s%s%s", cut, text, more, text + cut);
	return s ? s : text;
}

const char *leat_plan_name_as(struct leat_planner *pl, const char *text, const char *ext)
{
	struct tail t = tail_of(text);
	int cut = t.dot > 0 && t.field < t.dot ? (int)t.dot : (int)strlen(text);
	const char *s = leat_plan_text(pl, "%.*s.%s", cut, text, ext);
	return s ? s : text;
}

const char *leat_plan_some_suffix(const struct leat_planner *pl)
{
	const struct leat_codec *webp = leat_registry_codec(pl->reg, "webp");
	if (webp && webp->enc_open)
		return webp->suffix;
	for (size_t i = 0; i < pl->reg->n_codecs; i++)
		if (pl->reg->codecs[i]->enc_open && (pl->reg->codecs[i]->kinds & LEAT_IMAGE))
			return pl->reg->codecs[i]->suffix;
	return "png";
}

/* ".png .jpg": extensions of the formats that can hold this kind. */
static const char *writable(struct leat_planner *pl, unsigned kind)
{
	struct leat_buf b = {0};
	for (size_t i = 0; i < pl->reg->n_codecs; i++)
		if (leat_codec_writes(pl->reg->codecs[i], kind))
			leat_buf_addf(&b, "%s.%s", b.len ? " " : "", pl->reg->codecs[i]->suffix);
	const char *s = leat_plan_text(pl, "%s", b.data ? b.data : "");
	leat_buf_free(&b);
	return s ? s : "";
}

/* The extension of a format that can be written which is nearest to this one, or NULL. */
static const char *near_extension(struct leat_planner *pl, const char *ext, unsigned kind)
{
	const char *v[128];
	size_t n = 0;
	for (size_t i = 0; i < pl->reg->n_codecs; i++)
		for (const char *const *e = pl->reg->codecs[i]->extensions; e && *e && n < LEAT_LEN(v); e++)
			if (leat_codec_writes(pl->reg->codecs[i], kind))
				v[n++] = *e;
	return leat_nearest_word(ext, v, n);
}

static bool fits(const struct leat_codec *c, const char *ext)
{
	for (const char *const *e = c->extensions; e && *e; e++)
		if (strcasecmp(*e, ext) == 0)
			return true;
	return false;
}

void leat_plan_check_extension(struct leat_planner *pl, const struct leat_tmpl *t, const struct leat_word *w,
			       const struct leat_codec *data, const struct leat_stmt *encoder)
{
	const char *ext;
	const struct leat_codec *other = leat_plan_name_codec(pl, t, &ext);
	if (!ext || !*ext || fits(data, ext))
		return;
	struct leat_diag *g =
		leat_plan_error(pl, 76, w->value_at, "'%s' ends in .%s, but the data is %s", t->shown, ext, data->name);
	leat_plan_label(pl, g, "write %s", leat_plan_name_as(pl, t->shown, data->suffix));
	leat_plan_value_fix(g, w);
	if (encoder)
		leat_plan_second(g, encoder->span, "encoded here");
	if (other && leat_codec_writes(other, LEAT_ANY))
		leat_plan_help(pl, g, "or choose the other encoder: encode %s", other->name);
}

void leat_plan_no_format(struct leat_planner *pl, const struct leat_tmpl *t, const struct leat_word *w, const char *ext,
			 unsigned kind)
{
	struct leat_diag *g;
	size_t n = strlen(t->shown);
	bool image = kind & LEAT_IMAGE;
	const char *what = image ? "image" : "array", *suffix = image ? "png" : "npy";
	if (strcmp(t->shown, "-") == 0) {
		g = leat_plan_error(pl, 76, w->value_at, "'-' does not say in which format the %s is written", what);
		leat_plan_help(pl, g, "put 'encode %s' before it: encode %s | write -", suffix, suffix);
		return;
	}
	if (n && t->shown[n - 1] == '/') {
		g = leat_plan_error(pl, 76, w->value_at, "'%s' is a folder, not the name of a file", t->shown);
		leat_plan_label(pl, g, "write %s{stem}.%s", t->shown, suffix);
		leat_plan_value_fix(g, w);
		return;
	}
	const char *near = *ext ? near_extension(pl, ext, kind) : NULL;
	if (*ext)
		g = leat_plan_error(pl, 76, w->value_at, "no encoder for the extension '.%s'", ext);
	else
		g = leat_plan_error(pl, 76, w->value_at, "'%s' does not say in which format the %s is written",
				    t->shown, what);
	if (near)
		leat_plan_label(pl, g, "did you mean '.%s'?", near);
	if (!*ext && !strchr(t->shown, '{') && !leat_plan_literal_source(pl))
		leat_plan_help(pl, g, "for a folder: %s/{name} keeps the formats, %s/{stem}.%s makes all of them %s",
			       t->shown, t->shown, suffix, suffix);
	else if (!near)
		leat_plan_help(pl, g, "give the name an extension, for example %s, or write an 'encode' line before it",
			       leat_plan_name_as(pl, t->shown, suffix));
	leat_plan_help(pl, g, "extensions that can be written: %s", writable(pl, kind));
}

/* ---- the names that come in */

const struct leat_strs *leat_plan_patterns(const struct leat_planner *pl)
{
	const struct leat_step *s = pl->plan->n_steps ? &pl->plan->steps[0] : NULL;
	if (!s || s->role != LEAT_SOURCE || !s->params)
		return NULL;
	size_t n = leat_param_count(s->source->params);
	for (size_t i = 0; i < n; i++) {
		const struct leat_param *p = &s->source->params[i];
		if (p->type == LEAT_PT_PATTERNS && (p->flags & LEAT_POSITIONAL))
			return (const void *)((const char *)s->params + p->offset);
	}
	return NULL;
}

/* Behind the last '.' of the last name, or NULL. */
static const char *extension(const char *path)
{
	const char *slash = strrchr(path, '/'), *dot = strrchr(slash ? slash : path, '.');
	return dot && dot[1] ? dot + 1 : NULL;
}

bool leat_plan_literal_source(const struct leat_planner *pl)
{
	const struct leat_strs *p = leat_plan_patterns(pl);
	const struct leat_listing *in = pl->facts->inputs;
	if (in)
		return in->n == 1 && in->v[0].named;
	if (!p || p->n != 1 || strpbrk(p->v[0], "*?[{"))
		return false;
	return extension(p->v[0]) != NULL; /* a folder with a '.' in its name is known for one when it is listed */
}

/* Calls fn for each extension that the source's names may have; "" where a name or pattern does not tell. */
typedef void extension_fn(void *ctx, const char *ext);

/* The extensions of a pattern: *.jpg, *.{jpg,png}. */
static void of_pattern(const char *pattern, extension_fn *fn, void *ctx)
{
	const char *have = extension(pattern);
	if (!have || strpbrk(have, "*?[") || *have != '{') {
		fn(ctx, have && !strpbrk(have, "*?[") ? have : "");
		return;
	}
	char one[16];
	for (const char *s = have + 1; *s && *s != '}'; s += *s == ',') {
		size_t n = strcspn(s, ",}");
		size_t keep = n < sizeof one - 1 ? n : sizeof one - 1;
		memcpy(one, s, keep);
		one[keep] = 0;
		fn(ctx, one);
		s += n;
	}
}

static void each_extension(const struct leat_planner *pl, extension_fn *fn, void *ctx)
{
	const struct leat_strs *p = leat_plan_patterns(pl);
	const char *const *in = pl->facts->extensions;
	for (size_t i = 0; in && in[i]; i++)
		fn(ctx, in[i]);
	for (size_t i = 0; !in && p && i < p->n; i++)
		of_pattern(p->v[i], fn, ctx);
}

/* How many of the extensions are those of `want`? */
struct tally {
	const struct leat_codec *want;
	const char *ext;
	bool listed; /* "" is a name without an extension, not a pattern that does not tell */
	size_t yes, no;
};

static void count(void *ctx, const char *have)
{
	struct tally *t = ctx;
	bool same = strcasecmp(have, t->ext) == 0 || (t->want && fits(t->want, have));
	t->yes += same || (!*have && !t->listed);
	t->no += !same;
}

enum leat_copying leat_plan_copying(const struct leat_planner *pl, const struct leat_codec *want, const char *ext)
{
	struct tally t = {.want = want, .ext = ext, .listed = pl->facts->extensions != NULL};
	each_extension(pl, count, &t);
	if (t.no == 0 && t.yes > 0)
		return LEAT_COPY;
	if (t.yes == 0 && t.no > 0)
		return LEAT_RECODE;
	return want ? LEAT_BY_NAME : LEAT_RECODE;
}

struct kinds {
	const struct leat_registry *reg;
	const struct leat_codec *without;
	unsigned kinds;
};

static void add_kind(void *ctx, const char *have)
{
	struct kinds *k = ctx;
	const struct leat_codec *c = leat_registry_codec_for_extension(k->reg, have);
	if (c && c != k->without)
		k->kinds |= leat_codec_gives(c);
}

unsigned leat_plan_input_kinds(const struct leat_planner *pl, const struct leat_codec *without)
{
	struct kinds k = {.reg = pl->reg, .without = without};
	each_extension(pl, add_kind, &k);
	return k.kinds;
}
