/* SPDX-License-Identifier: MIT */
/* The fields that every item has. See item.h. */
#include "core/item.h"

#include <string.h>
#include <time.h>

/* One field: its row is its name, its doc, its type and the function that knows its value. */
typedef bool field_fn(const struct leat_view *v, struct leat_value *out, struct leat_buf *tmp);

static bool text(struct leat_value *out, const char *s)
{
	*out = (struct leat_value){.type = LEAT_V_TEXT, .s = s};
	return true;
}

/* The first n bytes of s, copied into tmp. */
static bool part(struct leat_value *out, struct leat_buf *tmp, const char *s, size_t n)
{
	leat_buf_add(tmp, s, n);
	return !tmp->failed && text(out, tmp->data);
}

static const char *last_name(const char *path)
{
	const char *slash = strrchr(path, '/');
	return slash ? slash + 1 : path;
}

/*
 * The last '.' of a name, unless it begins it (".bashrc" has no extension); the end of the name when there is
 * none.
 */
static const char *extension(const char *name)
{
	const char *dot = strrchr(name, '.');
	return dot && dot != name ? dot : name + strlen(name);
}

static bool get_path(const struct leat_view *v, struct leat_value *out, struct leat_buf *tmp)
{
	(void)tmp; /* lives in the entry */
	return v->entry && text(out, v->entry->path);
}

static bool get_dir(const struct leat_view *v, struct leat_value *out, struct leat_buf *tmp)
{
	if (!v->entry)
		return false;
	const char *path = v->entry->path, *slash = strrchr(path, '/');
	if (!slash)
		return text(out, ".");
	return part(out, tmp, path, slash == path ? 1 : (size_t)(slash - path));
}

static bool get_reldir(const struct leat_view *v, struct leat_value *out, struct leat_buf *tmp)
{
	(void)tmp;
	return v->entry && text(out, v->entry->reldir ? v->entry->reldir : "");
}

static bool get_name(const struct leat_view *v, struct leat_value *out, struct leat_buf *tmp)
{
	(void)tmp;
	return v->entry && text(out, last_name(v->entry->path));
}

static bool get_stem(const struct leat_view *v, struct leat_value *out, struct leat_buf *tmp)
{
	if (!v->entry)
		return false;
	const char *name = last_name(v->entry->path);
	return part(out, tmp, name, (size_t)(extension(name) - name));
}

static bool get_ext(const struct leat_view *v, struct leat_value *out, struct leat_buf *tmp)
{
	(void)tmp;
	if (!v->entry)
		return false;
	const char *dot = extension(last_name(v->entry->path));
	return text(out, *dot ? dot + 1 : dot);
}

static bool get_format(const struct leat_view *v, struct leat_value *out, struct leat_buf *tmp)
{
	(void)tmp;
	return v->format && text(out, v->format);
}

/* The usual extension where it is not the format's own name. */
static bool get_suffix(const struct leat_view *v, struct leat_value *out, struct leat_buf *tmp)
{
	(void)tmp;
	if (!v->format)
		return false;
	if (strcmp(v->format, "jpeg") == 0)
		return text(out, "jpg");
	return text(out, strcmp(v->format, "tiff") == 0 ? "tif" : v->format);
}

static bool get_index(const struct leat_view *v, struct leat_value *out, struct leat_buf *tmp)
{
	(void)tmp;
	*out = (struct leat_value){.type = LEAT_V_INT, .i = (int64_t)v->index};
	return v->entry != NULL;
}

static bool get_branch(const struct leat_view *v, struct leat_value *out, struct leat_buf *tmp)
{
	(void)tmp;
	return text(out, v->branch ? v->branch : "");
}

static bool get_bytes_in(const struct leat_view *v, struct leat_value *out, struct leat_buf *tmp)
{
	(void)tmp;
	if (!v->entry)
		return false;
	*out = (struct leat_value){.type = LEAT_V_INT, .i = (int64_t)v->entry->size};
	return true;
}

static bool get_mtime(const struct leat_view *v, struct leat_value *out, struct leat_buf *tmp)
{
	(void)tmp;
	if (!v->entry)
		return false;
	*out = (struct leat_value){.type = LEAT_V_TIME, .i = v->entry->mtime_ns};
	return true;
}

static bool get_age(const struct leat_view *v, struct leat_value *out, struct leat_buf *tmp)
{
	(void)tmp;
	if (!v->entry || !v->run)
		return false;
	double ns = (double)v->run->started_ns - (double)v->entry->mtime_ns;
	*out = (struct leat_value){.type = LEAT_V_REAL, .r = ns / 1e9};
	return true;
}

