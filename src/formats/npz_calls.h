/* SPDX-License-Identifier: MIT */
/* libzip as a module: what is used of it. */
#ifndef LEAT_FORMATS_NPZ_CALLS_H
#define LEAT_FORMATS_NPZ_CALLS_H

#include "base/err.h"

#include <zip.h>

#define LEAT_ZIP_CALLS(X)           \
	X(zip_close)                \
	X(zip_discard)              \
	X(zip_error_fini)           \
	X(zip_error_init)           \
	X(zip_error_strerror)       \
	X(zip_fclose)               \
	X(zip_file_add)             \
	X(zip_file_set_dostime)     \
	X(zip_fopen_index)          \
	X(zip_fread)                \
	X(zip_get_error)            \
	X(zip_get_name)             \
	X(zip_get_num_entries)      \
	X(zip_open_from_source)     \
	X(zip_set_file_compression) \
	X(zip_source_buffer)        \
	X(zip_source_buffer_create) \
	X(zip_source_close)         \
	X(zip_source_free)          \
	X(zip_source_keep)          \
	X(zip_source_open)          \
	X(zip_source_read)          \
	X(zip_source_stat)          \
	X(zip_stat_index)

struct leat_zip_calls {
#define LEAT_ZIP_CALL(f) __typeof__(f) *f;
	LEAT_ZIP_CALLS(LEAT_ZIP_CALL)
#undef LEAT_ZIP_CALL
};

/* leat_codec.prepare */
int leat_zip_prepare(struct leat_err *err);
/* The functions, when they were prepared; else NULL with *err. */
const struct leat_zip_calls *leat_zip_calls(struct leat_err *err);

#endif
