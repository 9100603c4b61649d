/* SPDX-License-Identifier: MIT */
/* Units of the user's own systemd: files in its folder, told to systemctl. */
#include "schedule.h"

#include <errno.h>
#include <spawn.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

enum { PATH = 4096 };

int call_program(const char *const *argv, bool quiet)
{
	posix_spawn_file_actions_t files;
	posix_spawnattr_t attr;
	sigset_t all, none;
	pid_t pid;
	int status = -1;
	sigfillset(&all);
	sigemptyset(&none);
	if (posix_spawn_file_actions_init(&files) != 0 || posix_spawnattr_init(&attr) != 0)
		return 127;
	int sys = posix_spawn_file_actions_addopen(&files, 0, "/dev/null", 0, 0);
	for (int fd = 1; fd <= 2 && quiet && !sys; fd++)
		sys = posix_spawn_file_actions_addopen(&files, fd, "/dev/null", 1, 0);
	if (!sys)
		sys = posix_spawnattr_setsigdefault(&attr, &all);
	if (!sys)
		sys = posix_spawnattr_setsigmask(&attr, &none);
	if (!sys)
		sys = posix_spawnattr_setflags(&attr, POSIX_SPAWN_SETSIGDEF | POSIX_SPAWN_SETSIGMASK);
	if (!sys)
		sys = posix_spawnp(&pid, argv[0], &files, &attr, (char *const *)argv, environ);
	posix_spawnattr_destroy(&attr);
	posix_spawn_file_actions_destroy(&files);
	while (!sys && waitpid(pid, &status, 0) < 0 && errno == EINTR)
		;
	return !sys && WIFEXITED(status) ? WEXITSTATUS(status) : 127;
}

char *read_whole(FILE *f)
{
	char *text = NULL;
	size_t cap = 0;
	/* A delimiter that no text has: all of it. An empty file gives nothing to read. */
	if (getdelim(&text, &cap, 0, f) < 0 && !ferror(f)) {
		free(text);
		return strdup("");
	}
	return text;
}

static int cannot(const char *what, const char *path)
{
	fprintf(stderr, "leat: cannot %s '%s': %s\n", what, path, strerror(errno));
	return 5;
}

/* ~/.config/systemd/user/NAME.SUFFIX; -1 when there is no home. */
static int unit_path(const char *name, const char *suffix, char path[PATH])
{
	const char *config = getenv("XDG_CONFIG_HOME"), *home = getenv("HOME");
	bool given = config && *config == '/';
	int n = snprintf(path, PATH, "%s%s/systemd/user/%s%s",
			 given  ? config
			 : home ? home
				: "",
			 given ? "" : "/.config", name, suffix);
	if ((given || (home && *home == '/')) && n > 0 && n < PATH)
		return 0;
	fputs("leat: HOME is not set: there is no folder for units of a user\n", stderr);
	return -1;
}

/* Makes all folders above `path`. */
static int make_parents(char *path)
{
	for (char *s = strchr(path + 1, '/'); s; s = strchr(s + 1, '/')) {
		*s = 0;
		int failed = mkdir(path, 0755) < 0 && errno != EEXIST;
		if (failed)
			(void)cannot("make the folder", path);
		*s = '/';
		if (failed)
			return -1;
	}
	return 0;
}

enum standing { NOTHING, OURS, THE_SAME, ANOTHERS, UNREADABLE };

/* What stands there, and is it what leat wrote for this recipe? */
static enum standing look(const char *path, const char *mark, const char *text)
{
	FILE *f = fopen(path, "re");
	if (!f)
		return errno == ENOENT ? NOTHING : UNREADABLE;
	char *there = read_whole(f);
	(void)fclose(f); /* only read */
	size_t n = strlen(mark);
	enum standing s = !there                                             ? UNREADABLE
			  : strncmp(there, mark, n) != 0 || there[n] != '\n' ? ANOTHERS
			  : text && strcmp(there, text) == 0                 ? THE_SAME
									     : OURS;
	free(there);
	return s;
}

static int refuse(const char *path, enum standing s)
{
	if (s == UNREADABLE)
		return cannot("read", path);
	fprintf(stderr, "leat: '%s' was not written by leat for this recipe: it stays as it is\n", path);
	return 5;
}

