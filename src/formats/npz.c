/* SPDX-License-Identifier: MIT */
/*
 * NPZ: arrays as NumPy's savez stores them, npy files in a zip archive. One of them is read, the one that key= names or
 * the only one; one is written. libzip does the archive.
 */
#include "base/mem.h"
#include "core/op.h"
#include "formats/npy_bytes.h"
#include "formats/npz_calls.h"

#include <stdio.h>
#include <string.h>

struct params {
	const char *key;
	bool compress;
};

enum {
	MOST_ENTRIES = 10000,
	NAMES_TOLD = 120, /* bytes of names in a message */
	LEVEL = 6,
	DATE = 1 << 5 | 1, /* the first of January 1980, as NumPy writes: no time gets into an output */
	READ_STEP = 1 << 20,
};

static const char *const extensions[] = {"npz", NULL};

static const struct leat_param params[] = {
	LEAT_P(struct params, key, const char *, LEAT_PT_TEXT, "key", "arr_0", 0, "name of the array in the file"),
	LEAT_P_SWITCH(struct params, compress, "compress", "yes", 0, "deflate the array, as numpy.savez_compressed"),
	LEAT_P_END,
};

static bool is_npy(const char *name, size_t n)
{
	return n > 4 && memcmp(name + n - 4, ".npy", 4) == 0;
}

/* A zip archive whose first file is an npy file. */
static bool sniff(const uint8_t *d, size_t n)
{
	enum { FIXED = 30 };
	if (n < FIXED || memcmp(d, "PK\x03\x04", 4) != 0)
		return false;
	size_t name = (size_t)d[26] | (size_t)d[27] << 8;
	return name <= n - FIXED && is_npy((const char *)d + FIXED, name);
}

/* ---- reading */

struct reader {
	const struct leat_zip_calls *c;
	zip_t *zip;
	zip_file_t *file;
	uint64_t size; /* of the file, as the archive says */
	struct leat_err *err;
};

static int damaged(struct reader *r, const char *what)
{
	return leat_fail(r->err, LEAT_CAUSE_CORRUPT, "npz: %s", what);
}

static int open_archive(struct reader *r, struct leat_bytes *b)
{
	r->c = leat_zip_calls(r->err);
	if (!r->c)
		return -1;
	zip_error_t e;
	r->c->zip_error_init(&e);
	zip_source_t *source = r->c->zip_source_buffer_create(b->data, b->len, 0, &e);
	if (source)
		r->zip = r->c->zip_open_from_source(source, ZIP_RDONLY, &e);
	if (!r->zip)
		leat_fail(r->err, LEAT_CAUSE_CORRUPT, "npz: no sound zip archive: %s", r->c->zip_error_strerror(&e));
	if (source && !r->zip)
		r->c->zip_source_free(source);
	r->c->zip_error_fini(&e);
	return r->zip ? 0 : -1;
}

static void close_archive(struct reader *r)
{
	if (r->file)
		(void)r->c->zip_fclose(r->file); /* it was only read */
	if (r->zip)
		r->c->zip_discard(r->zip);
}

/* Is `name` the file of array `key`? NumPy leaves the extension away. */
static bool is_key(const char *name, const char *key)
{
	size_t n = strlen(name);
	return strcmp(name, key) == 0 || (is_npy(name, n) && strlen(key) == n - 4 && memcmp(name, key, n - 4) == 0);
}

static int none_chosen(struct reader *r, const char *key, const char *names, int arrays)
{
	if (arrays == 0)
		return leat_fail(r->err, LEAT_CAUSE_FORMAT, "npz: there is no array in it");
	if (key)
		return leat_fail(r->err, LEAT_CAUSE_MISMATCH, "npz: there is no array '%.200s': it has %s", key, names);
	return leat_fail(r->err, LEAT_CAUSE_MISMATCH, "npz: there are %d arrays, choose one with key=: %s", arrays,
			 names);
}

/* The names of what could be chosen, as far as they fit into NAMES_TOLD. */
static void tell_name(char names[static NAMES_TOLD + 8], const char *name)
{
	size_t n = strlen(names), len = strlen(name) - strlen(".npy");
	if (n >= 3 && strcmp(names + n - 3, "...") == 0)
		return;
	if (n + len + 2 < NAMES_TOLD)
		(void)snprintf(names + n, NAMES_TOLD + 8 - n, "%s%.*s", n ? ", " : "", (int)len, name);
	else
		(void)snprintf(names + n, NAMES_TOLD + 8 - n, "%s...", n ? ", " : "");
}

