/* SPDX-License-Identifier: MIT */
#include "base/json.h"

#include "base/num.h"
#include "base/text.h"

#include <inttypes.h>
#include <math.h>
#include <string.h>

/* The comma and the key. */
static void begin(struct leat_buf *b, const char *name)
{
	char last = b->len ? b->data[b->len - 1] : '{';
	if (last != '{' && last != '[' && last != '\n')
		leat_buf_addc(b, ',');
	if (name) {
		leat_escape_json(b, name, strlen(name));
		leat_buf_addc(b, ':');
	}
}

void leat_json_open(struct leat_buf *b, const char *name, char bracket)
{
	begin(b, name);
	leat_buf_addc(b, bracket);
}

void leat_json_close(struct leat_buf *b, char bracket)
{
	leat_buf_addc(b, bracket);
}

void leat_json_text(struct leat_buf *b, const char *name, const char *s)
{
	begin(b, name);
	if (s)
		leat_escape_json(b, s, strlen(s));
	else
		leat_buf_adds(b, "null");
}

void leat_json_uint(struct leat_buf *b, const char *name, uint64_t v)
{
	begin(b, name);
	leat_buf_addf(b, "%" PRIu64, v);
}

void leat_json_int(struct leat_buf *b, const char *name, int64_t v)
{
	begin(b, name);
	leat_buf_addf(b, "%" PRId64, v);
}

void leat_json_bool(struct leat_buf *b, const char *name, bool v)
{
	begin(b, name);
	leat_buf_adds(b, v ? "true" : "false");
}

void leat_json_null(struct leat_buf *b, const char *name)
{
	leat_json_text(b, name, NULL);
}

void leat_json_real(struct leat_buf *b, const char *name, double v, int digits)
{
	char text[32];
	double scale = 1;
	while (digits-- > 0)
		scale *= 10;
	begin(b, name);
	leat_buf_adds(b, isfinite(v) ? leat_print_real(round(v * scale) / scale, text) : "null");
}

static void new_line(struct leat_buf *out, unsigned depth)
{
	leat_buf_addc(out, '\n');
	leat_buf_fill(out, ' ', 2 * (size_t)depth);
}

/* Behind the text that begins at s[i]. */
static size_t text_end(const char *s, size_t n, size_t i)
{
	for (i++; i < n && s[i] != '"'; i++)
		i += s[i] == '\\';
	return i < n ? i + 1 : n;
}

/* Bytes up to the bracket that closes the one at s[0], with the blanks that are put behind ',' and ':'. */
static size_t inline_length(const char *s, size_t n, size_t most)
{
	size_t depth = 0, length = 0;
	for (size_t i = 0; i < n && length <= most;) {
		size_t end = s[i] == '"' ? text_end(s, n, i) : i + 1;
		length += end - i + (s[i] == ',' || s[i] == ':');
		depth += s[i] == '{' || s[i] == '[';
		if ((s[i] == '}' || s[i] == ']') && --depth == 0)
			break;
		i = end;
	}
	return length;
}

void leat_json_lines(const char *s, size_t n, size_t width, struct leat_buf *out)
{
	unsigned depth = 0, broken = 0; /* open brackets; those of them whose members have lines: the outer ones */
	for (size_t i = 0; i < n;) {
		char c = s[i];
		bool opens = c == '{' || c == '[', closes = c == '}' || c == ']';
		if (c == '"') {
			size_t end = text_end(s, n, i);
			leat_buf_add(out, s + i, end - i);
			i = end;
			continue;
		}
		if (closes && broken == depth) {
			broken--;
			new_line(out, depth - 1);
		}
		depth -= closes;
		leat_buf_addc(out, c);
		bool breaks = opens && broken == depth && inline_length(s + i, n - i, width) + 2 * depth > width;
		depth += opens;
		broken += breaks;
		if (breaks || (c == ',' && broken == depth))
			new_line(out, depth);
		else if (c == ',' || c == ':')
			leat_buf_addc(out, ' ');
		i++;
	}
	leat_buf_addc(out, '\n');
}
