/* SPDX-License-Identifier: MIT */
/*
 * Fuzz target over metadata that leat reads and writes by itself: EXIF, EXIF inside of a TIFF, boxes. The first byte
 * says which.
 */
#include "base/mem.h"
#include "formats/boxes.h"
#include "formats/exif.h"
#include "formats/tiff_exif.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t n);

static void demand(bool ok, const char *what)
{
	if (ok)
		return;
	fprintf(stderr, "fuzz_meta: %s\n", what);
	abort();
}

/* What one file embeds another can take, and the orientation is what was set. */
static void check_exif(const uint8_t *d, size_t n, uint8_t orientation)
{
	struct leat_err err = {0};
	struct leat_meta *m = leat_meta_new(&err);
	struct leat_bytes *b = NULL;
	demand(m != NULL, "no memory");
	int taken = leat_exif_take(m, d, n, &err);
	demand(taken >= 0, "EXIF that fails");
	m->orientation = (uint8_t)(orientation % 8 + 1);
	if (!m->copyright)
		m->copyright = leat_strdup("somebody", &err);
	demand(leat_exif_for_output(m, &b, &err) == 0 && b, "EXIF that cannot be written");
	demand(leat_exif_valid(b->data, b->len), "EXIF that is written is none");
	leat_bytes_unref(&b);
	leat_meta_unref(&m);
}

/* A small TIFF gets what the fuzzer made as its EXIF, and must stay one. */
static void check_put(const uint8_t *d, size_t n)
{
	static const uint8_t tiff[] = {'I', 'I', 42, 0, 8, 0, 0, 0, 1, 0, 0, 1, 3,
				       0,   1,   0,  0, 0, 7, 0, 0, 0, 0, 0, 0, 0};
	struct leat_err err = {0};
	struct leat_bytes *file = leat_bytes_new(64, &err), *exif = leat_bytes_new(n, &err), *back = NULL;
	demand(file && exif, "no memory");
	demand(leat_bytes_append(file, tiff, sizeof tiff, &err) == 0, "no memory");
	demand(leat_bytes_append(exif, d, n, &err) == 0, "no memory");
	demand(leat_tiff_exif_put(file, exif, &err) == 0, "EXIF that cannot be put into a TIFF");
	demand(leat_exif_valid(file->data, file->len), "a TIFF that is none any more");
	demand(leat_tiff_exif_gather(file->data, file->len, 8, &back, &err) == 0, "a TIFF that fails");
	leat_bytes_unref(&back);
	leat_bytes_unref(&file);
	leat_bytes_unref(&exif);
}

static void check_gather(const uint8_t *d, size_t n, uint64_t dir)
{
	struct leat_err err = {0};
	struct leat_bytes *b = NULL;
	demand(leat_tiff_exif_gather(d, n, dir, &b, &err) == 0, "a TIFF that fails");
	if (b)
		demand(leat_exif_valid(b->data, b->len), "what was gathered is no EXIF");
	leat_bytes_unref(&b);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t n)
{
	if (n < 2)
		return 0;
	uint8_t *d = malloc(n - 1);
	demand(d != NULL, "no memory");
	memcpy(d, data + 1, n - 1);
	check_exif(d, n - 1, data[0]);
	check_put(d, n - 1);
	check_gather(d, n - 1, data[0]);
	(void)leat_boxes_cut(d, n - 1);
	free(d);
	return 0;
}
