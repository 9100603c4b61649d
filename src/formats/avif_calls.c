/* SPDX-License-Identifier: MIT */
/* See avif_calls.h. */
#include "formats/avif_calls.h"

#include "base/mem.h"
#include "formats/module.h"

static struct leat_avif_calls calls;
#if AVIF_VERSION_MAJOR > 0
#define SONAME "libavif.so.16"
#define PACKAGE "libavif16"
#else
#define SONAME "libavif.so.15"
#define PACKAGE "libavif15"
#endif
static const char *const libraries[] = {SONAME, NULL};
static const char *const names[] = {
#define NAME(f) #f,
	LEAT_AVIF_CALLS(NAME)
#undef NAME
		NULL};

_Static_assert(sizeof calls == (LEAT_LEN(names) - 1) * sizeof(void *), "one pointer for each name");

static struct leat_module module = {
	.format = "avif",
	.libraries = libraries,
	.package = PACKAGE,
	.names = names,
	.calls = (void **)&calls,
	.lock = PTHREAD_MUTEX_INITIALIZER,
};

const struct leat_avif_calls *leat_avif_calls(struct leat_err *err)
{
	return leat_module_loaded(&module, err) == 0 ? &calls : NULL;
}

int leat_avif_prepare(struct leat_err *err)
{
	return leat_module_load(&module, err);
}

int leat_avif_failed(const struct leat_avif_calls *c, avifResult result, const char *detail, struct leat_err *err)
{
	const char *said = detail && *detail ? detail : c->avifResultToString(result);
	switch (result) {
	case AVIF_RESULT_TRUNCATED_DATA:
		return leat_fail(err, LEAT_CAUSE_TRUNCATED, "truncated avif: the file ends early");
	case AVIF_RESULT_OUT_OF_MEMORY:
		return leat_fail(err, LEAT_CAUSE_MEMORY, "cannot allocate memory for an avif");
	case AVIF_RESULT_INVALID_FTYP:
		return leat_fail(err, LEAT_CAUSE_FORMAT, "no avif: its first bytes name another format");
	case AVIF_RESULT_NO_CODEC_AVAILABLE:
	case AVIF_RESULT_NOT_IMPLEMENTED:
	case AVIF_RESULT_UNSUPPORTED_DEPTH:
		return leat_fail(err, LEAT_CAUSE_UNSUPPORTED, "avif that this libavif cannot do: %s", said);
	default:
		return leat_fail(err, LEAT_CAUSE_CORRUPT, "corrupt avif: %s", said);
	}
}
