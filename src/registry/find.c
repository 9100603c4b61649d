/* SPDX-License-Identifier: MIT */
/* Look-ups in any registry: the built-in one, a frozen one, one with a program's own steps. See registry.h. */
#include "registry/registry.h"

#include <string.h>
#include <strings.h>

#define FIND(r, list, wanted)                                  \
	for (size_t i = 0; i < (r)->n_##list; i++)             \
		if (strcmp((r)->list[i]->name, (wanted)) == 0) \
			return (r)->list[i];                   \
	return NULL

const struct leat_op *leat_registry_op(const struct leat_registry *r, const char *name)
{
	FIND(r, ops, name);
}

const struct leat_source *leat_registry_source(const struct leat_registry *r, const char *name)
{
	FIND(r, sources, name);
}

const struct leat_sink *leat_registry_sink(const struct leat_registry *r, const char *name)
{
	FIND(r, sinks, name);
}

const struct leat_codec *leat_registry_codec(const struct leat_registry *r, const char *name)
{
	FIND(r, codecs, name);
}

const struct leat_executor_type *leat_registry_executor(const struct leat_registry *r, const char *name)
{
	FIND(r, executors, name);
}

const struct leat_codec *leat_registry_codec_for_extension(const struct leat_registry *r, const char *ext)
{
	for (size_t i = 0; i < r->n_codecs; i++)
		for (const char *const *e = r->codecs[i]->extensions; e && *e; e++)
			if (((**e ^ *ext) & ~0x20) == 0 && strcasecmp(*e, ext) == 0) /* asked for every name of a run */
				return r->codecs[i];
	return NULL;
}

const struct leat_codec *leat_registry_sniff(const struct leat_registry *r, const uint8_t *data, size_t n)
{
	for (size_t i = 0; i < r->n_codecs; i++)
		if (r->codecs[i]->sniff && r->codecs[i]->sniff(data, n))
			return r->codecs[i];
	return NULL;
}

/* NAME.csv.gz: text that its reader unpacks. */
static const struct leat_codec *packed(const struct leat_registry *r, const char *name, const char *dot)
{
	char word[16];
	const char *s = dot;
	while (s > name && s[-1] != '.' && s[-1] != '/')
		s--;
	if (s == name || s[-1] != '.' || (size_t)(dot - s) >= sizeof word)
		return NULL;
	memcpy(word, s, (size_t)(dot - s));
	word[dot - s] = 0;
	const struct leat_codec *c = leat_registry_codec_for_extension(r, word);
	return c && c->gives == LEAT_TABLE ? c : NULL;
}

const struct leat_codec *leat_registry_codec_of(const struct leat_registry *r, const uint8_t *data, size_t n,
						const char *path)
{
	const struct leat_codec *c = leat_registry_sniff(r, data, n);
	const char *slash = strrchr(path, '/'), *dot = strrchr(slash ? slash : path, '.');
	if (!c && dot)
		c = leat_registry_codec_for_extension(r, dot + 1);
	if (!c && dot && strcmp(dot, ".gz") == 0)
		c = packed(r, slash ? slash : path, dot);
	return c && c->sniff && !c->sniff(data, n) ? NULL : c;
}
