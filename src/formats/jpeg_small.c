/* SPDX-License-Identifier: MIT */
/* Which JPEGs are decoded here, and their rows. See jpeg_small.h; the blocks are in jpeg_block.h. */
#include "formats/jpeg_small.h"

#include "base/mem.h"
#include "formats/jpeg_block.h"
#include "formats/jpeg_ycc.h"

enum { MOST = 3, TABLES = 4, MOST_BLOCKS = 10, EOI = 0xd9, RST0 = 0xd0 };

struct plane {
	uint8_t *samples; /* of one row of MCUs */
	unsigned across, down; /* blocks of an MCU */
	unsigned repeat_x, repeat_y; /* each sample is this many of the output */
	struct leat_jpeg_plane block;
};

struct leat_jpeg_small {
	struct leat_bits bits;
	struct leat_huff dc[TABLES], ac[TABLES];
	struct leat_skip skip[TABLES];
	struct plane planes[MOST];
	unsigned n; /* components: 1 or 3 */
	struct leat_jpeg_unit units[MOST_BLOCKS]; /* of an MCU, in the order of the scan; of the first in a row */
	unsigned n_units;
	bool ycc;
	uint32_t mcus_across, mcus_left; /* of the image */
	uint32_t width, height; /* output */
	uint32_t restart, to_restart; /* MCUs; 0: none */
	unsigned next_restart; /* 0..7 */
	unsigned mcu_rows; /* output rows of a row of MCUs */
	uint32_t next, there; /* output row that is next; first one that is not in the planes */
	uint8_t *wide[MOST]; /* a row of a plane with its samples repeated; NULL where they need not be */
	uint8_t *memory; /* of planes and wide */
};

/* The scan is what baseline has: all components at once, all coefficients. */
static bool is_plain(const struct jpeg_decompress_struct *c)
{
	bool whole = c->Ss == 0 && c->Se == DCTSIZE2 - 1 && c->Ah == 0 && c->Al == 0;
	bool scaled = c->min_DCT_scaled_size == 1 || c->min_DCT_scaled_size == 2 || c->min_DCT_scaled_size == 4;
	return !c->progressive_mode && !c->arith_code && c->data_precision == BITS_IN_JSAMPLE && whole && scaled &&
	       (c->num_components == 1 || c->num_components == 3) && c->comps_in_scan == c->num_components &&
	       c->unread_marker == 0;
}

static bool is_color_known(const struct jpeg_decompress_struct *c)
{
	if (c->num_components == 1)
		return c->jpeg_color_space == JCS_GRAYSCALE && c->out_color_space == JCS_GRAYSCALE;
	return (c->jpeg_color_space == JCS_YCbCr || c->jpeg_color_space == JCS_RGB) && c->out_color_space == JCS_RGB;
}

/* Tables in order, once for each number that components use. */
static bool make_tables(struct leat_jpeg_small *s, const struct jpeg_decompress_struct *c)
{
	bool dc[TABLES] = {0}, ac[TABLES] = {0}, skip[TABLES] = {0};
	for (int i = 0; i < c->num_components; i++) {
		const jpeg_component_info *comp = &c->comp_info[i];
		int d = comp->dc_tbl_no, a = comp->ac_tbl_no;
		if (d < 0 || d >= TABLES || a < 0 || a >= TABLES || !c->dc_huff_tbl_ptrs[d] || !c->ac_huff_tbl_ptrs[a])
			return false;
		const JHUFF_TBL *dt = c->dc_huff_tbl_ptrs[d], *at = c->ac_huff_tbl_ptrs[a];
		if (!dc[d] && !leat_huff_make(&s->dc[d], dt->bits, dt->huffval, true))
			return false;
		if (!ac[a] && !leat_huff_make(&s->ac[a], at->bits, at->huffval, false))
			return false;
		bool skips = comp->DCT_scaled_size == 1;
		if (skips && !skip[a])
			leat_skip_make(&s->skip[a], &s->ac[a]);
		dc[d] = ac[a] = true;
		skip[a] = skip[a] || skips;
	}
	return true;
}

