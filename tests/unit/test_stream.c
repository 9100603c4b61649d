/* SPDX-License-Identifier: MIT */
/*
 * Large files of text that pass in pieces: the same numbers as the whole file, the same bits wherever the pieces are
 * worked on, and failures with their line.
 */
#include "numbers_kit.h"

#include "base/num.h"

#include <leat/leat.h>
#include <leat/worker.h>
#include <math.h>

#include "scratch.h"

static struct scratch dir;

enum { ROWS = 300000 };

/* Quotes with breaks inside, blanks, missing numbers, a column that has one word, in its last row. */
static void put_rows(FILE *f, int rows, const char *last)
{
	for (int i = 0; i < rows; i++) {
		int v = (int)((unsigned)i * 7919u % 10007u) - 5000;
		if (i % 1000 == 7)
			fprintf(f, "%d.25,\"a \"\"b\"\", %d\nnext\",%d,NA\r\n", v, i, i % 17);
		else
			fprintf(f, "%d.5,word, %d ,%d.125\n", v, i % 17, i);
	}
	fputs(last, f);
}

static void put_file(const char *name, const char *head, int rows, const char *last)
{
	char path[512];
	scratch_parents(&dir, name);
	snprintf(path, sizeof path, "%s/%s", dir.path, name);
	FILE *f = fopen(path, "wb");
	assert_non_null(f);
	fputs(head, f);
	put_rows(f, rows, last);
	assert_int_equal(fclose(f), 0);
}

/* Runs `recipe` (%s: the scratch folder, twice at most); its status must be as expected. The summary, to be freed. */
static char *run(const char *recipe, int status)
{
	char text[2048];
	struct leat_err err = {0};
	snprintf(text, sizeof text, recipe, dir.path, dir.path, dir.path);
	struct leat_recipe *r = leat_load_text("stream", text, strlen(text), NULL, &err);
	assert_non_null(r);
	int got = leat_plan(r, NULL, &err);
	if (got == 0)
		got = leat_run(r, NULL, &err);
	if (got != status) {
		char *d = leat_diagnostics(r, false), *s = leat_run_summary(r, false);
		fail_msg("%s\nstatus %d, expected %d\n%s%s%s", text, got, status, err.text, d ? d : "", s ? s : "");
	}
	char *summary = leat_run_summary(r, false);
	leat_free(&r);
	return summary;
}

static char *report(void)
{
	char *text = scratch_get(&dir, "r.csv");
	assert_non_null(text);
	return text;
}

#define FIELDS                                                                                                      \
	"rows,cols,bad_lines,mean_x,std_x,min_x,max_x,sum_n,nan_count_n,mean_last,std_last,norm2_x,nan_count_last," \
	"sum_"                                                                                                      \
	"words"
#define STATS "stats fields=mean,std,min,max,sum,nan_count,norm2 per=column"

static void same_bits_everywhere(void **state)
{
	static const char *const recipes[] = {
		"defaults workers=2 on=processes\nread %s/a.csv\nparse on-bad-lines=skip\n" STATS
		"\nreport csv=%s/r.csv fields=" FIELDS,
		"defaults workers=3 on=threads\njob isolate=no\nread %s/a.csv on=threads\nparse "
		"on-bad-lines=skip\n" STATS "\nreport csv=%s/r.csv fields=" FIELDS,
		"job memory=48MiB\nread %s/a.csv\nparse on-bad-lines=skip\n" STATS
		"\nreport csv=%s/r.csv fields=" FIELDS,
		"job cores=1\nread %s/a.csv\nparse on-bad-lines=skip\n" STATS "\nreport csv=%s/r.csv fields=" FIELDS,
	};
	char *first = NULL;
	(void)state;
	put_file("a.csv", "x,words,n,last\n", ROWS, "1,2\n1,2,3,no number\n");
	for (size_t i = 0; i < sizeof recipes / sizeof *recipes; i++) {
		free(run(recipes[i], 0));
		char *other = report();
		if (!first)
			first = other;
		else if (strcmp(first, other) != 0)
			fail_msg("%s\n%s\n%s", recipes[i], first, other);
		if (first != other)
			free(other);
	}
	/* `last` is no column of numbers, because of one word */
	assert_non_null(strstr(first, "\n300001,4,1,"));
	assert_string_equal(first + strlen(first) - 3, ",,\n");
	free(first);
}

/* Value `i` of the second line. */
static double value(const char *csv, int i)
{
	const char *s = strchr(csv, '\n') + 1;
	double v;
	for (; i > 0; i--)
		s = strchr(s, ',') + 1;
	assert_true(leat_read_real(s, strcspn(s, ",\n"), &v));
	return v;
}

static void same_as_the_whole(void **state)
{
	static const char fields[] =
		"mean_x,std_x,min_x,max_x,sum_n,nan_count_n,mean_last,std_last,norm2_x,rows,nan_count_last";
	char recipe[1024];
	(void)state;
	put_file("b.csv", "x,words,n,last\n", ROWS, "");
	snprintf(recipe, sizeof recipe, "read %%s/b.csv | %s | report csv=%%s/r.csv fields=%s", STATS, fields);
	char *summary = run(recipe, 0);
	if (!strstr(summary, "31.8 MiB   reserved at most")) /* read ahead, and what all pieces of a file take */
		fail_msg("it was not read in pieces:\n%s", summary);
	free(summary);
	char *pieces = report();
	snprintf(recipe, sizeof recipe, "read %%s/b.csv | %s | report csv=%%s/r.csv fields=%s | write %%s/b.npy", STATS,
		 fields);
	free(run(recipe, 0));
	char *whole = report();
	for (int i = 0; i < 11; i++) {
		double a = value(pieces, i), b = value(whole, i);
		if (fabs(a - b) > 1e-13 * fabs(b))
			fail_msg("%d: %.17g in pieces, %.17g of the whole", i, a, b);
	}
	free(pieces);
	free(whole);
}

