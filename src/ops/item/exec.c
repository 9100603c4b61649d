/* SPDX-License-Identifier: MIT */
/*
 * exec: a program of this machine for every item, with --allow-exec. It gets the item as a copy in a private folder
 * or on its standard input, and gives its result the same way. Arguments go to it as they are: there is no shell.
 */
#include "base/child.h"
#include "base/scratch.h"
#include "base/publish.h"
#include "base/mem.h"
#include "core/cancel.h"
#include "core/op.h"

#include <errno.h>
#include <fcntl.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

enum { LAST_STATUS = 255 };

static const uint64_t most_output = UINT64_C(4) << 30;

struct exec {
	const char *program, *gives;
	struct leat_strs args, env;
	struct leat_numbers ok_status;
	bool in, out; /* by standard input, standard output */
};

static const struct leat_param params[] = {
	LEAT_P(struct exec, program, const char *, LEAT_PT_TEXT, "program", NULL, LEAT_POSITIONAL | LEAT_REQUIRED,
	       "the program, looked for in PATH"),
	LEAT_P(struct exec, args, struct leat_strs, LEAT_PT_ARGS, "args", NULL, LEAT_POSITIONAL,
	       "its arguments; {in} is a file with the item, {out} the file that it is to make; {{ and }} are braces"),
	LEAT_P_SWITCH(struct exec, in, "stdin", "no", 0, "it gets the item on its standard input"),
	LEAT_P_SWITCH(struct exec, out, "stdout", "no", 0, "its standard output is the result"),
	LEAT_P(struct exec, gives, const char *, LEAT_PT_TEXT, "gives", NULL, 0,
	       "format of the result, for its name and for what follows; that of the bytes unless written"),
	LEAT_P(struct exec, ok_status, struct leat_numbers, LEAT_PT_NUMBERS, "ok-status", "0", 0,
	       "exit statuses that mean success"),
	LEAT_P(struct exec, env, struct leat_strs, LEAT_PT_WORDS, "env", NULL, 0,
	       "variables for its environment: NAME=value, with commas between several"),
	LEAT_P_END,
};

/* ---- check ---- */

/* The next {name}, "{{" or "}}" of an argument; NULL: none. *n: its bytes, 0 where a brace is not closed. */
static const char *next_brace(const char *s, size_t *n)
{
	s = strpbrk(s, "{}");
	*n = 0;
	if (!s)
		return NULL;
	const char *end = *s == '{' ? strchr(s, '}') : NULL;
	if (s[1] == s[0])
		*n = 2;
	else if (end)
		*n = (size_t)(end - s) + 1;
	return s;
}

static bool is_field(const char *s, size_t n, const char *field)
{
	return strlen(field) == n && memcmp(s, field, n) == 0;
}

static int check_arg(const char *arg, bool *in, bool *out, struct leat_err *err)
{
	size_t n;
	for (const char *s = arg; (s = next_brace(s, &n)); s += n) {
		if (n == 0)
			return leat_fail(err, LEAT_CAUSE_USAGE, "'%.100s' has a brace of its own: write {{ or }}", arg);
		*in = *in || is_field(s, n, "{in}");
		*out = *out || is_field(s, n, "{out}");
		if (n != 2 && !is_field(s, n, "{in}") && !is_field(s, n, "{out}"))
			return leat_fail(err, LEAT_CAUSE_USAGE,
					 "exec knows {in} and {out}, not '%.*s'; braces of the program's own are "
					 "written {{ and }}",
					 (int)(n < 60 ? n : 60), s);
	}
	return 0;
}

static int check_numbers(const struct exec *p, struct leat_err *err)
{
	for (size_t i = 0; i < p->ok_status.n; i++) {
		double v = p->ok_status.v[i];
		if (!(v >= 0 && v <= LAST_STATUS) || v != (int)v)
			return leat_fail(err, LEAT_CAUSE_USAGE, "an exit status is a whole number from 0 to %d",
					 LAST_STATUS);
	}
	for (size_t i = 0; i < p->env.n; i++) {
		size_t n = strcspn(p->env.v[i], "=");
		if (strcmp(p->env.v[i], "***") == 0)
			continue; /* a secret, in the text that workers get; they run no program */
		if (n == 0 || !p->env.v[i][n]) /* not shown: it may be a secret */
			return leat_fail(err, LEAT_CAUSE_USAGE, "entry %zu of env= is no variable: write NAME=value",
					 i + 1);
	}
	return 0;
}

