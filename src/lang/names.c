/* SPDX-License-Identifier: MIT */
/* Names: which spellings are one, and a map from names to things. */
#include "lang/names.h"

#include "base/mem.h"

bool leat_is_lower(char c)
{
	return c >= 'a' && c <= 'z';
}

bool leat_is_letter(char c)
{
	return leat_is_lower(c) || (c >= 'A' && c <= 'Z');
}

bool leat_is_digit(char c)
{
	return c >= '0' && c <= '9';
}

static bool lower_then(const char *s, size_t n, char joint)
{
	if (!n || !leat_is_lower(s[0]))
		return false;
	for (size_t i = 1; i < n; i++)
		if (!leat_is_lower(s[i]) && !leat_is_digit(s[i]) && s[i] != joint)
			return false;
	return true;
}

bool leat_is_name(const char *s, size_t n)
{
	return lower_then(s, n, '-');
}

bool leat_is_varname(const char *s, size_t n)
{
	return lower_then(s, n, '_');
}

bool leat_is_envname(const char *s, size_t n)
{
	if (!n || leat_is_digit(s[0]))
		return false;
	for (size_t i = 0; i < n; i++)
		if (!leat_is_letter(s[i]) && !leat_is_digit(s[i]) && s[i] != '_')
			return false;
	return true;
}

/* Upper case and '_' are lexed too, so that steps can suggest the right spelling. */
size_t leat_key_length(const char *s, size_t n)
{
	if (!n || !leat_is_letter(s[0]))
		return 0;
	size_t i = 1;
	while (i < n && (leat_is_letter(s[i]) || leat_is_digit(s[i]) || s[i] == '-' || s[i] == '_'))
		i++;
	return i < n && s[i] == '=' ? i : 0;
}

static uint64_t hash(const char *s, size_t n)
{
	uint64_t h = 0xcbf29ce484222325u; /* FNV-1a */
	for (size_t i = 0; i < n; i++)
		h = (h ^ (unsigned char)s[i]) * 0x100000001b3u;
	return h ^ h >> 29;
}

/* The slot of a name, or the free one where it would go. There is always a free one. */
static struct leat_name_slot *find(const struct leat_names *m, const char *s, size_t n)
{
	for (size_t i = (size_t)hash(s, n);; i++) {
		struct leat_name_slot *slot = &m->slots[i & (m->cap - 1)];
		if (!slot->s || (slot->n == n && memcmp(slot->s, s, n) == 0))
			return slot;
	}
}

void *leat_names_get(const struct leat_names *m, const char *s, size_t n)
{
	return m->n ? find(m, s, n)->value : NULL;
}

static int grow(struct leat_names *m, struct leat_err *err)
{
	struct leat_names wide = {.cap = m->cap ? 2 * m->cap : 16, .n = m->n};
	wide.slots = leat_zalloc(wide.cap, sizeof *wide.slots, err);
	if (!wide.slots)
		return -1;
	for (size_t i = 0; i < m->cap; i++)
		if (m->slots[i].s)
			*find(&wide, m->slots[i].s, m->slots[i].n) = m->slots[i];
	free(m->slots);
	*m = wide;
	return 0;
}

int leat_names_add(struct leat_names *m, const char *s, size_t n, void *value, struct leat_err *err)
{
	if (2 * (m->n + 1) > m->cap && grow(m, err) < 0)
		return -1;
	*find(m, s, n) = (struct leat_name_slot){s, n, value};
	m->n++;
	return 0;
}

void leat_names_free(struct leat_names *m)
{
	free(m->slots);
	*m = (struct leat_names){0};
}
