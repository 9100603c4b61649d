/* SPDX-License-Identifier: MIT */
/* See npz_calls.h. */
#include "formats/npz_calls.h"

#include "base/mem.h"
#include "formats/module.h"

static struct leat_zip_calls calls;
#if LIBZIP_VERSION_MAJOR > 1 || LIBZIP_VERSION_MINOR > 7
#define SONAME "libzip.so.5"
#define PACKAGE "libzip5"
#else
#define SONAME "libzip.so.4"
#define PACKAGE "libzip4"
#endif
static const char *const libraries[] = {SONAME, NULL};
static const char *const names[] = {
#define NAME(f) #f,
	LEAT_ZIP_CALLS(NAME)
#undef NAME
		NULL};

_Static_assert(sizeof calls == (LEAT_LEN(names) - 1) * sizeof(void *), "one pointer for each name");

static struct leat_module module = {
	.format = "npz",
	.libraries = libraries,
	.package = PACKAGE,
	.names = names,
	.calls = (void **)&calls,
	.lock = PTHREAD_MUTEX_INITIALIZER,
};

const struct leat_zip_calls *leat_zip_calls(struct leat_err *err)
{
	return leat_module_loaded(&module, err) == 0 ? &calls : NULL;
}

int leat_zip_prepare(struct leat_err *err)
{
	return leat_module_load(&module, err);
}
