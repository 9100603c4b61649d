/* SPDX-License-Identifier: MIT */
/* Whole numbers from and to bytes, whatever the host's order. No bounds are checked here. */
#ifndef LEAT_FORMATS_ENDIAN_H
#define LEAT_FORMATS_ENDIAN_H

#include <stdint.h>

static inline uint16_t leat_be16(const uint8_t *p)
{
	return (uint16_t)(p[0] << 8 | p[1]);
}

static inline uint32_t leat_be32(const uint8_t *p)
{
	return (uint32_t)p[0] << 24 | (uint32_t)p[1] << 16 | (uint32_t)p[2] << 8 | p[3];
}

static inline uint16_t leat_le16(const uint8_t *p)
{
	return (uint16_t)(p[1] << 8 | p[0]);
}

static inline uint32_t leat_le32(const uint8_t *p)
{
	return (uint32_t)p[3] << 24 | (uint32_t)p[2] << 16 | (uint32_t)p[1] << 8 | p[0];
}

static inline void leat_put_be16(uint8_t *p, uint16_t v)
{
	p[0] = (uint8_t)(v >> 8);
	p[1] = (uint8_t)v;
}

static inline void leat_put_be32(uint8_t *p, uint32_t v)
{
	leat_put_be16(p, (uint16_t)(v >> 16));
	leat_put_be16(p + 2, (uint16_t)v);
}

static inline void leat_put_le16(uint8_t *p, uint16_t v)
{
	p[0] = (uint8_t)v;
	p[1] = (uint8_t)(v >> 8);
}

static inline void leat_put_le32(uint8_t *p, uint32_t v)
{
	leat_put_le16(p, (uint16_t)v);
	leat_put_le16(p + 2, (uint16_t)(v >> 16));
}

#endif
