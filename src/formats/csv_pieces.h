/* SPDX-License-Identifier: MIT */
/* CSV and TSV in pieces. */
#ifndef LEAT_FORMATS_CSV_PIECES_H
#define LEAT_FORMATS_CSV_PIECES_H

#include "core/codec.h"

extern const struct leat_row_pieces leat_csv_pieces, leat_tsv_pieces;

#endif
