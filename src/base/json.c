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
