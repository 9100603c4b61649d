/* SPDX-License-Identifier: MIT */
/* What somebody may have meant: suggestions for steps, options and fields. See words.h. */
#include "plan/synonyms.h"
#include "plan/words.h"

#include "base/text.h"

struct names {
	const char *v[1024];
	size_t n;
};

static void add(struct names *l, const char *name)
{
	if (l->n < LEAT_LEN(l->v))
		l->v[l->n++] = name;
}

static void step_names(const struct leat_registry *r, struct names *l)
{
	static const char *const others[] = {"decode",   "parse",   "encode",  "branch",  "use",
					     "end",      "let",     "job",     "recipe",  "expect",
					     "defaults", "include", "version", "schedule"};
	for (size_t i = 0; i < r->n_ops; i++)
		if (!r->ops[i]->hidden)
			add(l, r->ops[i]->name);
	for (size_t i = 0; i < r->n_sources; i++)
		add(l, r->sources[i]->name);
	for (size_t i = 0; i < r->n_sinks; i++)
		add(l, r->sinks[i]->name);
	for (size_t i = 0; i < LEAT_LEN(others); i++)
		add(l, others[i]);
}

static bool has(const struct names *l, const char *word, size_t n)
{
	for (size_t i = 0; i < l->n; i++)
		if (strlen(l->v[i]) == n && strncmp(l->v[i], word, n) == 0)
			return true;
	return false;
}

/* First positional value of a statement, or NULL. */
static const struct leat_word *first_value(const struct leat_stmt *st)
{
	for (size_t i = 0; i < st->n_words; i++)
		if (!st->words[i].key)
			return &st->words[i];
	return NULL;
}

/* "encode webp" for `webp quality=80`. */
static const char *format_step(struct leat_planner *pl, const char *word)
{
	const struct leat_codec *c = leat_registry_codec_for_extension(pl->reg, word);
	if (!c)
		c = leat_registry_codec(pl->reg, word);
	return c && (c->enc_open || c->enc_run) ? leat_plan_text(pl, "encode %s", c->name) : NULL;
}

static bool is_number(const char *s)
{
	return *s && s[strspn(s, "0123456789")] == 0;
}

static const char *step_synonym(struct leat_planner *pl, const struct leat_stmt *st, const struct names *known)
{
	const struct leat_synonym *syn = leat_synonym_next(LEAT_SYN_STEP, st->name, NULL);
	const struct leat_word *value = first_value(st);
	if (!syn)
		return format_step(pl, st->name);
	while (syn && !has(known, syn->meant, strcspn(syn->meant, " ")))
		syn = leat_synonym_next(LEAT_SYN_STEP, st->name, syn);
	if (!syn)
		return NULL;
	const char *m = syn->meant;
	if (strcmp(m, "resize 320x320") == 0 && value && is_number(value->value))
		return leat_plan_text(pl, "resize %sx%s", value->value, value->value);
	size_t n = strcspn(m, "*");
	if (!m[n])
		return m;
	const char *step = leat_plan_text(pl, "%.*s", (int)n - 1, m);
	if (!value || !step)
		return step;
	const struct leat_codec *c =
		strcmp(step, "encode") == 0 ? leat_registry_codec_for_extension(pl->reg, value->value) : NULL;
	return leat_plan_text(pl, "%s %s", step, c ? c->name : value->value);
}

/* Words that begin a line elsewhere, and what to do here. */
static const char *habit_of(const char *word)
{
	static const struct {
		const char *words; /* each with a blank behind it */
		const char *help;
	} habits[] = {
		{"for foreach while loop do done ", "no loop is needed: every step is done for every file; 'branch "
						    "NAME for SIZE in 320,800' makes several "
						    "results of each"},
		{"if else elif fi then when case ",
		 "there is no if: 'keep' and 'drop' choose the items, also as the first "
		 "step of a branch"},
		{"import source require using ",
		 "settings and recipes of another file come in above the first step: include site.leat"},
		{"set var const define def declare ", "a variable is set above the first step: let NAME = VALUE"},
		{"function func macro proc sub ", "steps that are used more than once are a recipe: recipe NAME "
						  "PARAMETER, its steps, end; then: use NAME"},
		{"--- ... steps pipeline stages tasks on with ",
		 "one step per line with its options as KEY=VALUE, without a list around them: leat help language"},
	};
	size_t n = strlen(word);
	for (size_t i = 0; i < LEAT_LEN(habits); i++)
		for (const char *s = habits[i].words; *s; s += strcspn(s, " ") + 1)
			if (strncmp(s, word, n) == 0 && s[n] == ' ')
				return habits[i].help;
	return NULL;
}