static int check(const void *params_, const struct leat_param **which, struct leat_err *err)
{
	const struct exec *p = params_;
	bool in = false, out = false;
	*which = NULL;
	for (size_t i = 0; i < p->args.n; i++)
		if (check_arg(p->args.v[i], &in, &out, err) < 0)
			return -1;
	if (check_numbers(p, err) < 0)
		return -1;
	if (*p->program != '/' && strchr(p->program, '/'))
		return leat_fail(err, LEAT_CAUSE_USAGE,
				 "'%.100s': write the whole path of a program, or its name alone where it "
				 "is in PATH",
				 p->program);
	if (!*p->program || strchr(p->program, '{'))
		return leat_fail(err, LEAT_CAUSE_USAGE,
				 "the program is the same for all items: no field can stand in its name");
	if (in && p->in)
		return leat_fail(err, LEAT_CAUSE_USAGE,
				 "the item goes to the program once: as {in}, or with stdin=yes");
	if (out && p->out)
		return leat_fail(err, LEAT_CAUSE_USAGE, "the result comes once: as {out}, or with stdout=yes");
	if (!in && !p->in)
		return leat_fail(err, LEAT_CAUSE_USAGE,
				 "nothing gives the item to '%.100s': write {in} among its arguments, or "
				 "stdin=yes",
				 p->program);
	if (p->gives && !out && !p->out)
		return leat_fail(err, LEAT_CAUSE_USAGE,
				 "gives= needs a result: {out} among the arguments, or stdout=yes");
	if (p->gives && (!*p->gives || strspn(p->gives, "abcdefghijklmnopqrstuvwxyz0123456789") != strlen(p->gives)))
		return leat_fail(err, LEAT_CAUSE_USAGE, "gives= takes the name of a format, for example gives=png");
	return 0;
}

/* ---- one item ---- */

struct item {
	const struct exec *p;
	const struct leat_cancel *cancel;
	int64_t deadline_ns;
	const char *ext; /* of the input, with its dot; "" */
	char folder[LEAT_SCRATCH];
	struct leat_arena arena;
	const char *in, *out; /* names of files */
	bool wants_in, wants_out;
};

static int begin(const struct leat_op_begin *b, void **item, struct leat_err *err)
{
	struct item *it = leat_zalloc(1, sizeof *it, err);
	struct leat_err never = {0};
	*item = it;
	if (!it)
		return -1;
	it->p = b->params;
	it->cancel = b->cancel;
	it->deadline_ns = b->deadline_ns;
	const char *path = b->view && b->view->entry ? b->view->entry->path : "", *slash = strrchr(path, '/');
	const char *dot = strrchr(slash ? slash : path, '.');
	it->ext = dot ? dot : "";
	for (size_t i = 0; i < it->p->args.n; i++)
		(void)check_arg(it->p->args.v[i], &it->wants_in, &it->wants_out, &never); /* it was checked */
	return 0;
}

static int end(void *item, struct leat_fields *f, struct leat_err *err)
{
	struct item *it = item;
	(void)f; /* the engine tells how large the result is */
	(void)err;
	leat_scratch_remove(it->folder);
	leat_arena_free(&it->arena);
	free(it);
	return 0;
}

static int put_input(struct item *it, const struct leat_bytes *b, struct leat_err *err)
{
	if (!it->wants_in)
		return 0;
	int fd = open(it->in, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, 0600);
	if (fd < 0)
		return leat_fail_sys(err, leat_target_cause(errno), errno, "cannot make '%s'", it->in);
	int ok = leat_write_all(fd, b->data, b->len), sys = errno;
	if (close(fd) < 0 && ok == 0) {
		ok = -1;
		sys = errno;
	}
	return ok == 0 ? 0 : leat_fail_sys(err, leat_target_cause(sys), sys, "cannot write '%s'", it->in);
}

/* Names with the extensions that programs go by. */
static int make_folder(struct item *it, struct leat_err *err)
{
	if (!it->wants_in && !it->wants_out)
		return 0;
	if (leat_scratch_make(it->folder, err) < 0)
		return -1;
	it->in = leat_arena_printf(&it->arena, "%s/in%s", it->folder, it->ext);
	it->out = leat_arena_printf(&it->arena, "%s/out%s%s", it->folder, it->p->gives ? "." : "",
				    it->p->gives ? it->p->gives : it->ext);
	return leat_arena_ok(&it->arena) ? 0 : leat_fail(err, LEAT_CAUSE_MEMORY, "out of memory");
}

/* An argument with the names in the place of their fields. */
static const char *filled(struct item *it, const char *arg)
{
	struct leat_buf b = {0};
	size_t n;
	const char *s = arg;
	for (const char *at; (at = next_brace(s, &n)); s = at + n) {
		leat_buf_add(&b, s, (size_t)(at - s));
		if (n == 2)
			leat_buf_addc(&b, *at);
		else
			leat_buf_adds(&b, is_field(at, n, "{in}") ? it->in : it->out);
	}
	leat_buf_adds(&b, s);
	const char *text = b.failed ? NULL : leat_arena_strndup(&it->arena, b.data, b.len);
	leat_buf_free(&b);
	return text;
}

static const char **arguments(struct item *it, struct leat_err *err)
{
	const struct exec *p = it->p;
	const char **v = leat_arena_alloc(&it->arena, (p->args.n + 2) * sizeof *v);
	bool ok = v;
	if (v)
		v[0] = p->program;
	for (size_t i = 0; ok && i < p->args.n; i++)
		ok = (v[i + 1] = filled(it, p->args.v[i]));
	if (ok)
		return v;
	leat_fail(err, LEAT_CAUSE_MEMORY, "out of memory");
	return NULL;
}

