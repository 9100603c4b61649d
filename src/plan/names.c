/* SPDX-License-Identifier: MIT */
/* The names of outputs: what extension they have, and what that means for the bytes. See names.h. */
#include "plan/names.h"

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

/* "png or jpg": extensions that some encoder writes. */
static const char *writable(struct leat_planner *pl)
{
	struct leat_buf b = {0};
	for (size_t i = 0; i < pl->reg->n_codecs; i++)
		if (pl->reg->codecs[i]->enc_open && (pl->reg->codecs[i]->kinds & LEAT_IMAGE))
			leat_buf_addf(&b, "%s.%s", b.len ? " " : "", pl->reg->codecs[i]->suffix);
	const char *s = leat_plan_text(pl, "%s", b.data ? b.data : "");
	leat_buf_free(&b);
	return s ? s : "";
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
	if (encoder)
		leat_plan_second(g, encoder->span, "encoded here");
	if (other && other->enc_open)
		leat_plan_help(pl, g, "or choose the other encoder: encode %s", other->name);
}

void leat_plan_no_format(struct leat_planner *pl, const struct leat_tmpl *t, const struct leat_word *w, const char *ext)
{
	struct leat_diag *g;
	size_t n = strlen(t->shown);
	if (strcmp(t->shown, "-") == 0) {
		g = leat_plan_error(pl, 76, w->value_at, "'-' does not say in which format the image is written");
		leat_plan_help(pl, g, "put 'encode png' before it: encode png | write -");
		return;
	}
	if (n && t->shown[n - 1] == '/') {
		g = leat_plan_error(pl, 76, w->value_at, "'%s' is a folder, not the name of a file", t->shown);
		leat_plan_label(pl, g, "write %s{stem}.png", t->shown);
		return;
	}
	if (*ext)
		g = leat_plan_error(pl, 76, w->value_at, "no encoder for the extension '.%s'", ext);
	else
		g = leat_plan_error(pl, 76, w->value_at, "'%s' does not say in which format the image is written",
				    t->shown);
	leat_plan_help(pl, g, "give the name an extension, for example %s, or write an 'encode' line before it",
		       leat_plan_name_as(pl, t->shown, "png"));
	leat_plan_help(pl, g, "extensions that can be written: %s", writable(pl));
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
	const char *ext = extension(p->v[0]);
	return ext && leat_registry_codec_for_extension(pl->reg, ext);
}

/* How many of the n extensions are those of `want`? */
struct tally {
	size_t yes, no;
};

static void count(struct tally *t, const struct leat_codec *want, const char *ext, const char *have)
{
	bool same = have && (strcasecmp(have, ext) == 0 || (want && fits(want, have)));
	t->yes += same;
	t->no += !same;
}

/* The extensions of a pattern: *.jpg, *.{jpg,png}; anything else counts as both. */
static void count_pattern(struct tally *t, const struct leat_codec *want, const char *ext, const char *pattern)
{
	const char *have = extension(pattern);
	if (!have || strpbrk(have, "*?[")) {
		t->yes++, t->no++;
		return;
	}
	if (*have != '{') {
		count(t, want, ext, have);
		return;
	}
	char one[16];
	for (const char *s = have + 1; *s && *s != '}'; s += *s == ',') {
		size_t n = strcspn(s, ",}");
		size_t keep = n < sizeof one - 1 ? n : sizeof one - 1;
		memcpy(one, s, keep);
		one[keep] = 0;
		count(t, want, ext, one);
		s += n;
	}
}

enum leat_copying leat_plan_copying(const struct leat_planner *pl, const struct leat_codec *want, const char *ext)
{
	const struct leat_strs *p = leat_plan_patterns(pl);
	const struct leat_listing *in = pl->facts->inputs;
	struct tally t = {0, 0};
	for (size_t i = 0; in && i < in->n; i++)
		count(&t, want, ext, extension(in->v[i].path));
	for (size_t i = 0; !in && p && i < p->n; i++)
		count_pattern(&t, want, ext, p->v[i]);
	if (t.no == 0 && t.yes > 0)
		return LEAT_COPY;
	if (t.yes == 0 && t.no > 0)
		return LEAT_RECODE;
	return want ? LEAT_BY_NAME : LEAT_RECODE;
}