/* Where a component stands against the output: whole factors, and only repeated where libjpeg repeats, too: at 1/8. */
static bool set_plane(struct leat_jpeg_small *s, const struct jpeg_decompress_struct *c, int i)
{
	const jpeg_component_info *comp = &c->comp_info[i];
	const JQUANT_TBL *q = comp->quant_tbl_no >= 0 && comp->quant_tbl_no < NUM_QUANT_TBLS
				      ? c->quant_tbl_ptrs[comp->quant_tbl_no]
				      : NULL;
	struct plane *p = &s->planes[i];
	unsigned size = (unsigned)comp->DCT_scaled_size, least = (unsigned)c->min_DCT_scaled_size;
	bool alone = c->num_components == 1; /* then an MCU is one block */
	p->across = alone ? 1 : (unsigned)comp->h_samp_factor;
	p->down = alone ? 1 : (unsigned)comp->v_samp_factor;
	unsigned full_x = (alone ? 1 : (unsigned)c->max_h_samp_factor) * least;
	unsigned full_y = (alone ? 1 : (unsigned)c->max_v_samp_factor) * least;
	if (!q || (size != 1 && size != 2 && size != 4) || full_x % (p->across * size) || full_y % (p->down * size))
		return false;
	p->repeat_x = full_x / (p->across * size);
	p->repeat_y = full_y / (p->down * size);
	if (least > 1 && (p->repeat_x > 1 || p->repeat_y > 1))
		return false;
	p->block = (struct leat_jpeg_plane){
		.size = size,
		.stride = (size_t)s->mcus_across * p->across * size,
		.dc = &s->dc[comp->dc_tbl_no],
		.ac = &s->ac[comp->ac_tbl_no],
		.skip = &s->skip[comp->ac_tbl_no],
	};
	return leat_jpeg_plane_quant(&p->block, q->quantval);
}

static bool set_planes(struct leat_jpeg_small *s, const struct jpeg_decompress_struct *c)
{
	unsigned blocks = 0;
	for (int i = 0; i < c->num_components; i++) {
		if (!set_plane(s, c, i))
			return false;
		blocks += s->planes[i].across * s->planes[i].down;
	}
	return blocks <= MOST_BLOCKS;
}

static void set_sizes(struct leat_jpeg_small *s, const struct jpeg_decompress_struct *c)
{
	unsigned h = c->num_components == 1 ? 1 : (unsigned)c->max_h_samp_factor;
	unsigned v = c->num_components == 1 ? 1 : (unsigned)c->max_v_samp_factor;
	s->n = (unsigned)c->num_components;
	s->ycc = c->jpeg_color_space == JCS_YCbCr;
	s->width = c->output_width;
	s->height = c->output_height;
	s->mcus_across = (c->image_width + DCTSIZE * h - 1) / (DCTSIZE * h);
	s->mcus_left = s->mcus_across * ((c->image_height + DCTSIZE * v - 1) / (DCTSIZE * v));
	s->mcu_rows = v * (unsigned)c->min_DCT_scaled_size;
	s->restart = s->to_restart = c->restart_interval;
}

static void set_units(struct leat_jpeg_small *s, const struct jpeg_decompress_struct *c)
{
	for (unsigned i = 0; i < s->n; i++) {
		struct plane *p = &s->planes[c->cur_comp_info[i]->component_index];
		unsigned size = p->block.size;
		for (unsigned k = 0; k < p->across * p->down; k++)
			s->units[s->n_units++] = (struct leat_jpeg_unit){
				.plane = &p->block,
				.to = p->samples + k / p->across * size * p->block.stride + k % p->across * size,
				.on = (size_t)p->across * size,
			};
	}
}

/* Planes and repeated rows in one piece; rows have a few bytes behind them for vectors. */
static int set_memory(struct leat_jpeg_small *s, struct leat_err *err)
{
	enum { BEHIND = 64 };
	size_t total = 0, at[MOST] = {0}, row[MOST] = {0};
	for (unsigned i = 0; i < s->n; i++) {
		const struct plane *p = &s->planes[i];
		at[i] = total;
		total += p->block.stride * p->down * p->block.size + BEHIND;
		row[i] = total;
		total += p->repeat_x > 1 ? p->block.stride * p->repeat_x + BEHIND : 0;
	}
	s->memory = leat_zalloc(total, 1, err);
	for (unsigned i = 0; s->memory && i < s->n; i++) {
		s->planes[i].samples = s->memory + at[i];
		s->wide[i] = s->planes[i].repeat_x > 1 ? s->memory + row[i] : NULL;
	}
	return s->memory ? 0 : -1;
}