/* The entry that is wanted; -1 with *err. */
static int64_t choose(struct reader *r, const char *key)
{
	char names[NAMES_TOLD + 8] = "";
	zip_int64_t n = r->c->zip_get_num_entries(r->zip, 0), at = -1;
	int arrays = 0;
	if (n > MOST_ENTRIES)
		return damaged(r, "too many files in the archive");
	for (zip_int64_t i = 0; i < n; i++) {
		const char *name = r->c->zip_get_name(r->zip, (zip_uint64_t)i, 0);
		if (!name || !is_npy(name, strlen(name)))
			continue;
		arrays++;
		tell_name(names, name);
		if (key ? is_key(name, key) : at < 0)
			at = i;
	}
	if (at < 0 || (!key && arrays > 1))
		return none_chosen(r, key, names, arrays);
	return at;
}

static int open_array(struct reader *r, struct leat_bytes *b, const struct leat_parse_params *p)
{
	zip_stat_t stat = {0};
	if (open_archive(r, b) < 0)
		return -1;
	int64_t at = choose(r, p->key);
	if (at < 0)
		return -1;
	if (r->c->zip_stat_index(r->zip, (zip_uint64_t)at, 0, &stat) < 0 || !(stat.valid & ZIP_STAT_SIZE))
		return damaged(r, "an entry without a size");
	r->size = stat.size;
	r->file = r->c->zip_fopen_index(r->zip, (zip_uint64_t)at, 0);
	if (r->file)
		return 0;
	return leat_fail(r->err, LEAT_CAUSE_UNSUPPORTED, "npz: the array cannot be unpacked: %s",
			 r->c->zip_error_strerror(r->c->zip_get_error(r->zip)));
}

/* Up to n bytes; fewer only where the file ends. -1 with *err. */
static int64_t read_some(struct reader *r, uint8_t *to, size_t n)
{
	size_t done = 0;
	while (done < n) {
		size_t step = n - done < READ_STEP ? n - done : READ_STEP;
		zip_int64_t got = r->c->zip_fread(r->file, to + done, step);
		if (got < 0)
			return damaged(r, "the packed array is damaged");
		if (got == 0)
			break;
		done += (size_t)got;
	}
	return (int64_t)done;
}

enum { LOOK = 16 * 1024 }; /* an npy header is never longer */

/* The header of the array; the first *n bytes of its file, which are in look. */
static int read_head(struct reader *r, uint8_t look[static LOOK], size_t *n, struct leat_npy *h)
{
	int64_t got = read_some(r, look, LOOK);
	if (got < 0)
		return -1;
	*n = (size_t)got;
	return leat_npy_read_header(look, *n, true, h, r->err);
}

static int dec_head(struct leat_bytes *b, const struct leat_parse_params *p, struct leat_header *head,
		    struct leat_err *err)
{
	struct reader r = {.err = err};
	struct leat_npy npy;
	uint8_t look[LOOK];
	size_t n;
	int ok = open_array(&r, b, p);
	if (ok == 0)
		ok = read_head(&r, look, &n, &npy);
	close_archive(&r);
	if (ok == 0)
		*head = (struct leat_header){.format = "npz", .kind = LEAT_ARRAY, .array = npy.shape};
	return ok;
}

/* The whole file of the array, no byte more than its header asks for, so that a claim costs no memory. */
static struct leat_bytes *unpack(struct reader *r)
{
	struct leat_npy h;
	uint8_t look[LOOK], more;
	size_t n;
	if (read_head(r, look, &n, &h) < 0)
		return NULL;
	size_t need = leat_size_add(h.offset, leat_array_bytes(&h.shape));
	if (need > r->size) {
		leat_fail(r->err, LEAT_CAUSE_TRUNCATED, "npz: %llu bytes where the shape asks for %zu",
			  (unsigned long long)r->size, need);
		return NULL;
	}
	struct leat_bytes *b = leat_bytes_new(need < n ? n : need, r->err);
	if (!b || leat_bytes_append(b, look, n, r->err) < 0) {
		leat_bytes_unref(&b);
		return NULL;
	}
	int64_t got = need > n ? read_some(r, b->data + n, need - n) : 0, end = got < 0 ? -1 : read_some(r, &more, 1);
	if (got >= 0 && end >= 0 && (size_t)got < (need > n ? need - n : 0))
		end = leat_fail(r->err, LEAT_CAUSE_TRUNCATED, "npz: the packed array ends early");
	if (end < 0)
		leat_bytes_unref(&b);
	else
		b->len = need; /* what stands behind it is no part of the array */
	return b;
}