static const char **variables(struct item *it)
{
	const struct leat_strs *env = &it->p->env;
	const char **v = leat_arena_alloc(&it->arena, (env->n + 1) * sizeof *v);
	for (size_t i = 0; v && i < env->n; i++)
		v[i] = env->v[i];
	return v;
}

static bool aborted(const void *cancel)
{
	return leat_cancel_get(cancel) == LEAT_STOP_ABORT;
}

static int judge(const struct item *it, const struct leat_child_end *e, struct leat_err *err)
{
	const struct exec *p = it->p;
	const char *colon = e->words[0] ? ": " : "";
	for (size_t i = 0; !e->signal && i < p->ok_status.n; i++)
		if ((int)p->ok_status.v[i] == e->status)
			return 0;
	if (e->signal)
		return leat_fail(err, LEAT_CAUSE_CRASH, "'%.100s' was ended by signal %d%s%.240s", p->program,
				 e->signal, colon, e->words);
	return leat_fail(err, LEAT_CAUSE_CRASH, "'%.100s' ended with status %d%s%.240s", p->program, e->status, colon,
			 e->words);
}

/* The file that the program was to make: a file of its own, no link to anywhere. */
static struct leat_bytes *read_output(const struct item *it, struct leat_err *err)
{
	struct stat st;
	struct leat_bytes *b = NULL;
	int fd = open(it->out, O_RDONLY | O_NOFOLLOW | O_NONBLOCK | O_CLOEXEC);
	if (fd < 0 || fstat(fd, &st) < 0 || !S_ISREG(st.st_mode))
		leat_fail(err, LEAT_CAUSE_NOT_FOUND, "'%.200s' made no file {out}", it->p->program);
	else if ((uint64_t)st.st_size > most_output)
		leat_fail(err, LEAT_CAUSE_LIMIT, "the result of '%.200s' is larger than 4 GiB", it->p->program);
	else
		b = leat_bytes_new((size_t)st.st_size + 1, err);
	while (b && b->len < (size_t)st.st_size) {
		ssize_t n = read(fd, b->data + b->len, (size_t)st.st_size - b->len);
		if (n <= 0 && !(n < 0 && errno == EINTR)) {
			leat_fail_sys(err, LEAT_CAUSE_IO, n < 0 ? errno : EIO, "cannot read the result of '%.200s'",
				      it->p->program);
			leat_bytes_unref(&b);
		} else if (n > 0) {
			b->len += (size_t)n;
		}
	}
	if (fd >= 0)
		(void)close(fd); /* only read */
	return b;
}

static struct leat_bytes *taken(struct leat_buf *output, struct leat_err *err)
{
	struct leat_bytes *b = leat_bytes_wrap((uint8_t *)output->data, output->len, NULL, NULL, err);
	*output = (struct leat_buf){0};
	return b;
}

static int run(void *item, const struct leat_payload *in, struct leat_payload *out, struct leat_err *err)
{
	struct item *it = item;
	struct leat_child_end e = {0};
	const char **argv = NULL;
	if (make_folder(it, err) < 0 || put_input(it, in->bytes, err) < 0 || !(argv = arguments(it, err)))
		return -1;
	struct leat_child c = {.argv = argv,
			       .env = variables(it),
			       .folder = *it->folder ? it->folder : NULL,
			       .input = it->p->in ? in->bytes->data : NULL,
			       .input_len = it->p->in ? in->bytes->len : 0,
			       .output = it->p->out,
			       .output_most = (size_t)most_output,
			       .deadline_ns = it->deadline_ns,
			       .stop = aborted,
			       .ctx = it->cancel};
	if (leat_child_run(&c, &e, err) < 0)
		return -1;
	int ok = judge(it, &e, err);
	*out = (struct leat_payload){.kind = LEAT_FILE, .format = it->p->gives};
	if (ok == 0 && it->wants_out)
		out->bytes = read_output(it, err);
	else if (ok == 0 && it->p->out)
		out->bytes = e.output.data ? taken(&e.output, err) : leat_bytes_new(1, err);
	else if (ok == 0) /* it only looks at the item, which goes on as it is */
		*out = (struct leat_payload){
			.kind = LEAT_FILE, .format = in->format, .bytes = leat_bytes_ref(in->bytes)};
	leat_buf_free(&e.output);
	if (out->bytes && out->bytes->len)
		return 0;
	if (out->bytes)
		leat_fail(err, LEAT_CAUSE_TRUNCATED, "the result of '%.200s' is empty", it->p->program);
	leat_bytes_unref(&out->bytes);
	*out = (struct leat_payload){0};
	return -1;
}

const struct leat_op leat_op_exec = {
	.name = "exec",
	.group = "item",
	.summary = "run a program of this machine for every item; only with --allow-exec",
	.example = "exec pngquant --output {out} {in} gives=png",
	.version = 1,
	.params = params,
	.params_size = sizeof(struct exec),
	.in = LEAT_FILE,
	.out = LEAT_FILE,
	.modes = LEAT_ON_THREADS,
	.program = true,
	.shape = leat_shape_same,
	.check = check,
	.begin = begin,
	.run = run,
	.end = end,
};
