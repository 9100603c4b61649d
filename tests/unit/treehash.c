/* SPDX-License-Identifier: MIT */
#include "treehash.h"

#include <stdarg.h>
#include <stddef.h>
#include <setjmp.h>
#include <stdint.h>
#include <cmocka.h>

#include <fts.h>
#include <sha256.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

static int by_name(const FTSENT **a, const FTSENT **b)
{
	return strcmp((*a)->fts_name, (*b)->fts_name);
}

static FTS *open_tree(const char *dir)
{
	char *paths[] = {(char *)(uintptr_t)dir, NULL};
	FTS *t = fts_open(paths, FTS_PHYSICAL | FTS_NOCHDIR, by_name);
	assert_non_null(t);
	return t;
}

char *tree_hash(const char *dir)
{
	SHA2_CTX ctx;
	SHA256Init(&ctx);
	FTS *t = open_tree(dir);
	for (FTSENT *e; (e = fts_read(t));) {
		if (e->fts_info != FTS_F)
			continue;
		char hex[SHA256_DIGEST_STRING_LENGTH];
		assert_non_null(SHA256File(e->fts_path, hex));
		SHA256Update(&ctx, (const uint8_t *)e->fts_path + strlen(dir), strlen(e->fts_path) - strlen(dir));
		SHA256Update(&ctx, (const uint8_t *)hex, sizeof hex);
	}
	fts_close(t);
	return SHA256End(&ctx, NULL);
}

int tree_count(const char *dir)
{
	int n = 0;
	FTS *t = open_tree(dir);
	for (FTSENT *e; (e = fts_read(t));)
		n += e->fts_info == FTS_F;
	fts_close(t);
	return n;
}

void tree_remove(const char *dir)
{
	FTS *t = open_tree(dir);
	for (FTSENT *e; (e = fts_read(t));)
		if (e->fts_info != FTS_D)
			(void)remove(e->fts_accpath);
	fts_close(t);
}