static int dec_run(struct leat_bytes *b, const struct leat_parse_params *p, struct leat_payload *out,
		   struct leat_notices *notes, struct leat_err *err)
{
	struct reader r = {.err = err};
	struct leat_bytes *npy = open_array(&r, b, p) == 0 ? unpack(&r) : NULL;
	close_archive(&r);
	int ok = npy ? leat_npy_decode(npy, p, out, notes, err) : -1;
	leat_bytes_unref(&npy);
	return ok;
}

/* ---- writing */

/* One file in a new archive; `source` gets it. */
static int pack(const struct leat_zip_calls *c, zip_source_t *source, const char *name, const struct leat_bytes *npy,
		bool compress, zip_error_t *e)
{
	zip_t *zip = c->zip_open_from_source(source, ZIP_CREATE | ZIP_TRUNCATE, e);
	zip_source_t *data = zip ? c->zip_source_buffer(zip, npy->data, npy->len, 0) : NULL;
	zip_int64_t at = data ? c->zip_file_add(zip, name, data, ZIP_FL_ENC_UTF_8) : -1;
	if (data && at < 0)
		c->zip_source_free(data);
	if (at >= 0 &&
	    c->zip_set_file_compression(zip, (zip_uint64_t)at, compress ? ZIP_CM_DEFLATE : ZIP_CM_STORE, LEVEL) == 0 &&
	    c->zip_file_set_dostime(zip, (zip_uint64_t)at, 0, DATE, 0) == 0 && c->zip_close(zip) == 0)
		return 0;
	if (zip)
		c->zip_discard(zip);
	return -1;
}

/* What the archive has become, as bytes. */
static struct leat_bytes *taken(const struct leat_zip_calls *c, zip_source_t *source, struct leat_err *err)
{
	zip_stat_t stat = {0};
	if (c->zip_source_stat(source, &stat) < 0 || c->zip_source_open(source) < 0)
		return NULL;
	struct leat_bytes *b = leat_bytes_new((size_t)stat.size, err);
	zip_int64_t got = b ? c->zip_source_read(source, b->data, stat.size) : -1;
	(void)c->zip_source_close(source); /* it was only read */
	if (b && got == (zip_int64_t)stat.size)
		b->len = (size_t)got;
	else
		leat_bytes_unref(&b);
	return b;
}

static int write_archive(const struct params *p, const struct leat_bytes *npy, struct leat_bytes **out,
			 struct leat_err *err)
{
	const struct leat_zip_calls *c = leat_zip_calls(err);
	char name[300];
	if (!c)
		return -1;
	int n = snprintf(name, sizeof name, "%s.npy", p->key);
	if (n >= (int)sizeof name || !*p->key)
		return leat_fail(err, LEAT_CAUSE_USAGE, "key is a name of 1 to 250 letters");
	zip_error_t e;
	c->zip_error_init(&e);
	zip_source_t *source = c->zip_source_buffer_create(NULL, 0, 0, &e);
	if (source)
		c->zip_source_keep(source); /* closing the archive takes one reference */
	*out = source && pack(c, source, name, npy, p->compress, &e) == 0 ? taken(c, source, err) : NULL;
	if (source)
		c->zip_source_free(source);
	c->zip_error_fini(&e);
	return *out ? 0 : leat_fail(err, LEAT_CAUSE_MEMORY, "npz: the archive could not be made");
}

static int enc_run(const void *p, const struct leat_payload *in, struct leat_bytes **out, struct leat_err *err)
{
	struct leat_array *numbers = leat_payload_numbers(in), *made = NULL;
	struct leat_bytes *npy = NULL;
	if (!numbers)
		numbers = made = leat_npy_of_image(in->image, err);
	int ok = numbers ? leat_npy_encode(numbers, numbers->shape.fortran, &npy, err) : -1;
	if (ok == 0)
		ok = write_archive(p, npy, out, err);
	leat_bytes_unref(&npy);
	if (made)
		leat_array_unref(&made);
	return ok;
}

const struct leat_codec leat_codec_npz = {
	.name = "npz",
	.suffix = "npz",
	.extensions = extensions,
	.summary = "NPZ: arrays of NumPy in a zip archive",
	.version = 1,
	.kinds = LEAT_ARRAY | LEAT_TABLE | LEAT_IMAGE,
	.gives = LEAT_ARRAY,
	.modes = LEAT_ON_CPU,
	.params = params,
	.params_size = sizeof(struct params),
	.prepare = leat_zip_prepare,
	.sniff = sniff,
	.dec_head = dec_head,
	.dec_run = dec_run,
	.enc_run = enc_run,
};
