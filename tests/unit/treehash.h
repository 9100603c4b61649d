/* SPDX-License-Identifier: MIT */
/* Scratch folders and the contents of whole trees, for tests that compare runs. */
#ifndef LEAT_TESTS_TREEHASH_H
#define LEAT_TESTS_TREEHASH_H

/*
 * Hex SHA-256 over names and contents of all files below `dir`, in byte order of their paths; free(). Fails the
 * test on any error.
 */
char *tree_hash(const char *dir);
/* Number of files below `dir`. */
int tree_count(const char *dir);
/* Removes it with everything below. */
void tree_remove(const char *dir);

#endif
