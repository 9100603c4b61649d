/* SPDX-License-Identifier: MIT */
/* See jxl_calls.h. */
#include "formats/jxl_calls.h"

#include "base/mem.h"
#include "formats/module.h"

#include <jxl/version.h>

static struct leat_jxl_calls calls;
#define WORD_(x) #x
#define WORD(x) WORD_(x)
#define VERSION WORD(JPEGXL_MAJOR_VERSION) "." WORD(JPEGXL_MINOR_VERSION)
static const char *const libraries[] = {"libjxl.so." VERSION, NULL};
static const char *const names[] = {
#define NAME(f) #f,
	LEAT_JXL_CALLS(NAME)
#undef NAME
		NULL};

_Static_assert(sizeof calls == (LEAT_LEN(names) - 1) * sizeof(void *), "one pointer for each name");

static struct leat_module module = {
	.format = "jxl",
	.libraries = libraries,
	.package = "libjxl" VERSION,
	.names = names,
	.calls = (void **)&calls,
	.lock = PTHREAD_MUTEX_INITIALIZER,
};

const struct leat_jxl_calls *leat_jxl_calls(struct leat_err *err)
{
	return leat_module_loaded(&module, err) == 0 ? &calls : NULL;
}

int leat_jxl_prepare(struct leat_err *err)
{
	return leat_module_load(&module, err);
}