/* "'quality' is an option of 'encode': encode jpeg quality=80", or NULL. */
static const char *option_as_step(struct leat_planner *pl, const struct leat_stmt *st)
{
	const struct leat_registry *r = pl->reg;
	const struct leat_word *value = first_value(st);
	for (size_t i = 0; i < r->n_codecs; i++)
		if (leat_param_find(r->codecs[i]->params, st->name))
			return leat_plan_text(pl, "'%s' is an option of 'encode': encode %s %s=%s", st->name,
					      r->codecs[i]->name, st->name, value ? value->value : "...");
	for (size_t i = 0; i < r->n_ops; i++)
		if (!r->ops[i]->hidden && leat_param_find(r->ops[i]->params, st->name))
			return leat_plan_text(pl, "'%s' is an option of '%s': leat help %s", st->name, r->ops[i]->name,
					      r->ops[i]->name);
	return NULL;
}

/* A step that the language has and this program has not: no other step would do its work, so none is guessed. */
static bool of_the_language(const char *word)
{
	static const char *const steps = "fetch exec group montage stack concatenate extend border trim affine tile "
					 "extract-page colorspace gamma "
					 "linear modulate tint equalize clahe levels threshold recomb quantize lut "
					 "sharpen unsharp median-filter "
					 "convolve sobel laplacian canny erode dilate opening closing bilateral "
					 "flat-field dehot composite text mask "
					 "extract-channel join-channels ensure-alpha remove-alpha premultiply "
					 "unpremultiply sharpness histogram hash "
					 "phash dhash ahash compare exif compute astype clip round nan-to-num cumsum "
					 "diff gradient interp reshape "
					 "squeeze take slice roll pad sum prod mean median std var min max ptp argmin "
					 "argmax count-nonzero percentile "
					 "quantile norm solve lstsq det cholesky qr eigh svd pca corrcoef cov fft ifft "
					 "rfft irfft gaussian-filter "
					 "uniform-filter savgol-filter detrend resample polyfit curve-fit minimize "
					 "select rename keep-rows drop-rows "
					 "sort-values dropna fillna groupby describe ";
	size_t n = strlen(word);
	for (const char *s = steps; *s; s += strcspn(s, " ") + 1)
		if (strncmp(s, word, n) == 0 && s[n] == ' ')
			return true;
	return false;
}

/* What was said about the name itself before: it makes "unknown step" an echo. */
static struct leat_diag *said_of_name(struct leat_planner *pl, const struct leat_stmt *st)
{
	for (size_t i = 0; i < pl->d->n; i++) {
		struct leat_diag *g = &pl->d->v[i];
		if (g->severity == LEAT_ERROR && g->span.text == st->name_at.text &&
		    g->span.start >= st->name_at.start && g->span.start < st->name_at.end)
			return g;
	}
	return NULL;
}

void leat_plan_unknown_step(struct leat_planner *pl, const struct leat_stmt *st)
{
	struct names known = {.n = 0};
	struct leat_diag *said = said_of_name(pl, st);
	if (said && said->code == 13) {
		leat_diag_label(pl->d, said, NULL); /* "write name web" would lead to the next error */
		leat_plan_help(pl, said, "there is no step '%s'; a recipe has one step per line: leat help language",
			       st->name);
	}
	if (said)
		return;
	struct leat_diag *g = leat_plan_error(pl, 24, st->name_at, "unknown step '%s'", st->name);
	if (!g)
		return;
	if (of_the_language(st->name)) {
		leat_plan_help(pl, g,
			       "the language has it, this program does not have it yet: leat help steps lists what is "
			       "there");
		return;
	}
	step_names(pl->reg, &known);
	const char *near = leat_nearest_word(st->name, known.v, known.n);
	const char *habit = habit_of(st->name);
	const char *other = near || habit ? NULL : step_synonym(pl, st, &known);
	const char *option = near || habit || other ? NULL : option_as_step(pl, st);
	if (habit)
		leat_plan_help(pl, g, "%s", habit);
	else if (near)
		leat_plan_label(pl, g, "did you mean '%s'?", near);
	else if (other)
		leat_plan_label(pl, g, "did you mean: %s", other);
	if (option)
		leat_plan_help(pl, g, "%s", option);
	leat_plan_help(pl, g, "list all steps with: leat help steps");
	if (!near && !other && !habit && !option)
		leat_plan_help(pl, g, "this is leat %s; the file may be written for a newer one", LEAT_VERSION);
}