static bool started(const struct leat_view *v, struct leat_value *out, struct leat_buf *tmp, const char *pattern)
{
	char buf[32];
	struct tm tm;
	if (!v->run)
		return false;
	time_t t = (time_t)(v->run->started_ns / 1000000000);
	size_t n = localtime_r(&t, &tm) ? strftime(buf, sizeof buf, pattern, &tm) : 0;
	return n && part(out, tmp, buf, n);
}

static bool get_date(const struct leat_view *v, struct leat_value *out, struct leat_buf *tmp)
{
	return started(v, out, tmp, "%Y-%m-%d");
}

static bool get_time(const struct leat_view *v, struct leat_value *out, struct leat_buf *tmp)
{
	return started(v, out, tmp, "%H-%M-%S");
}

static bool get_host(const struct leat_view *v, struct leat_value *out, struct leat_buf *tmp)
{
	(void)tmp;
	return v->run && text(out, v->run->host);
}

static bool get_job(const struct leat_view *v, struct leat_value *out, struct leat_buf *tmp)
{
	(void)tmp;
	return v->run && text(out, v->run->job);
}

/* Name, type, getter, doc. */
#define ITEM_FIELDS(X)                                                                                                \
	X("path", LEAT_V_TEXT, get_path, "the input's path as the run shows it")                                      \
	X("dir", LEAT_V_TEXT, get_dir, "the folder part of path")                                                     \
	X("reldir", LEAT_V_TEXT, get_reldir, "the folder relative to where the pattern begins to vary; may be empty") \
	X("name", LEAT_V_TEXT, get_name, "the input's name with extension: cat.jpg")                                  \
	X("stem", LEAT_V_TEXT, get_stem, "the input's name without extension: cat")                                   \
	X("ext", LEAT_V_TEXT, get_ext, "the input's extension as written: jpg, JPG; may be empty")                    \
	X("format", LEAT_V_TEXT, get_format, "the format of the current data: jpeg")                                  \
	X("suffix", LEAT_V_TEXT, get_suffix, "the usual extension of that format: jpg")                               \
	X("index", LEAT_V_INT, get_index, "the input's number in the order of the list, from 0")                      \
	X("branch", LEAT_V_TEXT, get_branch, "the name of the branch; empty on the main line")                        \
	X("bytes_in", LEAT_V_INT, get_bytes_in, "the input's size in bytes")                                          \
	X("mtime", LEAT_V_TIME, get_mtime, "when the input was last changed")                                         \
	X("age", LEAT_V_REAL, get_age, "seconds from mtime to the start of the run")                                  \
	X("hash", LEAT_V_TEXT, NULL, "SHA-256 of the input's bytes, 64 hexadecimal digits")                           \
	X("date", LEAT_V_TEXT, get_date, "the local date of the start of the run: 2026-01-31")                        \
	X("time", LEAT_V_TEXT, get_time, "the local time of the start of the run: 02-30-05")                          \
	X("host", LEAT_V_TEXT, get_host, "the name of this machine")                                                  \
	X("job", LEAT_V_TEXT, get_job, "the name of the job")

#define NAME_(name, type, get, doc) name,
#define TYPE_(name, type, get, doc) type,
#define GET_(name, type, get, doc) get,
#define DOC_(name, type, get, doc) doc,

const char *const leat_item_fields[] = {ITEM_FIELDS(NAME_) NULL};
const char *const leat_item_field_docs[] = {ITEM_FIELDS(DOC_) NULL};
const enum leat_vtype leat_item_field_types[] = {ITEM_FIELDS(TYPE_) LEAT_V_NONE};
static field_fn *const getters[] = {ITEM_FIELDS(GET_) NULL};

bool leat_view_value(const struct leat_view *v, const char *name, struct leat_value *out, struct leat_buf *tmp)
{
	leat_buf_clear(tmp);
	const struct leat_value *measured = leat_fields_get(v->fields, name);
	if (measured) {
		*out = *measured;
		return true;
	}
	for (size_t i = 0; leat_item_fields[i]; i++) {
		if (strcmp(leat_item_fields[i], name) == 0) {
			leat_buf_adds(tmp, ""); /* so that an empty part has memory too */
			return getters[i] && getters[i](v, out, tmp);
		}
	}
	return false;
}

void leat_entry_path(const struct leat_entry *e, struct leat_buf *b)
{
	leat_buf_clear(b);
	leat_buf_adds(b, e->root);
	if (!b->len || b->data[b->len - 1] != '/')
		leat_buf_addc(b, '/');
	leat_buf_adds(b, e->rel);
}