/* Whole or not at all: systemd may look at any time. */
static int put(char path[PATH], const char *text)
{
	char temp[2 * PATH + 16];
	if (make_parents(path) < 0)
		return 5;
	snprintf(temp, sizeof temp, "%s.leat-XXXXXX", path);
	int fd = mkstemp(temp);
	FILE *f = fd < 0 ? NULL : fdopen(fd, "w");
	if (!f)
		return cannot("write", path);
	bool ok = fputs(text, f) >= 0 && fflush(f) == 0 && fchmod(fd, 0644) == 0 && fsync(fd) == 0;
	ok = fclose(f) == 0 && ok;
	if (ok && rename(temp, path) == 0)
		return 0;
	int status = cannot("write", path);
	(void)unlink(temp);
	return status;
}

static const char *const suffixes[] = {".service", ".timer"};

static int systemctl(const char *verb, const char *now, const char *unit, bool quiet)
{
	const char *argv[] = {"systemctl", "--user", verb, unit ? now : NULL, unit, NULL};
	return call_program(argv, quiet);
}

static int start(const char *name)
{
	char unit[300], linger[400];
	const char *user = getenv("USER");
	snprintf(unit, sizeof unit, "%.250s.timer", name);
	if (systemctl("daemon-reload", NULL, NULL, false) != 0 || systemctl("enable", "--now", unit, true) != 0) {
		fprintf(stderr,
			"leat: the files are there, but systemctl --user could not enable %s: does systemd run for "
			"this "
			"user? Else: leat schedule install --as crontab\n",
			unit);
		return 5;
	}
	printf("enabled   %s\n", unit);
	snprintf(linger, sizeof linger, "/var/lib/systemd/linger/%.300s", user ? user : "");
	if (user && *user && access(linger, F_OK) != 0)
		printf("note      it runs only while you are logged in; to change that: loginctl enable-linger\n");
	return 0;
}

/* Looks at both before it touches one. */
static int install_texts(const char *name, const char *mark, char *const texts[2])
{
	char path[2][PATH];
	enum standing s[2];
	for (int i = 0; i < 2; i++) {
		if (unit_path(name, suffixes[i], path[i]) < 0)
			return 5;
		s[i] = look(path[i], mark, texts[i]);
		if (s[i] == ANOTHERS || s[i] == UNREADABLE)
			return refuse(path[i], s[i]);
	}
	for (int i = 0; i < 2; i++) {
		if (s[i] != THE_SAME && put(path[i], texts[i]) != 0)
			return 5;
		printf("%s %s\n", s[i] == THE_SAME ? "unchanged" : "written  ", path[i]);
	}
	return start(name);
}

int units_install(const struct leat_recipe *r, const struct leat_schedule_options *o)
{
	struct leat_err err = {0};
	char *name = leat_schedule_name(r, &err), *mark = leat_schedule_mark(r, &err);
	char *texts[2] = {leat_schedule_text(r, LEAT_SCHEDULE_SERVICE, o, &err),
			  leat_schedule_text(r, LEAT_SCHEDULE_TIMER, o, &err)};
	int status = name && mark && texts[0] && texts[1] ? install_texts(name, mark, texts)
							  : complain(&err, err.cause == LEAT_CAUSE_USAGE ? 2 : 5);
	free(name);
	free(mark);
	free(texts[0]);
	free(texts[1]);
	return status;
}

static int remove_files(const char *name, const char *mark, bool *found)
{
	char path[2][PATH], unit[300];
	enum standing s[2];
	for (int i = 0; i < 2; i++) {
		if (unit_path(name, suffixes[i], path[i]) < 0)
			return 5;
		s[i] = look(path[i], mark, NULL);
		if (s[i] == ANOTHERS || s[i] == UNREADABLE)
			return refuse(path[i], s[i]);
		*found = *found || s[i] == OURS;
	}
	if (!*found)
		return 0;
	snprintf(unit, sizeof unit, "%.250s.timer", name);
	bool told = systemctl("disable", "--now", unit, true) == 0;
	for (int i = 0; i < 2; i++) {
		if (s[i] == OURS && unlink(path[i]) < 0)
			return cannot("remove", path[i]);
		if (s[i] == OURS)
			printf("removed   %s\n", path[i]);
	}
	if (!told || systemctl("daemon-reload", NULL, NULL, true) != 0)
		fputs("leat: systemctl --user could not be told: is the timer still active?\n", stderr);
	return told ? 0 : 5;
}

int units_remove(const struct leat_recipe *r, bool *found)
{
	struct leat_err err = {0};
	char *name = leat_schedule_name(r, &err), *mark = leat_schedule_mark(r, &err);
	int status = name && mark ? remove_files(name, mark, found) : complain(&err, 5);
	free(name);
	free(mark);
	return status;
}