bool leat_plan_is_encode(struct leat_planner *pl, const struct leat_stmt *st)
{
	const struct leat_word *value = first_value(st);
	const char *encode = value && strcmp(st->name, "convert") == 0 ? format_step(pl, value->value) : NULL;
	if (!encode)
		return false;
	struct leat_diag *g =
		leat_plan_error(pl, 24, st->name_at, "'%s' does not change the format of a file", st->name);
	leat_plan_label(pl, g, "did you mean: %s", encode);
	leat_plan_help(pl, g, "list all steps with: leat help steps");
	return true;
}

/* An option that a user may write. */
static bool offered(const struct leat_param *p)
{
	return !(p->flags & (LEAT_POSITIONAL | LEAT_HIDDEN | LEAT_PENDING_OPT));
}

static void option_names(const struct leat_param *table, struct names *l)
{
	size_t n = leat_param_count(table);
	for (size_t i = 0; i < n; i++)
		if (offered(&table[i]))
			add(l, table[i].name);
}

static const char *join(struct leat_planner *pl, const char *const *v, size_t n)
{
	struct leat_buf b = {0};
	for (size_t i = 0; i < n; i++)
		leat_buf_addf(&b, "%s%s", i ? ", " : "", v[i]);
	const char *s = leat_plan_text(pl, "%s", b.data ? b.data : "");
	leat_buf_free(&b);
	return s ? s : "";
}

const char *leat_plan_threads_instead(struct leat_planner *pl, const struct leat_word *w)
{
	static const char *const words[] = {"threads", "jobs", "parallel", "nproc", "processes", "procs"};
	for (size_t i = 0; i < LEAT_LEN(words); i++)
		if (leat_same_word(words[i], w->key)) {
			return leat_plan_text(pl, "on=%s workers=%s", i < 4 ? "threads" : "processes",
					      is_number(w->value) ? w->value : "auto");
		}
	return NULL;
}

/* The line that shows the option where it belongs: the example of the step, with it. */
static const char *example_with(struct leat_planner *pl, const char *example, const struct leat_word *w)
{
	const char *there = strstr(example, w->key);
	if (there && there[strlen(w->key)] == '=')
		return example;
	return leat_plan_text(pl, "%s %s=%s", example, w->key, w->value);
}

/* The codec for the example: that of a file name in the statement, else the first that knows the option. */
static const struct leat_codec *codec_with(struct leat_planner *pl, const struct leat_binding *b, const char *option)
{
	for (size_t i = 0; i < b->n_words; i++) {
		const char *dot = b->words[i].key ? NULL : strrchr(b->words[i].value, '.');
		const struct leat_codec *c = dot ? leat_registry_codec_for_extension(pl->reg, dot + 1) : NULL;
		if (c && leat_param_find(c->params, option))
			return c;
	}
	for (size_t i = 0; i < pl->reg->n_codecs; i++)
		if (leat_param_find(pl->reg->codecs[i]->params, option))
			return pl->reg->codecs[i];
	return NULL;
}

static void add_owner(struct names *l, const char *name, const struct leat_param *table, const char *option)
{
	const struct leat_param *p = leat_param_find(table, option);
	if (p && offered(p))
		add(l, name);
}

/* "'quality' is an option of: encode; for example:  encode webp quality=82" */
static void option_of_others(struct leat_planner *pl, struct leat_diag *g, const struct leat_binding *b,
			     const struct leat_word *w)
{
	const struct leat_registry *r = pl->reg;
	struct names owners = {.n = 0};
	const struct leat_codec *codec = codec_with(pl, b, w->key);
	const char *example = codec ? leat_plan_text(pl, "encode %s %s=%s", codec->name, w->key, w->value) : NULL;
	for (size_t i = 0; i < r->n_sources; i++)
		add_owner(&owners, r->sources[i]->name, r->sources[i]->params, w->key);
	add_owner(&owners, "decode", leat_decode_params, w->key);
	add_owner(&owners, "parse", leat_parse_params, w->key);
	if (codec)
		add(&owners, "encode");
	for (size_t i = 0; i < r->n_ops; i++) {
		size_t before = owners.n;
		if (!r->ops[i]->hidden)
			add_owner(&owners, r->ops[i]->name, r->ops[i]->params, w->key);
		if (!example && owners.n > before && r->ops[i]->example)
			example = example_with(pl, r->ops[i]->example, w);
	}
	for (size_t i = 0; i < r->n_sinks; i++)
		add_owner(&owners, r->sinks[i]->name, r->sinks[i]->params, w->key);
	if (owners.n == 0)
		return;
	leat_plan_help(pl, g, "'%s' is an option of: %s%s%s", w->key, join(pl, owners.v, owners.n),
		       example ? "; for example:  " : "", example ? example : "");
}

