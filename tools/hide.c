/* SPDX-License-Identifier: MIT */
/*
 * Preloaded, it hides libraries from dlopen(): those in whose name one of the words of LEAT_HIDE occurs (blanks between
 * them). So the tests can run as on a machine that lacks them.
 */
#include <dlfcn.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static bool hidden(const char *name)
{
	const char *word = getenv("LEAT_HIDE");
	while (word && *word) {
		size_t n = strcspn(word, " ");
		char one[256];
		if (n > 0 && n < sizeof one) {
			memcpy(one, word, n);
			one[n] = 0;
			if (strstr(name, one))
				return true;
		}
		word += n + (word[n] == ' ');
	}
	return false;
}

__attribute__((visibility("default"))) void *dlopen(const char *name, int flags);

void *dlopen(const char *name, int flags)
{
	void *(*next)(const char *, int);
	*(void **)&next = dlsym(RTLD_NEXT, "dlopen");
	char nowhere[512];
	if (!name || !hidden(name))
		return next(name, flags);
	snprintf(nowhere, sizeof nowhere, "/hidden/%s", name); /* so that dlerror() speaks of it */
	return next(nowhere, flags);
}