int leat_jpeg_small_open(struct leat_jpeg_small **out, const struct jpeg_decompress_struct *c, const uint8_t *end,
			 struct leat_err *err)
{
	*out = NULL;
	if (!is_plain(c) || !is_color_known(c))
		return 0;
	struct leat_jpeg_small *s = leat_zalloc(1, sizeof *s, err);
	if (!s)
		return -1;
	set_sizes(s, c);
	if (!make_tables(s, c) || !set_planes(s, c)) {
		leat_jpeg_small_close(&s);
		return 0;
	}
	if (set_memory(s, err) < 0) {
		leat_jpeg_small_close(&s);
		return -1;
	}
	set_units(s, c);
	leat_bits_begin(&s->bits, c->src->next_input_byte, end);
	*out = s;
	return 0;
}

/* Marker `want` stands here, perhaps behind fill bytes; then where it ends, else NULL. */
static const uint8_t *pass_marker(struct leat_jpeg_small *s, unsigned want)
{
	const uint8_t *at = leat_bits_marker(&s->bits);
	while (at && at < s->bits.src_end && *at == 0xff)
		at++;
	return at && at < s->bits.src_end && *at == want ? at + 1 : NULL;
}

static bool begin_again(struct leat_jpeg_small *s)
{
	const uint8_t *at = pass_marker(s, RST0 + s->next_restart);
	if (!at)
		return false;
	for (unsigned i = 0; i < s->n; i++)
		s->planes[i].block.last_dc = 0;
	s->next_restart = (s->next_restart + 1) & 7;
	s->to_restart = s->restart;
	leat_bits_begin(&s->bits, at, s->bits.src_end);
	return true;
}

/* A row of MCUs, from one restart to the next at a time. */
static bool decode_row(struct leat_jpeg_small *s)
{
	struct leat_jpeg_unit units[MOST_BLOCKS];
	for (uint32_t x = 0, count; x < s->mcus_across; x += count) {
		if (s->restart && s->to_restart == 0 && !begin_again(s))
			return false;
		count = s->mcus_across - x;
		if (s->restart && count > s->to_restart)
			count = s->to_restart;
		memcpy(units, s->units, sizeof units);
		for (unsigned i = 0; i < s->n_units; i++)
			units[i].to += x * units[i].on;
		if (!leat_jpeg_mcus(units, s->n_units, count, &s->bits))
			return false;
		s->to_restart -= s->restart ? count : 0;
	}
	s->mcus_left -= s->mcus_across;
	return true;
}

static void repeat(const uint8_t *from, uint32_t width, unsigned times, uint8_t *to)
{
	for (uint32_t x = 0; x < width; x += times, from++)
		for (unsigned i = 0; i < times; i++)
			*to++ = *from;
}

static void put_row(struct leat_jpeg_small *s, unsigned y, uint8_t *to)
{
	const uint8_t *rows[MOST];
	for (unsigned i = 0; i < s->n; i++) {
		const struct plane *p = &s->planes[i];
		rows[i] = p->samples + (y / p->repeat_y) * p->block.stride;
		if (!s->wide[i])
			continue;
		repeat(rows[i], s->width, p->repeat_x, s->wide[i]);
		rows[i] = s->wide[i];
	}
	if (s->n == 1)
		memcpy(to, rows[0], s->width);
	else if (s->ycc)
		leat_ycc_row(rows[0], rows[1], rows[2], to, s->width);
	else
		for (size_t x = 0; x < s->width; x++)
			for (size_t k = 0; k < 3; k++)
				to[3 * x + k] = rows[k][x];
}

bool leat_jpeg_small_rows(struct leat_jpeg_small *s, struct leat_rows *out)
{
	for (; s->next < out->y1; s->next++) {
		if (s->next >= s->there) {
			if (!decode_row(s))
				return false;
			s->there += s->mcu_rows;
		}
		put_row(s, s->next % s->mcu_rows, leat_row(out, s->next));
	}
	return true;
}

bool leat_jpeg_small_ends_well(struct leat_jpeg_small *s)
{
	return s->mcus_left == 0 && pass_marker(s, EOI);
}

void leat_jpeg_small_close(struct leat_jpeg_small **sp)
{
	struct leat_jpeg_small *s = *sp;
	*sp = NULL;
	if (!s)
		return;
	free(s->memory);
	free(s);
}