static const struct leat_param *positional_named(const struct leat_param *table, const char *name)
{
	size_t n = leat_param_count(table);
	for (size_t i = 0; i < n; i++)
		if ((table[i].flags & LEAT_POSITIONAL) && strcmp(table[i].name, name) == 0)
			return &table[i];
	return NULL;
}

/* The first thing that other tools mean by the word and that is legal here; NULL: none. */
static const char *legal_synonym(enum leat_synonym_kind kind, const char *word, const char *const *legal, size_t n)
{
	const struct leat_synonym *s = NULL;
	while ((s = leat_synonym_next(kind, word, s)) != NULL)
		for (size_t i = 0; i < n; i++)
			if (strcmp(legal[i], s->meant) == 0)
				return s->meant;
	return NULL;
}

/* A label for an unknown option; false when there is no idea. */
static bool guess_option(struct leat_planner *pl, struct leat_diag *g, const struct leat_binding *b,
			 const struct leat_word *w)
{
	struct names known = {.n = 0};
	option_names(b->table, &known);
	if (b->steps)
		option_names(leat_exec_params, &known);
	const char *near = leat_nearest_word(w->key, known.v, known.n);
	const char *other = near ? NULL : legal_synonym(LEAT_SYN_OPTION, w->key, known.v, known.n);
	const char *threads = near || !b->steps ? NULL : leat_plan_threads_instead(pl, w);
	if (near)
		leat_plan_label(pl, g, "did you mean '%s'?", near);
	else if (threads)
		leat_plan_label(pl, g, "write %s", threads);
	else if (positional_named(b->table, w->key))
		leat_plan_label(pl, g, w->unknown ? "write the value alone" : "write the value alone: %s %s", b->name,
				w->value);
	else if (other)
		leat_plan_label(pl, g, "did you mean '%s'?", other);
	else
		return false;
	bool whole = threads && !near, alone = !near && !threads && positional_named(b->table, w->key);
	if (whole)
		leat_plan_fix(pl, g, w->span, threads);
	if (alone)
		leat_plan_fix(pl, g, (struct leat_span){w->span.text, w->key_at.start, w->key_at.end + 1}, "");
	return true;
}

void leat_plan_unknown_option(struct leat_planner *pl, const struct leat_binding *b, const struct leat_word *w)
{
	struct names own = {.n = 0}, exec = {.n = 0};
	struct leat_diag *g = leat_plan_error(pl, 31, w->key_at, "unknown option '%s' for '%s'", w->key, b->name);
	if (!g)
		return;
	if (!guess_option(pl, g, b, w) && b->steps)
		option_of_others(pl, g, b, w);
	option_names(b->table, &own);
	if (own.n > 0)
		leat_plan_help(pl, g, "'%s' knows: %s", b->owner, join(pl, own.v, own.n));
	else
		leat_plan_help(pl, g, "'%s' has no options of its own", b->owner);
	if (!b->steps)
		return;
	option_names(leat_exec_params, &exec);
	leat_plan_help(pl, g, "every step knows: %s", join(pl, exec.v, exec.n));
}

const char *leat_plan_exec_guess(const char *word)
{
	struct names known = {.n = 0};
	for (size_t i = 0; i < LEAT_EXEC_ID; i++)
		add(&known, leat_exec_params[i].name);
	const char *near = leat_nearest_word(word, known.v, known.n);
	return near ? near : legal_synonym(LEAT_SYN_OPTION, word, known.v, known.n);
}

const char *leat_plan_field_guess(const char *word, const char *const *fields, size_t n)
{
	const char *near = leat_nearest_word(word, fields, n);
	return near ? near : legal_synonym(LEAT_SYN_FIELD, word, fields, n);
}
