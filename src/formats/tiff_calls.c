/* SPDX-License-Identifier: MIT */
/* See tiff_calls.h. */
#include "formats/tiff_calls.h"

#include "base/mem.h"
#include "formats/module.h"

#include <stdio.h>

static struct leat_tiff_calls calls;
static const char *const libraries[] = {"libtiff.so.6", NULL};
static const char *const names[] = {
#define NAME(f) #f,
	LEAT_TIFF_CALLS(NAME)
#undef NAME
		NULL};

_Static_assert(sizeof calls == (LEAT_LEN(names) - 1) * sizeof(void *), "one pointer for each name");

static struct leat_module module = {
	.format = "tiff",
	.libraries = libraries,
	.package = "libtiff6",
	.names = names,
	.calls = (void **)&calls,
	.lock = PTHREAD_MUTEX_INITIALIZER,
};

const struct leat_tiff_calls *leat_tiff_calls(struct leat_err *err)
{
	return leat_module_loaded(&module, err) == 0 ? &calls : NULL;
}

/* Damage that libtiff only warns about. */
static bool spoils(const char *text)
{
	static const char *const words[] = {"Premature", "Corrupt JPEG", "Bad code word", "Uncompressed data",
					    "premature"};
	for (size_t i = 0; i < LEAT_LEN(words); i++)
		if (strstr(text, words[i]))
			return true;
	return false;
}

static bool ends_early(const char *text)
{
	return strstr(text, "Read error") || strstr(text, "an not read") || strstr(text, "annot read") ||
	       strstr(text, "remature");
}

static void keep(struct leat_tiff *t, const char *text)
{
	bool early = t->beyond || ends_early(text);
	leat_fail(&t->err, early ? LEAT_CAUSE_TRUNCATED : LEAT_CAUSE_CORRUPT, "%s tiff: %s",
		  early ? "truncated" : "corrupt", text);
}

static int on_error(TIFF *h, void *data, const char *module_name, const char *fmt, va_list ap)
{
	char text[200];
	(void)h;
	(void)module_name;
	(void)vsnprintf(text, sizeof text, fmt, ap);
	keep(data, text);
	return 1;
}

static int on_warning(TIFF *h, void *data, const char *module_name, const char *fmt, va_list ap)
{
	char text[200];
	(void)h;
	(void)module_name;
	(void)vsnprintf(text, sizeof text, fmt, ap);
	if (spoils(text))
		keep(data, text);
	return 1;
}

static tmsize_t on_read(thandle_t client, void *to, tmsize_t bytes)
{
	struct leat_tiff *t = client;
	const uint8_t *from = t->data ? t->data : t->out->data;
	size_t n = t->data ? t->n : t->out->len, left = t->pos < n ? n - t->pos : 0;
	size_t want = bytes > 0 ? (size_t)bytes : 0;
	if (want > left) {
		t->beyond = true;
		want = left;
	}
	if (want)
		memcpy(to, from + t->pos, want);
	t->pos += want;
	return (tmsize_t)want;
}

/* Zeros up to where is written, if that is behind the end. */
static int fill_gap(struct leat_tiff *t)
{
	static const uint8_t zeros[4096];
	while (t->out->len < t->pos) {
		size_t gap = t->pos - t->out->len;
		if (leat_bytes_append(t->out, zeros, gap < sizeof zeros ? gap : sizeof zeros, &t->err) < 0)
			return -1;
	}
	return 0;
}

static tmsize_t on_write(thandle_t client, void *data, tmsize_t bytes)
{
	struct leat_tiff *t = client;
	const uint8_t *from = data;
	if (t->data || bytes < 0 || fill_gap(t) < 0)
		return 0;
	size_t n = (size_t)bytes, over = t->out->len - t->pos, in = n < over ? n : over;
	memcpy(t->out->data + t->pos, from, in);
	if (leat_bytes_append(t->out, from + in, n - in, &t->err) < 0)
		return 0;
	t->pos += n;
	return bytes;
}

static toff_t on_seek(thandle_t client, toff_t to, int whence)
{
	struct leat_tiff *t = client;
	size_t base = whence == SEEK_SET ? 0 : whence == SEEK_CUR ? t->pos : t->data ? t->n : t->out->len;
	t->pos = base + (size_t)to; /* wraps for steps back, as the library counts on */
	return t->pos;
}

static toff_t on_size(thandle_t client)
{
	const struct leat_tiff *t = client;
	return t->data ? t->n : t->out->len;
}

static int on_close(thandle_t client)
{
	(void)client;
	return 0;
}

int leat_tiff_open(struct leat_tiff *t, const char *mode, uint64_t most, struct leat_err *err)
{
	TIFFOpenOptions *o = t->c->TIFFOpenOptionsAlloc();
	if (!o)
		return leat_fail(err, LEAT_CAUSE_MEMORY, "cannot allocate memory for a tiff");
	t->c->TIFFOpenOptionsSetMaxSingleMemAlloc(o, most < INT64_MAX / 2 ? (tmsize_t)most : INT64_MAX / 2);
	t->c->TIFFOpenOptionsSetErrorHandlerExtR(o, on_error, t);
	t->c->TIFFOpenOptionsSetWarningHandlerExtR(o, on_warning, t);
	t->h = t->c->TIFFClientOpenExt("image", mode, t, on_read, on_write, on_seek, on_close, on_size, NULL, NULL, o);
	t->c->TIFFOpenOptionsFree(o);
	return t->h ? 0 : leat_tiff_failed(t, "its header cannot be read", err);
}

void leat_tiff_close(struct leat_tiff *t)
{
	if (t->h)
		t->c->TIFFClose(t->h);
	t->h = NULL;
}

int leat_tiff_failed(const struct leat_tiff *t, const char *what, struct leat_err *err)
{
	if (t->err.cause && t->beyond)
		return leat_fail(err, LEAT_CAUSE_TRUNCATED, "truncated tiff: %s", strchr(t->err.text, ':') + 2);
	if (t->err.cause)
		return leat_fail(err, t->err.cause, "%s", t->err.text);
	return leat_fail(err, t->beyond ? LEAT_CAUSE_TRUNCATED : LEAT_CAUSE_CORRUPT, "%s tiff: %s",
			 t->beyond ? "truncated" : "corrupt", what);
}

static pthread_once_t warm = PTHREAD_ONCE_INIT;

/* A first file: what is sorted and asked of the system only once is done before anything is locked down. */
static void warm_up(void)
{
	struct leat_err ignored = {0};
	struct leat_tiff t = {.c = &calls, .out = leat_bytes_new(64, &ignored)};
	if (t.out && leat_tiff_open(&t, "w", 1 << 20, &ignored) == 0)
		leat_tiff_close(&t);
	leat_bytes_unref(&t.out);
}

int leat_tiff_prepare(struct leat_err *err)
{
	if (leat_module_load(&module, err) < 0)
		return -1;
	(void)pthread_once(&warm, warm_up); /* cannot fail with these arguments */
	return 0;
}
