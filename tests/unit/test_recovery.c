/* SPDX-License-Identifier: MIT */
/*
 * One mistake gives one message: what follows from it is not reported. Each text has one mistake, or as many as are
 * listed, against the frozen registry.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "plan_kit.h"

#include <stdio.h>
#include <string.h>

static const struct {
	const char *text;
	int codes[4]; /* of the errors, in order; 0 ends them */
} cases[] = {
	/* words */
	{"read \"a b.jpg\nresize 5x\nwrite o/{stem}.webp\n", {1}},
	{"read a/*.jpg\nwrite \xe2\x80\x9co o/{stem}.webp\xe2\x80\x9d\n", {2}},
	{"read a/*.jpg\nresize 5x fit = cover -q 3 bogus\nwrite o/{stem}.webp\n", {8}},
	{"read a/*.jpg | | resize 5x | write o/{stem}.webp\n", {6}},
	{"read a/*.jpg\nwrite my great new images/{stem}.webp\n", {35}},
	/* keywords */
	{"Let x = 3\nread a/*.jpg\nwrite o$x/{name}\n", {24}},
	{"LET x=3\nread a/*.jpg\nwrite o$x/{name}\n", {24}},
	{"lte x = 3\nread a/*.jpg\nwrite o$x/{name}\n", {24}},
	{"x = 3\nread a/*.jpg\nwrite o$x/{name}\n", {19}},
	{"export X=3\nread a/*.jpg\nwrite o$x/{name}\n", {19}},
	{"jbo memory=4GiB\nlet x = 3\nread a/*.jpg\nwrite o$x/{name}\n", {24}},
	{"defaluts on=threads\nlet x = 3\nread a/*.jpg\nwrite o$x/{name}\n", {24}},
	{"read a/*.jpg\nbrnch x\n  resize 5x\n  write o/{stem}.webp\nend\n", {24}},
	{"read a/*.jpg\nbranch x\n  resize 5x\n  write o/{stem}.webp\nedn\n", {24}},
	{"read a/*.jpg\nbranch x {\n  resize 5x\n  write o/{stem}.webp\n}\n", {19, 19}},
	{"read a/*.jpg\nBranch x for s in 1,2\n  resize ${s}x\n  write o/{stem}-$s.webp\nEnd\n", {24, 24}},
	{"recpie r s q=3\n  resize $s\nend\nread a/*.jpg\nuse r s=5x\nwrite o/{stem}.webp\n", {24}},
	{"read a/*.jpg\nresize 5x\nedn\nwrite o/{stem}.webp\n", {24}},
	{"read a/*.jpg\nbranch x\n  resize 5x\n  write o/{stem}.webp\n  send\nend\n", {24}},
	/* structure */
	{"read a/*.jpg\nbranch x\n  resize 5x\n  write o/{stem}.webp\n", {20}},
	{"read a/*.jpg\nend\nwrite o/{name}\n", {21}},
	{"read a/*.jpg\nbranch Thumb\n  resize 5x\n  write o/{stem}.webp\nend\n", {32}},
	{"read a/*.jpg\nbranch\n  resize 5x\n  write o/{stem}.webp\nend\n", {34}},
	{"read a/*.jpg\nbranch x for in 1,2\n  resize 5x\n  write o/{stem}.webp\nend\n", {34}},
	{"read a/*.jpg\nbranch x for s in 1, 2\n  resize ${s}x\n  write o/{stem}-$s.webp\nend\n", {35}},
	{"recipe\n  flip\nend\nread a/*.jpg\nuse r\nwrite o/{stem}.webp\n", {34}},
	{"recipe r s s\n  resize $s\nend\nread a/*.jpg\nuse r s=5x\nwrite o/{stem}.webp\n", {32}},
	{"include nowhere.leat\nread $photos\nuse r\nwrite $out/{name}\n", {22}},
	{"version 2\nraed a\nfoo bar baz=\n", {30}},
	/* names and values that are used again */
	{"let a = $b\nread a/*.jpg\nresize ${a}x\nsharpen sigma=$a\nwrite $a/{stem}.webp\n", {60}},
	{"let a = env LEAT_NO_SUCH_VARIABLE\nread a/*.jpg\nresize ${a}x\nwrite $a/{stem}.webp\n", {64}},
	{"let a =\nread a/*.jpg\nresize ${a}x\nwrite $a/{stem}.webp\n", {9}},
	{"recipe r s\n  resize $s fit=insde\nend\nread a/*.jpg\nbranch x for q in 1,2,3\n  use r s=5x\n  use r s=6x\n"
	 "  write o/{stem}-$q.webp\nend\n",
	 {41}},
	{"read a/*.jpg\nbranch x for q in 1,2,3\n  resise ${q}x\n  stats\n  write o/{mean}-$q.webp\nend\n", {24}},
	{"read a/*.jpg\nbranch x for q in 1,2,3\n  resize 5x\n  write o/{stem}.webp\nend\n", {54}},
	/* steps and kinds */
	{"raed a.jpg\nresize 5x\nwrite o/{stem}.webp\n", {24}},
	{"resize 5x\nsharpen\nwrite o/{stem}.webp\n", {26}},
	{"read a/*.jpg\nread b/*.jpg\nwrite o/{name}\n", {27}},
	{"read a/*.jpg\nparsee\nmatmul with=w.npy\nwrite o/{stem}.npy\n", {24}},
	{"read a/*.jpg\ndecode\nmatmul with=w.npy\nmatmul with=w.npy\nwrite o/{stem}.npy\n", {29}},
	{"read a/*.jpg\nencode jpgg\nwrite o/{stem}.jpg\n", {41}},
	{"read a/*.jpg\nencode webp\nresize 5x\nwrite o/{stem}.webp\n", {29}},
	{"read a/*.jpg\nencode png\nwrite o/{stem}.webp\n", {76}},
	{"read a/*.jpg\nwrite o/{widht}.webp\nreport csv=r.csv fields=path,state\n", {51}},
	{"read a/*.jpg\nkeep widht>=3\nwrite o/{name}\n", {51}},
	{"read a/*.jpg\nresize $s\nwrite o/{stem}.webp\n", {60}},
	{"job memory=4G\nread a/*.jpg\ndecode workers=99\nwrite o/{stem}.webp\n", {45}},
	{"expect faild<=1%\nread a/*.jpg\nwrite o/{name}\n", {51}},
	/* independent ones are all there */
	{"job memry=4GiB\ndefaults tmeout=3s\nread a/*.jpg\nresize 5x fit=insde\nwrite o/{stem}.webp\n", {31, 31, 41}},
};

static void one_message_each(void **state)
{
	size_t wrong = 0;
	(void)state;
	for (size_t i = 0; i < LEAT_LEN(cases); i++) {
		struct plan_kit k;
		size_t n = 0;
		kit_init(&k);
		kit_plan(&k, cases[i].text);
		(void)kit_messages(&k); /* sorts them */
		while (n < 4 && cases[i].codes[n])
			n++;
		bool same = k.diags.errors == n;
		for (size_t j = 0, e = 0; j < k.diags.n && same; j++)
			if (k.diags.v[j].severity == LEAT_ERROR)
				same = k.diags.v[j].code == cases[i].codes[e++];
		if (!same) {
			wrong++;
			print_error("%s%s\n", cases[i].text, kit_messages(&k));
		}
		kit_free(&k);
	}
	assert_int_equal(wrong, 0);
}

int main(void)
{
	const struct CMUnitTest tests[] = {cmocka_unit_test(one_message_each)};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