static void places_of_failures(void **state)
{
	(void)state;
	put_file("c.csv", "x,words,n,last\n", ROWS, "1,2\n");
	char *s = run("read %s/c.csv | stats per=column | report csv=%s/r.csv fields=error", 1);
	free(s);
	s = report();
	assert_non_null(strstr(s, "line 300302 has 2 columns, line 1 has 4"));
	free(s);
	put_file("d.csv", "x,words,n,last\n", ROWS, "1,\"2\n");
	free(run("read %s/d.csv | stats per=column | report csv=%s/r.csv fields=error", 1));
	s = report();
	assert_non_null(strstr(s, "line 300302: a quote is opened and never closed"));
	free(s);
}

static void all_columns_as_one(void **state)
{
	(void)state;
	put_file("e.csv", "", ROWS, "");
	free(run("read %s/e.csv | parse header=no usecols=2 | stats fields=min,max,size,cols | report csv=%s/r.csv "
		 "fields=min,max,size,cols",
		 0));
	char *s = report();
	assert_string_equal(s, "min,max,size,cols\n0,16,300000,1\n");
	free(s);
}

/* A report without fields= has a column for everything that the data tell, and every form has the same. */
static void columns_of_the_data(void **state)
{
	(void)state;
	scratch_put(&dir, "s/a.csv", "x,name\n1,p\n3,q\n");
	scratch_put(&dir, "s/b.csv", "y,x\n2,5\n");
	free(run("read %s/s/*.csv | parse | stats fields=mean,max per=column | report csv=%s/r.csv json=%s/r.json", 0));
	char *s = report();
	const char *head = "path,state,error,seconds,bytes_in,bytes_out,rows,cols,ndim,dtype,bad_lines,mean_x,mean_y,"
			   "max_x,max_y\n";
	if (strncmp(s, head, strlen(head)) != 0)
		fail_msg("%s", s);
	assert_non_null(strstr(s, ",2,2,2,float64,,2,,3,\n"));
	assert_non_null(strstr(s, ",1,2,2,float64,,5,2,5,2\n"));
	free(s);
	s = scratch_get(&dir, "r.json");
	assert_non_null(strstr(s, "\"mean_y\":2"));
	free(s);
}

/* What steps on tables make of columns of text. */
static void words_in_steps(void **state)
{
	static const struct {
		const char *steps, *want;
	} cases[] = {
		{"sort-values shop,price descending=yes", "shop,price,note\nwest,3,z\nwest,1,\neast,2,x\n,9,y\n"},
		{"groupby shop agg=price:sum,price:count", "shop,price_sum,price_count\neast,2,1\nwest,4,2\n"},
		{"select note,price", "note,price\n,1\nx,2\nz,3\ny,9\n"},
		{"rename shop:place,price:cost", "place,cost,note\nwest,1,\neast,2,x\nwest,3,z\n,9,y\n"},
		{"dropna", "shop,price,note\neast,2,x\nwest,3,z\n"},
		{"keep-rows price>2", "shop,price,note\nwest,3,z\n,9,y\n"},
		{"compute \"twice = price * 2\"",
		 "shop,price,note,twice\nwest,1,,2\neast,2,x,4\nwest,3,z,6\n,9,y,18\n"},
	};
	char recipe[512];
	(void)state;
	scratch_put(&dir, "w/a.csv", "shop,price,note\nwest,1,\neast,2,x\nwest,3,z\n,9,y\n");
	for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
		snprintf(recipe, sizeof recipe, "read %%s/w/a.csv | %s | write %%s/r.csv", cases[i].steps);
		free(run(recipe, 0));
		char *s = report();
		assert_string_equal(s, cases[i].want);
		free(s);
	}
	char *s = run("read %s/w/a.csv | describe | select shop | write %s/x.csv", 1);
	free(s);
	s = run("read %s/w/a.csv | keep-rows shop>1 | write %s/x.csv", 1);
	assert_non_null(strstr(s, "the column 'shop' is text, and numbers are wanted"));
	free(s);
}

static int set_up(void **state)
{
	(void)state;
	scratch_open(&dir);
	return 0;
}

static int tear_down(void **state)
{
	(void)state;
	scratch_close(&dir);
	return 0;
}

int main(int argc, char **argv)
{
	int worker = leat_worker_hook(argc, argv);
	if (worker >= 0)
		return worker;
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(same_bits_everywhere), cmocka_unit_test(same_as_the_whole),
		cmocka_unit_test(places_of_failures),   cmocka_unit_test(all_columns_as_one),
		cmocka_unit_test(columns_of_the_data),  cmocka_unit_test(words_in_steps),
	};
	return cmocka_run_group_tests(tests, set_up, tear_down);
}
