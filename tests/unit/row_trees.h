/* SPDX-License-Identifier: MIT */
/*
 * Trees of made-up steps, what they must give (each step once over the whole image), and the check of a
 * chain against that.
 */
#ifndef LEAT_TESTS_ROW_TREES_H
#define LEAT_TESTS_ROW_TREES_H

#include "fake_rows.h"
#include "rows/chain.h"

enum { TREE_NODES = 16 };
enum tree_kind { TREE_OP = 1, TREE_ENCODE, TREE_KEEP };

struct tree {
	int n; /* with the source, node 0 */
	struct tree_node {
		enum tree_kind kind;
		int parent;
		const struct leat_op *op;
		struct fake_params p;
		struct fake_enc_params enc;
	} v[TREE_NODES];
	struct leat_image *source;
	/* What a whole-image run gives. */
	struct leat_image *image[TREE_NODES];
	int64_t sum[TREE_NODES];
	int failing[TREE_NODES]; /* node whose failure this node sees, or -1 */
};

struct tree *tree_new(uint32_t width, uint32_t height, unsigned channels, uint64_t seed);
int tree_add(struct tree *t, enum tree_kind kind, int parent, const struct leat_op *op, int64_t n);
/* One of each op, behind one another and beside each other. */
struct tree *tree_big(void);
struct tree *tree_random(uint64_t *seed, bool failures);
void tree_free(struct tree *t);

/* Fills what must come out. */
void tree_reference(struct tree *t);
/* A chain of this tree, over a decoder or over the image itself. */
struct leat_chain *tree_chain(const struct tree *t, const struct leat_chain_opts *o, bool decode);
/* Runs one and compares everything. */
void tree_check(const struct tree *t, uint32_t strip, int team, bool decode);
void tree_check_all(const struct tree *t); /* all strips, teams of 1 to 4, both sources */

void same_image(const struct leat_image *a, const struct leat_image *b);
void same_bytes(const struct leat_bytes *b, const struct leat_image *im);

enum { TREE_STRIPS = 5 };
extern const uint32_t tree_strips[TREE_STRIPS];

#endif
