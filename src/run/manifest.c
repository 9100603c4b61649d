/* SPDX-License-Identifier: MIT */
/* See manifest.h. */
#include "run/manifest.h"

#include "base/num.h"
#include "report/outfile.h"
#include "state/ledger.h"

#include <errno.h>
#include <fcntl.h>
#include <sha2.h>
#include <sys/stat.h>
#include <unistd.h>

_Static_assert(SHA256_DIGEST_LENGTH == (int)LEAT_SHA256, "one size");

struct listing {
	struct leat_run *run;
	struct leat_ledger_writer *w; /* of another connection than the one that is read */
	struct leat_outfile file;
	const char *base; /* folder of the recipe */
	size_t n_base;
	uint64_t missing;
	struct leat_err *err;
};

/* ---- one file */

static int hash_content(int fd, uint8_t out[static LEAT_SHA256])
{
	enum { PIECE = 64 << 10 };
	uint8_t piece[PIECE];
	SHA2_CTX sha;
	ssize_t got;
	SHA256Init(&sha);
	while ((got = read(fd, piece, PIECE)) != 0) {
		if (got < 0 && errno != EINTR)
			return -1;
		if (got > 0)
			SHA256Update(&sha, piece, (size_t)got);
	}
	SHA256Final(out, &sha);
	return 0;
}

/* What it holds, if it is what leat made. */
static bool hash_file(const struct leat_ledger_output *o, uint8_t out[static LEAT_SHA256])
{
	struct stat st;
	int fd = open(o->path, O_RDONLY | O_NOFOLLOW | O_NONBLOCK | O_NOCTTY | O_CLOEXEC);
	if (fd < 0)
		return false;
	bool ok = fstat(fd, &st) == 0 && S_ISREG(st.st_mode) && (uint64_t)st.st_size == o->size &&
		  (int64_t)st.st_mtim.tv_sec * 1000000000 + st.st_mtim.tv_nsec == o->mtime_ns &&
		  hash_content(fd, out) == 0;
	(void)close(fd); /* only read */
	return ok;
}

/* A name with a backslash or a line break is escaped, and its line begins with a backslash: sha256sum's own way. */
static void add_line(struct leat_buf *b, const uint8_t sha[static LEAT_SHA256], const char *name)
{
	static const char digits[] = "0123456789abcdef";
	if (name[strcspn(name, "\\\n\r")])
		leat_buf_addc(b, '\\');
	for (int i = 0; i < LEAT_SHA256; i++) {
		leat_buf_addc(b, digits[sha[i] >> 4]);
		leat_buf_addc(b, digits[sha[i] & 15]);
	}
	leat_buf_adds(b, "  ");
	for (; *name; name++) {
		const char *shown = *name == '\\' ? "\\\\" : *name == '\n' ? "\\n" : *name == '\r' ? "\\r" : NULL;
		if (shown)
			leat_buf_adds(b, shown);
		else
			leat_buf_addc(b, *name);
	}
	leat_buf_addc(b, '\n');
}

static int add_file(void *ctx, const struct leat_ledger_file *f)
{
	struct listing *l = ctx;
	const struct leat_ledger_output *o = &f->output;
	uint8_t sha[LEAT_SHA256];
	if (leat_cancel_get(&l->run->cancel) >= LEAT_STOP_ABORT)
		return 1;
	if (o->sha256)
		memcpy(sha, o->sha256, sizeof sha);
	else if (!hash_file(o, sha)) {
		l->missing++;
		return 0;
	} else if (leat_ledger_hashed(l->w, f, sha, l->err) < 0)
		return -1;
	bool below = strncmp(o->path, l->base, l->n_base) == 0 && o->path[l->n_base];
	add_line(&l->file.buf, sha, o->path + (below ? l->n_base : 0));
	return leat_outfile_line(&l->file, l->err);
}

/* ---- all of them */

static int add_files(struct listing *l, struct leat_state_file *from, struct leat_state_file *to)
{
	l->w = leat_ledger_writer_new(to, l->err);
	int ok = l->w ? leat_ledger_begin(l->w, l->err) : -1;
	int more = ok == 0 ? leat_ledger_each_file(from, add_file, l, l->err) : -1;
	if (ok == 0) /* a second stop ends it early: what was hashed stays known */
		ok = leat_ledger_end(l->w, more < 0 ? -1 : 0, l->err);
	leat_ledger_writer_free(&l->w);
	return ok < 0 ? -1 : more;
}

static int write_list(struct listing *l, const char *path, struct leat_state_file *from, struct leat_state_file *to)
{
	struct leat_err ignored = {0};
	if (leat_outfile_open(&l->file, path, false, NULL, l->run->plan->job.durability != LEAT_DURABLE_NOT, l->err) <
	    0)
		return -1;
	int more = add_files(l, from, to);
	int closed = leat_outfile_close(&l->file, more != 0, more ? &ignored : l->err);
	return more < 0 || (more == 0 && closed < 0) ? -1 : 0;
}

static void tell(struct listing *l)
{
	struct leat_buf b = {0};
	struct leat_err ignored = {0};
	char n[32];
	leat_buf_addf(&b, "manifest: %s outputs are not listed: they are gone, or were changed since leat wrote them",
		      leat_group_digits(l->missing, n));
	if (!b.failed)
		(void)leat_summary_notice(l->run->summary, b.data, &ignored);
	leat_buf_free(&b);
}

int leat_manifest(struct leat_run *r, struct leat_err *err)
{
	struct leat_state_file *from = NULL, *to = NULL;
	struct leat_buf path = {0}, base = {0};
	if (!r->plan->job.manifest || !r->kept || r->target_broken)
		return 0;
	const char *dir = r->program->n_texts ? r->program->texts[0]->dir : "/";
	leat_state_folder(r->plan->job.state, &path);
	leat_buf_adds(&path, "/manifest.sha256");
	leat_buf_addf(&base, "%s/", strcmp(dir, "/") == 0 ? "" : dir);
	struct listing l = {.run = r, .base = base.data, .n_base = base.len, .err = err};
	int ok = leat_buf_check(&path, err) < 0 || leat_buf_check(&base, err) < 0 ? -1 : 0;
	if (ok == 0)
		ok = leat_state_open(&from, r->plan->job.state, true, err);
	if (ok == 0)
		ok = leat_state_open(&to, r->plan->job.state, true, err);
	if (ok == 0)
		ok = write_list(&l, path.data, from, to);
	if (ok == 0 && l.missing)
		tell(&l);
	leat_state_close(&from);
	leat_state_close(&to);
	leat_buf_free(&path);
	leat_buf_free(&base);
	return ok;
}
