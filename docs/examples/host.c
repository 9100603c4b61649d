/* SPDX-License-Identifier: MIT */
/*
 * A program that runs a recipe: host RECIPE [WORKER]
 *
 *	cc -o host host.c $(pkg-config --cflags --libs leat)
 *
 * It knows nothing of worker processes: the library starts the leat-worker that was installed with it, and inputs are
 * decoded there, locked away. WORKER names another one, for a leat that is not installed.
 */
#include <leat/leat.h>
#include <leat/worker.h>

#include <stdio.h>
#include <stdlib.h>

/* The library prints nothing: what is told, and where, is the program's affair. One thread at a time calls this. */
static void tell(void *ctx, const struct leat_event *e)
{
	(void)ctx;
	if (e->type == LEAT_EV_ITEM && e->state == LEAT_FAILED)
		fprintf(stderr, "%s: %s\n", e->path, e->err->text); /* names are bytes: see leat_printable() */
	if (e->type == LEAT_EV_END)
		printf("%llu of %llu done in %.2f s\n", (unsigned long long)e->counts->state[LEAT_DONE],
		       (unsigned long long)e->counts->matched, e->counts->seconds);
}

/* Texts of the library are the caller's. */
static void print_and_free(FILE *to, char *text)
{
	fputs(text ? text : "out of memory\n", to);
	free(text);
}

static int run(struct leat_recipe *r, struct leat_err *err)
{
	struct leat_run_options o = {.event = tell};
	int status = leat_plan(r, NULL, err); /* lists the inputs, places the steps; touches nothing */
	if (status == 0)
		status = leat_run(r, &o, err); /* the same statuses as `leat run` */
	print_and_free(stderr, leat_diagnostics(r, false)); /* mistakes of the recipe, with their places */
	if (err->text[0])
		fprintf(stderr, "%s\n", err->text);
	return status;
}

int main(int argc, char **argv)
{
	struct leat_err err = {0};
	if (argc < 2 || argc > 3) {
		fprintf(stderr, "usage: host RECIPE [WORKER]\n");
		return 2;
	}
	if (argc == 3)
		leat_use_worker(argv[2]);
	struct leat_recipe *r = leat_load_file(argv[1], NULL, &err);
	if (!r) {
		fprintf(stderr, "%s\n", err.text);
		return 2;
	}
	int status = run(r, &err);
	leat_free(&r);
	return status;
}
