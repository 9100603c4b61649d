/* SPDX-License-Identifier: MIT */
/* Plans from made-up facts. See plan_kit.h. */
#include "plan_kit.h"
#include "frozen_registry.h"

#include <stdio.h>

static struct leat_buf last; /* of the functions that return text */

void kit_init(struct plan_kit *k)
{
	memset(k, 0, sizeof *k);
	k->facts.cores = 4;
	k->facts.memory = (uint64_t)8 << 30;
	snprintf(k->facts.run.job, sizeof k->facts.run.job, "web");
}

void kit_input(struct plan_kit *k, const char *base, const char *name)
{
	size_t i = k->listing.n++;
	const char *rel = name + strlen(base), *slash = strrchr(rel, '/');
	snprintf(k->text[i][0], sizeof k->text[i][0], "/srv/site/%s", name);
	snprintf(k->text[i][1], sizeof k->text[i][1], "%s", rel);
	snprintf(k->text[i][2], sizeof k->text[i][2], "%.*s", slash ? (int)(slash - rel) : 0, rel);
	k->entries[i] = (struct leat_entry){
		.seq = i,
		.index = i,
		.path = k->text[i][0],
		.root = "/srv/site",
		.rel = k->text[i][1],
		.reldir = k->text[i][2],
		.size = 1000000,
	};
	k->listing.v = k->entries;
	k->facts.inputs = &k->listing;
	const char *dot = strrchr(k->text[i][0], '.');
	k->extensions[i] = dot ? dot + 1 : ""; /* one may be there twice: it says nothing new */
	k->facts.extensions = k->extensions;
}

void kit_headers(struct plan_kit *k, uint32_t width, uint32_t height)
{
	for (size_t i = 0; i < k->listing.n; i++)
		k->headers[i] = (struct leat_header){
			.format = "jpeg",
			.shape = {.width = width, .height = height, .channels = 3, .sample = LEAT_U8, .pages = 1},
		};
	k->facts.headers = k->headers;
}

static void forget(struct plan_kit *k)
{
	leat_plan_free(&k->plan);
	leat_program_free(&k->program);
	leat_diags_free(&k->diags);
	k->diags = (struct leat_diags){0};
}

void kit_plan(struct plan_kit *k, const char *recipe)
{
	forget(k);
	k->program = leat_program_parse("web.leat", "/srv/site", recipe, strlen(recipe), NULL, &k->diags);
	if (!k->program)
		return;
	k->plan = leat_plan_make(k->program, k->registry ? k->registry : &leat_frozen_registry, &k->facts, &k->diags);
}

void kit_free(struct plan_kit *k)
{
	forget(k);
	leat_buf_free(&last);
}

static const char *result(void)
{
	return last.data ? last.data : "";
}

const char *kit_tree(struct plan_kit *k)
{
	leat_buf_clear(&last);
	for (size_t i = 0; i < k->plan->n_steps; i++) {
		const struct leat_step *s = &k->plan->steps[i];
		leat_buf_addf(&last, "%s%s", i ? " | " : "", s->implied ? s->text : s->name);
		if (s->parent >= 0)
			leat_buf_addf(&last, ":%d", s->parent);
	}
	return result();
}

const char *kit_segments(struct plan_kit *k)
{
	leat_buf_clear(&last);
	for (size_t g = 0; g < k->plan->n_segments; g++) {
		int n = 0;
		for (size_t i = 0; i < k->plan->n_steps; i++)
			if (k->plan->steps[i].segment == (int)g)
				leat_buf_addf(&last, "%s%s", n++ ? "," : g ? " | " : "", k->plan->steps[i].name);
		leat_buf_addf(&last, "=%d", k->plan->segments[g].group);
	}
	return result();
}

const char *kit_groups(struct plan_kit *k)
{
	leat_buf_clear(&last);
	for (size_t i = 0; i < k->plan->n_groups; i++) {
		const struct leat_group *g = &k->plan->groups[i];
		leat_buf_addf(&last, "%s%s:%s×%d", i ? " " : "", g->name, g->type->name, g->workers);
	}
	return result();
}

const char *kit_messages(struct plan_kit *k)
{
	leat_buf_clear(&last);
	leat_diags_render(&k->diags, &last, false);
	return result();
}
